# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The libhfutures authors
"""Sessions in Python: the methods and keywords of requests, hooks, and subclasses."""

import datetime
import gc
import threading
import time
import weakref

import gi

gi.require_version("Hf", "1")
from gi.repository import Gio, GLib, Hf, Soup  # noqa: E402

from python_case import SERVER, PythonCase, run_program, uri  # noqa: E402
from tap_result import run_tap  # noqa: E402


class Unprintable(Exception):
    def __str__(self):
        raise ArithmeticError("\ud800")


class SessionTest(PythonCase):
    def seen(self, *arguments, **keywords):
        """What the server saw of a request."""
        return self.session.request(*arguments, **keywords).result().json()

    def test_new(self):
        executor = Hf.ThreadPoolExecutor(max_workers=3)

        self.assertEqual(Hf.FuturesSession().max_workers, 2)
        self.assertEqual(Hf.FuturesSession(max_workers=10).max_workers, 10)
        self.assertIs(Hf.FuturesSession(executor).executor, executor)
        self.assertIs(Hf.FuturesSession(executor=executor, max_workers=5).executor, executor)
        self.assertEqual(Hf.FuturesSession(read_timeout=5.0).get_read_timeout(), 5.0)
        for keywords, error in (
            ({"executor": 5}, TypeError),
            ({"session": 5}, TypeError),
            ({"max_workers": 0}, ValueError),
            ({"max_workers": 2 ** 30}, ValueError),
            ({"max_workers": .5}, TypeError),
            ({"max_wrokers": 1}, TypeError),
        ):
            with self.assertRaises(error):
                Hf.FuturesSession(**keywords)

    def test_constructors_of_c(self):
        for session in (Hf.FuturesSession.new(), Hf.FuturesSession.new_with_max_workers(1),
                        Hf.FuturesSession.new_with_executor(Hf.LoopExecutor.new(1))):
            session.hooks["response"] = lambda response, **keywords: response.status_code
            self.assertEqual(session.get(uri("/get")).result(), 200)

    def test_soup_session(self):
        soup_session = Soup.Session(user_agent="of-my-own/1")
        session = Hf.FuturesSession(session=soup_session)

        headers = session.get(uri("/get")).result().json()["headers"]
        self.assertEqual(headers["User-Agent"], "of-my-own/1")

    def test_verbs(self):
        for verb in ("get", "options", "delete", "post", "put", "patch"):
            self.assertEqual(getattr(self.session, verb)(uri("/anything")).result()
                             .json()["method"], verb.upper())
        self.assertEqual(self.session.head(uri("/bytes/10")).result().headers["content-length"],
                         "10")
        self.assertEqual(self.seen("purge", uri("/anything"))["method"], "PURGE")

    def test_urls(self):
        self.assertEqual(self.session.get(uri("/get").encode()).result().url, uri("/get"))
        self.assertEqual(self.session.get(" " + uri("/get")).result().url, uri("/get"))
        parsed = GLib.Uri.parse(uri("/get"), GLib.UriFlags.NONE)
        self.assertEqual(self.session.get(parsed).result().url, uri("/get"))
        self.assert_error(self.session.get(None).exception(), Hf.error_quark(),
                          Hf.Error.INVALID_URI)

    def test_params(self):
        for params, args in (
            ({"a": 1, "b": ["x", "y"], "c": None, "ä": "ö &"},
             {"a": "1", "b": ["x", "y"], "ä": "ö &"}),
            ([("a", "1"), ("a", b"2")], {"a": ["1", "2"]}),
            ("a=1&b=%C3%A4", {"a": "1", "b": "ä"}),
            (b"a=1", {"a": "1"}),
            ({}, {}),
        ):
            self.assertEqual(self.seen("GET", uri("/get"), params=params)["args"], args)
            self.assertEqual(self.seen("GET", uri("/get?z=0#there"), params)["args"],
                             {"z": "0", **args})

    def test_data(self):
        for data, key, value in (
            ({"a": 1, "b": ["ä", "y"], "c": None}, "form", {"a": "1", "b": ["ä", "y"]}),
            ([("a", "1"), ("a", "2")], "form", {"a": ["1", "2"]}),
            ("tëxt", "data", "tëxt"),
            (b"bytes", "data", "bytes"),
            (bytearray(b"bytes"), "data", "bytes"),
            (Hf.Body.new_for_text("body", None), "data", "body"),
            ({}, "data", ""),
        ):
            self.assertEqual(self.session.post(uri("/post"), data).result().json()[key], value)
        self.assertEqual(self.session.post(uri("/post"), {"a": "\0 &"}).result().request.body,
                         b"a=%00+%26")
        self.assertEqual(self.session.put(uri("/put"), {"a": "1"}).result().json()["form"],
                         {"a": "1"})
        self.assertEqual(self.session.patch(uri("/patch"), data="x").result().json()["data"], "x")

    def test_json(self):
        value = {"text": "ä", "list": [1, None, True], "big": 2 ** 80}
        seen = self.session.post(uri("/post"), json=value).result().json()

        self.assertEqual(seen["headers"]["Content-Type"], "application/json")
        self.assertEqual(self.session.post(uri("/post"), "", {"a": 1}).result().json()["json"],
                         {"a": 1})
        self.assertEqual(self.session.post(uri("/post"), json=[]).result().json()["json"], [])
        self.assertIn(str(2 ** 80), seen["data"])

    def test_headers(self):
        headers = self.seen("GET", uri("/get"), headers={
            "X-One": "1", "X-Two": b"2", "X-Three": 3, "X-None": None,
        })["headers"]
        self.assertEqual([headers.get(name) for name in ("X-One", "X-Two", "X-Three", "X-None")],
                         ["1", "2", "3", None])
        headers = self.seen("GET", uri("/get"), headers=[("X-One", "a"), ("X-One", "b")])["headers"]
        self.assertEqual(headers["X-One"], "a, b")

    def test_timeout(self):
        """A number for connecting and for reading, or one for each."""
        for timeout in ((60, 0.01), (None, 0.01)):
            self.assert_error(
                self.session.get(uri("/hold/timeout"), timeout=timeout).exception(),
                Hf.error_quark(), Hf.Error.TIMEOUT_READ)
        for timeout, expected in ((60, (60, 60)), ((50, 60), (50, 60))):
            request = self.session.get(uri("/get"), timeout=timeout).result().request
            self.assertEqual((request.get_connect_timeout(), request.get_read_timeout()), expected)
        self.assert_error(self.session.get(uri("/hold/timeout"), deadline=0.01).exception(),
                          Hf.error_quark(), Hf.Error.TIMEOUT_DEADLINE)

    def test_redirects(self):
        self.assertEqual(self.session.get(uri("/redirect/2")).result().url, uri("/get"))
        response = self.session.get(uri("/redirect/2"), allow_redirects=False).result()
        self.assertEqual((response.status_code, response.headers["Location"]),
                         (302, "/redirect/1"))
        self.assertEqual(self.session.head(uri("/redirect/1")).result().status_code, 302)
        self.assertEqual(self.session.head(uri("/redirect/1"), allow_redirects=True).result()
                         .status_code, 200)

    def test_auth(self):
        """A pair, credentials, or a function of the request."""
        basic = "Basic dXNlcjpww6Rzcw=="

        def sign(request):
            request.set_header("Authorization", "Mine " + request.method)
            return request

        for auth, value in ((("user", "päss"), basic), (["user", "päss".encode()], basic),
                            (Hf.HTTPBasicAuth("user", "päss"), basic),
                            (Hf.Auth.new_for_bearer("token"), "Bearer token"),
                            (sign, "Mine GET")):
            self.assertEqual(self.seen("GET", uri("/get"), auth=auth)["headers"]["Authorization"],
                             value)
        for auth in ("user", ("user",), 5, ("a", "b", "c")):
            self.assertIsInstance(self.session.get(uri("/get"), auth=auth).exception(), TypeError)

    def test_cancellable(self):
        cancellable = Gio.Cancellable()
        future = self.session.get(uri("/hold/cancellable"), cancellable=cancellable)
        SERVER.ask("/await/cancellable")
        cancellable.cancel()
        with self.assertRaises(Hf.CancelledError):
            future.result()

    def test_proxies(self):
        """The server itself answers as the proxy."""
        seen = self.session.get("http://elsewhere.invalid/anything/x",
                                proxies={"http": SERVER.uri}).result()
        self.assertEqual(seen.status_code, 200)
        for proxies in ({"all": SERVER.uri}, {"all": SERVER.uri.removeprefix("http://")},
                        {"http": SERVER.uri.removeprefix("http://").encode(), "https": None}):
            self.assertEqual(self.session.get("http://elsewhere.invalid/anything/y",
                                              proxies=proxies).result().status_code, 200)
        for proxies in ({"all": "http://x\0y"}, {"all": "http://:x"}, {"http": "ftp://x"}):
            self.assertIsInstance(self.session.get(uri("/get"), proxies=proxies).exception(),
                                  (ValueError, GLib.Error))

    def test_tls_keywords(self):
        request = self.session.get(uri("/get"), verify=False).result().request
        self.assertTrue(request.get_tls_insecure())
        request = self.session.get(uri("/get"), verify=True).result().request
        self.assertFalse(request.get_tls_insecure())
        for keywords in ({"verify": "/nowhere/ca.pem"}, {"cert": "/nowhere/cert.pem"},
                         {"cert": ("/nowhere/cert.pem", "/nowhere/key.pem")}):
            error = self.session.get(uri("/get"), **keywords).exception()
            self.assertIsInstance(error, OSError)
            self.assertIn("/nowhere/", error.filename)
        for verify, error in (("", OSError), (b"/nowhere", OSError), ("/", OSError),
                              (5.5, TypeError)):
            self.assertIsInstance(self.session.get(uri("/get"), verify=verify).exception(), error)

    def test_exceptions_are_shifted(self):
        """What is wrong with the values is raised by result(), as it is."""
        for keywords, error in (
            ({"json": {"a": object()}}, TypeError),
            ({"json": float("nan")}, Hf.InvalidJSONError),
            ({"data": object()}, TypeError),
            ({"timeout": -1}, ValueError),
            ({"timeout": float("nan")}, ValueError),
            ({"deadline": 0}, ValueError),
            ({"params": {"a": Unprintable()}}, ArithmeticError),
            ({"params": {"a": "\ud800"}}, UnicodeEncodeError),
            ({"timeout": "soon"}, TypeError),
            ({"headers": 5}, TypeError),
            ({"params": [1]}, TypeError),
            ({"data": iter([1])}, TypeError),
            ({"hooks": 5}, TypeError),
            ({"hooks": {"request": print}}, ValueError),
            ({"background_callback": 5}, TypeError),
        ):
            future = self.session.post(uri("/post"), **keywords)
            self.assertIsInstance(future.exception(), error, keywords)
            with self.assertRaises(error):
                future.result()
        self.assertIsInstance(self.session.request(5, uri("/get")).exception(), AttributeError)
        for keywords in ({"url": uri("/get\0")}, {"method": "GET\0"}, {"headers": {"X": "\0"}},
                         {"params": "a=\0"}):
            keywords = {"method": "GET", "url": uri("/get"), **keywords}
            self.assertIsInstance(self.session.request(**keywords).exception(), ValueError)
        with self.assertRaises(TypeError):
            self.session.get(uri("/get"), heders={})

    def test_response(self):
        response = self.session.get(uri("/text?charset=iso-8859-1")).result()

        self.assertEqual(response.status_code, 200)
        self.assertEqual(response.reason, "OK")
        self.assertIs(response.ok, True)
        self.assertTrue(response)
        self.assertEqual(response.url, uri("/text?charset=iso-8859-1"))
        self.assertEqual(response.encoding.lower(), "iso-8859-1")
        self.assertEqual(response.text, "Grüße, naïve café")
        self.assertEqual(response.content, "Grüße, naïve café".encode("latin-1"))
        self.assertIsInstance(response.elapsed, datetime.timedelta)
        self.assertGreater(response.elapsed, datetime.timedelta(0))
        self.assertEqual(response.history, [])
        self.assertEqual(repr(response), "<Response [200]>")
        self.assertIsNone(self.session.get(uri("/get")).result().raise_for_status())

    def test_response_of_an_error(self):
        response = self.session.get(uri("/status/404")).result()

        self.assertIs(response.ok, False)
        self.assertFalse(response)
        with self.assertRaises(GLib.Error) as caught:
            response.raise_for_status()
        self.assert_error(caught.exception, Hf.error_quark(), Hf.Error.STATUS)

    def test_response_empty(self):
        response = self.session.get(uri("/empty")).result()

        self.assertEqual((response.content, response.text), (b"", ""))
        with self.assertRaises(ValueError):
            response.json()

    def test_response_headers(self):
        headers = self.session.get(uri("/json")).result().headers

        self.assertEqual(headers["CONTENT-type"], "application/json")
        self.assertIn("content-TYPE", headers)
        self.assertIsNone(headers.get("x-absent"))
        self.assertEqual(headers.get_all("content-type"), ["application/json"])
        self.assertEqual(len(headers), len(list(headers)))
        self.assertEqual(dict(headers)["Content-Type"], "application/json")
        with self.assertRaises(KeyError):
            headers["x-absent"]

    def test_response_request(self):
        response = self.session.post(uri("/post"), data="x", headers={"X-One": "1"}).result()

        self.assertEqual((response.request.method, response.request.url, response.request.body),
                         ("POST", uri("/post"), b"x"))
        self.assertEqual(response.request.headers["x-one"], "1")
        self.assertEqual([r.url for r in self.session.get(uri("/redirect/1")).result().history],
                         [uri("/redirect/1")])

    def test_made_by_hand(self):
        """What only the library makes cannot be made, rather than be made of nothing."""
        for kind in (Hf.Response, Hf.Future):
            with self.assertRaises(TypeError):
                kind()

    def test_attributes_can_be_assigned(self):
        response = self.session.get(uri("/get")).result()
        response.elapsed = 5
        response.data = 6

        self.assertEqual((response.elapsed, response.data, response.status_code), (5, 6, 200))

    def test_with(self):
        """What is queued is cancelled at the end, and what is running is waited for."""
        with Hf.FuturesSession(max_workers=1) as session:
            running = self.hold("running", session)
            queued = session.get(uri("/get"))
            timer = threading.Thread(
                target=lambda: (Hf.wait([queued]), self.release("running")))
            timer.start()
        timer.join()

        self.assertTrue(queued.cancelled())
        self.assertEqual(running.result(0).status_code, 200)
        self.assert_error(session.get(uri("/get")).exception(), Hf.error_quark(), Hf.Error.CLOSED)

    def test_with_raising(self):
        with self.assertRaises(ValueError):
            with Hf.FuturesSession():
                raise ValueError("not to my taste")

    def test_subclass_of_c(self):
        """The virtual function of C may answer by itself, and see every request."""
        class Refusing(Hf.FuturesSession):
            def do_send(self, request):
                if request.get_uri().endswith("/refused"):
                    return Hf.Future.new_for_error(GLib.Error.new_literal(
                        Hf.error_quark(), "refused", Hf.Error.FAILED))
                return Hf.FuturesSession.do_send(self, request)

        class Raising(Hf.FuturesSession):
            def do_send(self, request):
                raise KeyError("mine")

        self.assertIsInstance(Raising().get(uri("/get")).exception(), KeyError)
        session = Refusing()
        self.assertEqual(session.get(uri("/refused")).exception().message, "refused")
        self.assertEqual(session.get(uri("/get"), params={"a": 1}).result().json()["args"],
                         {"a": "1"})


class HookTest(PythonCase):
    def test_hook(self):
        seen = []

        def hook(response, *args, **keywords):
            seen.append((response.status_code, threading.get_ident(), args, keywords["timeout"]))
            response.data = response.json()

        response = self.session.get(uri("/get?a=1"), hooks={"response": hook}, timeout=30).result()
        [(status, thread, args, timeout)] = seen
        self.assertEqual((status, args, timeout), (200, (), 30))
        self.assertNotEqual(thread, threading.get_ident())
        self.assertEqual(response.data["args"], {"a": "1"})

    def test_hook_replaces(self):
        """Anything but None replaces the response, unchanged."""
        class Thing:
            pass

        for value in (Thing(), 0, False, "", b"", [], {}, 2 ** 80, 1.5, ValueError("a value"),
                      Thing, "ä\0", Hf.Body.new_for_text("x", None)):
            for keywords in ({"hooks": {"response": lambda *a, value=value, **k: value}},
                             {"background_callback": lambda *a, value=value: value}):
                self.assertIs(self.session.get(uri("/get"), **keywords).result(), value)

    def test_hook_keeps(self):
        response = self.session.get(uri("/get"), hooks={"response": lambda r, **k: None},
                                    background_callback=lambda s, r: None).result()
        self.assertEqual(response.status_code, 200)

    def test_hooks_in_order(self):
        """Each is given what the one before made of the response, the callback last."""
        session = self.session
        future = session.get(
            uri("/get"),
            hooks={"response": [lambda r, **k: [r.status_code], lambda r, **k: r + [1],
                                lambda r, **k: None]},
            background_callback=lambda s, r: r + [s is session])
        self.assertEqual(future.result(), [200, 1, True])

    def test_hook_raises(self):
        """The very exception reaches result(), and hooks after it are not called."""
        class Mine(Exception):
            pass

        called = []
        for exception in (Mine("not to my taste"), KeyboardInterrupt(), SystemExit(3),
                          Hf.CancelledError(), StopIteration(), Mine("\0ä"), Mine("\ud800"),
                          Unprintable(), GLib.Error(5, 5, 5), GLib.Error("x", "x", 2 ** 40),
                          GLib.Error("mine", "my-domain", 5)):
            def fail(*args, exception=exception, **keywords):
                raise exception

            for keywords in ({"hooks": {"response": [fail, lambda r, **k: called.append(r)]}},
                             {"background_callback": fail}):
                future = self.session.get(uri("/get"), **keywords)
                self.assertIs(future.exception(), exception)
                with self.assertRaises(type(exception)) as caught:
                    future.result()
                self.assertIs(caught.exception, exception)
                self.assert_error(future.get_error(), Hf.error_quark(), Hf.Error.HOOK)
                self.assertFalse(future.cancelled())
        self.assertEqual(called, [])

    def test_session_hooks(self):
        """They are for requests that bring none of their own."""
        self.session.hooks["response"] = lambda r, **k: "session"
        self.assertEqual(self.session.get(uri("/get")).result(), "session")
        self.assertEqual(self.session.get(uri("/get"), hooks={}).result(), "session")
        self.assertEqual(self.session.get(uri("/get"), hooks={"response": []}).result(), "session")
        self.assertEqual(
            self.session.get(uri("/get"), hooks={"response": lambda r, **k: "request"}).result(),
            "request")
        self.session.hooks = {"response": [lambda r, **k: "list"]}
        self.assertEqual(self.session.get(uri("/get")).result(), "list")

    def test_hook_waits(self):
        """A hook may wait for other requests of its session, at any number of workers."""
        session = Hf.FuturesSession(max_workers=1)

        def nested(response, **keywords):
            return [future.result().status_code
                    for future in [session.get(uri("/status/201")) for _ in range(3)]]

        self.assertEqual(session.get(uri("/get"), hooks={"response": nested}).result(), [201] * 3)

    def test_hook_with_those_of_c(self):
        """Python's hooks see what one that was added in C has put in the response's place."""
        self.session.add_response_hook(lambda call: call.set_value("of C"))
        self.assertEqual(
            self.session.get(uri("/get"), hooks={"response": lambda r, **k: [r]}).result(),
            ["of C"])

    def test_hook_is_dropped(self):
        """What a hook closes over goes when the future settles, also when it never ran."""
        class Thing:
            pass

        gone = []
        for path in ("/get", "no-scheme"):
            thing = Thing()
            future = self.session.get(uri(path) if path != "no-scheme" else path,
                                      hooks={"response": lambda r, thing=thing, **k: None})
            gone.append(weakref.ref(thing))
            del thing
            future.exception()
            gone.append(weakref.ref(future))
            del future
        self.becomes(lambda: not any(reference() for reference in gone))

    def test_elapsed_subclass(self):
        """A subclass can take other keywords, and sees every verb."""
        class Elapsed(Hf.FuturesSession):
            def request(self, method, url, hooks=None, *args, note="", **kwargs):
                start = time.time()
                hooks = dict(hooks or {})

                def timing(response, *args, **kwargs):
                    response.elapsed = time.time() - start
                    response.note = note

                hooks["response"] = [timing, *([hooks["response"]] if "response" in hooks else [])]
                return super().request(method, url, hooks=hooks, *args, **kwargs)

        session = Elapsed(max_workers=1)
        for send in (session.get, session.post, session.put, session.patch, session.delete,
                     session.options, session.head):
            response = send(uri("/anything"), note="mine").result()
            self.assertIsInstance(response.elapsed, float)
            self.assertEqual(response.note, "mine")
        self.assertEqual(session.get(uri("/get"), hooks={
            "response": lambda r, **k: type(r.elapsed)}).result(), float)
        gc.collect()

    def test_import_in_one_line(self):
        status, output, errors = run_program("""
            from gi.repository.Hf import FuturesSession, ThreadPoolExecutor, as_completed
            print(FuturesSession.__name__, ThreadPoolExecutor.__name__, as_completed.__name__)
            """)
        self.assertEqual((status, output, errors),
                         (0, "FuturesSession ThreadPoolExecutor as_completed\n", ""))


run_tap("/python/session")
