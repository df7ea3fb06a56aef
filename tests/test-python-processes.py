# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The libhfutures authors
"""Requests in processes, and hooks of Python's there."""

import asyncio
import io
import os
import subprocess
import sys
import tempfile
import textwrap
import unittest
import urllib.request
from random import Random

import gi

gi.require_version("Hf", "1")

from gi.overrides._hf import variants  # noqa: E402
from gi.repository import GLib, Hf, Soup  # noqa: E402

import process_hooks  # noqa: E402
from python_case import SERVER, PythonCase, run_program, uri  # noqa: E402
from tap_result import run_tap  # noqa: E402


class ProcessCase(PythonCase):
    def setUp(self):
        self.executor = Hf.ProcessPoolExecutor(max_workers=2)
        self.session = Hf.FuturesSession(executor=self.executor)
        self.addCleanup(self.executor.shutdown)
        self.addCleanup(self.session.close, Hf.CloseFlags.CANCEL_ALL)


class Requests(ProcessCase):
    def test_like_on_threads(self):
        with Hf.FuturesSession() as threads:
            for path in ("/json", "/status/404", "/redirect/3", "/bytes/3000000"):
                here = threads.get(uri(path)).result()
                there = self.session.get(uri(path)).result()
                for name in ("status_code", "reason", "url", "content", "text", "encoding", "ok"):
                    self.assertEqual(getattr(there, name), getattr(here, name), name)
                self.assertEqual(len(there.history), len(here.history))

    def test_verbs_and_cookies(self):
        posted = self.session.post(uri("/post"), json={"a": [1]}).result().json()
        self.assertEqual(posted["json"], {"a": [1]})
        self.session.get(uri("/cookies/set?taste=sweet")).result()
        self.assertEqual(self.session.get(uri("/cookies")).result().json()["cookies"],
                         {"taste": "sweet"})

    def test_concurrent_futures(self):
        futures = [self.session.get(uri(f"/anything/{i}")) for i in range(20)]
        done, not_done = Hf.wait(futures)
        self.assertEqual((len(done), len(not_done)), (20, 0))
        self.assertEqual({future.result().url for future in Hf.as_completed(futures)},
                         {uri(f"/anything/{i}") for i in range(20)})

    def test_await(self):
        async def ask():
            response = await self.session.get(uri("/json"),
                                              background_callback=process_hooks.attach)
            return response.data, await self.session.get(
                uri("/get"), headers={"X-Value": "0"},
                background_callback=process_hooks.give_value)

        data, value = asyncio.run(ask())
        self.assertEqual(data["numbers"], [1, 2.5, -3])
        self.assertEqual(value, {})

    def test_stream(self):
        with self.session.get(uri("/bytes/500000"), stream=True).result() as response:
            self.assertEqual(sum(map(len, response.iter_content(10000))), 500000)

    def test_submit(self):
        self.assertEqual(self.executor.submit(os.getpid).result(), os.getpid())

    def test_numbers(self):
        self.assertEqual(Hf.ProcessPoolExecutor().get_max_workers(), os.cpu_count())
        limited = Hf.ProcessPoolExecutor(3, max_tasks_per_child=7)
        self.assertEqual(limited.get_max_workers(), 3)
        self.assertEqual(limited.get_max_jobs_per_process(), 7)
        for arguments in ({"max_workers": 0}, {"max_workers": -1}, {"max_tasks_per_child": 0}):
            with self.assertRaises(ValueError):
                Hf.ProcessPoolExecutor(**arguments)


class Places(ProcessCase):
    def show(self):
        names = ("one", "two")
        futures = [self.session.get(uri("/get"), headers={"X-Hold": uri(f"/hold/{name}")},
                                    background_callback=process_hooks.show_place)
                   for name in names]
        for path in ("await", "release"):
            for name in names:
                urllib.request.urlopen(uri(f"/{path}/{name}")).close()
        return [future.result() for future in futures]

    def test_libraries(self):
        """They are at one place in both, and nothing is said of it to other programs."""
        one, two = self.show()
        self.assertNotEqual(one["process"], two["process"])
        self.assertEqual(one["variables"] + two["variables"], [])
        self.assertLess(one["largest"], 1 << 36)  # what kept them there is not kept
        if os.uname().machine == "x86_64":
            self.assertEqual(one["libraries"], two["libraries"])


class Hooks(ProcessCase):
    def ask(self, callback, path="/json", **keywords):
        return self.session.get(uri(path), background_callback=callback, **keywords)

    def test_nothing(self):
        for callback in (process_hooks.nothing, process_hooks.give_same, process_hooks.renamed):
            response = self.ask(callback).result()
            self.assertIsInstance(response, Hf.Response)
            self.assertEqual(response.json()["numbers"], [1, 2.5, -3])

    def test_attached(self):
        future = self.ask(process_hooks.attach)
        response = future.result()
        self.assertEqual(response.data,
                         {"name": "Grüße", "numbers": [1, 2.5, -3], "nothing": None})
        self.assertNotEqual(response.process, os.getpid())
        self.assertIsNone(response.nothing)
        self.assertEqual(response.encoding, "latin-1")
        self.assertIs(future.result().data, response.data)
        self.assertFalse(hasattr(response, "other"))

    def test_values(self):
        for i, value in enumerate(process_hooks.VALUES):
            future = self.ask(process_hooks.give_value, headers={"X-Value": str(i)})
            result = future.result()
            self.assertEqual(result, value)
            self.assertIs(type(result), type(value))
            self.assertIs(future.result(), result)

    def test_static(self):
        self.assertEqual(self.ask(process_hooks.Callbacks.static).result(), "static")

    def test_deep(self):
        value = process_hooks.give_deepest(None, None)
        self.assertEqual(self.ask(process_hooks.give_deepest).result(), value)
        with self.assertRaises(Hf.NotSerializableError):
            self.ask(process_hooks.give_deep).result()

    def test_large(self):
        content = self.ask(process_hooks.give_content, "/bytes/20000000").result()
        self.assertEqual(len(content), 20000000)
        self.assertEqual(content[:1024], bytes(range(256)) * 4)
        response = self.ask(process_hooks.describe, "/bytes/20000000").result()
        self.assertEqual(response.seen["body"], 20000000)
        self.assertEqual(len(response.content), 20000000)

    def test_session(self):
        self.session.get(uri("/cookies/set?taste=sweet")).result()
        self.session.headers["X-Own"] = "1"
        self.session.params = {"p": "q"}
        self.session.read_timeout = 12
        self.session.verify = False
        self.session.level = 5
        seen = self.ask(process_hooks.describe, "/redirect/2").result().seen
        self.assertEqual(seen, {
            "class": "FuturesSession", "headers": {"X-Own": "1"}, "params": {"p": "q"},
            "cookies": {"taste": "sweet"}, "read_timeout": 12, "verify": False, "level": 5,
            "url": uri("/get"), "status": 200, "method": "GET", "body": seen["body"],
            "history": [302, 302]})

    def test_asking(self):
        self.session.headers["X-Own"] = "1"
        answer = self.ask(process_hooks.ask, "/headers").result()
        self.assertEqual(answer["headers"]["X-Own"], "1")

    def test_subclass(self):
        session = process_hooks.OwnSession(executor=self.executor)
        session.headers["X-Own"] = "1"
        seen = session.get(uri("/get"), background_callback=process_hooks.describe).result().seen
        self.assertEqual((seen["class"], seen["level"], seen["headers"]),
                         ("OwnSession", "of the class", {"X-Own": "1"}))
        bare = process_hooks.OwnSession(executor=self.executor, session=Soup.Session())
        seen = bare.get(uri("/get"), background_callback=process_hooks.describe).result().seen
        self.assertEqual((seen["class"], seen["cookies"]), ("OwnSession", {}))
        session.level = "loud"
        shouted = session.get(uri("/get"), background_callback=process_hooks.use_own).result()
        self.assertEqual(shouted, "LOUD")

    def test_hooks(self):
        response = self.session.get(uri("/get"), hooks={"response": process_hooks.look},
                                    timeout=(5, 6), verify=False).result()
        self.assertEqual(response.keywords["timeout"], (5, 6))
        self.assertIs(response.keywords["verify"], False)
        value = self.session.get(uri("/get"), hooks={"response": [process_hooks.count] * 3},
                                 background_callback=process_hooks.double).result()
        self.assertEqual(value, 6)
        self.session.hooks = {"response": process_hooks.count}
        self.assertEqual(self.session.get(uri("/get")).result(), 1)

    def test_raising(self):
        with self.assertRaisesRegex(Hf.RequestException, "ValueError: it is not liked") as caught:
            self.ask(process_hooks.fail).result()
        self.assert_error(caught.exception, Hf.error_quark(), Hf.Error.HOOK)

    def test_unsendable_values(self):
        with self.assertRaisesRegex(Hf.NotSerializableError, "type object"):
            self.ask(process_hooks.give_object).result()
        with self.assertRaisesRegex(Hf.NotSerializableError, "thing"):
            self.ask(process_hooks.attach_object).result()

    def test_dying(self):
        for callback, how in ((process_hooks.die, "signal 9"), (process_hooks.leave, "status 3")):
            dying = self.ask(callback)
            others = [self.ask(process_hooks.attach) for _ in range(5)]
            with self.assertRaisesRegex(Hf.RequestException, how) as caught:
                dying.result()
            self.assert_error(caught.exception, Hf.error_quark(), Hf.Error.WORKER_DIED)
            for other in others:
                self.assertEqual(other.result().data["numbers"], [1, 2.5, -3])

    def test_named(self):
        request = Hf.Request.new("GET", uri("/get"))
        request.add_named_response_hook("process_hooks_missing:nothing", None)
        with self.assertRaisesRegex(GLib.Error, "process_hooks_missing"):
            self.session.send(request).result()


class Refusals(ProcessCase):
    def assert_refused(self, named, *arguments, method="get", session=None, **keywords):
        with self.assertRaises(Hf.NotSerializableError) as caught:
            getattr(session or self.session, method)(*arguments, **keywords)
        error = caught.exception
        self.assertIsInstance(error, RuntimeError)
        self.assertIsInstance(error, Hf.RequestException)
        self.assert_error(error, Hf.error_quark(), Hf.Error.NOT_SERIALIZABLE)
        self.assertIn(named, str(error))
        self.assertIn("processes.html", str(error))

    def test_callbacks(self):
        local, _kind = process_hooks.make_local()
        for callback, named in (
                (lambda session, response: None, "<lambda>"),
                (local, "make_local.<locals>.local"),
                (process_hooks.partial, "functools.partial"),
                (process_hooks.Callbacks().bound, "bound method"),
                (process_hooks.found_hidden, "hidden")):
            self.assert_refused(named, uri("/get"), background_callback=callback)
            self.assert_refused(named, uri("/get"), hooks={"response": callback})
            self.assert_refused(named, uri("/get"), hooks={"response": [process_hooks.look,
                                                                        callback]})

    def test_sessions(self):
        _local, kind = process_hooks.make_local()
        self.assert_refused("LocalSession", uri("/get"), session=kind(self.executor),
                            background_callback=process_hooks.nothing)
        demanding = process_hooks.DemandingSession(self.executor, 1)
        self.assert_refused("DemandingSession", uri("/get"), session=demanding,
                            background_callback=process_hooks.nothing)
        self.assertEqual(demanding.get(uri("/get")).result().status_code, 200)

    def test_others(self):
        self.assert_refused("body", uri("/post"), method="post", data=io.BytesIO(b"bytes"))
        self.assert_refused("function for credentials", uri("/get"),
                            auth=Hf.Auth.new_for_func(lambda call: None))
        self.assert_refused("streamed", uri("/get"), stream=True,
                            background_callback=process_hooks.nothing)
        self.session.mount(uri("/mocked"), lambda call: call.respond(200))
        self.assert_refused("mock transport", uri("/mocked"))
        request = Hf.Request.new("GET", uri("/get"))
        request.add_response_hook(lambda call: None)
        self.assert_refused("hook", request, method="send")

    def test_threads_take_all(self):
        with Hf.FuturesSession() as session:
            response = session.get(uri("/get"), background_callback=lambda s, r: r.url).result()
            self.assertEqual(response, uri("/get"))

    def test_shell(self):
        status, output, errors = run_program("""
            import sys
            import gi
            gi.require_version("Hf", "1")
            from gi.repository import Hf

            def callback(session, response):
                pass

            session = Hf.FuturesSession(executor=Hf.ProcessPoolExecutor(1))
            try:
                session.get(sys.argv[1], background_callback=callback)
            except RuntimeError as error:
                print(type(error).__name__)
        """, uri("/get"))
        self.assertEqual((output, status), ("NotSerializableError\n", 0), errors)


def make_value(random, depth):
    kinds = [lambda: None, lambda: random.random() < 0.5, lambda: random.getrandbits(70) - 2 ** 69,
             random.random, lambda: "".join(map(chr, random.choices(range(0x11000), k=5))),
             lambda: random.randbytes(random.randrange(9))]
    if depth > 0:
        def many():
            return [make_value(random, depth - 1) for _ in range(random.randrange(4))]

        kinds += [many, lambda: tuple(many()), lambda: {i: value for i, value in enumerate(many())},
                  lambda: {str(value): value for value in many()}, lambda: bytearray(b"array"),
                  lambda: {random.random(), "a"}, lambda: frozenset({(1, None)})] * 2
    return random.choice(kinds)()


class Variants(unittest.TestCase):
    def test_round_trips(self):
        random = Random(20)
        for _ in range(3000):
            value = make_value(random, 5)
            sent = variants.encode(value).get_data_as_bytes()
            kind = variants.encode(value).get_type()
            self.assertEqual(variants.decode(GLib.Variant.new_from_bytes(kind, sent, False)), value)

    def test_half_characters(self):
        for value in (["\ud83d\ude00"], {"\ud83d\ude00": 1, "\U0001f600": 2}, ["\0\n\x1f\x7f"]):
            self.assertEqual(variants.decode(variants.encode(value)), value)

    def test_numbers(self):
        for value in ([10 ** 5000], {"a": [-2 ** 63, 2 ** 64]}, [0.1, -0.0, 1e308, float("inf")]):
            self.assertEqual(variants.decode(variants.encode(value)), value)

    def test_subclasses(self):
        """What is more than a plain value would not come back as it was."""
        class Number(int):
            pass

        for value in ([Number(1)], {"a": Number(1)}, {Number(1): 1}, [[(1, Number(2))]]):
            with self.assertRaises(variants.Unsupported):
                variants.encode(value)

    def test_foreign(self):
        """What no such function has made is taken as GLib has it."""
        for variant, value in (
                (GLib.Variant("(sv)", ("int", GLib.Variant("i", 5))), ("int", 5)),
                (GLib.Variant("(sv)", ("str", GLib.Variant("s", "a"))), ("str", "a")),
                (GLib.Variant("(sv)", ("os", GLib.Variant("s", "a"))), ("os", "a")),
                (GLib.Variant("(sv)", ("set", GLib.Variant("as", ["a"]))), ("set", ["a"])),
                (GLib.Variant("(sv)", ("int", GLib.Variant("s", "five"))), ("int", "five")),
                (GLib.Variant("(sv)", ("set", GLib.Variant("av", [GLib.Variant("av", [])]))),
                 ("set", [[]])),
                (GLib.Variant("(sv)", ("dict", GLib.Variant("av", [GLib.Variant("x", 1)]))),
                 ("dict", [1])),
                (GLib.Variant("(sv)", ("json", GLib.Variant("s", "{"))), ("json", "{")),
                (GLib.Variant("(sv)", ("json", GLib.Variant("s", "[" * 100000))),
                 ("json", "[" * 100000)),
                (GLib.Variant("(sv)", ("str", GLib.Variant("ay", b"\xff"))), ("str", [255])),
                (GLib.Variant("a{su}", {"a": 1}), {"a": 1}),
                (GLib.Variant("mv", GLib.Variant("av", [GLib.Variant("y", 1)])), [1])):
            self.assertEqual(variants.decode(variant), value)


class Programs(unittest.TestCase):
    def run_as_program(self, program):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "program.py")
            with open(path, "w") as file:
                file.write("import gi\ngi.require_version('Hf', '1')\n" + textwrap.dedent(program))
            done = subprocess.run([sys.executable, path, SERVER.uri], text=True,
                                  capture_output=True, timeout=60)
            return done.returncode, done.stdout, done.stderr

    def test_printing(self):
        """What a hook prints is not lost, where it is no terminal that it prints to either."""
        status, output, errors = self.run_as_program("""
            import sys
            from gi.repository.Hf import FuturesSession, ProcessPoolExecutor

            def show(session, response):
                print("the hook saw", response.status_code)

            if __name__ == "__main__":
                session = FuturesSession(executor=ProcessPoolExecutor(max_workers=1))
                session.get(sys.argv[1] + "/get", background_callback=show).result()
        """)
        self.assertEqual(output, "the hook saw 200\n", errors)
        self.assertEqual(status, 0)

    def test_readme(self):
        """The examples of requests-futures for processes, with their imports changed."""
        status, output, errors = self.run_as_program("""
            import os
            import sys
            from gi.repository.Hf import FuturesSession, ProcessPoolExecutor
            from gi.repository.Soup import Session

            def response_hook(resp, *args, **kwargs):
                # parse the json storing the result on the response object
                resp.data = resp.json()
                resp.process = os.getpid()

            def bg_cb(sess, resp):
                return {"data": resp.json(), "process": os.getpid(), "class": type(sess).__name__}

            class OwnSession(FuturesSession):
                pass

            if __name__ == "__main__":
                session = FuturesSession(executor=ProcessPoolExecutor(max_workers=10),
                                         session=Session())
                session.hooks["response"] = response_hook
                future = session.get(sys.argv[1] + "/json")
                # do some other stuff, send some more requests while this one works
                response = future.result()
                print("response status {0}".format(response.status_code))
                print(response.data["numbers"], response.process != os.getpid())

                with OwnSession(executor=ProcessPoolExecutor(max_workers=2)) as own:
                    value = own.get(sys.argv[1] + "/json", background_callback=bg_cb).result()
                    print(value["data"]["numbers"], value["process"] != os.getpid(),
                          value["class"])
        """)
        self.assertEqual(output, "response status 200\n[1, 2.5, -3] True\n"
                                 "[1, 2.5, -3] True OwnSession\n", errors)
        self.assertEqual(status, 0)


run_tap("/python/processes")
