# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The libhfutures authors
"""What Python has of futures and streams in one thread, while others drop them."""

import contextlib
import faulthandler
import socket
import threading

import gi

gi.require_version("Hf", "1")
from gi.repository import GLib, Hf  # noqa: E402

from python_case import PythonCase, uri  # noqa: E402
from tap_result import run_tap  # noqa: E402

HEAD = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


class ChunkServer:
    """Answers with as many chunks of one byte as the path says."""

    def __init__(self):
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.uri = "http://127.0.0.1:%d/" % self._socket.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            connection, _address = self._socket.accept()
            threading.Thread(target=self._answer, args=[connection], daemon=True).start()

    def _answer(self, connection):
        with connection, contextlib.suppress(OSError):  # the client may go when it likes
            request = b""
            while received := connection.recv(65536):
                request += received
                if request.endswith(b"\r\n\r\n"):
                    chunks = int(request.split()[1][1:])
                    connection.sendall(HEAD + b"1\r\nx\r\n" * chunks + b"0\r\n\r\n")
                    request = b""


class StreamThreads(PythonCase):
    def test_reading_while_dropping(self):
        """What counts a stream's bytes waits for no thread that has the interpreter."""
        server = ChunkServer()
        session = Hf.FuturesSession(max_workers=4)
        stopped = threading.Event()
        lengths = []

        def read():
            length = 0
            while not stopped.is_set():
                future = session.get(server.uri + "20000", stream=True)
                future.attribute = True
                stream = future.result().get_stream()
                while not stopped.is_set() and stream.read_bytes(1, None).get_size():
                    length += 1
                future.result().close()
            lengths.append(length)

        faulthandler.dump_traceback_later(60, exit=True)
        readers = [threading.Thread(target=read) for _number in range(2)]
        for reader in readers:
            reader.start()
        for _number in range(60):
            futures = [session.get(server.uri + "1", stream=True) for _number in range(20)]
            for future in futures:
                future.attribute = [True]
            responses = [future.result() for future in futures]
            del future
            futures.clear()
            responses.clear()
        stopped.set()
        for reader in readers:
            reader.join()
        faulthandler.cancel_dump_traceback_later()
        self.assertTrue(all(length > 0 for length in lengths))

    def test_telling_while_dropping(self):
        """Who tells of a future's changes waits for no thread that has the interpreter."""
        faulthandler.dump_traceback_later(60, exit=True)
        context = GLib.MainContext.default()
        stopped = threading.Event()
        told = []

        def get():
            future = self.session.get(uri("/bytes/100"))
            future.attribute = True
            for name in ("state", "fraction"):
                future.connect(f"notify::{name}", lambda *_arguments: told.append(None))
            return future

        def drop():
            while not stopped.is_set():
                for future in [get() for _ in range(20)]:
                    future.result()

        threads = [threading.Thread(target=drop) for _ in range(3)]
        for thread in threads:
            thread.start()
        for _ in range(2000):
            get()
            for _ in range(10):
                context.iteration(False)
        stopped.set()
        for thread in threads:
            thread.join()
        faulthandler.cancel_dump_traceback_later()
        self.assertTrue(told)


run_tap("/python/stream-threads")
