# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The libhfutures authors
"""Response: with the attributes of requests' responses."""

import datetime
import json

from gi.overrides import override

from . import Hf
from .cookies import make_cookies
from .decoding import decode, get_declared_encoding, get_marked_encoding, parse_json
from .errors import JSONDecodeError, make_status_error
from .headers import Headers
from .streaming import (
    RawBody, check_unconsumed, iter_bytes, iter_lines, iter_parts, iter_text, load,
)

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
    url = attribute(Hf.Response.get_uri)
    history = attribute(Hf.Response.get_history)
    request = attribute(Hf.Response.get_request)
    next = attribute(Hf.Response.get_next)
    metrics = attribute(Hf.Response.get_metrics)
    http_version = attribute(Hf.Response.get_http_version)
    tls_certificate = attribute(Hf.Response.get_tls_certificate)

    @attribute
    def headers(self):
        """The header fields, a mapping that ignores case."""
        return Headers(self.get_headers())

    _hf_reader = None  # of the stream, when somebody has begun to read it
    _hf_consumed = False  # somebody was told that there is no more

    @attribute
    def content(self):
        """The body in bytes; what is left of a stream is read first."""
        load(self)  # which assigns it when a part of the stream had been read before
        return vars(self).get("content") or self.get_bytes().get_data() or b""

    @attribute
    def raw(self):
        """The body as a file, decoded from its content encoding."""
        return RawBody(self)

    def iter_content(self, chunk_size=1, decode_unicode=False):
        """Yields what is left of the body in chunks of that many bytes.

        Where the length is not known beforehand, some have fewer, as they come. None is any size.
        With decode_unicode they are text, when the encoding is known.
        """
        if chunk_size is not None and not isinstance(chunk_size, int):
            raise TypeError(f"chunk_size must be an int, it is instead a {type(chunk_size)}.")
        check_unconsumed(self)
        chunks = iter_bytes(self, chunk_size)
        return iter_text(self, chunks) if decode_unicode else chunks

    def iter_lines(self, chunk_size=512, decode_unicode=False, delimiter=None):
        """Yields the lines of the body, without their ends, or what is between delimiters."""
        chunks = self.iter_content(None if self.is_loaded() else chunk_size, decode_unicode)
        return iter_lines(chunks) if delimiter is None else iter_parts(chunks, delimiter)

    def __iter__(self):
        return self.iter_content(128)

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.close()

    @attribute
    def encoding(self):
        """The encoding that the server declares, by which the text is decoded; can be set.

        As in requests it is ISO-8859-1 for text when nothing is said, and None for all else.
        """
        return get_declared_encoding(self.get_header("Content-Type"))

    @attribute
    def apparent_encoding(self):
        """What the body seems to be: by its byte order mark, else UTF-8 or windows-1252."""
        return get_marked_encoding(self.content) or self.get_apparent_encoding()

    @attribute
    def text(self):
        """The body in text, decoded from its encoding, or else from its apparent encoding.

        What cannot be decoded is replaced; get_text() has an error for it.
        """
        encoding = self.encoding
        return decode(self.content, self.apparent_encoding if encoding is None else encoding)

    @attribute
    def elapsed(self):
        """The time from sending the request to having the headers, a timedelta."""
        return datetime.timedelta(seconds=self.get_elapsed())

    def json(self, **keywords):
        """The body's JSON in Python's own types; the keywords are those of json.loads()."""
        try:
            return parse_json(self, **keywords)
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
    def cookies(self):
        """The cookies that this response sets, a mapping."""
        return make_cookies(self)

    @attribute
    def is_redirect(self):
        """Whether the response says where else to ask."""
        return _is_redirect(self)

    @attribute
    def is_permanent_redirect(self):
        """Whether it says so for good."""
        return _is_permanent_redirect(self)

    def raise_for_status(self):
        """Raises an HTTPError when the status is an error, 400 to 599."""
        if not self.ok:
            raise make_status_error(self)

    @attribute
    def ok(self):
        """Whether raise_for_status() raises nothing."""
        return not 400 <= self.status_code < 600

    def __bool__(self):
        return self.ok

    def __repr__(self):
        return f"<Response [{self.status_code}]>"

    def __reduce_ex__(self, protocol):
        raise TypeError("a response cannot be pickled; pickle what is needed of it")


@override
class Metrics(Hf.Metrics):
    """Where the time of one request and its response went, in seconds."""

    __module__ = "gi.overrides.Hf"

    dns = property(Hf.Metrics.get_dns)
    connect = property(Hf.Metrics.get_connect)
    tls = property(Hf.Metrics.get_tls)
    first_byte = property(Hf.Metrics.get_first_byte)
    total = property(Hf.Metrics.get_total)

    def __repr__(self):
        return (f"<Metrics dns={self.dns:.6f} connect={self.connect:.6f} tls={self.tls:.6f} "
                f"first_byte={self.first_byte:.6f} total={self.total:.6f}>")
