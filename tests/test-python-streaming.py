# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The libhfutures authors
"""Bodies that are read piece by piece in Python, as from requests, or saved."""

import contextlib
import io
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from unittest import mock

import gi

gi.require_version("Hf", "1")
from gi.overrides._hf import streaming  # noqa: E402
from gi.repository import Gio, Hf  # noqa: E402

import requests  # noqa: E402

from httpbin_case import HttpbinCase  # noqa: E402
from python_case import PythonCase, uri  # noqa: E402
from tap_result import run_tap  # noqa: E402


class PiecewiseServer:
    """Answers every connection with pieces, each when it is let."""

    def __init__(self, *pieces):
        self.pieces = [piece.encode() for piece in pieces]
        self.let = threading.Semaphore(0)
        self.ended = threading.Event()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.uri = "http://127.0.0.1:%d/" % self._socket.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            connection, _address = self._socket.accept()
            threading.Thread(target=self._answer, args=[connection], daemon=True).start()

    def _answer(self, connection):
        with connection, contextlib.suppress(OSError):  # the client may go when it likes
            while not connection.recv(65536).endswith(b"\r\n\r\n"):
                pass
            connection.sendall(self.pieces[0])
            for piece in self.pieces[1:]:
                self.let.acquire()
                connection.sendall(piece)
            connection.shutdown(socket.SHUT_WR)
            while connection.recv(65536):
                pass
        self.ended.set()


HEAD = "HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n"


class StreamTest(PythonCase):
    def stream(self, path, **keywords):
        return self.session.get(uri(path), stream=True, **keywords).result()

    def test_iter_content(self):
        for size in (None, 1000, 65536, 1 << 20):
            chunks = list(self.stream("/bytes/200000").iter_content(size))
            self.assertEqual(b"".join(chunks), bytes(i % 256 for i in range(200000)))
            self.assertLessEqual(max(map(len, chunks)), size or 65536)
        self.assertEqual(list(self.stream("/bytes/3").iter_content()), [b"\0", b"\1", b"\2"])
        self.assertEqual(list(self.stream("/empty").iter_content(10)), [])
        self.assertEqual(b"".join(self.stream("/bytes/1000")), bytes(i % 256 for i in range(1000)))

    def test_of_content(self):
        """What was not streamed can be read so, too, and again."""
        response = self.session.get(uri("/bytes/10")).result()
        for _ in range(2):
            self.assertEqual(list(response.iter_content(4)), [bytes(range(4)), bytes(range(4, 8)),
                                                              bytes(range(8, 10))])
        self.assertEqual(response.raw.read(), bytes(range(10)))

    def test_content(self):
        """Asking for it reads it."""
        response = self.stream("/text?charset=iso-8859-1")
        self.assertFalse(response.is_loaded())
        self.assertEqual(response.text, "Grüße, naïve café")
        self.assertTrue(response.is_loaded())
        self.assertEqual(response.content, "Grüße, naïve café".encode("iso-8859-1"))
        self.assertEqual(b"".join(response.iter_content(3)), response.content)
        self.assertEqual(self.stream("/json").json(),
                         self.session.get(uri("/json")).result().json())

    def test_consumed(self):
        """A stream can be read once, as with requests."""
        for library, error in ((Hf, Hf.StreamConsumedError),
                               (requests, requests.exceptions.StreamConsumedError)):
            response = (self.stream("/bytes/10") if library is Hf else
                        requests.get(uri("/bytes/10"), stream=True))
            list(response.iter_content(10))
            with self.assertRaises(RuntimeError):
                response.content
            with self.assertRaises(error):
                response.iter_content(10)

    def test_raw(self):
        with self.stream("/bytes/1000") as response:
            raw = response.raw
            self.assertEqual(raw.read(3), b"\0\1\2")
            self.assertEqual(io.BufferedReader(raw).read(), bytes(i % 256 for i in range(3, 1000)))

    def check_as_requests(self, read):
        """That it gives the same of a stream of this library's and of one of requests'."""
        for path in ("/bytes/200000", "/bytes/3"):
            with requests.get(uri(path), stream=True) as theirs:
                self.assertEqual(read(self.stream(path)), read(theirs), path)

    def test_raw_piece_by_piece(self):
        """The attribute is a file that goes on where it was left."""
        self.check_as_requests(lambda response: (response.raw.read(10), response.raw.read(100000),
                                                 response.raw.read(decode_content=True)))
        self.check_as_requests(lambda response: b"".join(response.raw.stream(1000)))
        saved = io.BytesIO()
        shutil.copyfileobj(self.stream("/bytes/200000").raw, saved)
        self.assertEqual(saved.getvalue(), bytes(i % 256 for i in range(200000)))

    def test_go_on(self):
        """Who has looked at the beginning has not lost what follows."""
        self.check_as_requests(lambda response: (next(response.iter_content(2), None),
                                                 next(response.iter_content(3), None),
                                                 response.content))
        self.check_as_requests(lambda response: (response.raw.read(1), response.content,
                                                 list(response.iter_content(70000))))
        response = self.stream("/text?charset=utf-8")
        next(response.iter_content(1))
        self.assertEqual(response.text, "rüße, naïve café")

    def test_sizes(self):
        """All chunks but the last are as large as was asked, where the length is known."""
        for size in (30000, 1000, 100000):
            self.check_as_requests(lambda response: list(response.iter_content(size)))
        for size in (0, -1):
            chunks = self.session.get(uri("/bytes/10")).result().iter_content(size)
            self.assertEqual(list(chunks), [bytes(range(10))])
            self.assertEqual(b"".join(self.stream("/bytes/10").iter_content(size)),
                             bytes(range(10)))

    def test_decode_unicode(self):
        server = PiecewiseServer(HEAD + "a", "é" * 10)
        server.pieces.append(server.pieces[1][1:])  # begins in the midst of a character
        server.pieces[1] = server.pieces[1][:1]
        server.let.release(2)
        response = self.session.get(server.uri, stream=True).result()
        self.assertEqual("".join(response.iter_content(4, decode_unicode=True)), "a" + "é" * 10)
        response = self.stream("/bytes/300")
        response.encoding = None
        self.assertEqual(b"".join(response.iter_content(7, decode_unicode=True)),
                         bytes(i % 256 for i in range(300)))

    def test_live(self):
        """Lines are there before the body is."""
        server = PiecewiseServer(HEAD + "one\n", "two\r", "\nthree\n\nfo", "ur")
        lines = self.session.get(server.uri, stream=True).result().iter_lines(decode_unicode=True)
        self.assertEqual(next(lines), "one")
        server.let.release(2)
        self.assertEqual([next(lines), next(lines), next(lines)], ["two", "three", ""])
        server.let.release()
        self.assertEqual(list(lines), ["four"])

    def test_lines_of_requests(self):
        """The same lines that requests finds."""
        bodies = ("", "\n", "a", "a\n", "a\nb", "a\r\nb\r\n", "\n\na\n", "a|b|c", "a|b|", "|",
                  "ä\x0bö", "a\x1db\x85c\u2028d")
        for body in bodies:
            for keywords in ({}, {"decode_unicode": True}, {"delimiter": b"|"},
                             {"delimiter": "|", "decode_unicode": True}):
                server = PiecewiseServer(HEAD + body)
                for stream in (True, False):
                    ours = self.session.get(server.uri, stream=stream).result()
                    theirs = requests.get(server.uri, stream=stream)
                    self.assertEqual(list(ours.iter_lines(**keywords)),
                                     list(theirs.iter_lines(**keywords)), (body, keywords))

    def test_close(self):
        """The connection is closed, though there was more to come."""
        server = PiecewiseServer(HEAD.replace("Connection: close", "Content-Length: 1000") + "a")
        server.pieces.append(b"b")
        for leave in (lambda response: response.close(), lambda response: response.__exit__()):
            response = self.session.get(server.uri, stream=True).result()
            chunks = response.iter_content(1)
            self.assertEqual(next(chunks), b"a")
            leave(response)
            with self.assertRaisesRegex(gi.repository.GLib.Error, "closed"):
                next(chunks)
            server.let.release()
            self.assertTrue(server.ended.wait())
            server.ended.clear()

    def test_unread(self):
        """Three streams that nobody reads, on two workers, keep nothing up."""
        streams = [self.stream("/bytes/3000000") for _ in range(3)]
        self.assertEqual(self.session.get(uri("/bytes/1")).result().content, b"\0")
        self.assertEqual([len(stream.content) for stream in streams], [3000000] * 3)

    def test_default(self):
        self.session.stream = True
        self.assertFalse(self.session.get(uri("/bytes/10")).result().is_loaded())
        self.assertTrue(self.session.get(uri("/bytes/10"), stream=False).result().is_loaded())

    def test_errors(self):
        cut = PiecewiseServer(HEAD.replace("Connection: close", "Content-Length: 10") + "body")
        broken = PiecewiseServer(
            HEAD.replace("Connection", "Content-Encoding: gzip\r\nConnection") + "this is no gzip")
        for server, kind in ((cut, Hf.ChunkedEncodingError), (broken, Hf.ContentDecodingError)):
            for read in (lambda response: list(response.iter_content(10)),
                         lambda response: response.content):
                response = self.session.get(server.uri, stream=True).result()
                with self.assertRaises(kind) as raised:
                    read(response)
                self.assertIs(raised.exception.response, response)

    def test_silence(self):
        server = PiecewiseServer(HEAD + "a", "b")
        response = self.session.get(server.uri, stream=True, timeout=(60, 0.05)).result()
        with self.assertRaises(Hf.ReadTimeout):
            response.content

    def test_in_hook(self):
        """A hook may read; the worker does it then."""
        response = self.stream("/bytes/10", hooks={"response": lambda response, **keywords:
                                                   setattr(response, "data", response.content)})
        self.assertEqual((response.data, response.content), (bytes(range(10)), bytes(range(10))))

    def test_in_threads(self):
        response = self.stream("/bytes/1000000")
        chunks = []
        thread = threading.Thread(target=lambda: chunks.extend(response.iter_content(None)))
        thread.start()
        thread.join()
        self.assertEqual(len(b"".join(chunks)), 1000000)

    def test_loop_executor(self):
        with Hf.FuturesSession(executor=Hf.LoopExecutor.new(1)) as session:
            response = session.get(uri("/bytes/1000000"), stream=True).result()
            self.assertEqual(sum(map(len, response.iter_content(None))), 1000000)


INTERRUPTED = """
import sys
from gi.repository import Hf

response = Hf.FuturesSession().get(sys.argv[1], stream=True).result()
chunks = response.iter_content(1)
first = next(chunks)
try:
    print(first, flush=True)
    {read}
except KeyboardInterrupt:
    print("interrupted", flush=True)
"""


class InterruptTest(PythonCase):
    def check_interrupt(self, read):
        server = PiecewiseServer(HEAD.replace("Connection: close", "Content-Length: 1000") + "a",
                                 "b")
        program = INTERRUPTED.format(read=read)
        process = subprocess.Popen([sys.executable, "-c", program, server.uri],
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.assertEqual(process.stdout.readline(), "b'a'\n")
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=60)
        self.assertEqual((output, errors, process.returncode), ("interrupted\n", "", 0))

    def test_at_once(self):
        """An interrupt that comes just as the reading begins ends it, too."""
        ended = threading.Event()

        def read(cancellable):
            waiting = threading.Event()
            cancellable.connect(waiting.set)
            waiting.wait()
            ended.set()

        def submit(function, cancellable):
            threading.Thread(target=function, args=[cancellable], daemon=True).start()
            raise KeyboardInterrupt

        with mock.patch.object(streaming, "_get_helper",
                               lambda: mock.Mock(submit=submit)):
            with self.assertRaises(KeyboardInterrupt):
                streaming.PatientCall(read)()
        self.assertTrue(ended.wait(20))

    def test_iter_content(self):
        self.check_interrupt("next(chunks)")

    def test_content(self):
        self.check_interrupt("response._hf_consumed = False; response.content")


class DestinationTest(PythonCase):
    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def check_saved(self, destination, path):
        response = self.session.get(uri("/bytes/100000"), destination=destination).result()
        self.assertEqual((response.status_code, response.content), (200, b""))
        self.assertEqual(path.read_bytes(), bytes(i % 256 for i in range(100000)))
        self.assertEqual(os.listdir(self.folder), [path.name])
        path.unlink()

    def test_paths(self):
        path = self.folder / "Größe"
        for destination in (path, str(path), os.fsencode(path), Gio.File.new_for_path(str(path))):
            self.check_saved(destination, path)
        self.addCleanup(os.chdir, os.getcwd())
        os.chdir(self.folder)
        self.check_saved("relative", self.folder / "relative")

    def test_file(self):
        path = self.folder / "open"
        with open(path, "wb") as file:
            file.write(b"before ")
            self.session.get(uri("/bytes/3"), destination=file).result()
            file.write(b" after")
        self.assertEqual(path.read_bytes(), b"before \0\1\2 after")

    def test_stream(self):
        memory = Gio.MemoryOutputStream.new_resizable()
        self.session.get(uri("/bytes/3"), destination=memory).result()
        memory.close()
        self.assertEqual(memory.steal_as_bytes().get_data(), b"\0\1\2")

    def test_not_found(self):
        path = self.folder / "there"
        path.write_bytes(b"before")
        response = self.session.get(uri("/status/404"), destination=path).result()
        self.assertEqual(response.status_code, 404)
        self.assertTrue(response.text)
        self.assertEqual(path.read_bytes(), b"before")

    def test_unwritable(self):
        with self.assertRaises(Hf.RequestException) as raised:
            self.session.get(uri("/bytes/3"), destination="/nowhere/at/all").result()
        self.assertIn("/nowhere" if "/nowhere" in str(raised.exception) else "saved",
                      str(raised.exception))
        for wrong in (3, io.StringIO(), io.BytesIO()):
            with self.assertRaises((TypeError, io.UnsupportedOperation)):
                self.session.get(uri("/bytes/3"), destination=wrong).result()


class HttpbinTest(HttpbinCase):
    def test_lines(self):
        lines = list(self.get("/stream/20", stream=True).iter_lines())
        self.assertEqual(len(lines), 20)
        self.assertTrue(all(line.startswith(b"{") for line in lines))

    def test_bytes(self):
        path = "/stream-bytes/10000?seed=1&chunk_size=100"
        self.assertEqual(b"".join(self.get(path, stream=True).iter_content(1000)),
                         requests.get(self.httpbin + path).content)

    def test_gzip(self):
        response = self.get("/gzip", stream=True)
        self.assertTrue(response.json()["gzipped"])

    def test_destination(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "saved"
            self.get("/range/10000", destination=path)
            self.assertEqual(path.read_bytes(), requests.get(self.httpbin + "/range/10000").content)


run_tap("/python/streaming")
