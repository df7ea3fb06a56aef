# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The libhfutures authors
"""What requests send, compared with what requests itself sends: data and files."""

import array
import collections
import concurrent.futures
import email.parser
import email.policy
import gc
import http.server
import io
import itertools
import os
import tempfile
import threading
import weakref
from pathlib import Path

import gi
import requests

gi.require_version("Hf", "1")
from gi.repository import Gio, GLib, Hf  # noqa: E402

from httpbin_case import HttpbinCase  # noqa: E402
from python_case import PythonCase  # noqa: E402
from tap_result import run_tap  # noqa: E402

Sent = collections.namedtuple("Sent", "framing type body")


class Handler(http.server.BaseHTTPRequestHandler):
    """Keeps the bodies, and redirects from /temporary to /end."""

    protocol_version = "HTTP/1.1"
    sent = []
    begun = None  # an event for what has come of a body that is not over

    def read_chunked(self):
        body = b""
        while True:
            length = int(self.rfile.readline(), 16)
            body += self.rfile.read(length)
            self.rfile.readline()
            if not length:
                return body
            if Handler.begun is not None:
                Handler.begun.set()

    def do_POST(self):
        chunked = self.headers["Transfer-Encoding"] == "chunked"
        length = int(self.headers["Content-Length"] or 0)
        try:
            body = self.read_chunked() if chunked else self.rfile.read(length)
        except ValueError:
            body = None
        if body is None or len(body) < length:  # it was cut
            self.close_connection = True
            return
        framing = "chunked" if chunked else self.headers["Content-Length"]
        Handler.sent.append(Sent(framing, self.headers["Content-Type"], body))
        self.send_response(308 if self.path == "/temporary" else 200)
        if self.path == "/temporary":
            self.send_header("Location", "/end")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_arguments):
        pass


def setUpModule():
    global server, uri
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
    uri = f"http://127.0.0.1:{server.server_port}"


def tearDownModule():
    server.shutdown()
    server.server_close()


def parse_form(sent):
    """The parts of a form, with all their fields."""
    head = f"Content-Type: {sent.type}\r\n\r\n".encode()
    message = email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(head + sent.body)
    assert message.is_multipart() and not message.defects, message.defects
    return [([(name, str(value)) for name, value in part.items()], part.get_payload(decode=True))
            for part in message.get_payload()]


class Unseekable(io.RawIOBase):
    """A file that can only be read."""

    def __init__(self, data):
        self.source = io.BytesIO(data)

    def readable(self):
        return True

    def readinto(self, buffer):
        return self.source.readinto(buffer)


class Sized:
    """What the encoders of requests' toolbelt are like."""

    def __init__(self, data):
        self.source = io.BytesIO(data)
        self.len = len(data)

    def read(self, size=-1):
        return self.source.read(min(size, 7) if size >= 0 else size)


class Again:
    """Gives an iterator each time that it is asked."""

    def __iter__(self):
        return iter([b"once ", b"more"])


class BodyCase(PythonCase):
    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.path = self.folder / "name.txt"
        self.path.write_bytes(b"the contents of a file " * 10000)
        Handler.sent.clear()

    def open(self, mode="rb", path=None):
        file = open(path or self.path, mode)
        self.addCleanup(file.close)
        return file

    def post(self, path="/", **keywords):
        response = self.session.post(uri + path, **keywords).result(30)
        self.assertEqual(response.status_code, 200)
        return response

    def take(self):
        """What has been sent."""
        sent = Handler.sent[:]
        Handler.sent.clear()
        return sent

    def check_like_requests(self, make, parse=lambda sent: sent):
        """Sends what make() gives as keywords with requests, and with the library."""
        requests.post(uri, **make())
        theirs, = self.take()
        self.post(**make())
        ours, = self.take()
        self.assertEqual(parse(ours), parse(theirs))
        return ours

    def check_form_like_requests(self, make):
        ours = self.check_like_requests(make, parse_form)
        self.assertEqual(ours.framing, str(len(ours.body)))
        return parse_form(ours)


class DataTest(BodyCase):
    def test_file(self):
        sent = self.check_like_requests(lambda: {"data": self.open()})
        self.assertEqual(sent.body, self.path.read_bytes())

    def test_file_from_its_position(self):
        def make():
            file = self.open()
            file.seek(100_000)
            return {"data": file}

        sent = self.check_like_requests(make)
        self.assertEqual(sent.body, self.path.read_bytes()[100_000:])

    def test_memory(self):
        self.check_like_requests(lambda: {"data": io.BytesIO(b"bytes" * 20000)})
        self.check_like_requests(lambda: {"data": io.BytesIO(b"")})

    def test_unseekable(self):
        self.check_like_requests(lambda: {"data": Unseekable(b"only read")})
        self.check_like_requests(lambda: {"data": Sized(b"it knows how long it is")})

    def test_pipe(self):
        reader, writer = os.pipe()
        with open(reader, "rb") as source, open(writer, "wb") as sink:
            sink.write(b"through a pipe")
            sink.close()
            self.post(data=source)
        self.assertEqual(self.take(), [("chunked", None, b"through a pipe")])

    def test_text_file(self):
        self.path.write_text("grün", "utf-8")
        self.post(data=open(self.path, encoding="utf-8"))
        self.assertEqual(self.take(), [("chunked", None, "grün".encode())])

    def test_iterables(self):
        self.check_like_requests(lambda: {"data": (piece for piece in (b"a", b"bc"))})
        self.check_like_requests(lambda: {"data": iter([b"a", b"bc"])})
        self.check_like_requests(lambda: {"data": Again()})
        self.post(data=(piece for piece in ("grün", b"", bytearray(b"!"))))
        self.assertEqual(self.take()[0].body, "grün!".encode())

    def test_path(self):
        for path in (self.path, Gio.File.new_for_path(str(self.path))):
            self.post(data=path)
            self.assertEqual(self.take(), [(str(len(self.path.read_bytes())), None,
                                            self.path.read_bytes())])

    def test_stream(self):
        stream = Gio.MemoryInputStream.new_from_bytes(GLib.Bytes.new(b"a stream of GIO's"))
        response = self.post(data=stream)
        self.assertEqual(self.take(), [("chunked", None, b"a stream of GIO's")])
        self.assertTrue(stream.is_closed())
        self.assertIs(response.request.body, stream)

    def test_proc(self):
        self.post(data=Path("/proc/self/comm"))
        self.assertEqual(self.take()[0].body, Path("/proc/self/comm").read_bytes())

    def test_others(self):
        for data in (3, object()):
            with self.assertRaises(TypeError):
                self.session.post(uri, data=data).result()
        self.post(data=array.array("b", b"items").tobytes())
        self.assertEqual(self.take()[0].body, b"items")

    def test_request_body(self):
        file = self.open()
        self.assertIs(self.post(data=file).request.body, file)
        items = (piece for piece in [b"x"])
        self.assertIs(self.post(data=items).request.body, items)
        self.assertEqual(self.post(data=b"bytes").request.body, b"bytes")
        self.assertIsNone(self.post().request.body)
        path_body = self.post(data=self.path).request.body
        self.assertIsInstance(path_body, Hf.Body)

    def test_nothing_is_read_before(self):
        """Only when a worker sends, and on no thread of the program's."""
        threads = []

        def items():
            threads.append(threading.current_thread())
            yield b"x"

        session = Hf.FuturesSession(max_workers=1)
        self.addCleanup(session.close)
        held = self.hold(session=session)
        future = session.post(uri, data=items())
        self.assertEqual(threads, [])
        self.release()
        held.result(30)
        future.result(30)
        self.assertNotIn(threading.main_thread(), threads)
        self.assertEqual(len(threads), 1)

    def test_loops(self):
        """No loop waits for what the program gives."""
        with Hf.LoopExecutor.new(1) as executor:
            session = Hf.FuturesSession(executor=executor)
            go_on = threading.Event()

            def items():
                go_on.wait()
                yield b"late"

            late = session.post(uri, data=items())
            session.post(uri, data=self.open()).result(30)
            self.assertFalse(late.done())
            go_on.set()
            late.result(30)
            self.assertEqual(self.take()[1].body, b"late")
            session.close()

    def test_nested(self):
        """What is read may itself send with the only worker."""
        session = Hf.FuturesSession(max_workers=1)
        self.addCleanup(session.close)

        def items():
            yield str(session.post(uri, data=b"inner").result(30).status_code)

        session.post(uri, data=items()).result(30)
        self.assertEqual([sent.body for sent in self.take()], [b"inner", b"200"])


class AgainTest(BodyCase):
    """Where the body has to be sent a second time."""

    def test_redirect(self):
        contents = self.path.read_bytes()
        for data, wanted in ((self.open(), contents), (io.BytesIO(b"memory"), b"memory"),
                             (Again(), b"once more"), (self.path, contents)):
            self.post("/temporary", data=data)
            self.assertEqual([sent.body for sent in self.take()], [wanted, wanted])

    def test_redirect_from_its_position(self):
        file = self.open()
        file.seek(200_000)
        self.post("/temporary", data=file)
        self.assertEqual([sent.body for sent in self.take()],
                         [self.path.read_bytes()[200_000:]] * 2)

    def test_redirect_of_what_is_gone(self):
        for data in (Unseekable(b"once"), (piece for piece in [b"once"])):
            with self.assertRaisesRegex(Hf.RequestException, "cannot be sent a second time"):
                self.session.post(uri + "/temporary", data=data).result(30)
            self.assertEqual([sent.body for sent in self.take()], [b"once"])

    def test_form(self):
        self.post("/temporary", data={"a": "1"}, files={"f": self.open()})
        first, second = self.take()
        self.assertEqual(parse_form(first), parse_form(second))


class FailingTest(BodyCase):
    def check_raises(self, exception, **keywords):
        future = self.session.post(uri, **keywords)
        with self.assertRaises(type(exception)) as context:
            future.result(30)
        self.assertIs(context.exception, exception)
        self.assertIs(future.exception(), exception)
        self.assertEqual(self.take(), [])

    def test_generator(self):
        for exception in (KeyError("no"), KeyboardInterrupt(), GeneratorExit()):
            def items():
                yield b"x"
                raise exception

            self.check_raises(exception, data=items())

    def test_read(self):
        exception = OSError("the disk is broken")

        class Broken(io.BytesIO):
            def read(self, size=-1):
                raise exception

        self.check_raises(exception, data=Broken(b"x"))
        self.check_raises(exception, files={"f": Broken(b"x")})
        self.check_raises(exception, data=Broken(b"x"), hooks={"response": lambda *_, **__: None})

    def test_wrong_items(self):
        with self.assertRaises(TypeError):
            self.session.post(uri, data=iter([b"x", object()])).result(30)

    def test_closed_file(self):
        file = self.open()
        file.close()
        with self.assertRaises(ValueError):
            self.session.post(uri, data=file).result(30)

    def test_missing_file(self):
        with self.assertRaisesRegex(Hf.RequestException, "No such file"):
            self.session.post(uri, data=self.folder / "missing").result(30)
        with self.assertRaisesRegex(Hf.RequestException, "No such file"):
            self.session.post(uri, files={"f": self.folder / "missing"}).result(30)

    def test_file_that_changes(self):
        for change in (lambda file: file.write(b"more"), lambda file: file.truncate(5)):
            names = [f"{change.__code__.co_names[0]}-{worker}" for worker in ("one", "two")]
            self.path.write_bytes(b"contents")
            held = [self.hold(name) for name in names]
            future = self.session.post(uri, data=self.open())
            with self.open("r+b") as file:
                file.seek(0, os.SEEK_END)
                change(file)
            for name in names:
                self.release(name)
            with self.assertRaisesRegex(Hf.RequestException, "longer than|ended after"):
                future.result(30)
            self.assertEqual(self.take(), [])
            for other in held:
                other.result(30)

    def test_timeout_is_the_servers(self):
        """And what is raised after it is not what the future raises."""
        go_on = threading.Event()

        def items():
            yield b"x"
            go_on.wait()
            raise KeyError

        future = self.session.post(uri, data=items(), timeout=0.05, deadline=0.5)
        with self.assertRaises(Hf.Timeout) as context:
            future.result(30)
        self.assertNotIsInstance(context.exception, Hf.ReadTimeout)
        go_on.set()

    def test_cancelled(self):
        Handler.begun = threading.Event()
        go_on = threading.Event()
        closed = threading.Event()

        def items():
            try:
                yield b"begin"
                go_on.wait()
                yield b"more"
            finally:
                closed.set()

        future = self.session.post(uri, data=items())
        self.assertTrue(Handler.begun.wait(30))
        self.assertTrue(future.cancel())
        go_on.set()
        with self.assertRaises(concurrent.futures.CancelledError):
            future.result()
        del future
        self.becomes(closed.is_set)  # since nothing keeps it
        self.assertEqual(self.take(), [])
        Handler.begun = None

    def test_nothing_keeps_it(self):
        class File(io.BytesIO):
            pass

        file = File(b"contents")
        gone = weakref.ref(file)
        self.session.post(uri, data=file).result(30)
        self.session.post(uri, files={"f": file}).result(30)
        del file
        gc.collect()
        self.becomes(lambda: gone() is None)


class FilesTest(BodyCase):
    def test_kinds(self):
        parts = self.check_form_like_requests(lambda: {"files": {
            "file": self.open(),
            "bytes": b"some bytes",
            "text": "grün",
            "memory": io.BytesIO(b"in memory"),
            "two": ("two.txt", b"two"),
            "two-read": ("read.txt", self.open()),
            "three": ("three.html", b"<p>", "text/html"),
            "four": ("four.bin", io.BytesIO(b"4"), "a/b", {"X-Own": "yes", "X-Other": "no"}),
            "unnamed": (None, b"no file"),
            "none": ("none.txt", None),
            "typeless": ("typeless", b"x", None),
        }})
        self.assertEqual(len(parts), 10)

    def test_pairs(self):
        parts = self.check_form_like_requests(lambda: {"files": [
            ("same", ("a.txt", b"1")), ("same", ("b.txt", b"2")), ["same", ["c.txt", b"3"]],
        ]})
        self.assertEqual(len(parts), 3)

    def test_with_data(self):
        for data in ({"a": 1, "b": ["x", "y"], "c": None, "d": "grün", "e": b"\xff", "f": ""},
                     [("a", "1"), ("a", "2")]):
            self.check_form_like_requests(
                lambda: {"data": data, "files": {"f": ("name", b"contents")}})

    def test_position(self):
        def make():
            file = self.open()
            file.seek(220_000)
            return {"files": {"f": file}}

        self.check_form_like_requests(make)

    def test_names(self):
        for name in ("grün.txt", 'with "quotes".txt', "with\nnewline", "with\r\nboth", "a;b=c.txt"):
            self.check_form_like_requests(lambda: {"files": {name: (name, b"x")}})

    def test_json_is_left_out(self):
        self.check_form_like_requests(lambda: {"json": {"a": 1}, "files": {"f": b"x"}})

    def test_no_files(self):
        self.check_like_requests(lambda: {"files": {}, "data": {"a": "1"}})
        self.check_like_requests(lambda: {"files": [], "json": [1]})

    def test_path(self):
        self.post(files={"f": self.path})
        sent, = self.take()
        self.assertEqual(parse_form(sent), [
            ([("Content-Disposition", 'form-data; name="f"; filename="name.txt"')],
             self.path.read_bytes())])
        self.assertEqual(sent.framing, str(len(sent.body)))

    def test_unknown_length(self):
        self.post(files={"f": ("name", Unseekable(b"read"))})
        sent, = self.take()
        self.assertEqual((sent.framing, parse_form(sent)[0][1]), ("chunked", b"read"))

    def test_own_content_type(self):
        """A type that says no boundary is the user's affair, as in requests."""
        def make():
            return {"files": {"f": b"x"}, "headers": {"Content-Type": "text/plain"}}

        self.assertEqual(self.check_like_requests(make, lambda sent: sent.type).type, "text/plain")

    def test_wrong(self):
        for keywords, exception in (
                ({"data": "text", "files": {"f": b"x"}}, ValueError),
                ({"data": b"bytes", "files": {"f": b"x"}}, ValueError),
                ({"data": iter([b"x"]), "files": {"f": b"x"}}, NotImplementedError),
                ({"files": {"f": ("a", b"x", "a/b", {}, "more")}}, ValueError),
                ({"files": {"f": 3.5}}, TypeError),
                ({"files": {"f\0": b"x"}}, ValueError),
                ({"files": {"f": ("a", b"x", "a/b\r\nX: y")}}, Hf.InvalidHeader),
                ({"files": {"f": ("a", b"x", "a/b", {"X": "y\nz"})}}, Hf.InvalidHeader)):
            with self.assertRaises(exception, msg=str(keywords)):
                self.session.post(uri, **keywords).result(30)
        self.assertEqual(self.take(), [])

    def test_in_c(self):
        form = Hf.Multipart.new()
        form.append_text("a", "1")
        form.append_file("f", Gio.File.new_for_path(str(self.path)), None, None)
        body = Hf.Body.new_for_multipart(form)
        self.post(data=body)
        parts = parse_form(self.take()[0])
        self.assertEqual([contents for _fields, contents in parts], [b"1", self.path.read_bytes()])
        self.assertIn(("Content-Type", "text/plain"), parts[1][0])


class HttpbinTest(HttpbinCase, BodyCase):
    """Against a real httpbin, which parses forms with libraries of its own."""

    def echo(self, path="/post", **keywords):
        return self.session.post(self.httpbin + path, **keywords).result(30).json()

    def test_file(self):
        answer = self.echo(data=self.open())
        self.assertEqual(answer["data"], self.path.read_text())
        self.assertEqual(answer["headers"]["Content-Length"], "230000")

    def test_form(self):
        answer = self.echo(data={"a": ["1", "2"]}, files={"f": self.open(), "ü": ("ü.txt", "grün")})
        self.assertEqual(answer["form"], {"a": ["1", "2"]})
        self.assertEqual(answer["files"], {"f": self.path.read_text(), "ü": "grün"})

    def test_redirect(self):
        answer = self.echo("/redirect-to?url=/post&status_code=307", data=self.open())
        self.assertEqual(answer["data"], self.path.read_text())

    def test_redirect_as_requests(self):
        """What arrives after each redirect, and by which method, is what requests sends."""
        session = requests.Session()
        session.trust_env = False
        for method, status in itertools.product(("POST", "PUT", "PATCH", "DELETE"),
                                                (301, 302, 303, 307, 308)):
            url = f"{self.httpbin}/redirect-to?url=/anything&status_code={status}"
            ours = self.session.request(method, url, data=b"some").result(30).json()
            theirs = session.request(method, url, data=b"some").json()
            self.assertEqual([ours[key] for key in ("method", "data", "form")],
                             [theirs[key] for key in ("method", "data", "form")], url)
            self.assertEqual(ours["data"], "some" if status > 303 else "", url)

    def test_digest(self):
        session_auth = Hf.HTTPDigestAuth("user", "passwd")
        future = self.session.get(self.httpbin + "/digest-auth/auth/user/passwd", data=self.open(),
                                  auth=session_auth)
        self.assertEqual(future.result(30).status_code, 200)
        once = self.session.get(self.httpbin + "/digest-auth/auth/user/passwd",
                                data=Sized(b"once"), auth=Hf.HTTPDigestAuth("user", "passwd"))
        self.assertEqual(once.result(30).status_code, 401)



run_tap("/python/bodies")
