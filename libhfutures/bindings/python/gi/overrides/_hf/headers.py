# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The libhfutures authors
"""Headers: the fields of a message as a mapping."""

from collections.abc import Mapping


class Headers(Mapping):
    """Header fields by name, without regard to case, in their order.

    The values of a field that comes several times are joined with commas; get_all() has them one
    by one.
    """

    def __init__(self, headers):
        self._headers = headers

    def __getitem__(self, name):
        value = self._headers.lookup(name)
        if value is None:
            raise KeyError(name)
        return value

    def get_all(self, name):
        """All values of a field, in their order."""
        return self._headers.lookup_all(name) or []

    def __iter__(self):
        seen = set()
        for position in range(self._headers.get_n_items()):
            name = self._headers.get_name(position)
            if name.lower() not in seen:
                seen.add(name.lower())
                yield name

    def __len__(self):
        return sum(1 for _name in self)

    def __eq__(self, other):
        if not isinstance(other, Mapping):
            return NotImplemented
        ours, theirs = ({name.lower(): value for name, value in mapping.items()}
                        for mapping in (self, other))
        return ours == theirs

    __hash__ = None

    def __contains__(self, name):
        return isinstance(name, str) and self._headers.lookup(name) is not None

    def __repr__(self):
        return repr(dict(self))
