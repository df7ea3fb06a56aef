# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The libhfutures authors
"""Futures in Python can be awaited under asyncio, without any main loop of GLib's."""

import asyncio
import gc
import os
import resource
import sys
import threading
import weakref

import gi

gi.require_version("Hf", "1")
from gi.repository import GLib, Hf  # noqa: E402

from python_case import SERVER, PythonCase, run_program, uri  # noqa: E402
from tap_result import run_tap  # noqa: E402


class AsyncioTest(PythonCase):
    async def hold_here(self, name="one"):
        """A request that has reached the server, asked for without blocking the loop."""
        future = self.session.get(uri(f"/hold/{self.gate(name)}"))
        await asyncio.to_thread(SERVER.ask, f"/await/{self.gate(name)}")
        return future

    def test_await(self):
        async def main():
            return (await self.session.get(uri("/status/201"))).status_code

        self.assertEqual(asyncio.run(main()), 201)

    def test_await_settled(self):
        future = self.session.get(uri("/get"))
        future.result()

        async def main():
            return await future, await future

        self.assertEqual(asyncio.run(main()), (future.result(),) * 2)

    def test_await_failed(self):
        async def main():
            with self.assertRaises(GLib.Error) as caught:
                await self.session.get("no-scheme")
            self.assert_error(caught.exception, Hf.error_quark(), Hf.Error.INVALID_URI)

            def fail(response, **keywords):
                raise KeyError("not to my taste")

            with self.assertRaisesRegex(KeyError, "not to my taste"):
                await self.session.get(uri("/get"), hooks={"response": fail})
            return await self.session.get(uri("/get"), background_callback=lambda s, r: 5)

        self.assertEqual(asyncio.run(main()), 5)

    def test_await_does_not_block(self):
        """Other tasks run meanwhile, among them what lets the server answer."""
        async def main():
            future = await self.hold_here()

            async def release():
                await asyncio.to_thread(self.release)

            response, _nothing = await asyncio.gather(future, release())
            return response.status_code

        self.assertEqual(asyncio.run(main()), 200)

    def test_await_by_several_tasks(self):
        async def main():
            future = await self.hold_here()

            async def wait():
                return await future

            tasks = [asyncio.create_task(wait()) for _ in range(5)]
            await asyncio.sleep(0)
            await asyncio.to_thread(self.release)
            self.assertEqual(await asyncio.gather(*tasks), [future.result()] * 5)

        asyncio.run(main())

    def test_cancelling_the_task_cancels_the_request(self):
        async def main():
            future = await self.hold_here()

            async def wait():
                await future

            task = asyncio.create_task(wait())
            await asyncio.sleep(0)
            task.cancel()
            with self.assertRaises(asyncio.CancelledError):
                await task
            self.assertTrue(task.cancelled())
            self.assertTrue(future.cancelled())

        asyncio.run(main())

    def test_wait_for(self):
        """Its timeout cancels the request, and raises asyncio's error."""
        async def main():
            future = await self.hold_here()
            with self.assertRaises(asyncio.TimeoutError):
                await asyncio.wait_for(future, 0.01)
            self.assertTrue(future.cancelled())

        asyncio.run(main())

    def test_await_cancelled(self):
        """A future that others cancel is cancelled for asyncio and for concurrent.futures."""
        async def main():
            future = await self.hold_here()

            async def wait():
                await future

            task = asyncio.create_task(wait())
            await asyncio.sleep(0)
            await asyncio.to_thread(future.cancel)
            for kind in (asyncio.CancelledError, Hf.CancelledError):
                with self.assertRaises(kind):
                    await future
            results = await asyncio.gather(task, return_exceptions=True)
            self.assertIsInstance(results[0], asyncio.CancelledError)

        asyncio.run(main())

    def test_shield(self):
        """With it the request goes on."""
        async def main():
            future = await self.hold_here()

            async def wait():
                return await asyncio.shield(future)

            task = asyncio.create_task(wait())
            await asyncio.sleep(0)
            task.cancel()
            with self.assertRaises(asyncio.CancelledError):
                await task
            self.assertTrue(future.running())
            await asyncio.to_thread(self.release)
            return (await future).status_code

        self.assertEqual(asyncio.run(main()), 200)

    def test_wrap_future(self):
        async def main():
            return (await asyncio.wrap_future(self.session.get(uri("/status/202")))).status_code

        self.assertEqual(asyncio.run(main()), 202)

    def test_several_loops(self):
        """One after the other, and in threads of their own at the same time."""
        async def main():
            return await asyncio.gather(*(self.session.get(uri("/get")) for _ in range(10)))

        for _ in range(3):
            self.assertEqual(len(asyncio.run(main())), 10)
        results = []
        threads = [threading.Thread(target=lambda: results.append(len(asyncio.run(main()))))
                   for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(results, [10] * 4)

    def test_nothing_is_kept(self):
        """Neither loops, nor their descriptors, nor futures."""
        async def main():
            future = self.session.get(uri("/get"))
            gone.append(weakref.ref(asyncio.get_running_loop()))
            gone.append(weakref.ref(future))
            await future

        gone = []
        asyncio.run(main())
        gc.collect()
        before = len(os.listdir("/proc/self/fd"))
        for _ in range(20):
            asyncio.run(main())
        self.becomes(lambda: not any(reference() for reference in gone))
        self.becomes(lambda: len(os.listdir("/proc/self/fd")) <= before)

    def test_closed_loop_is_not_kept(self):
        """Nor one that is closed while a task in it still waits."""
        async def wait():
            await future

        future = self.hold()
        gone = []
        for _ in range(5):
            loop = asyncio.new_event_loop()
            gone.append(weakref.ref(loop))
            task = loop.create_task(wait())
            loop.call_soon(loop.stop)
            loop.run_forever()
            loop.close()
            task._log_destroy_pending = False  # as intended here
            del loop, task
        self.becomes(lambda: not any(reference() for reference in gone))

    def test_many(self):
        """10,000 futures can be awaited, and again 10,000 take no more memory."""
        session = Hf.FuturesSession(max_workers=8)

        async def get(i):
            return (await session.get(uri("/empty"))).status_code

        async def main():
            return await asyncio.gather(*(get(i) for i in range(10000)))

        peaks = []
        # What a round leaves behind would be there 10,000 times, and 400 bytes each show, in every
        # round. How much is under way at the same time is chance, so one without will do.
        while len(peaks) < 10 and not (len(peaks) > 3 and peaks[-1] - peaks[-3] < 4096):
            statuses = asyncio.run(main())
            self.assertEqual(set(statuses), {statuses[0]})
            self.assertEqual(len(statuses), 10000)
            del statuses
            gc.collect()
            peaks.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
        self.assertLess(peaks[-1] - peaks[-3], 4096, peaks)

    def test_many_leave_no_objects(self):
        async def main():
            await asyncio.gather(*(self.session.get(uri("/get")) for _ in range(500)))

        counts = []
        for _ in range(3):
            asyncio.run(main())
            Hf.drain()
            gc.collect()
            counts.append(len(gc.get_objects()))
        self.assertLessEqual(counts[2], counts[1] + 20)

    def test_without_asyncio(self):
        """A program that does not use it does not load it."""
        status, output, errors = run_program("""
            import sys
            from gi.repository import Hf
            Hf.FuturesSession().get(sys.argv[1]).result()
            print("asyncio" in sys.modules)
            """, uri("/get"))
        self.assertEqual((status, output, errors), (0, "False\n", ""))

    def test_no_main_loop(self):
        """In a plain interpreter, in which nothing iterates a main context."""
        status, output, errors = run_program("""
            import asyncio, sys
            from gi.repository import Hf

            async def main():
                session = Hf.FuturesSession()
                responses = await asyncio.gather(*(session.get(sys.argv[1]) for _ in range(5)))
                print(*(response.status_code for response in responses))

            asyncio.run(main())
            print(any(name.startswith("gi.repository.Gtk") for name in sys.modules))
            """, uri("/get"))
        self.assertEqual((status, output, errors), (0, "200 200 200 200 200\nFalse\n", ""))


if sys.version_info < (3, 9):
    raise SystemExit("asyncio.to_thread() came with Python 3.9")
run_tap("/python/asyncio")
