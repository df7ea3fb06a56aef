# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The libhfutures authors
"""What a session holds for all its requests: headers, parameters, and plain settings.

Names and meanings are those of requests.Session, but that its own header fields, such as
User-Agent, are not among the headers before somebody puts them there.
"""

from collections.abc import Mapping, MutableMapping

from . import Hf
from .headers import Headers
from .text import to_text

_Session = Hf.FuturesSession


class HeaderDict(MutableMapping):
    """Header fields by name, without regard to case, in their order and as they were written."""

    def __init__(self, fields=(), **more):
        self._fields = {}
        self.update(fields, **more)

    def __getitem__(self, name):
        return self._fields[name.lower()][1]

    def __setitem__(self, name, value):
        self._fields[name.lower()] = name, value

    def __delitem__(self, name):
        del self._fields[name.lower()]

    def __iter__(self):
        return (name for name, _value in self._fields.values())

    def __len__(self):
        return len(self._fields)

    def copy(self):
        """A dictionary of its own with the same fields."""
        return HeaderDict(self)

    def __eq__(self, other):
        if not isinstance(other, Mapping):
            return NotImplemented
        return ({name.lower(): value for name, value in self.items()} ==
                {name.lower(): value for name, value in other.items()})

    def __repr__(self):
        return repr(dict(self))


class DefaultHeaders(HeaderDict):
    """The header fields that a session adds to its requests; assigning None removes one."""

    def __init__(self, session):
        self._session = session

    @property
    def _now(self):
        return Headers(self._session.dup_headers())

    def __getitem__(self, name):
        return self._now[name]

    def __setitem__(self, name, value):
        if value is None:
            self._session.remove_header(to_text(name))
        else:
            self._session.set_header(to_text(name), to_text(value))

    def __delitem__(self, name):
        if name not in self._now:
            raise KeyError(name)
        self._session.remove_header(name)

    def __iter__(self):
        return iter(self._now)

    def __len__(self):
        return len(self._now)


def to_pairs(values):
    """Names and values of a mapping or of pairs; lists repeat the name, None leaves it out."""
    for name, value in values.items() if isinstance(values, Mapping) else values:
        if isinstance(value, (str, bytes)) or not hasattr(value, "__iter__"):
            value = [value]
        for item in value:
            if item is not None:
                yield name, item


class DefaultParams(MutableMapping):
    """The parameters that a session adds to its requests."""

    def __init__(self, session):
        self._session = session
        self._values = {}

    def replace(self, values):
        """Takes a mapping or pairs in place of what there is; None is nothing."""
        if isinstance(values, (str, bytes)):
            raise TypeError(f"the parameters of a session must be a mapping, not {values!r}")
        self._values = dict(values or {})
        self._changed()

    def _changed(self):
        # For requests that come from elsewhere than request().
        self._session.set_params([to_text(text) for pair in to_pairs(self._values)
                                  for text in pair])

    def __getitem__(self, name):
        return self._values[name]

    def __setitem__(self, name, value):
        self._values[name] = value
        self._changed()

    def __delitem__(self, name):
        del self._values[name]
        self._changed()

    def __iter__(self):
        return iter(self._values)

    def __len__(self):
        return len(self._values)

    def copy(self):
        """A dictionary with the same parameters."""
        return dict(self._values)

    def __repr__(self):
        return repr(self._values)

    def merge(self, params):
        """The parameters of a request; a mapping is merged, and anything else is all there is."""
        if params is None:
            return self._values
        if not isinstance(params, Mapping):
            return params
        merged = {**self._values, **params}
        return {name: value for name, value in merged.items() if value is not None}


def setting(name, doc):
    """A property of C's as one of Python's."""
    return property(getattr(_Session, f"get_{name}"), getattr(_Session, f"set_{name}"), doc=doc)


def limit(name, doc):
    """The same for a limit, which is 0 in C where Python has None."""
    get = getattr(_Session, f"get_{name}")
    set_value = getattr(_Session, f"set_{name}")
    return property(lambda self: get(self) or None,
                    lambda self, value: set_value(self, value or 0), doc=doc)


class Defaults:
    """What FuturesSession has of it."""

    _hf_params = None
    _hf_auth = None

    @property
    def headers(self):
        """The header fields of all requests, a mutable mapping that ignores case."""
        return DefaultHeaders(self)

    @headers.setter
    def headers(self, headers):
        fields = HeaderDict(headers or ())
        self.set_headers(None)
        DefaultHeaders(self).update(fields)

    @property
    def params(self):
        """The parameters of all requests, a mutable mapping."""
        if self._hf_params is None:
            self.__dict__.setdefault("_hf_params", DefaultParams(self))
        return self._hf_params

    @params.setter
    def params(self, params):
        self.params.replace(params)

    max_redirects = setting("max_redirects", "How many redirects are followed.")
    follow_redirects = setting("follow_redirects", "Whether redirects are, where nothing is said.")
    raise_for_status = setting("raise_for_status", "Whether a status of 400 and above is raised.")
    connect_timeout = limit("connect_timeout", "Seconds for connecting, or None.")
    read_timeout = limit("read_timeout", "Seconds of silence that are allowed, or None.")
    deadline = limit("deadline", "Seconds for all of a request, or None.")
    max_body_size = limit("max_body_size", "The largest body to accept, in bytes, or None.")
    base_uri = property(_Session.dup_base_uri, _Session.set_base_uri,
                        doc="What URLs are relative to, or None.")
    user_agent = property(_Session.dup_user_agent, _Session.set_user_agent,
                          doc="How requests introduce themselves, or None for the default.")
