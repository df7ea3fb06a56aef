# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The libhfutures authors
"""The bodies of responses, read piece by piece."""

import codecs
import concurrent.futures
import io
import os
import threading

from gi.repository import Gio, GLib

from . import Hf
from .errors import StreamConsumedError, make_exception
from .text import to_text

_BLOCK = 64 * 1024  # bytes

_close = Hf.Response.close
_get_stream = Hf.Response.get_stream
_is_loaded = Hf.Response.is_loaded
_load = Hf.Response.load
_read_bytes = Gio.InputStream.read_bytes

# What blocks in C on the main thread runs here meanwhile, because Ctrl-C is Python's only there.
_helper = concurrent.futures.ThreadPoolExecutor(1, "hf-reader")


class PatientCall:
    """A function that blocks in C, and can be interrupted by Ctrl-C when it is called.

    It is called with a cancellable. What it gave when it was interrupted is given next time.
    """

    def __init__(self, function):
        self._function = function
        self._cancellable = None
        self._pending = None

    def __call__(self):
        if threading.current_thread() is not threading.main_thread():
            return self._function(None)
        while True:
            if self._pending is None:
                self._cancellable = Gio.Cancellable()
                self._pending = _helper.submit(self._function, self._cancellable)
            try:
                result = self._pending.result()
            except KeyboardInterrupt:
                self._cancellable.cancel()
                raise
            except GLib.Error as error:
                self._pending = None
                if not (self._cancellable.is_cancelled() and
                        error.matches(Gio.io_error_quark(), Gio.IOErrorEnum.CANCELLED)):
                    raise
            else:
                self._pending = None
                return result


class BodyReader:
    """Reads a response's stream."""

    def __init__(self, response):
        self._response = response
        self._stream = _get_stream(response)
        self._call = PatientCall(self._read_block)
        self._size = _BLOCK

    def _read_block(self, cancellable):
        return _read_bytes(self._stream, self._size, cancellable).get_data() or b""

    def read(self, size=_BLOCK):
        """Reads what is there, at most that many bytes; nothing at the end."""
        self._size = size
        try:
            return self._call()
        except GLib.Error as error:
            raise make_exception(error, response=self._response) from None


class RawBody(io.RawIOBase):
    """A response's stream as a file of Python's; decoded from its content encoding."""

    def __init__(self, reader):
        super().__init__()
        self._reader = reader

    def readable(self):
        return True

    def readinto(self, buffer):
        block = self._reader.read(min(len(buffer), _BLOCK))
        buffer[:len(block)] = block
        return len(block)


def load(response):
    """Reads the body of a streamed response into memory, unless that was done."""
    if _is_loaded(response):
        return
    if response._hf_consumed:
        raise RuntimeError("The content of this response was consumed already")
    try:
        PatientCall(lambda cancellable: _load(response, cancellable))()
    except GLib.Error as error:
        raise make_exception(error, response=response) from None


def begin(response):
    """Takes the stream of a response; it can be read once."""
    if response._hf_consumed:
        raise StreamConsumedError("The content of this response was consumed already",
                                  response=response)
    response._hf_consumed = True
    return BodyReader(response)


def _iter_blocks(response):
    if _is_loaded(response):
        yield response.content
        return
    reader = begin(response)
    while block := reader.read():
        yield block


def iter_bytes(response, size):
    """Yields the body in chunks of at most that size, as they come."""
    for block in _iter_blocks(response):
        step = size or len(block)
        for start in range(0, len(block), step or 1):
            yield block[start:start + step]


def iter_text(response, chunks):
    """Decodes chunks of bytes, if the encoding is known."""
    encoding = response.encoding
    if encoding is None:
        yield from chunks
        return
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    for chunk in chunks:
        if text := decoder.decode(chunk):
            yield text
    if text := decoder.decode(b"", final=True):
        yield text


def iter_parts(chunks, delimiter):
    """Yields what is between delimiters."""
    pending = None
    for chunk in chunks:
        *parts, pending = (chunk if pending is None else pending + chunk).split(delimiter)
        yield from parts
    if pending is not None:
        yield pending


def iter_lines(chunks):
    """Yields the lines of chunks, which may come in pieces."""
    pending = None
    for chunk in chunks:
        lines = (chunk if pending is None else pending + chunk).splitlines(keepends=True)
        bare = lines[-1].splitlines()[0]
        # It may go on; and CR may be followed by LF.
        unfinished = bare == lines[-1] or lines[-1][len(bare):] in ("\r", b"\r")
        pending = lines.pop() if unfinished else None
        for line in lines:
            yield line.splitlines()[0]
    if pending is not None:
        yield pending.splitlines()[0]


def to_destination(destination):
    """A path, a Gio.File, a Gio.OutputStream or a binary file that is open for writing."""
    if isinstance(destination, (Gio.File, Gio.OutputStream)):
        return destination
    if isinstance(destination, (str, bytes, os.PathLike)):
        return Gio.File.new_for_path(to_text(os.path.abspath(os.fsdecode(destination))))
    if hasattr(destination, "fileno") and not isinstance(destination, io.TextIOBase):
        destination.flush()
        return Gio.UnixOutputStream.new(os.dup(destination.fileno()), True)
    raise TypeError(f"the destination must be a path, a Gio.File, a Gio.OutputStream or a binary "
                    f"file, not {destination!r}")
