# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The libhfutures authors
"""Request, and how it is made of the keywords of requests."""

import urllib.parse
from collections.abc import Mapping, MutableMapping

from gi.overrides import override
from gi.repository import GLib

from . import Hf
from .auth import set_auth
from .bodies import get_data, make_body
from .defaults import to_pairs
from .headers import Headers
from .response import attribute
from .streaming import to_destination
from .text import to_text

_Uri = GLib.Uri  # PyGObject looks for it anew at every use, in Python


class RequestHeaders(Headers, MutableMapping):
    """Those of a request, which can be changed; assigning None removes one."""

    def __init__(self, request):
        self._request = request

    @property
    def _headers(self):
        return self._request.get_headers()

    def __setitem__(self, name, value):
        if value is None:
            self._request.remove_header(to_text(name))
        else:
            self._request.set_header(to_text(name), to_text(value))

    def __delitem__(self, name):
        if name not in self:
            raise KeyError(name)
        self._request.remove_header(name)


def _attribute(get, set_value, doc):
    def assign(request, value):
        if not request._hf_open:
            raise AttributeError("the request was submitted, or has a method to set this")
        set_value(request, value)

    return property(get, assign, doc=doc)


@override
class Request(Hf.Request):
    """A request, as it can be built, and as a response shows it.

    Functions that are given as auth can change the method, the url and the headers.
    """

    __module__ = "gi.overrides.Hf"

    _hf_open = False  # may be changed by assignment

    method = _attribute(Hf.Request.get_method,
                        lambda self, method: self.set_method(to_text(method)), "The method.")
    url = _attribute(Hf.Request.get_uri, lambda self, url: self.set_uri(to_url(url)), "The URL.")

    @attribute
    def headers(self):
        """The header fields that were set, a mapping that ignores case."""
        return RequestHeaders(self) if self._hf_open else Headers(self.get_headers())

    @attribute
    def body(self):
        """The body: bytes, or the object that is read for it; a form with files is an Hf.Body."""
        body = self.get_body()
        return None if body is None else get_data(body)


def to_url(url):
    return to_text(url.to_string() if isinstance(url, _Uri) else url).lstrip()


def _set_params(request, params, defaults):
    """Puts parameters into the query, as requests does; a text goes in as it is."""
    if defaults:
        params = defaults.merge(params)
        for name in map(to_text, defaults):
            request.omit_param(name)
    if isinstance(params, (str, bytes)):
        added = to_text(params)
    else:
        added = urllib.parse.urlencode(list(to_pairs(params or ())), doseq=True)
    if not added:
        return
    rest, mark, fragment = request.get_uri().partition("#")
    bare, _mark, query = rest.partition("?")
    query = f"{query}&{added}" if query else added
    request.set_uri(f"{bare}?{query}{mark}{fragment}")


def _set_headers(request, headers):
    if not isinstance(headers, Mapping):
        for name, value in headers:
            request.append_header(to_text(name), to_text(value))
        return
    for name, value in headers.items():
        if value is None:
            request.omit_header(to_text(name))
        else:
            request.set_header(to_text(name), to_text(value))


def _set_timeout(request, timeout):
    connect, read = timeout if isinstance(timeout, tuple) else (timeout, timeout)
    for seconds, set_seconds in ((connect, request.set_connect_timeout),
                                 (read, request.set_read_timeout)):
        if seconds is None:
            continue
        if not seconds > 0:
            raise ValueError(f"a timeout must be a number of seconds above 0, or None: {timeout!r}")
        set_seconds(seconds)


def make_request(method, url, params=None, data=None, headers=None, auth=None, timeout=None,
                 allow_redirects=None, json=None, deadline=None, cancellable=None,
                 raise_for_status=None, default_params=None, stream=False, destination=None,
                 files=None, raised=None, own_auth=None):
    """Makes a request of the keywords of requests; raises what is wrong with them.

    When reading the body raises something, that is put into the list before the future fails.
    """
    request = Hf.Request.new(method, url)
    if params or default_params:
        _set_params(request, params, default_params)
    body = make_body(data, json, files, raised)
    if body is not None:
        request.set_body(body)
        request.set_redirects_keep_body(False)
    if headers:
        _set_headers(request, headers)
    if timeout is not None:
        _set_timeout(request, timeout)
    if allow_redirects is not None:
        request.set_follow_redirects(bool(allow_redirects))
    if raise_for_status is not None:
        request.set_raise_for_status(raise_for_status)
    if deadline is not None:
        if not deadline > 0:
            raise ValueError(f"the deadline must be a number of seconds above 0: {deadline!r}")
        request.set_deadline(deadline)
    if cancellable is not None:
        request.set_cancellable(cancellable)
    if stream:
        request.set_stream(True)
    if destination is not None:
        request.set_destination(to_destination(destination))
    if own_auth is not None and not callable(own_auth):
        request.remove_header("Authorization")  # as in requests the keyword has precedence
        if not own_auth:
            request.omit_header("Authorization")  # nor is there any of the session
            return request
    return request if auth is None else set_auth(request, auth)
