# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The libhfutures authors
"""Response: with the attributes of requests' responses."""

import datetime
import json

from gi.overrides import override
from gi.repository import GLib

from . import Hf
from .errors import JSONDecodeError, make_exception
from .headers import Headers


_is_permanent_redirect = Hf.Response.is_permanent_redirect
_is_redirect = Hf.Response.is_redirect


class attribute:
    """What is read from the response each time, until it is assigned.

    A property could not be assigned, and keeping what was read would give every response a
    dictionary of its own.
    """

    def __init__(self, get):
        self.get = get
        self.__doc__ = get.__doc__

    def __get__(self, instance, owner):
        return self if instance is None else self.get(instance)


@override
class Response(Hf.Response):
    """What a server answered. It can carry any attributes besides its own, from any thread."""

    __module__ = "gi.overrides.Hf"

    def __init__(self):
        raise TypeError("responses come from futures")

    status_code = attribute(Hf.Response.get_status)
    reason = attribute(Hf.Response.get_reason)
    ok = attribute(Hf.Response.get_ok)
    url = attribute(Hf.Response.get_uri)
    encoding = attribute(Hf.Response.get_encoding)
    history = attribute(Hf.Response.get_history)
    request = attribute(Hf.Response.get_request)

    @attribute
    def headers(self):
        """The header fields, a mapping that ignores case."""
        return Headers(self.get_headers())

    @attribute
    def content(self):
        """The body in bytes."""
        return self.get_bytes().get_data() or b""

    @attribute
    def text(self):
        """The body in text, decoded as the server says."""
        return self.get_text()

    @attribute
    def elapsed(self):
        """The time from sending the request to the complete response, a timedelta."""
        return datetime.timedelta(seconds=self.get_elapsed())

    def json(self, **keywords):
        """The body's JSON in Python's own types; the keywords are those of json.loads()."""
        try:
            return json.loads(self.content, **keywords)
        except json.JSONDecodeError as error:
            raise JSONDecodeError(error, self) from None

    @attribute
    def links(self):
        """The links of the Link header fields, by their relations, or by their URLs without one."""
        links = {}
        for link in self.get_links():
            described = {name: link.get_param(name) for name in link.list_params()}
            described["url"] = link.get_uri()
            links[link.get_relation() or link.get_uri()] = described
        return links

    @attribute
    def is_redirect(self):
        """Whether the response says where else to ask."""
        return _is_redirect(self)

    @attribute
    def is_permanent_redirect(self):
        """Whether it says so for good."""
        return _is_permanent_redirect(self)

    def raise_for_status(self):
        """Raises an HTTPError when the status is an error, 400 and above."""
        try:
            self.check_status()
        except GLib.Error as error:
            raise make_exception(error, response=self) from None

    def __bool__(self):
        return self.get_ok()

    def __repr__(self):
        return f"<Response [{self.get_status()}]>"
