# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The libhfutures authors
"""The library in Python against a real httpbin."""


import gi

gi.require_version("Hf", "1")
from gi.repository import Hf  # noqa: E402

from httpbin_case import HttpbinCase  # noqa: E402
from tap_result import run_tap  # noqa: E402


class HttpbinTest(HttpbinCase):
    def test_get(self):
        response = self.get("/get", params={"a": ["1", "ä"], "b": None})

        self.assertEqual(response.json()["args"], {"a": ["1", "ä"]})

    def test_basic(self):
        self.assertEqual(self.get("/basic-auth/user/passwd").status_code, 401)
        self.assertEqual(self.get("/basic-auth/user/passwd", auth=("user", "wrong")).status_code,
                         401)
        self.assertEqual(self.get("/basic-auth/user/passwd", auth=("user", "passwd")).json(),
                         {"authenticated": True, "user": "user"})

    def test_bearer(self):
        self.assertEqual(self.get("/bearer", auth=Hf.Auth.new_for_bearer("12345")).json(),
                         {"authenticated": True, "token": "12345"})

    def check_digest(self, path):
        auth = Hf.HTTPDigestAuth("user", "passwd")
        response = self.get(path, auth=auth)

        self.assertEqual(response.json(), {"authenticated": True, "user": "user"})
        self.assertEqual([answer.status_code for answer in response.history], [401])
        for _ in range(3):
            response = self.get(path, auth=auth)  # with the nonce that is known by now
            self.assertEqual((response.status_code, response.history), (200, []))

    def test_digest(self):
        self.check_digest("/digest-auth/auth/user/passwd")

    def test_digest_md5(self):
        self.check_digest("/digest-auth/auth/user/passwd/MD5")

    def test_digest_sha_256(self):
        self.check_digest("/digest-auth/auth/user/passwd/SHA-256")

    def test_digest_stale(self):
        """The server changes its nonce all the time."""
        path = "/digest-auth/auth/user/passwd/MD5/1"
        auth = Hf.HTTPDigestAuth("user", "passwd")
        self.assertEqual([self.get(path, auth=auth).status_code for _ in range(5)], [200] * 5)

    def test_digest_wrong(self):
        response = self.get("/digest-auth/auth/user/passwd", auth=Hf.HTTPDigestAuth("user", "no"))

        self.assertEqual(response.status_code, 401)
        self.assertEqual(len(response.history), 1)

    def test_digest_of_bodies_only(self):
        """A protection that is not known here is not claimed."""
        response = self.get("/digest-auth/auth-int/user/passwd",
                            auth=Hf.HTTPDigestAuth("user", "passwd"))
        self.assertEqual((response.status_code, response.history), (401, []))

    def test_links(self):
        response = self.get("/response-headers", params={
            "Link": ['</get?page=2>; rel="next"; title="more"', "<http://b.example/>"]})

        self.assertEqual(response.links["next"], {
            "rel": "next", "title": "more", "url": self.httpbin + "/get?page=2"})
        self.assertEqual(response.links["http://b.example/"], {"url": "http://b.example/"})
        self.assertEqual(self.get("/get").links, {})

    def test_redirects(self):
        response = self.get("/redirect-to", params={"url": "/get", "status_code": 308},
                            allow_redirects=False)
        self.assertEqual((response.is_redirect, response.is_permanent_redirect), (True, True))
        response = self.get("/redirect-to", params={"url": "/get"})
        self.assertEqual((response.is_redirect, response.history[0].is_redirect,
                          response.history[0].is_permanent_redirect), (False, True, False))


run_tap("/python/httpbin")
