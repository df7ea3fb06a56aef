# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The libhfutures authors
"""The answers of a real httpbin, as requests and this library see them."""


import gi
import requests

gi.require_version("Hf", "1")
from gi.repository import Hf  # noqa: E402

from httpbin_case import HttpbinCase  # noqa: E402
from tap_result import run_tap  # noqa: E402

GRUESSE = "/base64/R3LDvMOfZQ=="

PATHS = (
    GRUESSE, "/encoding/utf8", "/html", "/json", "/xml", "/robots.txt", "/deny", "/image/png",
    "/bytes/100?seed=1", "/stream-bytes/5000?seed=1&chunk_size=100", "/drip?numbytes=3&duration=0",
    "/links/3/1", "/range/50", "/status/200", "/status/204", "/status/304",
    "/status/401", "/status/404", "/status/418", "/status/500", "/redirect/3",
    "/relative-redirect/2", "/absolute-redirect/2",
    "/redirect-to?url=/html%23there&status_code=307",
    "/response-headers?X=1&X=2&Content-Type=text/x",
)


class ResponseHttpbinTest(HttpbinCase):
    def setUp(self):
        super().setUp()
        self.theirs = requests.Session()
        self.theirs.trust_env = False
        self.addCleanup(self.theirs.close)

    def describe(self, response):
        # What changes with the time, and what the library says of itself, which /get tells again.
        unlike = {"Date", "ETag", "Last-Modified"}
        echo = response.url.endswith("/get")
        if echo:
            unlike.add("Content-Length")
        headers = {name: value for name, value in response.headers.items() if name not in unlike}
        try:
            response.raise_for_status()
            error = None
        except OSError as exception:
            error = str(exception)
        return (response.status_code, response.ok, response.reason, response.url, headers, error,
                response.encoding, not echo and response.content,
                not echo and response.encoding and response.text, response.is_redirect,
                response.is_permanent_redirect, response.next and response.next.url,
                [(earlier.status_code, earlier.url) for earlier in response.history])

    def test_same_as_requests(self):
        for path in PATHS:
            for follow in True, False:
                self.assertEqual(
                    self.describe(self.get(path, allow_redirects=follow)),
                    self.describe(self.theirs.get(self.httpbin + path, allow_redirects=follow)))

    def test_content_encodings(self):
        for path, flag in (("/gzip", "gzipped"), ("/deflate", "deflated"), ("/brotli", "brotli")):
            self.assertIs(self.get(path).json()[flag], True)

    def test_encoding(self):
        response = self.get(GRUESSE)
        self.assertEqual((response.encoding, response.text), ("utf-8", "Grüße"))
        response.encoding = "iso-8859-1"
        self.assertEqual(response.text, "GrÃ¼Ã\x9fe")
        response.encoding = None
        self.assertEqual((response.apparent_encoding, response.text), ("UTF-8", "Grüße"))

    def test_digest(self):
        """The answer that asked who we are is in the history, as with requests."""
        path = "/digest-auth/auth/user/passwd"
        ours = self.get(path, auth=Hf.HTTPDigestAuth("user", "passwd"))
        theirs = self.theirs.get(self.httpbin + path,
                                 auth=requests.auth.HTTPDigestAuth("user", "passwd"))
        self.assertEqual(*([(earlier.status_code, earlier.url, earlier.ok)
                            for earlier in response.history] for response in (ours, theirs)))
        self.assertEqual(ours.history[0].status_code, 401)
        self.assertEqual(ours.json(), theirs.json())

    def test_next(self):
        """Followed one by one."""
        response = self.get("/redirect/3", allow_redirects=False)
        urls = []
        while response.next is not None:
            response = self.session.send(response.next).result()
            urls.append(response.url)
        self.assertEqual(urls, [self.httpbin + path for path in (
            "/relative-redirect/2", "/relative-redirect/1", "/get")])
        self.assertEqual(response.status_code, 200)


run_tap("/python/response-httpbin")
