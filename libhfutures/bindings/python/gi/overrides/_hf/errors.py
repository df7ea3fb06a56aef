# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The libhfutures authors
"""The exceptions that futures raise."""

import concurrent.futures
import json
import re

from gi.repository import GLib

from . import Hf

_DOMAIN = GLib.quark_to_string(Hf.error_quark())


def get_code(exception):
    """The code that stands for an exception of requests, or None."""
    codes = {kind: code for code, kind in _CLASSES.items()}
    codes[ConnectionError] = int(Hf.Error.CONNECT)
    return next((codes[kind] for kind in type(exception).__mro__ if kind in codes), None)

# That of a wait; what a request may take is the request's own affair, and its error.
TimeoutError = concurrent.futures.TimeoutError


class CancelledError(GLib.Error, concurrent.futures.CancelledError):
    """The future was cancelled."""

    __module__ = "gi.overrides.Hf"


class RequestException(GLib.Error, OSError):
    """What went wrong with a request; the parent of all that are named as those of requests.

    It is the GLib.Error that C has: it matches a domain and a code. The request is an Hf.Request,
    and the response an Hf.Response or None.
    """

    __module__ = "gi.overrides.Hf"

    def __init__(self, message="", domain="", code=0, *, response=None, request=None):
        GLib.Error.__init__(self, message, domain, code)
        self.response = response
        self.request = request if request is not None or response is None else response.request

    def __str__(self):
        return self.message

    def __repr__(self):
        return f"{type(self).__name__}({self.message!r})"

    def __reduce__(self):
        # The request and the response stay in this process.
        return type(self), (self.message, self.domain, self.code)


def _define(name, doc, *bases):
    return type(name, bases, {"__doc__": doc, "__module__": RequestException.__module__})


HTTPError = _define("HTTPError", "The status is an error; raise_for_status() says so.",
                    RequestException)
ConnectionError = _define("ConnectionError", "There is no connection to the server.",
                          RequestException)
ProxyError = _define("ProxyError", "The proxy refused or failed.", ConnectionError)
SSLError = _define("SSLError", "The server's certificate was rejected, or its handshake failed.",
                   ConnectionError)
Timeout = _define("Timeout", "The request took too long.", RequestException)
ConnectTimeout = _define("ConnectTimeout", "Connecting took too long.", ConnectionError, Timeout)
ReadTimeout = _define("ReadTimeout", "The server was silent for too long.", Timeout)
RetryError = _define("RetryError", "It was tried again in vain.", RequestException)
TooManyRedirects = _define("TooManyRedirects", "There were more redirects than allowed.",
                           RequestException)
URLRequired = _define("URLRequired", "There is no URL.", RequestException)
MissingSchema = _define("MissingSchema", "The URL has no scheme.", RequestException, ValueError)
InvalidSchema = _define("InvalidSchema", "The URL's scheme is not HTTP's.", RequestException,
                        ValueError)
InvalidURL = _define("InvalidURL", "The URL cannot be used.", RequestException, ValueError)
InvalidProxyURL = _define("InvalidProxyURL", "The proxy's URL cannot be used.", InvalidURL)
InvalidHeader = _define("InvalidHeader", "The method, a header or the body cannot be sent.",
                        RequestException, ValueError)
InvalidJSONError = _define("InvalidJSONError", "A value cannot be said in JSON.", RequestException)
ChunkedEncodingError = _define("ChunkedEncodingError", "The body ended too early.",
                               RequestException)
ContentDecodingError = _define("ContentDecodingError", "The body cannot be decoded.",
                               RequestException)
StreamConsumedError = _define("StreamConsumedError", "The body has been read already.",
                              RequestException, TypeError)
UnrewindableBodyError = _define("UnrewindableBodyError", "The body cannot be sent again.",
                                RequestException)

NotSerializableError = _define(
    "NotSerializableError", "What a request needs cannot go to another process.", RequestException)


class JSONDecodeError(InvalidJSONError, json.JSONDecodeError):
    """The body is no JSON."""

    __module__ = "gi.overrides.Hf"

    def __init__(self, error, response):
        json.JSONDecodeError.__init__(self, error.msg, error.doc, error.pos)
        InvalidJSONError.__init__(self, str(error), _DOMAIN, int(Hf.Error.DECODE),
                                  response=response)

    def __reduce__(self):
        return _remake_json_error, (self.msg, self.doc, self.pos)


def _remake_json_error(msg, doc, pos):
    return JSONDecodeError(json.JSONDecodeError(msg, doc, pos), None)


_CLASSES = {
    int(code): kind for code, kind in (
        (Hf.Error.INVALID_URI, InvalidURL),
        (Hf.Error.INVALID_REQUEST, InvalidHeader),
        (Hf.Error.DNS, ConnectionError),
        (Hf.Error.CONNECT, ConnectionError),
        (Hf.Error.PROXY, ProxyError),
        (Hf.Error.TLS, SSLError),
        (Hf.Error.TIMEOUT_CONNECT, ConnectTimeout),
        (Hf.Error.TIMEOUT_READ, ReadTimeout),
        (Hf.Error.TIMEOUT_DEADLINE, Timeout),
        (Hf.Error.TOO_MANY_REDIRECTS, TooManyRedirects),
        (Hf.Error.PROTOCOL, ConnectionError),
        (Hf.Error.TRUNCATED, ChunkedEncodingError),
        (Hf.Error.DECODE, ContentDecodingError),
        (Hf.Error.STATUS, HTTPError),
        (Hf.Error.NOT_SERIALIZABLE, NotSerializableError),
    )
}


def _get_class(error, request):
    kind = _CLASSES.get(error.code, RequestException)
    if kind is not InvalidURL or request is None:
        return kind
    scheme, colon, rest = request.get_uri().partition(":")
    if not colon or not re.fullmatch("[A-Za-z][A-Za-z0-9+.-]*", scheme) or rest[:1].isdigit():
        return MissingSchema  # a colon before a digit comes after a host
    return InvalidURL if scheme.lower() in ("http", "https") else InvalidSchema


def make_exception(error, request=None, response=None):
    """Makes the exception that requests would raise of an error of C's; others stay as they are."""
    if error.domain != _DOMAIN:
        return error
    kind = _get_class(error, request)
    if kind is InvalidHeader and response is not None:
        kind = UnrewindableBodyError  # nothing was wrong with the request until it was redirected
    return kind(error.message, error.domain, error.code, request=request, response=response)


def make_json_error(error):
    """What requests raises when a value is none that JSON has."""
    return InvalidJSONError(str(error), _DOMAIN, int(Hf.Error.INVALID_REQUEST))


def make_status_error(response):
    """What raise_for_status() raises, in the words of requests."""
    side = "Client" if response.status_code < 500 else "Server"
    return HTTPError(
        f"{response.status_code} {side} Error: {response.reason} for url: {response.url}",
        _DOMAIN, int(Hf.Error.STATUS), response=response)


def hook_error(exception):
    """What C is told when Python raised something that C cannot carry."""
    name = type(exception).__name__
    try:
        text = f"{name}: {exception}"
    except BaseException:  # whatever it may be
        text = name
    text = text.replace("\0", "\N{REPLACEMENT CHARACTER}").encode(errors="replace").decode()
    return GLib.Error.new_literal(Hf.error_quark(), text, Hf.Error.HOOK)


def would_block_error():
    """Why a wait for several futures gives up."""
    return GLib.Error.new_literal(
        Hf.error_quark(), "What is left runs in the main loop that this wait would block; wait for "
        "it asynchronously", Hf.Error.WOULD_BLOCK)
