# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The libhfutures authors
"""What a session holds for all its requests, in Python: compared with what requests makes of it."""


import gi

gi.require_version("Hf", "1")
from gi.repository import Hf  # noqa: E402

import requests  # noqa: E402

from httpbin_case import HttpbinCase  # noqa: E402
from python_case import PythonCase, uri  # noqa: E402
from tap_result import run_tap  # noqa: E402

URL = "http://mock.example/"

# The URL, the parameters of the session and those of the request.
QUERIES = [
    (URL, None, None),
    (URL, None, {}),
    (URL, None, {"a": "1"}),
    (URL, None, {"a": 1, "b": 2.5, "c": True}),
    (URL, None, {"b": "1", "a": "2"}),
    (URL, None, {"a": ["1", "2"], "b": "3"}),
    (URL, None, {"a": ("1", "2")}),
    (URL, None, {"a": []}),
    (URL, None, {"a": None, "b": "1"}),
    (URL, None, {"a": [None, "1", None]}),
    (URL, None, {"a": ""}),
    (URL, None, {"": "a"}),
    (URL, None, {"ä ö": "ü&=?#/"}),
    (URL, None, {"a": "日本語 🎉"}),
    (URL, None, {"a": "~-._*'()!$,:@;+%"}),
    (URL, None, {"a": b"bytes \xff"}),
    (URL, None, {b"name": b"value"}),
    (URL, None, {"a": "\0"}),
    (URL, None, [("a", "1"), ("b", "2"), ("a", "3")]),
    (URL, None, [("a", None), ("b", ["1", None])]),
    (URL, None, (("a", "1"),)),
    (URL, None, "a=1&b=2"),
    (URL, None, "a b=ä"),
    (URL, None, b"a=1"),
    (URL, None, ""),
    (URL + "?x=1", None, None),
    (URL + "?x=1", None, {"a": "1"}),
    (URL + "?x=1", None, {"x": "2"}),
    (URL + "?x=1&", None, {"a": "1"}),
    (URL + "?", None, {"a": "1"}),
    (URL + "?x=1", None, "a=1"),
    (URL + "?x=1#top", None, {"a": "1"}),
    (URL + "#top", None, {"a": "1"}),
    (URL + "path/ä?q=ö b", None, {"a": "1"}),
    (URL + "a?b?c", None, {"d": "?"}),
    ("http://mock.example", None, {"a": "1"}),
    (URL, {"s": "1"}, None),
    (URL, {"s": "1"}, {}),
    (URL, {"s": "1", "t": "2"}, {"a": "1"}),
    (URL, {"s": "1", "t": "2", "u": "3"}, {"z": "9", "t": "x"}),
    (URL, {"s": "1", "t": "2"}, {"s": None}),
    (URL, {"s": "1", "t": None}, {"a": "1"}),
    (URL, {"s": None}, None),
    (URL, {"s": None}, {"s": "1"}),
    (URL, {"s": ["1", "2"]}, {"s": ["3", "4"], "a": "5"}),
    (URL, {"s": ["1", "2"]}, None),
    (URL, {"S": "1"}, {"s": "2"}),
    (URL, {"s": "1"}, [("a", "1")]),
    (URL, {"s": "1"}, "a=1"),
    (URL, {"ä": "ö"}, {"a": "1"}),
    (URL + "?x=1", {"s": "1", "x": "2"}, {"a": "1"}),
    (URL + "?x=1#f", {"s": "1"}, None),
]

# The header fields of the session and of the request.
HEADERS = [
    ({}, {"A": "1"}),
    ({"A": "1"}, None),
    ({"A": "1", "B": "2"}, {"C": "3"}),
    ({"A": "1", "B": "2"}, {"b": "x", "C": "3"}),
    ({"A": "1", "B": "2"}, {"a": None}),
    ({"A": "1"}, {"A": None, "B": "1"}),
    ({"A": "1"}, {"B": None}),
    ({"A": "1"}, {"A": b"bytes"}),
    ({"A": None, "B": "1"}, {"C": "1"}),
    ({"User-Agent": "me/1"}, None),
    ({"User-Agent": "me/1"}, {"user-agent": "you/2"}),
]


class DefaultsTest(PythonCase):
    def setUp(self):
        super().setUp()
        self.calls = []
        self.session.mount(URL, self.answer)

    def answer(self, call):
        self.calls.append(call)
        call.respond(int(call.headers.get("Status", 200)), "text")

    def sent(self, url=URL, **keywords):
        """What was sent of a GET."""
        self.session.get(url, **keywords).result()
        return self.calls[-1]

    def test_queries(self):
        for url, defaults, params in QUERIES:
            theirs = requests.Session()
            theirs.trust_env = False
            theirs.params = self.session.params = defaults or {}
            expected = theirs.prepare_request(requests.Request("GET", url, params=params)).url
            self.assertEqual(self.sent(url, params=params).url, expected,
                             (url, defaults, params))

    def test_headers_merged(self):
        for defaults, headers in HEADERS:
            theirs = requests.Session()
            theirs.headers = requests.structures.CaseInsensitiveDict(defaults)
            self.session.headers = defaults
            expected = [
                (name, value.decode() if isinstance(value, bytes) else value)
                for name, value in theirs.prepare_request(
                    requests.Request("GET", URL, headers=headers)).headers.items()
                if value is not None]
            self.assertEqual(list(self.sent(headers=headers).headers.items()), expected,
                             (defaults, headers))

    def test_headers_mapping(self):
        """What programs do with session.headers."""
        headers = self.session.headers
        theirs = requests.structures.CaseInsensitiveDict()

        for mapping in (headers, theirs):
            mapping.update({"One": "1", "Two": "2"})
            mapping["Three"] = "3"
            mapping["TWO"] = "II"
            mapping.setdefault("one", "x")
            del mapping["three"]
            self.assertEqual(mapping.pop("none", 5), 5)
            mapping["Four"] = "4"
            with self.assertRaises(KeyError):
                del mapping["three"]
            with self.assertRaises(KeyError):
                mapping["three"]
            self.assertIn("two", mapping)
            self.assertEqual(mapping.get("tWo"), "II")
            self.assertEqual(mapping, {"oNe": "1", "two": "II", "four": "4"})
            self.assertNotEqual(mapping, {"one": "1"})
        self.assertEqual(list(headers.items()), list(theirs.items()))
        self.assertEqual(len(headers), 3)
        self.assertEqual(repr(headers), repr(dict(theirs)))

        copied = headers.copy()
        copied["five"] = "5"
        del copied["ONE"]
        self.assertEqual(list(copied), ["TWO", "Four", "five"])
        self.assertEqual(list(headers), ["One", "TWO", "Four"])
        headers["one"] = None
        self.assertEqual(list(self.sent().headers.items()), [("TWO", "II"), ("Four", "4")])
        headers.clear()
        self.assertEqual(len(self.sent().headers), 0)

    def test_params_mapping(self):
        params = self.session.params
        params["a"] = [1, 2]
        params.update(b="3")
        self.assertEqual(self.sent().url, URL + "?a=1&a=2&b=3")
        params["a"].append(4)
        self.assertEqual(self.sent().url, URL + "?a=1&a=2&a=4&b=3")
        del params["a"]
        copied = params.copy()
        copied["c"] = 1
        self.assertEqual(dict(params), {"b": "3"})
        self.assertEqual(repr(params), "{'b': '3'}")
        # Also for requests that are made otherwise.
        self.session.headers["A"] = "1"
        self.session.auth = ("u", "p")
        self.session.send(Hf.Request.new("GET", URL)).result()
        self.assertEqual(self.calls[-1].url, URL + "?b=3")
        self.assertEqual(dict(self.calls[-1].headers), {"A": "1", "Authorization": "Basic dTpw"})
        with self.assertRaises(TypeError):
            self.session.params = "a=1"
        self.session.params = None
        self.assertEqual(self.sent().url, URL)

    def test_constructor(self):
        session = Hf.FuturesSession(base_uri=URL, headers={"A": "1"}, params={"b": 2},
                                    auth=("u", "p"), user_agent="me", max_redirects=3,
                                    follow_redirects=False, raise_for_status=True)
        session.mount(URL, self.answer)
        response = session.get("x").result()
        self.assertEqual(self.calls[-1].url, URL + "x?b=2")
        self.assertEqual(response.request.url, URL + "x?b=2")
        self.assertEqual(dict(response.request.headers), {"User-Agent": "me", "A": "1"})
        self.assertEqual(self.calls[-1].headers["Authorization"], "Basic dTpw")
        self.assertEqual((session.base_uri, session.auth, session.user_agent),
                         (URL, ("u", "p"), "me"))
        self.assertEqual((session.max_redirects, session.follow_redirects,
                          session.raise_for_status), (3, False, True))

    def test_auth(self):
        self.assertIsNone(self.session.auth)
        self.session.auth = ("user", "secret")
        self.assertEqual(self.sent().headers["Authorization"], "Basic dXNlcjpzZWNyZXQ=")
        self.assertEqual(self.sent(auth=("a", "b")).headers["Authorization"], "Basic YTpi")
        self.assertNotIn("Authorization", self.sent(headers={"authorization": None}).headers)
        bearer = self.session.auth = Hf.Auth.new_for_bearer("t")
        self.assertIs(self.session.auth, bearer)
        self.assertEqual(self.sent().headers["Authorization"], "Bearer t")

        def sign(request):
            request.set_header("Signed", request.method)
            return request

        self.session.auth = sign
        self.assertEqual(dict(self.sent().headers), {"Signed": "GET"})
        self.session.auth = None
        self.assertEqual(dict(self.sent().headers), {})

    def test_redirects(self):
        self.assertEqual(self.session.max_redirects, requests.Session().max_redirects)
        self.session.max_redirects = 2
        self.assertEqual(self.session.get(uri("/redirect/2")).result().status_code, 200)
        with self.assertRaises(Hf.TooManyRedirects):
            self.session.get(uri("/redirect/3")).result()

        self.session.follow_redirects = False
        self.assertEqual(self.session.get(uri("/redirect/1")).result().status_code, 302)
        self.assertEqual(self.session.get(uri("/redirect/1"), allow_redirects=True).result()
                         .status_code, 200)
        self.session.follow_redirects = True
        self.assertEqual(self.session.get(uri("/redirect/1"), allow_redirects=False).result()
                         .status_code, 302)

    def test_base_uri(self):
        self.session.base_uri = uri("/anything/base/")
        response = self.session.get("one", params={"a": 1}).result()
        self.assertEqual(response.url, uri("/anything/base/one?a=1"))
        self.assertEqual(self.session.get("/get").result().url, uri("/get"))
        self.assertEqual(self.sent(URL).url, URL)
        self.session.base_uri = None
        with self.assertRaises(Hf.MissingSchema):
            self.session.get("one").result()

    def test_user_agent(self):
        self.assertTrue(self.session.user_agent.startswith("libhfutures/"))
        self.session.user_agent = "me/1"
        seen = self.session.get(uri("/headers")).result().json()["headers"]
        self.assertEqual(seen["User-Agent"], "me/1")

    def test_limits(self):
        self.assertEqual((self.session.connect_timeout, self.session.read_timeout,
                          self.session.deadline, self.session.max_body_size),
                         (10.0, 30.0, None, None))
        self.session.read_timeout = None
        self.assertIsNone(self.session.read_timeout)
        self.session.max_body_size = 3
        self.assertIsInstance(self.session.get(URL).exception(), Hf.RequestException)
        self.session.max_body_size = None
        self.session.read_timeout = 0.05
        with self.assertRaises(Hf.ReadTimeout):
            self.hold().result()
        self.release()

    def test_raise_for_status(self):
        seen = []

        def look(response, **_keywords):
            seen.append(response.status_code)

        self.session.raise_for_status = True
        future = self.session.get(uri("/status/404"), hooks={"response": look})
        with self.assertRaises(Hf.HTTPError) as raised:
            future.result()
        self.assertEqual(seen, [404])
        self.assertEqual(raised.exception.response.status_code, 404)
        self.assertEqual(raised.exception.request.url, uri("/status/404"))
        self.assertIs(future.exception(), raised.exception)
        self.assertEqual(self.session.get(uri("/status/404"), raise_for_status=False).result()
                         .status_code, 404)
        self.session.raise_for_status = False
        with self.assertRaises(Hf.HTTPError):
            self.session.get(uri("/status/500"), raise_for_status=True).result()
        # What a hook makes of the response is the result.
        future = self.session.get(uri("/status/500"), raise_for_status=True,
                                  hooks={"response": lambda response, **_keywords: "instead"})
        self.assertEqual(future.result(), "instead")


class HttpbinTest(HttpbinCase):
    def both(self, path, **keywords):
        """What httpbin saw of a GET of this library's and of one of requests'."""
        theirs = requests.Session()
        theirs.trust_env = False
        results = []
        for session in (self.session, theirs):
            session.headers.update({"X-Default": "plain", "X-Both": "s"})
            session.params = {"s": ["1", "2"], "t": "ö &"}
            session.auth = ("user", "passwd")
            result = session.get(self.httpbin + path, **keywords)
            response = result.result() if session is self.session else result
            results.append(response)
        return results

    def test_httpbin_params(self):
        for params in (None, {"a": "1"}, {"t": None}, {"s": ["x", "ü"]}, [("a", "1")], "b=1"):
            ours, theirs = self.both("/get?u=1", params=params)
            self.assertEqual(ours.json()["args"], theirs.json()["args"])
            self.assertEqual(ours.json()["url"], theirs.json()["url"])

    def test_httpbin_headers(self):
        ours, theirs = self.both("/headers", headers={"x-both": "r", "X-None": None})
        for name in ("X-Default", "X-Both", "X-None", "Authorization"):
            self.assertEqual(ours.json()["headers"].get(name), theirs.json()["headers"].get(name))

    def test_httpbin_auth(self):
        for path in ("/basic-auth/user/passwd", "/redirect-to?url=/basic-auth/user/passwd"):
            ours, theirs = self.both(path)
            self.assertEqual((ours.status_code, ours.json()), (200, theirs.json()))

    def test_httpbin_status(self):
        self.session.raise_for_status = True
        with self.assertRaises(Hf.HTTPError) as raised:
            self.session.get(self.httpbin + "/status/418").result()
        self.assertEqual(raised.exception.response.status_code, 418)
        self.assertIn("teapot", raised.exception.response.text)


run_tap("/python/defaults")
