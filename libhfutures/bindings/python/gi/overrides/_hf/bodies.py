# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The libhfutures authors
"""What a request sends, of the keywords data, json and files.

Python's files, generators and the like are read on the worker, a piece at a time, when they are
sent; nothing is read before.
"""

import io
import json
import os
import urllib.parse
from collections.abc import Container, Mapping, Sequence

from gi.repository import Gio, GLib

from . import Hf
from .defaults import to_pairs
from .errors import hook_error, make_json_error
from .text import to_text

_PIECE = 64 * 1024


def get_data(body):
    """What a body was made of: bytes, or what is or was read; the body where C made it."""
    memory = body.get_bytes()
    if memory is not None:
        return memory.get_data() or b""
    return getattr(body, "_hf_data", body)


def _to_bytes(data):
    return data.encode() if isinstance(data, str) else bytes(memoryview(data))


def _carry_exceptions(read, raised):
    """Has the future raise what reading raises; C could only print it."""
    def read_on(offset, _user_data):
        try:
            return GLib.Bytes.new(read(offset))
        except BaseException as exception:
            raised.append(exception)
            raise hook_error(exception)

    return read_on


def _get_size(data):
    """How long an object says that it is, or -1."""
    for get in (lambda: len(data), lambda: int(data.len)):
        try:
            return get()
        except (AttributeError, TypeError):
            pass
    return -1


def _read_file(file):
    """How an object that has read() is read, how much there is, and whether it can be again."""
    try:
        start = file.tell()
        end = None if isinstance(file, io.TextIOBase) else file.seek(0, os.SEEK_END)
        if end is not None:
            end = file.tell()
            file.seek(start)
            if end <= start and file.read(1):
                end = None  # as in /proc, where what is empty by its own account is not
        file.seek(start)
    except (AttributeError, OSError, ValueError):
        return (lambda offset: _to_bytes(file.read(_PIECE) or b"")), _get_size(file), False

    def read(offset):
        if offset == 0:
            file.seek(start)
        return _to_bytes(file.read(_PIECE) or b"")

    return read, (-1 if end is None else max(end - start, 0)), True


def _read_items(items):
    """The same of an iterator, or of something that gives one each time that it is asked."""
    iterator = None

    def read(offset):
        nonlocal iterator
        if offset == 0:
            iterator = iter(items)
        for item in iterator:
            if item:
                return _to_bytes(item)
        return b""

    # Of a collection it is the number of items; of what only has a length it is that of its bytes.
    length = -1 if isinstance(items, Container) else _get_size(items)
    return read, length, iter(items) is not items


def _make_streamed(data, content_type, raised, is_part=False):
    """The body of something that has to be read, or None."""
    if isinstance(data, os.PathLike):
        data = Gio.File.new_for_path(to_text(os.fsdecode(data)))
    if isinstance(data, Gio.File):
        return Hf.Body.new_for_file(data, content_type)
    if isinstance(data, Gio.InputStream):
        body = Hf.Body.new_for_stream(data, -1, content_type)
    elif hasattr(data, "read"):
        read, length, repeatable = _read_file(data)
        if length == 0 and not is_part:
            length = -1  # chunked, as in requests
        body = Hf.Body.new_for_read_func(_carry_exceptions(read, raised), None, length, repeatable,
                                         content_type)
    elif hasattr(data, "__iter__"):
        read, length, repeatable = _read_items(data)
        body = Hf.Body.new_for_read_func(_carry_exceptions(read, raised), None, length, repeatable,
                                         content_type)
    else:
        return None
    body._hf_data = data
    return body


def _make_part(data, content_type, raised):
    if isinstance(data, Hf.Body):
        return data
    if isinstance(data, int):
        data = str(data)
    if isinstance(data, (str, bytes, bytearray, memoryview)):
        return Hf.Body.new_for_data(_to_bytes(data), content_type)
    body = _make_streamed(data, content_type, raised, True)
    if body is None:
        raise TypeError(f"a file must be bytes, text, a path or something to read, not {data!r}")
    return body


def _guess_name(data):
    name = getattr(data, "name", None) if not isinstance(data, os.PathLike) else os.fspath(data)
    if isinstance(name, str) and name and name[0] != "<" and name[-1] != ">":
        return os.path.basename(name)
    return None


def _append_file(form, name, value, raised):
    content_type, headers = None, {}
    if isinstance(value, (tuple, list)):
        file_name, data, *rest = value
        if len(rest) > 2:
            raise ValueError("a file is a tuple of two to four: name, contents, type and headers")
        content_type, headers = (*rest, None, None)[:2]
    else:
        file_name, data = _guess_name(value) or name, value
    if data is None:
        return

    body = _make_part(data, to_text(content_type) if content_type else None, raised)
    form.append_body(name, body, None if file_name is None else to_text(file_name))
    for field, text in (headers or {}).items():
        if text is not None and to_text(field).lower() != "content-disposition":
            form.append_header(to_text(field), to_text(text))


def _make_form(data, files, raised):
    """A form with files, and what data has of other fields before them."""
    form = Hf.Multipart.new()
    for name, value in to_pairs(data or {}):
        value = value if isinstance(value, bytes) else str(value).encode()
        form.append_bytes(to_text(name), GLib.Bytes.new(value), None, None)
    for name, value in files.items() if isinstance(files, Mapping) else files:
        _append_file(form, to_text(name), value, raised)
    return Hf.Body.new_for_multipart(form)


def may_raise(data, files):
    """Whether reading the body may run code of Python's."""
    return files is not None or not isinstance(data, (type(None), Mapping, Sequence, Hf.Body))


def make_body(data, json_value, files, raised):
    """Makes a body of the keywords of requests, or None; raised gets what reading it raises."""
    if files:
        if isinstance(data, (str, bytes, bytearray)):
            raise ValueError("with files, data must be a mapping or pairs")
        if data and not isinstance(data, (Mapping, Sequence)):
            raise NotImplementedError("data that is read cannot be sent together with files")
        return _make_form(data, files, raised)
    if isinstance(data, Hf.Body):
        return data
    if not data and json_value is not None:
        try:
            text = json.dumps(json_value, allow_nan=False)
        except ValueError as error:
            raise make_json_error(error) from error
        return Hf.Body.new_for_data(text.encode(), "application/json")
    if data is None or (not data and not isinstance(data, (str, bytes))):
        return None
    if isinstance(data, (str, bytes, bytearray, memoryview)):
        return Hf.Body.new_for_data(_to_bytes(data), None)
    if isinstance(data, (Mapping, Sequence)):
        form = urllib.parse.urlencode(list(to_pairs(data)))
        return Hf.Body.new_for_data(form.encode(), "application/x-www-form-urlencoded")

    body = _make_streamed(data, None, raised)
    if body is None:
        raise TypeError(f"data must be a mapping, pairs, bytes, text, a path, something to read or "
                        f"an Hf.Body, not {data!r}")
    return body
