# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The libhfutures authors
"""Asynchronous HTTP requests with futures, as Python's own libraries would have them.

The names and keywords are those of requests and of concurrent.futures; what is not overridden here
is there under the names of the C library.
"""

from concurrent.futures import (
    ALL_COMPLETED, FIRST_COMPLETED, FIRST_EXCEPTION, BrokenExecutor, InvalidStateError,
)

import gi

# Silences the warning of `from gi.repository.Hf import …`, which has to be one line.
gi.require_version("Hf", "1")
gi.require_version("Soup", "3.0")

from gi.repository import Gio  # noqa: E402

from ._hf import Hf, ending  # noqa: E402
from ._hf.auth import Auth, HTTPBasicAuth, HTTPDigestAuth  # noqa: E402
from ._hf.cookies import CookieConflictError  # noqa: E402
from ._hf.ending import drain  # noqa: E402
from ._hf.errors import (  # noqa: E402
    CancelledError, ChunkedEncodingError, ConnectTimeout, ConnectionError, ContentDecodingError,
    HTTPError, InvalidHeader, InvalidJSONError, InvalidProxyURL, InvalidSchema, InvalidURL,
    JSONDecodeError, MissingSchema, NotSerializableError, ProxyError, ReadTimeout,
    RequestException, RetryError, SSLError, StreamConsumedError, Timeout, TimeoutError,
    TooManyRedirects, URLRequired, UnrewindableBodyError,
)
from ._hf.executors import LoopExecutor, ThreadPoolExecutor  # noqa: E402
from ._hf.future import Future  # noqa: E402
from ._hf.mounts import MockCall  # noqa: E402
from ._hf.processes import ProcessPoolExecutor  # noqa: E402
from ._hf.request import Request  # noqa: E402
from ._hf.response import Metrics, Response  # noqa: E402
from ._hf.session import FuturesSession  # noqa: E402
from ._hf.waiting import as_completed, wait  # noqa: E402

__all__ = [
    "ALL_COMPLETED",
    "Auth",
    "Body",
    "BrokenExecutor",
    "CancelledError",
    "ChunkedEncodingError",
    "CloseFlags",
    "CompletionQueue",
    "CookieConflictError",
    "ConnectTimeout",
    "ConnectionError",
    "ContentDecodingError",
    "Error",
    "Executor",
    "FIRST_COMPLETED",
    "FIRST_EXCEPTION",
    "Future",
    "FutureState",
    "FuturesSession",
    "HTTPBasicAuth",
    "HTTPDigestAuth",
    "HTTPError",
    "HookCall",
    "InvalidHeader",
    "InvalidJSONError",
    "InvalidProxyURL",
    "InvalidSchema",
    "InvalidStateError",
    "InvalidURL",
    "JSONDecodeError",
    "LoopExecutor",
    "Multipart",
    "Metrics",
    "MissingSchema",
    "MockCall",
    "MockTransport",
    "NotSerializableError",
    "ProcessPoolExecutor",
    "ProxyError",
    "ReadTimeout",
    "Request",
    "RequestException",
    "Response",
    "RetryError",
    "SSLError",
    "StreamConsumedError",
    "ThreadPoolExecutor",
    "Timeout",
    "TimeoutError",
    "TooManyRedirects",
    "URLRequired",
    "UnrewindableBodyError",
    "WorkCall",
    "as_completed",
    "drain",
    "wait",
]

# PyGObject asks for the classes of arguments by their names at every call: in Python, unless they
# are attributes of their module. That costs, and Ctrl-C must not find Python code there.
Body = Hf.Body
CloseFlags = Hf.CloseFlags
CompletionQueue = Hf.CompletionQueue
Error = Hf.Error
Executor = Hf.Executor
FutureState = Hf.FutureState
HookCall = Hf.HookCall
Multipart = Hf.Multipart
MockTransport = Hf.MockTransport
WorkCall = Hf.WorkCall
Gio.Cancellable = Gio.Cancellable

ending.register()
