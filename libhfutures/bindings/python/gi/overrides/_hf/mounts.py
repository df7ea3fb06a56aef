# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The libhfutures authors
"""Functions that answer requests instead of servers."""

import json as json_module

from gi.overrides import override
from gi.repository import GLib

from . import Hf
from .errors import get_code, hook_error
from .headers import Headers
from .response import attribute
from .text import to_text


@override
class MockCall(Hf.MockCall):
    """A request that a function answers instead of a server.

    The answer may be given later, from any thread, by whoever keeps the call.
    """

    __module__ = "gi.overrides.Hf"

    method = attribute(Hf.MockCall.get_method)
    url = attribute(Hf.MockCall.get_uri)

    @attribute
    def headers(self):
        """The header fields of the request, a mapping that ignores case."""
        return Headers(self.get_headers())

    @attribute
    def body(self):
        """The body of the request in bytes, or None."""
        return None if self.get_body() is None else self.load_body().get_data() or b""

    def respond(self, status_code=200, content=None, *, headers=None, json=None):
        """Answers the request. Only the first answer counts.

        The content is bytes, text in UTF-8, or an Hf.Body; or what json says is sent as JSON.
        Headers are a mapping, or pairs where names are repeated.
        """
        media_type = None
        if json is not None:
            content = json_module.dumps(json)
            media_type = "application/json"
        if isinstance(content, str):
            content = content.encode()
            media_type = media_type or "text/plain; charset=utf-8"
        if content is not None and not isinstance(content, Hf.Body):
            content = Hf.Body.new_for_data(bytes(content), media_type)
        for name, value in headers.items() if hasattr(headers, "items") else headers or ():
            self.append_header(to_text(name), to_text(value))
        _respond(self, status_code, content)


_respond = Hf.MockCall.respond


def _to_error(exception):
    """What C is told when a function raises instead of answering."""
    if isinstance(exception, GLib.Error) and exception.domain:
        return GLib.Error.new_literal(GLib.quark_from_string(exception.domain),
                                      exception.message, exception.code)
    code = get_code(exception)
    if code is None:
        return hook_error(exception)
    return GLib.Error.new_literal(Hf.error_quark(), str(exception), code)


def make_transport(adapter):
    """Makes a transport of a function that is given an Hf.MockCall; one stays as it is."""
    if isinstance(adapter, Hf.MockTransport):
        return adapter
    if not callable(adapter):
        raise TypeError(f"the adapter must be a function or an Hf.MockTransport, not {adapter!r}")

    def run(call):
        try:
            adapter(call)
        except BaseException as exception:  # it goes to whoever asks the future
            call.fail(_to_error(exception))

    return Hf.MockTransport.new(run)
