# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The libhfutures authors
"""The library in Python, by the names that it has in C, against the bundled server."""

import json
import threading
import unittest

import gi

gi.require_version("Hf", "1")
gi.require_version("Json", "1.0")
gi.require_version("Soup", "3.0")
from gi.repository import Gio, GLib, GObject, Hf, Json, Soup  # noqa: E402

from server_process import ServerProcess  # noqa: E402
from tap_result import run_tap  # noqa: E402

SERVER = ServerProcess()


def uri(path):
    return SERVER.uri + path


def members(response):
    """What the server saw of the request, in Python's own types."""
    return json.loads(Json.to_string(response.get_json(), False))


class CountingSession(Hf.FuturesSession):
    """Sends what it is given with a header of its own, and counts."""

    n_sent = 0

    def do_send(self, request):
        self.n_sent += 1
        request.set_header("X-Counted", str(self.n_sent))
        return Hf.FuturesSession.do_send(self, request)


class NullSession(Hf.FuturesSession):
    """Breaks the rule that sending gives a future."""

    def do_send(self, request):
        return None


class PythonTest(unittest.TestCase):
    def setUp(self):
        self.session = Hf.FuturesSession()

    def assert_error(self, error, domain, code):
        self.assertTrue(error.matches(domain, code), f"{error.domain} {error.code}: {error}")

    def test_get(self):
        response = self.session.get(uri("/text?charset=iso-8859-1")).get_result(None)

        self.assertEqual(response.get_status(), 200)
        self.assertEqual(response.get_reason(), "OK")
        self.assertTrue(response.get_ok())
        self.assertEqual(response.get_encoding().lower(), "iso-8859-1")
        self.assertEqual(response.get_text(), "Grüße, naïve café")
        self.assertEqual(response.get_bytes().get_data(), "Grüße, naïve café".encode("latin-1"))
        self.assertEqual(response.get_header("content-length"), "17")
        self.assertGreater(response.get_elapsed(), 0)

    def test_two_at_once(self):
        """The second one's request reaches the server while the first one's waits there."""
        first = self.session.get(uri("/hold/two-at-once"))
        second = self.session.get(uri("/release/two-at-once"))

        self.assertEqual(second.get_result(None).get_text(), "released\n")
        self.assertEqual(first.get_result(None).get_status(), 200)

    def test_bytes(self):
        response = self.session.get(uri("/bytes/1000")).get_result(None)

        self.assertEqual(response.get_bytes().get_data(), bytes(i % 256 for i in range(1000)))

    def test_json(self):
        root = self.session.get(uri("/json")).get_result(None).get_json()

        self.assertEqual(root.get_object().get_string_member("name"), "Grüße")
        self.assertEqual(root.get_object().get_array_member("numbers").get_length(), 3)

    def test_headers(self):
        headers = self.session.get(uri("/json")).get_result(None).get_headers()
        pairs = {
            headers.get_name(i).lower(): headers.get_value(i) for i in range(headers.get_n_items())
        }

        self.assertEqual(pairs["content-type"], "application/json")
        self.assertEqual(headers.lookup("CONTENT-TYPE"), "application/json")
        self.assertEqual(headers.lookup_all("content-type"), ["application/json"])
        self.assertIsNone(headers.lookup("x-absent"))

    def test_history(self):
        response = self.session.get(uri("/redirect/2")).get_result(None)

        self.assertEqual(response.get_uri(), uri("/get"))
        self.assertEqual([r.get_uri() for r in response.get_history()],
                         [uri("/redirect/2"), uri("/redirect/1")])
        self.assertEqual([r.get_status() for r in response.get_history()], [302, 302])

    def test_cookies(self):
        response = self.session.get(uri("/cookies/set?flavour=plain")).get_result(None)

        self.assertEqual(members(response), {"cookies": {"flavour": "plain"}})

    def test_verbs(self):
        for verb in ("get", "delete", "options"):
            response = getattr(self.session, verb)(uri("/anything")).get_result(None)
            self.assertEqual(members(response)["method"], verb.upper())
        for verb in ("post", "put", "patch"):
            body = Hf.Body.new_for_text(verb, "text/plain")
            response = getattr(self.session, verb)(uri("/anything"), body).get_result(None)
            self.assertEqual(members(response)["method"], verb.upper())
            self.assertEqual(members(response)["data"], verb)
        response = self.session.head(uri("/bytes/10")).get_result(None)
        self.assertEqual(response.get_bytes().get_size(), 0)
        self.assertEqual(response.get_header("content-length"), "10")
        response = self.session.request("PURGE", uri("/anything"), None).get_result(None)
        self.assertEqual(members(response)["method"], "PURGE")

    def test_post_form(self):
        body = Hf.Body.new_for_form(["a", "1", "b", "ä &", "a", "2"])
        seen = members(self.session.post(uri("/post"), body).get_result(None))

        self.assertEqual(seen["form"], {"a": ["1", "2"], "b": "ä &"})
        self.assertEqual(seen["headers"]["Content-Type"], "application/x-www-form-urlencoded")

    def test_post_json(self):
        sent = {"text": "ä", "list": [1, None, True]}
        body = Hf.Body.new_for_json(Json.from_string(json.dumps(sent)))
        seen = members(self.session.post(uri("/post"), body).get_result(None))

        self.assertEqual(seen["json"], sent)
        self.assertEqual(seen["headers"]["Content-Type"], "application/json")

    def test_invalid_uri(self):
        future = self.session.get("no-scheme")

        with self.assertRaises(GLib.Error) as caught:
            future.get_result(None)
        self.assert_error(caught.exception, Hf.error_quark(), Hf.Error.INVALID_URI)
        self.assertEqual(future.get_state(), Hf.FutureState.FAILED)

    def test_refused(self):
        with ServerProcess() as gone:
            gone_uri = gone.uri
        future = self.session.get(gone_uri + "/get")

        with self.assertRaises(GLib.Error) as caught:
            future.get_result(None)
        self.assert_error(caught.exception, Hf.error_quark(), Hf.Error.CONNECT)

    def test_check_status(self):
        response = self.session.get(uri("/status/404")).get_result(None)

        self.assertFalse(response.get_ok())
        with self.assertRaises(GLib.Error) as caught:
            response.check_status()
        self.assert_error(caught.exception, Hf.error_quark(), Hf.Error.STATUS)
        self.assertTrue(self.session.get(uri("/get")).get_result(None).check_status())

    def test_get_result_until(self):
        future = self.session.get(uri("/hold/until"))

        with self.assertRaises(GLib.Error) as caught:
            future.get_result_until(1000, None)
        self.assert_error(caught.exception, Gio.io_error_quark(), Gio.IOErrorEnum.TIMED_OUT)
        self.assertFalse(future.wait(1000, None))
        SERVER.ask("/release/until")
        self.assertTrue(future.wait(-1, None))
        self.assertEqual(future.get_result(None).get_status(), 200)

    def test_get_result_async(self):
        loop = GLib.MainLoop()
        results = []

        def on_result(future, result):
            results.append((future.get_result_finish(result).get_status(),
                            threading.get_ident()))
            loop.quit()

        future = self.session.get(uri("/get"))
        future.get_result_async(None, on_result)
        loop.run()
        self.assertEqual(results, [(200, threading.get_ident())])

    def test_get_result_async_failing(self):
        loop = GLib.MainLoop()
        errors = []

        def on_result(future, result):
            try:
                future.get_result_finish(result)
            except GLib.Error as error:
                errors.append(error)
            loop.quit()

        self.session.get("gopher://localhost/").get_result_async(None, on_result)
        loop.run()
        self.assert_error(errors[0], Hf.error_quark(), Hf.Error.INVALID_URI)

    def test_cancel(self):
        future = self.session.get(uri("/hold/cancel"))
        SERVER.ask("/await/cancel")

        self.assertEqual(future.get_state(), Hf.FutureState.RUNNING)
        self.assertTrue(future.cancel())
        self.assertEqual(future.get_state(), Hf.FutureState.CANCELLED)
        with self.assertRaises(GLib.Error) as caught:
            future.get_result(None)
        self.assert_error(caught.exception, Gio.io_error_quark(), Gio.IOErrorEnum.CANCELLED)

    def test_cancelled_wait(self):
        """A waiter's cancellable ends its waiting only."""
        future = self.session.get(uri("/hold/cancelled-wait"))
        cancellable = Gio.Cancellable()
        cancellable.cancel()

        with self.assertRaises(GLib.Error) as caught:
            future.get_result(cancellable)
        self.assert_error(caught.exception, Gio.io_error_quark(), Gio.IOErrorEnum.CANCELLED)
        SERVER.ask("/release/cancelled-wait")
        self.assertEqual(future.get_result(None).get_status(), 200)

    def test_settled_func(self):
        """It runs on the thread that settles, with no main loop."""
        called = threading.Event()
        threads = []

        def on_settled(future):
            threads.append(threading.get_ident())
            called.set()

        future = self.session.get(uri("/hold/settled"))
        future.add_settled_func(on_settled)
        SERVER.ask("/release/settled")
        called.wait()
        self.assertNotEqual(threads, [threading.get_ident()])

    def test_notify(self):
        loop = GLib.MainLoop()
        future = self.session.get(uri("/hold/notify"))

        def on_notify(future, pspec):
            if future.get_state() == Hf.FutureState.SUCCEEDED:
                loop.quit()

        future.connect("notify::state", on_notify)
        SERVER.ask("/release/notify")
        loop.run()
        self.assertEqual(future.get_property("state"), Hf.FutureState.SUCCEEDED)

    def test_hook_on_worker(self):
        calls = []

        def hook(call):
            calls.append((threading.get_ident(), call.get_session() is self.session,
                          call.get_response().get_status()))

        self.session.add_response_hook(hook)
        self.session.get(uri("/status/202")).get_result(None)
        self.assertEqual(len(calls), 1)
        thread, is_session, status = calls[0]
        self.assertNotEqual(thread, threading.get_ident())
        self.assertTrue(is_session)
        self.assertEqual(status, 202)

    def test_hook_removed(self):
        calls = []
        hook_id = self.session.add_response_hook(lambda call: calls.append(call))
        self.session.remove_response_hook(hook_id)
        self.session.get(uri("/get")).get_result(None)

        self.assertEqual(calls, [])

    def test_hook_in_context(self):
        """A blocking wait runs it too, here, in the order in which hooks were added."""
        calls = []
        self.session.add_response_hook_in_context(
            lambda call: calls.append(("session", threading.get_ident())))
        request = Hf.Request.new("GET", uri("/get"))
        request.add_response_hook_in_context(
            lambda call: calls.append(("request", threading.get_ident())))
        self.session.send(request).get_result(None)

        here = threading.get_ident()
        self.assertEqual(calls, [("session", here), ("request", here)])

    def check_set_value(self, add):
        value = {"any": "thing"}
        add(lambda call: call.set_value(GObject.Value(GObject.TYPE_PYOBJECT, value)))
        future = self.session.get(uri("/get"))

        self.assertIs(future.get_value(None), value)
        with self.assertRaises(GLib.Error) as caught:
            future.get_result(None)
        self.assert_error(caught.exception, Hf.error_quark(), Hf.Error.WRONG_TYPE)

    def test_hook_set_value(self):
        self.check_set_value(self.session.add_response_hook)

    def test_hook_in_context_set_value(self):
        self.check_set_value(self.session.add_response_hook_in_context)

    def test_hook_value_is_seen_by_the_next(self):
        seen = []
        self.session.add_response_hook(lambda call: call.set_value(GObject.Value(str, "first")))
        self.session.add_response_hook(lambda call: seen.append(call.get_value()))

        self.assertEqual(self.session.get(uri("/get")).get_value(None), "first")
        self.assertEqual(seen, ["first"])

    def check_fail(self, add):
        error = GLib.Error.new_literal(Gio.io_error_quark(), "not to my taste",
                                       Gio.IOErrorEnum.NOT_FOUND)
        add(lambda call: call.fail(error))

        with self.assertRaises(GLib.Error) as caught:
            self.session.get(uri("/get")).get_result(None)
        self.assert_error(caught.exception, Gio.io_error_quark(), Gio.IOErrorEnum.NOT_FOUND)
        self.assertEqual(caught.exception.message, "not to my taste")

    def test_hook_fail(self):
        self.check_fail(self.session.add_response_hook)

    def test_hook_in_context_fail(self):
        self.check_fail(self.session.add_response_hook_in_context)

    def test_request(self):
        request = Hf.Request.new("PUT", uri("/put"))
        request.set_header("X-One", "1")
        request.append_header("X-Two", "a")
        request.append_header("X-Two", "b")
        request.set_body(Hf.Body.new_for_data(b"raw \x01", "application/x-raw"))
        response = self.session.send(request).get_result(None)
        headers = members(response)["headers"]

        self.assertEqual(headers["X-One"], "1")
        self.assertEqual(headers["X-Two"], "a, b")
        self.assertEqual(headers["Content-Type"], "application/x-raw")
        self.assertEqual(members(response)["data"], "raw \x01")
        self.assertEqual(response.get_request().get_method(), "PUT")

    def test_request_without_redirects(self):
        request = Hf.Request.new("GET", uri("/redirect/1"))
        request.set_follow_redirects(False)
        response = self.session.send(request).get_result(None)

        self.assertEqual(response.get_status(), 302)
        self.assertEqual(response.get_header("Location"), "/get")

    def test_send_message(self):
        message = Soup.Message.new("GET", uri("/status/201"))
        response = self.session.send_message(message).get_result(None)

        self.assertEqual(response.get_status(), 201)
        self.assertEqual(message.get_status(), Soup.Status.CREATED)

    def test_close(self):
        future = self.session.get(uri("/get"))
        self.session.close(Hf.CloseFlags.DRAIN)

        self.assertEqual(future.get_result(None).get_status(), 200)
        with self.assertRaises(GLib.Error) as caught:
            self.session.get(uri("/get")).get_result(None)
        self.assert_error(caught.exception, Hf.error_quark(), Hf.Error.CLOSED)

    def test_close_cancels_queued(self):
        session = Hf.FuturesSession.new_with_max_workers(1)
        running = session.get(uri("/hold/close"))
        queued = session.get(uri("/get"))
        loop = GLib.MainLoop()
        SERVER.ask("/await/close")
        session.close_async(Hf.CloseFlags.CANCEL_QUEUED, None,
                            lambda source, result: (source.close_finish(result), loop.quit()))

        with self.assertRaises(GLib.Error) as caught:
            queued.get_result(None)
        self.assert_error(caught.exception, Gio.io_error_quark(), Gio.IOErrorEnum.CANCELLED)
        SERVER.ask("/release/close")
        loop.run()
        self.assertEqual(running.get_result(None).get_status(), 200)

    def test_subclass(self):
        session = CountingSession()
        first = members(session.get(uri("/get")).get_result(None))
        second = members(session.post(uri("/post"), None).get_result(None))

        self.assertEqual(first["headers"]["X-Counted"], "1")
        self.assertEqual(second["headers"]["X-Counted"], "2")
        self.assertEqual(session.n_sent, 2)

    def test_subclass_without_future(self):
        with self.assertRaises(GLib.Error) as caught:
            NullSession().get(uri("/get")).get_result(None)
        self.assert_error(caught.exception, Hf.error_quark(), Hf.Error.FAILED)

    def test_work(self):
        """A function's value keeps its identity, and a function without one gives None."""
        executor = Hf.ThreadPoolExecutor.new(2)
        given = {"some": "thing"}
        threads = []

        def give(call, *_data):
            threads.append(threading.get_ident())
            self.assertFalse(call.get_cancellable().is_cancelled())
            call.set_value(GObject.Value(GObject.TYPE_PYOBJECT, given))

        self.assertIs(Hf.Executor.submit(executor, give).get_value(None), given)
        self.assertNotEqual(threads, [threading.get_ident()])
        self.assertIsNone(Hf.Executor.submit(executor, lambda call, *_data: None).get_value(None))
        executor.close(Hf.CloseFlags.DRAIN)

    def test_max_workers(self):
        """Four that wait for one another's arrival need four workers."""
        session = Hf.FuturesSession(max_workers=4)
        held = [session.get(uri("/hold/workers")) for _ in range(3)]
        session.get(uri("/release/workers")).get_result(None)

        self.assertEqual(session.get_max_workers(), 4)
        self.assertEqual([future.get_result(None).get_status() for future in held], [200] * 3)

    def test_default_workers(self):
        self.assertEqual(self.session.get_max_workers(), 2)

    def test_executor_shared(self):
        executor = Hf.ThreadPoolExecutor.new(1)
        one = Hf.FuturesSession.new_with_executor(executor)
        two = Hf.FuturesSession(executor=executor)
        running = one.get(uri("/hold/shared"))
        SERVER.ask("/await/shared")
        queued = two.get(uri("/get"))

        self.assertEqual(queued.get_state(), Hf.FutureState.QUEUED)
        SERVER.ask("/release/shared")
        self.assertEqual(running.get_result(None).get_status(), 200)
        self.assertEqual(queued.get_result(None).get_status(), 200)
        one.close(Hf.CloseFlags.DRAIN)  # closes what it made, and the executor is not
        self.assertEqual(two.get(uri("/get")).get_result(None).get_status(), 200)
        executor.close(Hf.CloseFlags.DRAIN)
        with self.assertRaises(GLib.Error) as caught:
            two.get(uri("/get")).get_result(None)
        self.assert_error(caught.exception, Hf.error_quark(), Hf.Error.CLOSED)

    def test_soup_session(self):
        soup_session = Soup.Session(user_agent="of-my-own/1")
        session = Hf.FuturesSession.new_for_soup_session(soup_session)
        seen = members(session.get(uri("/get")).get_result(None))

        self.assertEqual(seen["headers"]["User-Agent"], "of-my-own/1")
        self.assertEqual(session.get_soup_session(), soup_session)

    def test_loop(self):
        session = Hf.FuturesSession.new_with_executor(Hf.LoopExecutor.new(2))
        session.set_http_version(Hf.HttpVersion.HTTP2)
        futures = [session.get(uri(f"/get?i={i}")) for i in range(100)]

        self.assertEqual([members(future.get_result(None))["args"]["i"] for future in futures],
                         [str(i) for i in range(100)])
        session.close(Hf.CloseFlags.DRAIN)

    def test_loop_in_context(self):
        """Requests, hooks and all on one thread."""
        executor = Hf.LoopExecutor.new_for_context(None)
        session = Hf.FuturesSession(executor=executor)
        loop = GLib.MainLoop()
        seen = []

        session.add_response_hook(lambda call: seen.append(threading.current_thread()))
        future = session.get(uri("/redirect/2"))
        with self.assertRaises(GLib.Error) as caught:
            future.get_result(None)
        self.assert_error(caught.exception, Hf.error_quark(), Hf.Error.WOULD_BLOCK)
        future.add_done_callback(lambda done: loop.quit())
        loop.run()
        self.assertEqual(future.get_result(None).get_status(), 200)
        self.assertEqual(seen, [threading.current_thread()])


run_tap("/python")
