# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The libhfutures authors
"""Asynchronous HTTP requests with futures, as Python's own libraries would have them.

The names and keywords are those of requests and of concurrent.futures; what is not overridden here
is there under the names of the C library.
"""

import atexit
from concurrent.futures import ALL_COMPLETED, FIRST_COMPLETED, FIRST_EXCEPTION

import gi

# Silences the warning of `from gi.repository.Hf import …`, which has to be one line.
gi.require_version("Hf", "1")
gi.require_version("Soup", "3.0")

from ._hf.errors import CancelledError, TimeoutError  # noqa: E402
from ._hf.executors import LoopExecutor, ThreadPoolExecutor  # noqa: E402
from ._hf.future import Future  # noqa: E402
from ._hf.patience import drain  # noqa: E402
from ._hf.request import Request  # noqa: E402
from ._hf.response import Response  # noqa: E402
from ._hf.session import FuturesSession  # noqa: E402
from ._hf.waiting import as_completed, wait  # noqa: E402

__all__ = [
    "ALL_COMPLETED",
    "CancelledError",
    "FIRST_COMPLETED",
    "FIRST_EXCEPTION",
    "Future",
    "FuturesSession",
    "LoopExecutor",
    "Request",
    "Response",
    "ThreadPoolExecutor",
    "TimeoutError",
    "as_completed",
    "drain",
    "wait",
]

# What was submitted and forgotten is finished before the interpreter goes.
atexit.register(drain)
