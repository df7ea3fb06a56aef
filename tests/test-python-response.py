# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The libhfutures authors
"""Responses in Python: the same as requests has, attribute by attribute, for the same answers."""

import datetime
import gc
import gzip
import json
import pickle
import socketserver
import threading
import zlib

import brotli
import gi
import requests

gi.require_version("Hf", "1")
gi.require_version("Soup", "3.0")
from gi.repository import GLib, Hf, Soup  # noqa: E402

from python_case import PythonCase, uri  # noqa: E402
from tap_result import run_tap  # noqa: E402

TEXT = "Grüße, naïve café €"


def answer(body=b"", *fields, status="200 OK", length=True):
    """The bytes of an answer."""
    head = [f"HTTP/1.1 {status}", "Connection: close", *fields]
    if length:
        head.append(f"Content-Length: {len(body)}")
    return b"\r\n".join(field.encode("latin-1") for field in head) + b"\r\n\r\n" + body


def chunked(*chunks):
    return b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks)


def typed(kind, body):
    return answer(body, f"Content-Type: {kind}")


def coded(coding, body):
    return answer(body, "Content-Type: text/plain; charset=utf-8", f"Content-Encoding: {coding}")


def raw_deflate(data):
    deflater = zlib.compressobj(wbits=-15)
    return deflater.compress(data) + deflater.flush()


# What both libraries must make the same of.
SAME = {
    "plain": typed("text/plain", b"plain"),
    "utf-8": typed("text/plain; charset=utf-8", TEXT.encode()),
    "quoted": typed('text/plain; a=b; Charset="utf-8"', TEXT.encode()),
    "wrong-charset": typed("text/plain; charset=utf-8", b"na\xefve"),
    "unknown-charset": typed("text/plain; charset=nonsense", TEXT.encode()),
    "undeclared-text": typed("text/html", TEXT.encode()),
    "utf-16": typed("text/plain; charset=utf-16", TEXT.encode("utf-16")),
    "mark": typed("application/octet-stream", TEXT.encode("utf-8-sig")),
    "mark-16": typed("application/octet-stream", TEXT.encode("utf-16")),
    "declared-mark": typed("text/plain; charset=utf-8", TEXT.encode("utf-8-sig")),
    "nul": typed("text/plain; charset=utf-8", b"a\0b"),
    "json": typed("application/json", json.dumps({"a": TEXT}).encode()),
    "json-16": typed("application/x-json", json.dumps({"a": 1}).encode("utf-16-le")),
    "json-32": typed("application/x-json", json.dumps({"a": 1}).encode("utf-32-be")),
    "json-mark": typed("application/x-json", json.dumps({"a": 1}).encode("utf-8-sig")),
    "json-declared-mark": typed("application/json", json.dumps({"a": 1}).encode("utf-8-sig")),
    "json-latin-1": typed("text/json; charset=iso-8859-1", b'"na\xefve"'),
    "json-not-unicode": typed("application/json; charset=utf-8", b'"na\xefve"'),
    "json-short": typed("application/x-json", b"1"),
    "json-cut": typed("application/json", b'{"a": '),
    "gzip": coded("gzip", gzip.compress(TEXT.encode())),
    "deflate": coded("deflate", zlib.compress(TEXT.encode())),
    "raw-deflate": coded("deflate", raw_deflate(TEXT.encode())),
    "unknown-coding": coded("mine", b"as it is"),
    "chunked": answer(chunked(b"a", b"bc", b""), "Transfer-Encoding: chunked", length=False),
    "until-end": answer(b"until the end", length=False),
    "empty": answer(),
    "no-content": answer(status="204 No Content", length=False),
    "not-modified": answer(status="304 Not Modified", length=False),
    "repeated": answer(b"", "X: 1", "x: 2", "Set-Cookie: a=1; Path=/", "Set-Cookie: b=2", "Y:  z"),
    "not-found": answer(b"gone", status="404 Not Here"),
    "server-error": answer(b"", status="503 Busy"),
    "beyond": answer(b"", status="600 Odd"),
    "reason": answer(b"", status="200 All Is Well"),
    "links": answer(b"", 'Link: <http://a.example/?a=1,2>; rel="next"; title="a, b", '
                    '<http://a.example/>; rel=last, <http://b.example/>'),
    "created": answer(b"", "Location: /plain", status="201 Created"),
    "no-location": answer(b"", status="302 Found"),
    "found": answer(b"moved", "Location: /plain", status="302 Found"),
    "for-good": answer(b"moved", "Location: /found#part", status="308 Permanent Redirect"),
    "relative": answer(b"", "Location: plain?a=b", status="303 See Other"),
}

# What requests hides, or does otherwise.
OTHERS = {
    "brotli": coded("br", brotli.compress(TEXT.encode())),
    "no-reason": answer(b"", status="200 "),
    "short": answer(b"body", "Content-Length: 10", length=False),
    "conflict": answer(b"body", "Content-Length: 2", "Content-Length: 4", length=False),
    "cut-chunk": answer(b"a\r\nbody", "Transfer-Encoding: chunked", length=False),
    "field": answer(b"", "X: na\xefve", "Y: na\xc3\xafve", "Link: </next>; rel=next"),
    "cut-gzip": coded("gzip", gzip.compress(TEXT.encode())[:-9]),
    "corrupt-gzip": coded("gzip", gzip.compress(TEXT.encode())[:10] + b"\xff" * 20),
    "checksum": coded("gzip", gzip.compress(TEXT.encode())[:-8] + b"\0" * 8),
    "cut-deflate": coded("deflate", zlib.compress(TEXT.encode())[:-5]),
    "cut-brotli": coded("br", brotli.compress(TEXT.encode())[:-2]),
    "corrupt-brotli": coded("br", b"\xff" * 30),
}


class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        words = self.rfile.readline().split()
        while self.rfile.readline().strip():
            pass
        if not words:
            return
        name = words[1].decode().partition("?")[0].lstrip("/")
        self.wfile.write({**SAME, **OTHERS}[name])


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


class ResponseTest(PythonCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server(("127.0.0.1", 0), Handler)
        threading.Thread(target=cls.server.serve_forever, daemon=True).start()
        cls.addClassCleanup(cls.server.server_close)
        cls.addClassCleanup(cls.server.shutdown)

    def setUp(self):
        super().setUp()
        self.theirs = requests.Session()
        self.theirs.trust_env = False
        self.addCleanup(self.theirs.close)

    def at(self, name):
        return "http://127.0.0.1:%d/%s" % (self.server.server_address[1], name)

    def get(self, name, **keywords):
        return self.session.get(self.at(name), **keywords).result()

    def outcome(self, func):
        """What a function gives, or the name of the exception's class that it raises."""
        try:
            return func()
        except Exception as exception:
            return type(exception).__name__, str(exception)

    def describe(self, response):
        """All that both libraries tell of a response."""
        following = response.next
        return {
            "status_code": response.status_code, "ok": response.ok, "bool": bool(response),
            "reason": response.reason, "url": response.url, "repr": repr(response),
            "headers": dict(response.headers), "encoding": response.encoding,
            "content": response.content, "text": response.text, "links": response.links,
            "json": self.outcome(response.json), "is_redirect": response.is_redirect,
            "is_permanent_redirect": response.is_permanent_redirect,
            "raise_for_status": self.outcome(response.raise_for_status),
            # Not its own history: requests 2.28 has an earlier response in its own history.
            "history": [(earlier.status_code, earlier.url, earlier.content)
                        for earlier in response.history],
            "request": (response.request.method, response.request.url),
            "next": (following.method, following.url) if following is not None else None,
        }

    def check_same(self, name):
        """Compares what both libraries make of an answer, also with the encoding set."""
        for follow in True, False:
            ours = self.session.get(self.at(name), allow_redirects=follow).result()
            theirs = self.theirs.get(self.at(name), allow_redirects=follow)
            self.maxDiff = None
            self.assertEqual(self.describe(ours), self.describe(theirs))
            self.assertIs(type(ours.elapsed), datetime.timedelta)
            self.assertGreater(ours.elapsed, datetime.timedelta(0))
        for encoding in "utf-8", "iso-8859-1", "utf-16", "nonsense", "":
            ours.encoding = theirs.encoding = encoding
            self.assertEqual(ours.encoding, encoding)
            self.assertEqual((ours.text, self.outcome(ours.json)),
                             (theirs.text, self.outcome(theirs.json)), encoding)

    def test_apparent_encoding(self):
        for name, apparent, text in (
                ("utf-8", "UTF-8", TEXT), ("mark", "UTF-8-SIG", TEXT), ("mark-16", "UTF-16", TEXT),
                ("wrong-charset", "windows-1252", "naïve"), ("empty", "UTF-8", ""),
                ("undeclared-text", "UTF-8", TEXT)):
            response = self.get(name)
            self.assertEqual(response.apparent_encoding, apparent)
            response.encoding = None
            self.assertIsNone(response.encoding)
            self.assertEqual(response.text, text)

    def test_decode(self):
        """What C has besides: an error for what is no text."""
        response = self.get("wrong-charset")
        self.assertEqual(response.text, "na\N{REPLACEMENT CHARACTER}ve")
        self.assertEqual(response.decode("iso-8859-1"), "naïve")
        self.assertEqual(response.decode(None), "naïve")
        with self.assertRaises(GLib.Error) as caught:
            response.get_text()
        self.assert_error(caught.exception, Hf.error_quark(), Hf.Error.DECODE)

    def test_headers(self):
        headers = self.get("repeated").headers
        theirs = self.theirs.get(self.at("repeated")).headers
        self.assertEqual(dict(headers), dict(theirs))  # libsoup sorts them otherwise
        self.assertEqual(headers["SET-cookie"], theirs["SET-cookie"])
        self.assertEqual(headers, theirs)
        self.assertEqual(headers, {name.upper(): value for name, value in theirs.items()})
        self.assertNotEqual(headers, {**theirs, "x": "1"})
        self.assertNotEqual(headers, "x")
        self.assertEqual(headers.get_all("x"), ["1", "2"])
        self.assertNotIn("None", headers)

    def test_fields(self):
        """They are read as UTF-8, and links are whole."""
        response = self.get("field")
        self.assertEqual((response.headers["x"], response.headers["y"]),
                         ("na\N{REPLACEMENT CHARACTER}ve", "naïve"))
        self.assertEqual(response.links["next"]["url"], self.at("next"))

    def test_next(self):
        """Redirects one by one, as requests documents it."""
        response = self.session.get(self.at("for-good?secret"), allow_redirects=False).result()
        urls = []
        while response.next is not None:
            self.assertIsInstance(response.next, Hf.Request)
            response = self.session.send(response.next).result()
            urls.append(response.url)
        self.assertEqual(urls, [self.at("found#part"), self.at("plain#part")])
        self.assertEqual(response.text, "plain")

    def test_broken(self):
        """An error that says so, also where requests has none."""
        for name, kind, code in (
                ("short", Hf.ChunkedEncodingError, Hf.Error.TRUNCATED),
                ("conflict", Hf.ConnectionError, Hf.Error.PROTOCOL),
                ("cut-chunk", Hf.ChunkedEncodingError, Hf.Error.TRUNCATED),
                ("cut-gzip", Hf.ChunkedEncodingError, Hf.Error.TRUNCATED),
                ("corrupt-gzip", Hf.ContentDecodingError, Hf.Error.DECODE),
                ("checksum", Hf.ContentDecodingError, Hf.Error.DECODE),
                ("cut-deflate", Hf.ChunkedEncodingError, Hf.Error.TRUNCATED),
                ("cut-brotli", Hf.ChunkedEncodingError, Hf.Error.TRUNCATED),
                ("corrupt-brotli", Hf.ContentDecodingError, Hf.Error.DECODE)):
            exception = self.session.get(self.at(name)).exception()
            self.assertIs(type(exception), kind, (name, exception))
            self.assert_error(exception, Hf.error_quark(), code)
            self.assertIn(self.at(name), str(exception))
            self.assertEqual(exception.request.url, self.at(name))

    def test_brotli(self):
        self.assertEqual(self.get("brotli").text, TEXT)
        for length in 0, 1, 1000, 300000:
            data = bytes(i * i * 7 % 251 for i in range(length))
            OTHERS["brotli-of-%d" % length] = coded("br", brotli.compress(data, quality=5))
            self.assertEqual(self.get("brotli-of-%d" % length).content, data)

    def test_reason(self):
        """Where the server gives none there is the standard one, not nothing."""
        self.assertEqual(self.get("no-reason").reason, "OK")

    def test_status_error(self):
        response = self.get("not-found?a=b")
        with self.assertRaises(Hf.HTTPError) as caught:
            response.raise_for_status()
        self.assertEqual(str(caught.exception),
                         f"404 Client Error: Not Here for url: {self.at('not-found?a=b')}")
        self.assertIs(caught.exception.response, response)
        self.assertIs(caught.exception.request, response.request)
        self.assert_error(caught.exception, Hf.error_quark(), Hf.Error.STATUS)
        response.status_code = 200
        response.raise_for_status()

    def test_connection(self):
        first = self.session.get(uri("/redirect/1")).result()
        metrics = first.history[0].metrics
        seen = [metrics.dns, metrics.connect, metrics.tls, metrics.first_byte, metrics.total]
        self.assertGreater(metrics.connect, 0)
        self.assertGreater(metrics.first_byte, metrics.dns + metrics.connect)
        self.assertGreater(metrics.total, metrics.first_byte)
        self.assertEqual((first.metrics.dns, first.metrics.connect, first.metrics.tls), (0, 0, 0))
        self.assertEqual(datetime.timedelta(seconds=first.metrics.first_byte), first.elapsed)
        self.assertIn("total=", repr(metrics))
        self.assertEqual(first.http_version, Soup.HTTPVersion.HTTP_1_1)
        self.assertIsNone(first.tls_certificate)
        self.assertIsNone(first.next)

        # They outlive the response.
        del first
        for _ in range(100):
            self.session.get(uri("/get")).result()
        gc.collect()
        self.assertEqual(seen, [metrics.dns, metrics.connect, metrics.tls, metrics.first_byte,
                                metrics.total])

    def test_pickling(self):
        """It cannot be, and says so at once."""
        with self.assertRaisesRegex(TypeError, "cannot be pickled"):
            pickle.dumps(self.get("plain"))


for same in SAME:
    setattr(ResponseTest, "test_same_" + same,
            lambda self, name=same: self.check_same(name))

run_tap("/python/response")
