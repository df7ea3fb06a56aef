# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The libhfutures authors
"""Cookies in Python: those of requests, of sessions and of responses."""

import http.cookiejar
import os
import tempfile
import threading
import time

import gi

gi.require_version("Hf", "1")
from gi.repository import Hf, Soup  # noqa: E402

from httpbin_case import HttpbinCase  # noqa: E402
from python_case import PythonCase, uri  # noqa: E402
from tap_result import run_tap  # noqa: E402


def make_cookie(name, value, domain, path="/", expires=None):
    return http.cookiejar.Cookie(
        0, name, value, None, False, domain, True, domain.startswith("."), path, True, False,
        expires, expires is None, None, None, {})


class CookiesTest(PythonCase):
    def sent(self, path="/cookies", session=None, **keywords):
        """What the server saw."""
        response = (session or self.session).get(uri(path), **keywords).result()
        return response.json()["cookies"]

    def test_of_requests(self):
        self.assertEqual(self.sent(cookies={"a": "1", "b": 2, "none": None, "c": b"3"}),
                         {"a": "1", "b": "2", "c": "3"})
        self.assertEqual(self.sent(cookies=[("a", "1")]), {"a": "1"})
        self.assertEqual(self.sent(cookies={}), {})
        self.assertEqual(self.sent(), {})  # nothing was kept
        self.assertEqual(list(self.session.cookies), [])

        jar = http.cookiejar.CookieJar()
        for cookie in (make_cookie("a", "1", "127.0.0.1"), make_cookie("b", "2", "b.example"),
                       make_cookie("c", "3", "127.0.0.1", "/other")):
            jar.set_cookie(cookie)
        self.assertEqual(self.sent(cookies=jar), {"a": "1"})

        other = Hf.FuturesSession()
        self.addCleanup(other.close)
        other.cookies.set("a", "1", domain="127.0.0.1")
        other.cookies.set("b", "2", domain="b.example")
        other.cookies.set("c", "3")
        self.assertEqual(self.sent(cookies=other.cookies), {"a": "1", "c": "3"})

    def test_wrong(self):
        for cookies, error in (({"a b": "1"}, Hf.InvalidHeader), ({"a": "1;b=2"}, Hf.InvalidHeader),
                               ({"a": "1\r\nX: 2"}, Hf.InvalidHeader), ({"a": "\0"}, ValueError),
                               (5, TypeError), ("text", ValueError)):
            future = self.session.get(uri("/cookies"), cookies=cookies)
            self.assertIsInstance(future.exception(), error, cookies)

    def test_precedence(self):
        self.sent("/cookies/set?a=1&b=2")
        self.assertEqual(self.sent(cookies={"b": "3", "c": "4"}), {"a": "1", "b": "3", "c": "4"})
        self.assertEqual(self.sent(), {"a": "1", "b": "2"})
        self.assertEqual(self.sent(cookies={"b": "3"}, headers={"Cookie": "d=5"}), {"d": "5"})
        # What the server sets on the way replaces it.
        self.assertEqual(self.sent("/cookies/set?n=2", cookies={"n": "1"})["n"], "2")

    def test_of_sessions(self):
        cookies = self.session.cookies
        self.assertIs(self.session.cookies, cookies)
        self.sent("/cookies/set?a=1&b=2")
        self.assertEqual(sorted(cookies.items()), [("a", "1"), ("b", "2")])
        self.assertEqual((sorted(cookies.keys()), sorted(cookies.values())),
                         (["a", "b"], ["1", "2"]))
        self.assertEqual(dict(cookies), {"a": "1", "b": "2"})
        self.assertEqual((len(cookies), "a" in cookies, "x" in cookies), (2, True, False))
        self.assertEqual((cookies["a"], cookies.get("x"), cookies.get("x", "y")), ("1", None, "y"))
        with self.assertRaises(KeyError):
            cookies["x"]
        self.assertEqual(sorted((cookie.name, cookie.value, cookie.domain, cookie.path,
                                 cookie.expires) for cookie in cookies),
                         [("a", "1", "127.0.0.1", "/", None), ("b", "2", "127.0.0.1", "/", None)])

        del cookies["a"]
        self.assertEqual(self.sent(), {"b": "2"})
        with self.assertRaises(KeyError):
            del cookies["a"]
        cookies.set("b", None)
        self.assertEqual(self.sent(), {})
        cookies.update({"k": "1"}, l="2")
        cookies["m"] = "3"
        self.assertEqual(self.sent(), {"k": "1", "l": "2", "m": "3"})
        cookies.clear()
        self.assertEqual((self.sent(), len(cookies)), ({}, 0))

    def test_domains(self):
        cookies = self.session.cookies
        cookies.set("a", "1", domain="127.0.0.1", path="/cookies")
        cookies.set("a", "2", domain="b.example")
        cookies.set("c", "3", domain="127.0.0.1", path="/elsewhere")
        self.assertEqual(self.sent(), {"a": "1"})
        with self.assertRaises(Hf.CookieConflictError):
            cookies["a"]
        self.assertTrue("a" in cookies)
        self.assertEqual(cookies.get("a", domain="b.example"), "2")
        self.assertEqual(cookies.get("a", path="/cookies"), "1")
        self.assertEqual(cookies.get_dict("127.0.0.1"), {"a": "1", "c": "3"})
        self.assertEqual(cookies.get_dict(path="/elsewhere"), {"c": "3"})
        self.assertEqual(sorted(cookies.list_domains()), ["127.0.0.1", "b.example"])
        self.assertEqual(sorted(cookies.list_paths()), ["/", "/cookies", "/elsewhere"])
        copy = cookies.copy()
        cookies.clear("127.0.0.1", "/cookies", "a")
        self.assertEqual(cookies["a"], "2")
        cookies.clear("127.0.0.1")
        self.assertEqual(cookies.items(), [("a", "2")])
        with self.assertRaises(KeyError):
            cookies.clear("c.example")
        self.assertEqual(len(copy), 3)

    def test_everywhere(self):
        """A cookie without a domain goes to all hosts, until a server sets one of its name."""
        cookies = self.session.cookies
        cookies.set("a", "1")
        cookies["b"] = 2
        self.assertEqual(self.sent(), {"a": "1", "b": "2"})
        self.assertEqual(self.sent(cookies={"b": "3"}), {"a": "1", "b": "3"})
        localhost = uri("/cookies").replace("127.0.0.1", "localhost")
        self.assertEqual(self.session.get(localhost).result().json()["cookies"],
                         {"a": "1", "b": "2"})
        self.assertEqual(self.sent("/cookies/set?a=new"), {"a": "new", "b": "2"})
        self.assertEqual(self.sent(), {"a": "new", "b": "2"})
        self.assertEqual(self.session.get("nowhere").exception().__class__, Hf.MissingSchema)

    def test_assigned(self):
        self.sent("/cookies/set?a=1")
        self.session.cookies = {"b": "2"}
        self.assertEqual(self.sent(), {"b": "2"})
        jar = http.cookiejar.CookieJar()
        jar.set_cookie(make_cookie("c", "3", "127.0.0.1", expires=int(time.time()) + 1000))
        self.session.cookies = jar
        self.assertEqual(self.sent(), {"c": "3"})
        self.session.cookies.clear_session_cookies()
        self.assertEqual(self.sent(), {"c": "3"})
        self.session.cookies = self.session.cookies
        self.assertEqual(self.sent(), {"c": "3"})

    def test_of_responses(self):
        response = self.session.get(uri("/cookies/set?a=1"), allow_redirects=False).result()
        self.assertEqual(dict(response.cookies), {"a": "1"})
        self.assertEqual(response.cookies["a"], "1")
        response = self.session.get(uri("/cookies/set?b=2")).result()
        self.assertEqual(dict(response.cookies), {})
        self.assertEqual([dict(earlier.cookies) for earlier in response.history], [{"b": "2"}])
        response = self.session.get(uri("/response-headers"), params={
            "Set-Cookie": "k=v; Max-Age=1000; HttpOnly; Path=/x"}).result()
        cookie, = response.cookies
        self.assertEqual((cookie.path, cookie.has_nonstandard_attr("HttpOnly")), ("/x", True))
        self.assertAlmostEqual(cookie.expires, time.time() + 1000, delta=100)

    def test_persistent(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        for kind in (Soup.CookieJarText, Soup.CookieJarDB):
            path = os.path.join(folder.name, kind.__name__)
            session = Hf.FuturesSession(max_workers=8, cookie_jar=kind.new(path, False))
            futures = [session.get(uri("/response-headers"), params={
                "Set-Cookie": f"k{i}={i}; Max-Age=1000; Path=/"}) for i in range(40)]
            for future in futures:
                future.result()
            session.close()

            session = Hf.FuturesSession(cookie_jar=kind.new(path, False))
            self.addCleanup(session.close)
            expected = {f"k{i}": str(i) for i in range(40)}
            self.assertEqual(dict(session.cookies), expected)
            self.assertEqual(self.sent(session=session), expected)

    def test_without_jar(self):
        session = Hf.FuturesSession(session=Soup.Session())
        self.addCleanup(session.close)
        self.assertEqual(self.sent("/cookies/set?a=1", session), {})
        self.assertEqual(dict(session.cookies), {})
        session.cookies["b"] = "2"
        self.assertEqual(self.sent(session=session), {"b": "2"})
        with self.assertRaises(RuntimeError):
            session.cookies.set("c", "3", domain="127.0.0.1")

    def test_threads(self):
        """The mapping may be used while workers use the jar."""
        session = Hf.FuturesSession(max_workers=8)
        self.addCleanup(session.close)
        failures = []

        def work():
            try:
                for i in range(50):
                    session.cookies.set(f"t{i}", str(i), domain="127.0.0.1")
                    len(session.cookies)
                    session.cookies.get("t1")
            except BaseException as exception:
                failures.append(exception)

        threads = [threading.Thread(target=work) for _ in range(2)]
        for thread in threads:
            thread.start()
        futures = [session.get(uri(f"/cookies/set?k{i}={i}")) for i in range(100)]
        for future in futures:
            future.result()
        for thread in threads:
            thread.join()
        self.assertEqual(failures, [])
        self.assertEqual(len(session.cookies), 150)


class HttpbinCookiesTest(HttpbinCase):
    def sent(self, path="/cookies", **keywords):
        return self.session.get(self.httpbin + path, **keywords).result().json()["cookies"]

    def test_httpbin(self):
        self.assertEqual(self.sent("/cookies/set", params={"a": "1", "b": "x y"}),
                         {"a": "1", "b": "x y"})
        self.assertEqual(self.session.cookies.get("a"), "1")
        self.assertEqual(self.sent(cookies={"c": "2"}), {"a": "1", "b": "x y", "c": "2"})
        self.assertEqual(self.sent("/cookies/delete?a"), {"b": "x y"})
        self.assertNotIn("a", self.session.cookies)
        response = self.get("/cookies/set/n/v", allow_redirects=False)
        self.assertEqual(dict(response.cookies), {"n": "v"})


run_tap("/python/cookies")
