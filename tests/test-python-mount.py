# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The libhfutures authors
"""Functions of Python's that answer instead of servers."""

import gc
import threading
import weakref

import gi

gi.require_version("Hf", "1")
from gi.repository import Gio, GLib, Hf  # noqa: E402

from python_case import PythonCase, uri  # noqa: E402
from tap_result import run_tap  # noqa: E402

URL = "https://mock.example/"


class MountTest(PythonCase):
    def test_answer(self):
        def answer(call):
            self.assertIsNot(threading.current_thread(), threading.main_thread())
            call.respond(201, json={"method": call.method, "url": call.url, "body": call.body
                                    .decode(), "type": call.headers["content-type"]},
                         headers={"X": "1"})

        self.session.mount(URL, answer)
        response = self.session.put(URL + "a", params={"b": "ä"}, data={"c": "1"}).result()
        self.assertEqual(response.status_code, 201)
        self.assertEqual(response.headers["x"], "1")
        self.assertEqual(response.json(), {
            "method": "PUT", "url": URL + "a?b=%C3%A4", "body": "c=1",
            "type": "application/x-www-form-urlencoded"})

    def test_contents(self):
        for content, expected, media_type in (
            (None, b"", None),
            ("ä", "ä".encode(), "text/plain; charset=utf-8"),
            (b"\xff\0", b"\xff\0", None),
            (Hf.Body.new_for_data(b"x", "a/b"), b"x", "a/b"),
        ):
            self.session.mount(URL, lambda call: call.respond(200, content))
            response = self.session.get(URL).result()
            self.assertEqual(response.content, expected)
            self.assertEqual(response.headers.get("Content-Type"), media_type)

    def test_exchange(self):
        """Redirects, cookies and hooks are as with servers."""
        def answer(call):
            if call.url == URL:
                call.respond(302, headers=[("Location", "/end"), ("Set-Cookie", "a=1"),
                                           ("Set-Cookie", "b=2")])
            else:
                call.respond(200, call.headers["Cookie"])

        for executor in (Hf.ThreadPoolExecutor(1), Hf.LoopExecutor.new(1)):
            session = Hf.FuturesSession(executor)
            session.mount(URL, answer)
            future = session.get(URL, background_callback=lambda _session, response: response.text)
            self.assertEqual(future.result(), "a=1; b=2")

    def test_later(self):
        kept = []
        asked = threading.Event()

        def answer(call):
            kept.append(call)
            asked.set()

        self.session.mount(URL, answer)
        future = self.session.get(URL)
        asked.wait()
        kept.pop().respond(200, "late")
        self.assertEqual(future.result().text, "late")

        asked.clear()
        future = self.session.get(URL)
        asked.wait()
        kept.clear()
        self.assertIsInstance(future.exception(), Hf.RequestException)

    def test_raise(self):
        refused = GLib.Error.new_literal(Gio.io_error_quark(), "no", Gio.IOErrorEnum
                                         .CONNECTION_REFUSED)
        for raised, expected in (
            (Hf.ConnectionError("no"), Hf.ConnectionError),
            (Hf.ConnectTimeout("no"), Hf.ConnectTimeout),
            (Hf.ReadTimeout("no"), Hf.ReadTimeout),
            (Hf.SSLError("no"), Hf.SSLError),
            (Hf.ProxyError("no"), Hf.ProxyError),
            (refused, Hf.ConnectionError),
            (ZeroDivisionError("no"), Hf.RequestException),
        ):
            def answer(_call):
                raise raised

            self.session.mount(URL, answer)
            exception = self.session.get(URL).exception()
            self.assertIs(type(exception), expected)
            self.assertEqual(exception.request.url, URL)

    def test_prefixes(self):
        for number, prefix in enumerate(("https://", URL, URL + "long/", URL + "long")):
            self.session.mount(prefix, lambda call, number=number: call.respond(200, str(number)))
        for url, expected in ((URL, "1"), (URL + "long/x", "2"), (URL + "longer", "3"),
                              ("https://mock.example.evil.com/", "0")):
            self.assertEqual(self.session.get(url).result().text, expected)
        self.assertEqual(self.session.get(uri("/get")).result().status_code, 200)
        self.assertTrue(self.session.unmount(URL + "long"))
        self.assertEqual(self.session.get(URL + "longer").result().text, "1")

    def test_shared(self):
        transport = Hf.MockTransport.new(lambda call: call.respond(204))
        for session in (self.session, Hf.FuturesSession()):
            session.mount(URL, transport)
            self.assertEqual(session.get(URL).result().status_code, 204)

    def test_wrong(self):
        with self.assertRaises(TypeError):
            self.session.mount(URL, 5)
        with self.assertRaises(GLib.Error) as raised:
            self.session.mount("mock.example", print)
        self.assert_error(raised.exception, Hf.error_quark(), Hf.Error.INVALID_URI)

    def test_let_go(self):
        class Answer:
            def __call__(self, call):
                call.respond(200)

        answer = Answer()
        alive = weakref.ref(answer)
        self.session.mount(URL, answer)
        self.session.get(URL).result()
        del answer
        gc.collect()
        self.assertIsNotNone(alive())
        self.session.unmount(URL)
        self.becomes(lambda: alive() is None)


run_tap("/python/mount")
