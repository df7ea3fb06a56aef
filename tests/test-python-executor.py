# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The libhfutures authors
"""Executors in Python are those of concurrent.futures, sentence by sentence of what it says."""

import concurrent.futures
import os
import threading
import time
import weakref
from concurrent.futures.thread import BrokenThreadPool

import gi

gi.require_version("Hf", "1")
from gi.repository import GLib, Hf  # noqa: E402

from python_case import PythonCase, uri  # noqa: E402
from tap_result import run_tap  # noqa: E402


class ExecutorTest(PythonCase):
    def executor(self, *arguments, **keywords):
        executor = Hf.ThreadPoolExecutor(*arguments, **keywords)
        self.addCleanup(executor.shutdown, cancel_futures=True)
        return executor

    def test_new(self):
        self.assertEqual(self.executor(max_workers=10).get_max_workers(), 10)
        self.assertEqual(self.executor(3).get_max_workers(), 3)
        self.assertEqual(self.executor().get_max_workers(), min(32, os.cpu_count() + 4))
        self.assertIsInstance(self.executor(), concurrent.futures.Executor)
        self.assertEqual(Hf.ThreadPoolExecutor.new(3).submit(pow, 2, 3).result(), 8)
        for max_workers in (0, -1, 2 ** 30, 2 ** 80):
            with self.assertRaises(ValueError):
                Hf.ThreadPoolExecutor(max_workers)
        with self.assertRaises(TypeError):
            Hf.ThreadPoolExecutor(.5)
        with self.assertRaises(TypeError):
            Hf.ThreadPoolExecutor(initializer=5)

    def test_shared(self):
        """By any number of sessions, and by calls."""
        executor = self.executor(1)
        one, two = Hf.FuturesSession(executor=executor), Hf.FuturesSession(executor=executor)
        running = self.hold("running", one)
        queued, call = two.get(uri("/get")), executor.submit(lambda: 5)
        self.assertFalse(queued.running() or queued.done())
        self.release("running")
        self.assertEqual((running.result().status_code, queued.result().status_code,
                          call.result()), (200, 200, 5))
        one.close()
        self.assertEqual(two.get(uri("/get")).result().status_code, 200)

    def test_submit(self):
        executor = self.executor(1)
        future = executor.submit(lambda *args, **kwargs: (args, kwargs, threading.get_ident()),
                                 1, 2, three=3, fn=4, self=5)
        args, kwargs, thread = future.result()

        self.assertIsInstance(future, concurrent.futures.Future)
        self.assertEqual((args, kwargs), ((1, 2), {"three": 3, "fn": 4, "self": 5}))
        self.assertNotEqual(thread, threading.get_ident())

    def test_submit_any_value(self):
        class Thing:
            pass

        executor = self.executor(1)
        for value in (None, 0, "", [], {}, 2 ** 80, Thing(), ValueError("a value")):
            self.assertIs(executor.submit(lambda: value).result(), value)

    def test_submit_raising(self):
        executor = self.executor(1)
        for exception in (KeyError("mine"), SystemExit(1), KeyboardInterrupt(),
                          GLib.Error("mine", "my-domain", 1)):
            def fail():
                raise exception

            future = executor.submit(fail)
            self.assertIs(future.exception(), exception)
            with self.assertRaises(type(exception)):
                future.result()

    def test_submit_raising_cancelled(self):
        """What a function raises is no cancellation of its future."""
        error = concurrent.futures.CancelledError("mine")

        def fail():
            raise error

        future = self.executor(1).submit(fail)
        with self.assertRaises(concurrent.futures.CancelledError) as caught:
            future.result()
        self.assertIs(caught.exception, error)
        self.assertFalse(future.cancelled())

    def test_cancel(self):
        """A call that is being executed cannot be cancelled; one that waits can."""
        executor = self.executor(1)
        entered, go_on = threading.Event(), threading.Event()

        def work():
            entered.set()
            go_on.wait()
            return "done"

        running, queued = executor.submit(work), executor.submit(work)
        entered.wait()
        self.assertFalse(running.cancel())
        self.assertTrue(running.running())
        self.assertTrue(queued.cancel())
        self.assertTrue(queued.cancel())
        go_on.set()
        self.assertEqual(running.result(), "done")
        self.assertFalse(running.cancel())
        with self.assertRaises(Hf.CancelledError):
            queued.result()

    def test_map(self):
        executor = self.executor(2)

        self.assertEqual(list(executor.map(pow, [2, 3, 4], [5, 2, 3])), [32, 9, 64])
        iterator = executor.map(lambda x: 1 // x, [1, 0, 1])
        self.assertEqual(next(iterator), 1)
        with self.assertRaises(ZeroDivisionError):
            next(iterator)
        go_on = threading.Event()
        self.addCleanup(go_on.set)
        with self.assertRaises(TimeoutError):
            list(executor.map(lambda x: go_on.wait(), [1], timeout=0.01))

    def test_shutdown(self):
        """What is there is finished; more is refused."""
        executor = Hf.ThreadPoolExecutor(1)
        futures = [executor.submit(time.sleep, 0.001) for _ in range(10)]
        executor.shutdown()

        self.assertTrue(all(future.done() and future.exception() is None for future in futures))
        with self.assertRaisesRegex(RuntimeError, "after shutdown"):
            executor.submit(pow, 1, 1)
        self.assert_error(Hf.FuturesSession(executor=executor).get(uri("/get")).exception(),
                          Hf.error_quark(), Hf.Error.CLOSED)
        executor.shutdown()

    def test_shutdown_without_waiting(self):
        executor = Hf.ThreadPoolExecutor(1)
        go_on = threading.Event()
        futures = [executor.submit(go_on.wait) for _ in range(3)]
        executor.shutdown(wait=False)
        self.assertFalse(any(future.done() for future in futures))
        go_on.set()
        self.assertEqual([future.result() for future in futures], [True] * 3)

    def test_shutdown_cancelling(self):
        executor = Hf.ThreadPoolExecutor(1)
        entered, go_on = threading.Event(), threading.Event()
        running = executor.submit(lambda: (entered.set(), go_on.wait()))
        queued = [executor.submit(go_on.wait) for _ in range(3)]
        entered.wait()
        executor.shutdown(wait=False, cancel_futures=True)
        self.assertEqual([future.cancelled() for future in queued], [True] * 3)
        go_on.set()
        executor.shutdown()
        self.assertEqual(running.result(), (None, True))

    def test_with(self):
        with Hf.ThreadPoolExecutor(max_workers=1) as executor:
            futures = [executor.submit(pow, i, 2) for i in range(10)]
        self.assertEqual([future.result(0) for future in futures], [i * i for i in range(10)])
        with self.assertRaises(RuntimeError):
            executor.submit(pow, 1, 1)

    def test_thread_local(self):
        """What a thread keeps for itself is there at its next call."""
        local = threading.local()
        executor = self.executor(1, initializer=lambda: setattr(local, "n", 0))

        def count():
            local.n += 1
            return local.n

        self.assertEqual([executor.submit(count).result() for _ in range(5)], [1, 2, 3, 4, 5])

    def test_await(self):
        """Together with requests."""
        import asyncio

        executor = self.executor(1)

        async def main():
            return await asyncio.gather(executor.submit(pow, 2, 3),
                                        asyncio.wrap_future(executor.submit(pow, 2, 4)),
                                        self.session.get(uri("/get")))

        eight, sixteen, response = asyncio.run(main())
        self.assertEqual((eight, sixteen, response.status_code), (8, 16, 200))

    def test_initializer(self):
        executor = self.executor(2, "mine", initializer=lambda *args: called.append(
            (args, threading.get_native_id())), initargs=(1, 2))
        called, used = [], set()
        for future in [executor.submit(lambda: (threading.get_native_id(),
                                                threading.current_thread().name))
                       for _ in range(50)]:
            used.add(future.result())

        self.assertEqual([args for args, thread in called], [(1, 2)] * len(called))
        threads = [thread for args, thread in called]
        self.assertLessEqual({thread for thread, name in used}, set(threads))
        self.assertEqual(len(threads), len(set(threads)))
        for _thread, name in used:
            self.assertRegex(name, r"^mine_\d+$")

    def test_initializer_raises(self):
        def fail():
            raise ValueError("not to my taste")

        executor = self.executor(1, initializer=fail)
        with self.assertLogs("concurrent.futures", "CRITICAL"):
            futures = [executor.submit(pow, 1, 1)]
            try:
                futures += [executor.submit(pow, 1, 1) for _ in range(3)]
            except BrokenThreadPool:
                pass  # the first has been called by now
            for future in futures:
                self.assertIsInstance(future.exception(), BrokenThreadPool)
        with self.assertRaises(BrokenThreadPool):
            executor.submit(pow, 1, 1)

    def test_dropped(self):
        """Calls go on when nobody has the executor, and what they close over goes with them."""
        class Thing:
            pass

        thing = Thing()
        gone = weakref.ref(thing)
        future = Hf.ThreadPoolExecutor(1).submit(lambda thing=thing: 5)
        del thing
        self.assertEqual(future.result(), 5)
        self.becomes(lambda: gone() is None)

    def test_loop_executor(self):
        """Calls run beside the loops, and do not hold up the requests."""
        with Hf.LoopExecutor(n_threads=1) as executor:
            session = Hf.FuturesSession(executor=executor)
            go_on = threading.Event()
            call = executor.submit(go_on.wait)
            self.assertEqual(session.get(uri("/get")).result().status_code, 200)
            go_on.set()
            self.assertTrue(call.result())
        with self.assertRaises(RuntimeError):
            executor.submit(pow, 1, 1)

    def test_executor_of_python(self):
        """One that is not ours is refused at once, and by name."""
        with concurrent.futures.ThreadPoolExecutor(1) as executor:
            with self.assertRaisesRegex(TypeError, "ThreadPoolExecutor"):
                Hf.FuturesSession(executor=executor)


run_tap("/python/executor")
