# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The libhfutures authors
"""The exceptions in Python are named and nested as those of requests, and GLib.Errors as well."""

import pickle
import socket
import threading

import gi
import requests

gi.require_version("Hf", "1")
from gi.repository import Gio, GLib, Hf  # noqa: E402

from python_case import PythonCase, uri  # noqa: E402
from server_process import ServerProcess  # noqa: E402
from tap_result import run_tap  # noqa: E402

# What cannot happen here: packages that do not fit one another, and files opened as text, whose
# length nobody asks for.
NOT_OURS = {"FileModeWarning", "RequestsDependencyWarning", "RequestsWarning"}


def is_exception(kind):
    return isinstance(kind, type) and issubclass(kind, Exception)


def answer_once(answer):
    """Answers one request with these bytes; gives the URI to ask."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve():
        connection, _address = listener.accept()
        with listener, connection:
            connection.recv(65536)
            connection.sendall(answer)

    threading.Thread(target=serve, daemon=True).start()
    return "http://127.0.0.1:%d/" % listener.getsockname()[1]


class ExceptionsTest(PythonCase):
    def check(self, kind, code, future):
        exception = future.exception()
        self.assertIs(type(exception), kind, exception)
        self.assertTrue(exception.matches(Hf.error_quark(), code))
        self.assertEqual(str(exception), exception.message)
        self.assertEqual(exception.request.url, future.get_uri())
        self.assertEqual(repr(exception), f"{kind.__name__}({exception.message!r})")
        again = pickle.loads(pickle.dumps(exception))
        self.assertEqual((type(again), str(again), again.domain, again.code),
                         (kind, str(exception), exception.domain, exception.code))
        self.assertIsNone(exception.response)  # as in requests, where nothing complete came
        with self.assertRaises(kind):
            future.result()
        return exception

    def test_parents(self):
        """Every exception of requests is here, with the same parents."""
        names = {name for name, kind in vars(requests.exceptions).items()
                 if is_exception(kind) and kind.__module__ == requests.exceptions.__name__}
        self.assertEqual(names & NOT_OURS, NOT_OURS)
        for name in names - NOT_OURS:
            kind = getattr(Hf, name)
            self.assertTrue(issubclass(kind, GLib.Error), name)
            wanted = [getattr(Hf, base.__name__)
                      if base.__module__ == requests.exceptions.__name__ else base
                      for base in getattr(requests.exceptions, name).__bases__
                      if not base.__module__.startswith("urllib3")]
            if wanted == [OSError]:
                wanted = [GLib.Error, OSError]
            self.assertEqual(list(kind.__bases__), wanted, name)

    def test_urls(self):
        for url, kind in (("example.org", Hf.MissingSchema), ("", Hf.MissingSchema),
                          ("ftp://example.org/", Hf.InvalidSchema),
                          ("http://", Hf.InvalidURL), ("http://a b/", Hf.InvalidURL)):
            self.check(kind, Hf.Error.INVALID_URI, self.session.get(url))

    def test_connections(self):
        with ServerProcess() as gone:
            gone_uri = gone.uri
        self.check(Hf.ConnectionError, Hf.Error.CONNECT, self.session.get(gone_uri))
        self.check(Hf.ConnectionError, Hf.Error.DNS, self.session.get("http://nowhere.invalid/"))
        self.check(Hf.ConnectionError, Hf.Error.PROTOCOL, self.session.get(answer_once(b"what?\n")))
        self.check(Hf.SSLError, Hf.Error.TLS,
                   self.session.get(answer_once(b"no TLS\n").replace("http:", "https:")))
        proxy = answer_once(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
        self.check(Hf.ProxyError, Hf.Error.PROXY,
                   self.session.get("https://a.invalid/", proxies={"all": proxy}))

    def test_timeouts(self):
        self.check(Hf.ReadTimeout, Hf.Error.TIMEOUT_READ,
                   self.session.get(uri("/hold/read"), timeout=0.01))
        self.check(Hf.Timeout, Hf.Error.TIMEOUT_DEADLINE,
                   self.session.get(uri("/hold/deadline"), deadline=0.01))

    def test_redirects(self):
        exception = self.session.get(uri("/redirect/40")).exception()
        self.assertIs(type(exception), Hf.TooManyRedirects)
        self.assert_error(exception, Hf.error_quark(), Hf.Error.TOO_MANY_REDIRECTS)
        with requests.Session() as theirs:
            theirs.trust_env = False
            with self.assertRaises(requests.TooManyRedirects) as caught:
                theirs.get(uri("/redirect/40"))
        for error in exception, caught.exception:
            self.assertEqual(
                (error.response.status_code, error.response.url, error.response.is_redirect,
                 len(error.response.history), error.request.url),
                (302, uri("/redirect/10"), True, 30, uri("/redirect/10")))

    def test_refused_redirect(self):
        target = uri("/redirect-to") + "?url=ftp://a.example/"
        exception = self.session.get(target).exception()
        self.assertIs(type(exception), Hf.ConnectionError)
        self.assert_error(exception, Hf.error_quark(), Hf.Error.PROTOCOL)
        self.assertEqual((exception.response.status_code, exception.request.url), (302, target))

    def test_invalid_json(self):
        with requests.Session() as theirs, self.assertRaises(requests.exceptions.InvalidJSONError):
            theirs.post(uri("/post"), json=float("nan"))
        exception = self.session.post(uri("/post"), json=float("nan")).exception()
        self.assertIs(type(exception), Hf.InvalidJSONError)
        self.assert_error(exception, Hf.error_quark(), Hf.Error.INVALID_REQUEST)
        self.assertIsInstance(exception.__cause__, ValueError)

    def test_unrewindable(self):
        stream = Gio.MemoryInputStream.new_from_data(b"once")
        target = uri("/redirect-to") + "?url=/post&status_code=307"
        exception = self.session.post(target, Hf.Body.new_for_stream(stream, -1, None)).exception()
        self.assertIs(type(exception), Hf.UnrewindableBodyError, exception)
        self.assert_error(exception, Hf.error_quark(), Hf.Error.INVALID_REQUEST)
        self.assertEqual((exception.response.status_code, exception.request.url), (307, target))

    def test_bodies(self):
        head = b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n"
        self.check(Hf.ChunkedEncodingError, Hf.Error.TRUNCATED,
                   self.session.get(answer_once(head + b"\r\nshort")))
        self.check(Hf.ContentDecodingError, Hf.Error.DECODE, self.session.get(
            answer_once(head + b"Content-Encoding: gzip\r\n\r\nno gzip...")))

    def test_requests(self):
        self.check(Hf.InvalidHeader, Hf.Error.INVALID_REQUEST,
                   self.session.get(uri("/get"), headers={"X": "a\r\nb"}))

    def test_closed(self):
        self.session.close()
        self.check(Hf.RequestException, Hf.Error.CLOSED, self.session.get(uri("/get")))

    def test_status(self):
        response = self.session.get(uri("/status/404")).result()
        with self.assertRaises(Hf.HTTPError) as caught:
            response.raise_for_status()
        self.assertIs(caught.exception.response, response)
        self.assertEqual(caught.exception.request.url, uri("/status/404"))
        self.assert_error(caught.exception, Hf.error_quark(), Hf.Error.STATUS)

    def test_json(self):
        response = self.session.get(uri("/text")).result()
        with self.assertRaises(Hf.JSONDecodeError) as caught:
            response.json()
        self.assertIs(caught.exception.response, response)
        self.assertEqual(caught.exception.pos, 0)
        self.assertEqual(pickle.loads(pickle.dumps(caught.exception)).doc, caught.exception.doc)
        self.assert_error(caught.exception, Hf.error_quark(), Hf.Error.DECODE)

    def test_others_stay(self):
        """What a hook in C fails with is no affair of requests'."""
        self.session.add_response_hook(
            lambda call: call.fail(GLib.Error.new_literal(GLib.quark_from_string("mine"), "no", 5)))
        exception = self.session.get(uri("/get")).exception()
        self.assertIs(type(exception), GLib.Error)
        self.assertEqual((exception.domain, exception.code), ("mine", 5))


run_tap("/python/exceptions")
