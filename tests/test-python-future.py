# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The libhfutures authors
"""Futures in Python are those of concurrent.futures, sentence by sentence of its documentation."""

import concurrent.futures
import gc
import logging
import signal
import threading
import time
import weakref

import gi

gi.require_version("Hf", "1")
from gi.repository import GLib, Hf  # noqa: E402

from python_case import PythonCase, uri  # noqa: E402
from tap_result import run_tap  # noqa: E402


class FutureTest(PythonCase):
    def test_is_one(self):
        future = self.session.get(uri("/get"))

        self.assertIsInstance(future, concurrent.futures.Future)
        self.assertIsInstance(future, Hf.Future)

    def test_result(self):
        self.assertEqual(self.session.get(uri("/status/201")).result().status_code, 201)

    def test_result_times_out(self):
        """The timeout ends the wait, and not the request."""
        future = self.hold()

        for timeout in (0, 0.001, -1, float("nan")):
            with self.assertRaises(Hf.TimeoutError):
                future.result(timeout)
            with self.assertRaises(TimeoutError):
                future.exception(timeout=timeout)
        self.assertTrue(future.running())
        self.release()
        self.assertEqual(future.result(60).status_code, 200)
        self.assertEqual(future.result(0).status_code, 200)

    def test_result_of_cancelled(self):
        future = self.hold()
        future.cancel()

        for raising in (future.result, future.exception):
            with self.assertRaises(Hf.CancelledError) as caught:
                raising()
            self.assertIsInstance(caught.exception, concurrent.futures.CancelledError)
            self.assertIsInstance(caught.exception, GLib.Error)
            self.assertIn("/hold/", caught.exception.message)

    def test_result_raises(self):
        future = self.session.get("no-scheme")

        with self.assertRaises(GLib.Error) as caught:
            future.result()
        self.assert_error(caught.exception, Hf.error_quark(), Hf.Error.INVALID_URI)

    def test_exception(self):
        self.assertIsNone(self.session.get(uri("/get")).exception())
        self.assert_error(self.session.get("no-scheme").exception(), Hf.error_quark(),
                          Hf.Error.INVALID_URI)

    def test_exception_is_the_same(self):
        """However often it is asked for."""
        cancelled = self.hold()
        cancelled.cancel()
        for future in (self.session.get("no-scheme"), cancelled):
            exceptions = []
            for _ in range(2):
                try:
                    future.result()
                except GLib.Error as exception:
                    exceptions.append(exception)
            self.assertIs(exceptions[0], exceptions[1])

    def test_states(self):
        session = Hf.FuturesSession(max_workers=1)
        running = self.hold("running", session)
        queued = session.get(uri("/get"))

        self.assertEqual((queued.running(), queued.done(), queued.cancelled()), (False,) * 3)
        self.assertEqual((running.running(), running.done(), running.cancelled()),
                         (True, False, False))
        self.assertTrue(queued.cancel())
        self.assertEqual((queued.running(), queued.done(), queued.cancelled()),
                         (False, True, True))
        self.release("running")
        running.result()
        self.assertEqual((running.running(), running.done(), running.cancelled()),
                         (False, True, False))

    def test_cancel(self):
        """A running request can be cancelled, too, and what is cancelled stays so."""
        future = self.hold()

        self.assertTrue(future.cancel())
        self.assertTrue(future.cancel())
        self.assertTrue(future.cancelled())

    def test_cancel_finished(self):
        future = self.session.get(uri("/get"))
        future.result()

        self.assertFalse(future.cancel())
        self.assertFalse(future.cancelled())

    def test_done_callback(self):
        """In the order in which they were added, with the future and nothing else."""
        future = self.hold()
        called = []
        ended = threading.Event()
        for i in range(5):
            future.add_done_callback(lambda done, i=i: called.append((i, done is future)))
        future.add_done_callback(lambda done: ended.set())
        self.release()
        ended.wait()

        self.assertEqual(called, [(i, True) for i in range(5)])

    def test_done_callback_without_main_loop(self):
        """Waiting is enough, even from a callback's own thread."""
        threads = []
        future = self.hold()
        ended = threading.Event()

        def on_done(done):
            threads.append(threading.get_ident())
            self.assertEqual(done.result().status_code, 200)
            ended.set()

        future.add_done_callback(on_done)
        self.release()
        ended.wait()
        self.assertNotEqual(threads, [threading.get_ident()])

    def test_done_callback_at_once(self):
        done = self.session.get(uri("/get"))
        failed = self.session.get("no-scheme")
        cancelled = self.hold()
        cancelled.cancel()
        called = []
        for future in (done, failed, cancelled):
            concurrent.futures.wait([future])
            future.add_done_callback(lambda it: called.append((it, threading.get_ident())))

        here = threading.get_ident()
        self.assertEqual(called, [(done, here), (failed, here), (cancelled, here)])

    def test_done_callback_interrupted(self):
        """Ctrl-C in a callback reaches the program, whichever way the callback was called."""
        def interrupt(done):
            signal.raise_signal(signal.SIGINT)

        future = self.hold()
        future.add_done_callback(interrupt)
        with self.assertRaises(KeyboardInterrupt):
            future.cancel()
        with self.assertRaises(KeyboardInterrupt):
            future.add_done_callback(interrupt)
        self.assertTrue(future.cancelled())

    def test_done_callback_when_cancelled(self):
        future = self.hold()
        called = []
        future.add_done_callback(called.append)
        future.cancel()

        self.assertEqual(called, [future])

    def test_done_callback_raises(self):
        """It is logged and ignored; those after it are called."""
        future = self.hold()
        called = []

        def fail(done):
            raise ValueError("not to my taste")

        def leave(done):
            raise SystemExit(3)

        future.add_done_callback(fail)
        future.add_done_callback(leave)
        future.add_done_callback(called.append)
        with self.assertLogs("concurrent.futures", logging.ERROR) as logs:
            future.cancel()
            future.add_done_callback(fail)
            with self.assertRaises(SystemExit):  # nothing is between it and its caller
                future.add_done_callback(leave)
        self.assertEqual(called, [future])
        self.assertEqual(len(logs.records), 3)
        self.assertIn("not to my taste", logs.output[0])

    def test_cannot_be_settled(self):
        future = self.session.get(uri("/get"))

        for settle in (lambda: future.set_result(1), lambda: future.set_exception(ValueError()),
                       future.set_running_or_notify_cancel):
            with self.assertRaises(concurrent.futures.InvalidStateError):
                settle()

    def test_many_threads(self):
        """Any number of threads may wait."""
        future = self.hold()
        results = []
        threads = [threading.Thread(target=lambda: results.append(future.result()))
                   for _ in range(20)]
        for thread in threads:
            thread.start()
        self.release()
        for thread in threads:
            thread.join()

        self.assertEqual(results, [future.result()] * 20)

    def test_attributes_stay(self):
        """Those of the future and of its response, from whichever way they are reached."""
        future = self.hold()
        future.i = 3
        self.release()
        [same] = Hf.as_completed([future])
        self.assertIs(same, future)
        del future
        gc.collect()
        self.assertEqual(same.i, 3)
        same.result().data = {"any": "thing"}
        gc.collect()
        self.assertEqual(same.result().data, {"any": "thing"})

    def test_attributes_of_dropped_future(self):
        """Nobody but the library has the future while it is under way."""
        ended = threading.Event()
        seen = []

        def on_done(future):
            seen.append(future.i)
            ended.set()

        future = self.hold()
        future.i = 3
        future.add_done_callback(on_done)
        del future
        gc.collect()
        self.release()
        ended.wait()
        self.assertEqual(seen, [3])

    def test_nothing_is_kept(self):
        """A future goes with its last reference, and with it what its callbacks close over."""
        class Thing:
            pass

        gone = []
        for _ in range(20):
            thing = Thing()
            gone.append(weakref.ref(thing))
            future = self.session.get(uri("/get"))
            future.add_done_callback(lambda done, thing=thing: None)
            future.thing = thing
            self.assertIsNone(future.exception())
            gone.append(weakref.ref(future))
            del future, thing
        self.becomes(lambda: not any(reference() for reference in gone))

    def test_exception_keeps_nothing(self):
        """Its traceback does not lead back to the future."""
        future = self.session.get("no-scheme")
        gone = weakref.ref(future)
        gc.disable()
        self.addCleanup(gc.enable)
        with self.assertRaises(GLib.Error) as caught:
            future.result()
        exception = caught.exception.with_traceback(caught.exception.__traceback__)
        frames = []
        traceback = exception.__traceback__
        while traceback is not None:
            frames.append(traceback.tb_frame.f_locals.get("self"))
            traceback = traceback.tb_next
        self.assertNotIn(future, frames[1:])
        del frames, future, exception, caught, traceback
        # Without the collector, which would free a cycle; a worker may still have it for a moment.
        while gone() is not None:
            time.sleep(0.001)

    def test_repr(self):
        future = self.hold()

        self.assertRegex(repr(future), r"^<Future at 0x\w+ state=running uri='http://.*/hold/.*'>$")

    def test_names(self):
        """The names that modules of concurrent.futures have are here."""
        for name in ("ALL_COMPLETED", "FIRST_COMPLETED", "FIRST_EXCEPTION", "TimeoutError",
                     "BrokenExecutor", "InvalidStateError"):
            self.assertIs(getattr(Hf, name), getattr(concurrent.futures, name))
        self.assertTrue(issubclass(Hf.CancelledError, concurrent.futures.CancelledError))
        self.assertTrue(issubclass(Hf.ThreadPoolExecutor, concurrent.futures.Executor))


class WaitTest(PythonCase):
    """wait() and as_completed(), ours and the standard library's."""

    def check_as_completed(self, as_completed):
        session = Hf.FuturesSession(max_workers=3)
        futures = {name: self.hold(name, session) for name in ("one", "two", "three")}
        iterator = as_completed(list(futures.values()) * 2)
        for name in ("two", "three", "one"):
            self.release(name)
            self.assertIs(next(iterator), futures[name])
        self.assertEqual(list(iterator), [])

    def test_as_completed(self):
        self.check_as_completed(Hf.as_completed)

    def test_as_completed_of_standard_library(self):
        self.check_as_completed(concurrent.futures.as_completed)

    def check_as_completed_times_out(self, as_completed):
        done, held = self.session.get(uri("/get")), self.hold()
        done.result()
        iterator = as_completed([held, done], timeout=0.01)
        self.assertIs(next(iterator), done)
        with self.assertRaisesRegex(TimeoutError, r"^1 \(of 2\) futures unfinished$"):
            next(iterator)
        self.assertTrue(held.running())

    def test_as_completed_times_out(self):
        self.check_as_completed_times_out(Hf.as_completed)

    def test_as_completed_of_standard_library_times_out(self):
        self.check_as_completed_times_out(concurrent.futures.as_completed)

    def test_as_completed_settled(self):
        """Also those that failed or were cancelled, and none at all."""
        futures = [self.session.get("no-scheme"), self.hold(), self.session.get(uri("/get"))]
        futures[1].cancel()
        futures[2].result()

        self.assertEqual(set(Hf.as_completed(futures)), set(futures))
        self.assertEqual(list(Hf.as_completed([])), [])
        self.assertEqual(len(list(Hf.as_completed(iter(futures)))), 3)

    def test_as_completed_lets_go(self):
        references = []

        def submit():
            for i in range(5):
                future = self.session.get(uri(f"/get?i={i}"))
                future.i = i
                references.append(weakref.ref(future))
                yield future

        for future in Hf.as_completed(submit()):
            self.assertEqual(future.result().json()["args"]["i"], str(future.i))
            number = future.i
            del future
            self.becomes(lambda: references[number]() is None)

    def check_wait(self, wait):
        futures = [self.hold(), self.session.get(uri("/get"))]
        futures[1].result()
        done, not_done = wait(futures * 2, timeout=0.01)
        self.assertEqual((done, not_done), ({futures[1]}, {futures[0]}))
        done = wait(futures, return_when=Hf.FIRST_COMPLETED)
        self.assertEqual((done.done, done.not_done), ({futures[1]}, {futures[0]}))
        done = wait(futures, return_when=Hf.FIRST_EXCEPTION, timeout=0.01)
        self.assertEqual((done.done, done.not_done), ({futures[1]}, {futures[0]}))
        futures.append(self.session.get("no-scheme"))
        done = wait(futures, return_when=Hf.FIRST_EXCEPTION)
        self.assertEqual((done.done, done.not_done), (set(futures[1:]), {futures[0]}))
        self.release()
        self.assertEqual(wait(futures), (set(futures), set()))
        self.assertEqual(wait([]), (set(), set()))

    def test_wait(self):
        self.check_wait(Hf.wait)
        with self.assertRaises(ValueError):
            Hf.wait([], return_when="whenever")

    def test_wait_of_standard_library(self):
        self.check_wait(concurrent.futures.wait)

    def test_wait_ignores_cancelled(self):
        """Being cancelled is no exception to wait for."""
        held, cancelled = self.hold("one"), self.hold("two")
        cancelled.cancel()
        for wait in (Hf.wait, concurrent.futures.wait):
            done, not_done = wait([held, cancelled], 0.01, Hf.FIRST_EXCEPTION)
            self.assertEqual((done, not_done), ({cancelled}, {held}))

    def test_settling_meanwhile(self):
        """A future that settles just when the standard library begins to wait is not missed."""
        held = self.hold()
        for i in range(1000):
            future = self.session.get("no-scheme")
            condition = (Hf.FIRST_EXCEPTION, Hf.FIRST_COMPLETED)[i % 2]
            done, not_done = concurrent.futures.wait([held, future], 60, condition)
            self.assertEqual((done, not_done), ({future}, {held}))
            future = self.session.get("no-scheme")
            self.assertEqual(list(concurrent.futures.as_completed([future], 60)), [future])

    def test_with_others(self):
        """Futures of the standard library may be among them."""
        with concurrent.futures.ThreadPoolExecutor(1) as executor:
            futures = [executor.submit(lambda: 1), self.session.get(uri("/get"))]
            self.assertEqual(Hf.wait(futures), (set(futures), set()))
            self.assertEqual(set(Hf.as_completed(futures)), set(futures))

    def test_wait_again_and_again(self):
        """A wait leaves nothing behind on the futures that it waited for."""
        futures = {self.session.get(uri(f"/get?i={i}")) for i in range(50)}
        done = set()
        while futures:
            some, futures = Hf.wait(futures, return_when=Hf.FIRST_COMPLETED)
            self.assertTrue(some)
            done |= some
        self.assertEqual(len(done), 50)

    def test_would_block(self):
        """What runs in this thread's own loop cannot be waited for."""
        executor = Hf.LoopExecutor.new_for_context(None)
        future = Hf.FuturesSession(executor=executor).get(uri("/get"))

        for wait in (future.result, lambda: Hf.wait([future]), lambda: future.result(30),
                     lambda: Hf.wait([future], 30),
                     lambda: Hf.wait([future], return_when=Hf.FIRST_COMPLETED),
                     lambda: Hf.wait([future], 30, Hf.FIRST_EXCEPTION),
                     lambda: list(Hf.as_completed([future], 30)),
                     lambda: list(Hf.as_completed([future]))):
            with self.assertRaises(GLib.Error) as caught:
                wait()
            self.assert_error(caught.exception, Hf.error_quark(), Hf.Error.WOULD_BLOCK)
        while not future.done():
            GLib.MainContext.default().iteration(True)
        self.assertEqual(future.result().status_code, 200)

    def test_hook_in_context(self):
        """Every wait of the thread that added it runs it."""
        for wait in (lambda future: future.result(), lambda future: Hf.wait([future]),
                     lambda future: list(Hf.as_completed([future]))):
            request = Hf.Request.new("GET", uri("/get"))
            threads = []
            request.add_response_hook_in_context(
                lambda call: threads.append(threading.get_ident()))
            wait(self.session.send(request))
            self.assertEqual(threads, [threading.get_ident()])


run_tap("/python/future")
