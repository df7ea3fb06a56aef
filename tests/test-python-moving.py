# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The libhfutures authors
"""Programs for requests that move over: what they send, and what they see, is the same."""

import io
import json
import tempfile

import gi

gi.require_version("Hf", "1")
from gi.repository import Hf  # noqa: E402

import requests  # noqa: E402

from httpbin_case import HttpbinCase  # noqa: E402
from python_case import PythonCase, uri  # noqa: E402
from tap_result import run_tap  # noqa: E402

_OWN = ("User-Agent", "Accept", "Accept-Encoding", "Connection", "Host")


class Token(requests.auth.AuthBase):
    """As in the documentation of requests."""

    def __call__(self, request):
        request.headers["X-Token"] = "secret"
        request.headers.update({"X-More": "more"})
        request.headers.setdefault("X-Given", "default")
        del request.headers["X-Gone"]
        request.url += "?token=1"
        request.method = "PUT"
        return request


class Upload:
    """Says how many bytes it gives."""

    def __len__(self):
        return 6

    def __iter__(self):
        yield b"abc"
        yield b"def"


class MovingTest(PythonCase):
    def sent(self, session, method, path, **keywords):
        """What the server saw of a request."""
        response = session.request(method, path, **keywords)
        if isinstance(response, Hf.Future):
            response = response.result()
        seen = json.loads(response.text)
        seen["headers"] = {name: value for name, value in seen["headers"].items()
                           if name not in _OWN}
        return seen

    def check(self, method, path, make=dict, **keywords):
        """That both send the same; gives the header fields."""
        ours = self.sent(self.session, method, path, **keywords, **make())
        theirs = self.sent(requests.Session(), method, path, **keywords, **make())
        self.assertEqual(ours, theirs)
        return ours["headers"]

    def test_auth_class(self):
        """One for requests can change the request."""
        headers = {"X-Given": "given", "X-Gone": "gone"}
        sent = {}
        for session in (self.session, requests.Session()):
            seen = self.sent(session, "GET", uri("/anything"), auth=Token(), headers=headers)
            sent[session] = seen["method"], seen["args"], seen["headers"]
        self.assertEqual(*sent.values())
        self.check("GET", uri("/anything"), auth=requests.auth.HTTPBasicAuth("u", "p"))
        self.check("GET", uri("/anything"), auth=requests.auth.HTTPProxyAuth("u", "p"))

    def test_auth_request(self):
        """What was submitted is not changed any more, and says so."""
        response = self.session.get(uri("/anything")).result()
        for name in ("url", "method"):
            with self.assertRaises(AttributeError):
                setattr(response.request, name, "x")
        with self.assertRaises(TypeError):
            response.request.headers["X"] = "y"
        error = self.session.get(uri("/anything"), auth=lambda request: None).exception()
        self.assertRegex(str(error), "must return the request")

    def test_auth_precedence(self):
        """The keyword comes before the header field, and what is empty before the session's."""
        fields = self.check("GET", uri("/anything"), auth=("u", "p"),
                            headers={"authorization": "x"})
        self.assertEqual(fields["Authorization"], "Basic dTpw")
        self.session.auth = ("user", "secret")
        for auth in ((), False, ""):
            self.assertNotIn("Authorization",
                             self.sent(self.session, "GET", uri("/anything"), auth=auth)["headers"])

    def test_lengths(self):
        """What says how long it is has a Content-Length."""
        fields = self.check("POST", uri("/anything"), lambda: {"data": Upload()})
        self.assertEqual(fields["Content-Length"], "6")
        for data in ({b"abc"}, {b"abc": 1}.keys()):
            self.assertNotIn("Content-Length", self.sent(self.session, "POST", uri("/anything"),
                                                         data=data)["headers"])
        with tempfile.NamedTemporaryFile() as empty, open("/proc/self/status", "rb") as endless:
            for file, has_length in ((empty, True), (io.BytesIO(), True), (endless, False)):
                seen = self.sent(self.session, "POST", uri("/anything"), files={"a": file})
                self.assertEqual("Content-Length" in seen["headers"], has_length)

    def test_hook_keywords(self):
        keywords = {}
        for session in (self.session, requests.Session()):
            response = session.get(uri("/anything"), stream=True, hooks={
                "response": lambda _response, **given: keywords.update({session: set(given)})})
            if session is self.session:
                response.result()
        self.assertEqual(*keywords.values())

    def test_schemes(self):
        for url in ("mailto:a@b.example", "ftp://a.example/", "file:///a", "http:///a", "http:/a",
                    "http:a", "https:", "a.example/b", "", "//a.example/b", "data:,a"):
            with self.assertRaises(requests.exceptions.RequestException) as caught:
                requests.get(url)
            self.assertEqual(type(self.session.get(url).exception()).__name__,
                             type(caught.exception).__name__, url)
        self.assertIsInstance(self.session.get("localhost:1/a").exception(), Hf.MissingSchema)

    def test_verify_numbers(self):
        """They are truth values."""
        for verify in (0, 1):
            self.check("GET", uri("/anything"), verify=verify)


class FilesTest(HttpbinCase):
    def test_parts(self):
        """Numbers are sent as text, and no type is an empty one."""
        for files in ({"n": (None, 5)}, {"n": 5}, {"f": ("name", "text", "")},
                      {"f": ("name", "text", None)}):
            ours = self.session.post(self.httpbin + "/post", files=files).result().json()
            theirs = requests.post(self.httpbin + "/post", files=files).json()
            self.assertEqual((ours["form"], ours["files"]), (theirs["form"], theirs["files"]))


run_tap("/python/moving")
