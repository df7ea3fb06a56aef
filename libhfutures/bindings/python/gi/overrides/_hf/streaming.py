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
_helper = None


def _get_helper():
    """It is made when it is needed.

    To make one has concurrent.futures wait for its own threads at the end of the program, and those
    must have finished before this library refuses requests: so that has to be arranged later.
    """
    global _helper

    if _helper is None:
        _helper = concurrent.futures.ThreadPoolExecutor(1, "hf-reader")
    return _helper


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
            try:
                if self._pending is None:
                    self._cancellable = Gio.Cancellable()
                    self._pending = _get_helper().submit(self._function, self._cancellable)
                result = self._pending.result()
            except GLib.Error as error:
                self._pending = None
                if not (self._cancellable.is_cancelled() and
                        error.matches(Gio.io_error_quark(), Gio.IOErrorEnum.CANCELLED)):
                    raise
            except BaseException:  # of a handler of signals, at whatever moment
                if self._cancellable is not None:
                    self._cancellable.cancel()  # else the end of the program would wait for it
                raise
            else:
                self._pending = None
                return result


class BodyReader:
    """Reads a response's stream, and keeps what was read too much for whoever reads next."""

    def __init__(self, stream):
        self._stream = stream
        self._call = PatientCall(self._read_block)
        self._kept = bytearray()
        self._has_ended = False

    def _read_block(self, cancellable):
        return _read_bytes(self._stream, _BLOCK, cancellable).get_data() or b""

    def read(self, response, size=_BLOCK, in_full=False):
        """Reads what is there, at most that many bytes; nothing at the end.

        In full it is fewer only at the end.
        """
        try:
            while len(self._kept) < (size if in_full else 1) and not self._has_ended:
                block = self._call()
                self._has_ended = not block
                self._kept += block
        except GLib.Error as error:
            raise make_exception(error, response=response) from None
        with memoryview(self._kept) as kept:
            piece = kept[:size].tobytes()
        del self._kept[:size]
        return piece

    def take_kept(self):
        """What was read too much."""
        kept = bytes(self._kept)
        self._kept.clear()
        return kept


def get_reader(response):
    """The one reader of a response's stream."""
    if response._hf_reader is None:
        response.__dict__.setdefault("_hf_reader", BodyReader(_get_stream(response)))
    return response._hf_reader


class RawBody(io.RawIOBase):
    """A response's stream as a file of Python's; decoded from its content encoding."""

    def __init__(self, response):
        super().__init__()
        self._response = response  # which does not know this one, so there is no cycle
        self._reader = get_reader(response)

    def readable(self):
        return True

    def readinto(self, buffer):
        block = self._reader.read(self._response, min(len(buffer), _BLOCK))
        buffer[:len(block)] = block
        return len(block)

    def read(self, size=-1, decode_content=None):
        """Reads that many bytes, or all; it is always decoded."""
        if size is None or size < 0:
            return self.readall()
        return self._reader.read(self._response, size, True)

    def stream(self, size=_BLOCK, decode_content=None):
        """Yields the body in chunks of at most that size."""
        while chunk := self._reader.read(self._response, size):
            yield chunk


def load(response):
    """Reads what is left of a streamed response into memory, unless that was done."""
    if _is_loaded(response):
        return
    if response._hf_consumed:
        raise RuntimeError("The content of this response was consumed already")
    try:
        PatientCall(lambda cancellable: _load(response, cancellable))()
    except GLib.Error as error:
        raise make_exception(error, response=response) from None
    kept = b"" if response._hf_reader is None else response._hf_reader.take_kept()
    response._hf_reader = None
    if kept:
        response.content = kept + (response.get_bytes().get_data() or b"")


def check_unconsumed(response):
    """Raises what requests does of a stream that was read to its end."""
    if response._hf_consumed and not _is_loaded(response):
        raise StreamConsumedError("The content of this response was consumed already",
                                  response=response)


def iter_bytes(response, size):
    """Yields the body in chunks of at most that size, as they come.

    As in requests all but the last have that size where the length is known beforehand.
    """
    size = None if size is not None and size <= 0 else size
    if _is_loaded(response):
        content = response.content
        step = size or len(content) or 1
        for start in range(0, len(content), step):
            yield content[start:start + step]
        return
    reader = get_reader(response)
    in_full = size is not None and (response.get_header("Content-Length") is not None and
                                    response.get_header("Content-Encoding") is None)
    while chunk := reader.read(response, size or _BLOCK, in_full):
        yield chunk
    response._hf_consumed = True


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
