# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The libhfutures authors
"""Ctrl-C ends every wait in Python, and what was submitted is finished at its exit."""

import signal
import subprocess
import sys
import textwrap

import gi

gi.require_version("Hf", "1")

from python_case import SERVER, PythonCase, run_program, uri  # noqa: E402
from tap_result import run_tap  # noqa: E402

# The program says that it is about to wait; whoever reads that interrupts it. The interpreter may
# get there before the wait or in it.
INTERRUPTED = """
import asyncio  # not later: Python loses an interrupt that comes in an import
import sys
from concurrent.futures import as_completed, wait
from gi.repository import Hf

session = Hf.FuturesSession(max_workers=1)
executor = Hf.ThreadPoolExecutor(max_workers=1)
future = session.get(sys.argv[1])
call = executor.submit(lambda: Hf.wait([future]))
sys.stdin.readline()

async def await_it():
    print("waiting", flush=True)  # not before asyncio sees to interrupts
    await future

try:
    if "await" not in {wait!r}:
        print("waiting", flush=True)
    {wait}
    print("it did not wait")
except KeyboardInterrupt:
    print("interrupted", future.running(), flush=True)
future.cancel()
"""


class InterruptTest(PythonCase):
    def check_interrupt(self, wait, goes_on=True):
        gate = self.gate("held")
        process = subprocess.Popen(
            [sys.executable, "-c", INTERRUPTED.format(wait=wait), uri(f"/hold/{gate}")],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        SERVER.ask(f"/await/{gate}")
        process.stdin.write("\n")
        process.stdin.flush()
        self.assertEqual(process.stdout.readline(), "waiting\n")
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=60)
        self.assertEqual((output, errors, process.returncode),
                         (f"interrupted {goes_on}\n", "", 0))

    def test_result(self):
        self.check_interrupt("future.result()")

    def test_result_with_timeout(self):
        self.check_interrupt("future.result(1000)")

    def test_exception(self):
        self.check_interrupt("future.exception()")

    def test_wait(self):
        self.check_interrupt("Hf.wait([future])")

    def test_wait_first(self):
        self.check_interrupt("Hf.wait([future], return_when=Hf.FIRST_COMPLETED)")

    def test_wait_of_standard_library(self):
        self.check_interrupt("wait([future])")

    def test_as_completed(self):
        self.check_interrupt("list(Hf.as_completed([future]))")

    def test_as_completed_of_standard_library(self):
        self.check_interrupt("list(as_completed([future]))")

    def test_close(self):
        self.check_interrupt("session.close()")

    def test_with(self):
        self.check_interrupt("session.__exit__()")

    def test_drain(self):
        self.check_interrupt("Hf.drain()")

    def test_shutdown(self):
        self.check_interrupt("executor.shutdown()")

    def test_await(self):
        """asyncio cancels the task, and so the request."""
        self.check_interrupt("asyncio.run(await_it())", goes_on=False)


class ExitTest(PythonCase):
    def test_forgotten_work_is_finished(self):
        """Nobody has a reference to any of it, and the program is at its end."""
        status, output, errors = run_program("""
            import os, sys
            from gi.repository import Hf

            def say(i):
                os.write(1, b"%d\\n" % i)  # in one piece, as print() does not

            def hook(response, *args, **keywords):
                say(int(response.json()["args"]["i"]))

            def submit():
                session = Hf.FuturesSession()
                for i in range(50):
                    session.get(sys.argv[1], params={"i": i}, hooks={"response": hook})
                executor = Hf.ThreadPoolExecutor(2)
                for i in range(50, 100):
                    executor.submit(say, i)

            submit()
            """, uri("/get"))
        self.assertEqual((status, errors), (0, ""))
        self.assertEqual(sorted(map(int, output.split())), list(range(100)))

    def test_before_exit_handlers(self):
        """The program's own handlers find everything finished."""
        status, output, errors = run_program("""
            import atexit, sys
            from gi.repository import Hf

            atexit.register(lambda: print("done", future.done()))
            session = Hf.FuturesSession()
            future = session.get(sys.argv[1])
            """, uri("/get"))
        self.assertEqual((status, output, errors), (0, "done True\n", ""))

    def test_interrupted_exit(self):
        """Ctrl-C ends the waiting at the exit, too; one that came before only ended the program."""
        gate = self.gate("held")
        process = subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent("""
                import sys
                from gi.repository import Hf
                session = Hf.FuturesSession()
                session.get(sys.argv[1])
                """), uri(f"/hold/{gate}")], stderr=subprocess.PIPE, text=True)
        SERVER.ask(f"/await/{gate}")
        while process.poll() is None:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(0.2)
            except subprocess.TimeoutExpired:
                pass
        self.assertIn("KeyboardInterrupt", process.communicate()[1])

    def test_too_late(self):
        """What is submitted when the program has ended is refused, as by concurrent.futures."""
        status, output, errors = run_program("""
            import os, sys, threading
            from gi.repository import Hf

            def submit_late():
                threading.main_thread().join()
                error = session.get(sys.argv[1]).exception()
                os.write(1, repr(error).encode())
                error = session.send(Hf.Request.new("GET", sys.argv[1])).exception()
                assert isinstance(error, RuntimeError)

            session = Hf.FuturesSession()
            threading.Thread(target=submit_late).start()
            """, uri("/get"))
        self.assertEqual(errors, "")
        self.assertEqual((status, output), (
            0, "RuntimeError('cannot schedule new futures after interpreter shutdown')"))

    def test_calls_may_submit(self):
        """Calls that were submitted before are finished with all that they ask for."""
        status, output, errors = run_program("""
            import os, sys, threading
            from gi.repository import Hf

            def call():
                at_its_end.wait()
                os.write(1, b"%d" % session.get(sys.argv[1]).result().status_code)

            at_its_end = threading.Event()
            session = Hf.FuturesSession()
            Hf.ThreadPoolExecutor(1).submit(call)
            threading._register_atexit(at_its_end.set)  # called before those that wait
            """, uri("/get"))
        self.assertEqual((status, output, errors), (0, "200", ""))

    def test_daemon_threads_do_not_keep_it(self):
        """Even when they submit for ever."""
        status, output, errors = run_program("""
            import sys, threading
            from gi.repository import Hf

            def poll():
                while session.get(sys.argv[1]).exception() is None:
                    pass

            def again(future):
                session.get(sys.argv[1]).add_done_callback(again)

            session = Hf.FuturesSession(max_workers=4)
            for _ in range(4):
                threading.Thread(target=poll, daemon=True).start()
            session.get(sys.argv[1]).result()
            print("the end")
            """, uri("/get"))
        self.assertEqual((status, output, errors), (0, "the end\n", ""))

    def test_exit_after_an_exception(self):
        status, output, errors = run_program("""
            import sys
            from gi.repository import Hf

            session = Hf.FuturesSession()
            session.get(sys.argv[1], hooks={"response": lambda r, **k: print(r.status_code)})
            raise SystemExit(5)
            """, uri("/get"))
        self.assertEqual((status, output, errors), (5, "200\n", ""))

    def test_fork(self):
        """A fork without exec has none of the threads, so it does not wait for what they do."""
        status, output, errors = run_program("""
            import os, sys
            from gi.repository import Hf

            session = Hf.FuturesSession()
            future = session.get(sys.argv[1])
            child = os.fork()
            if child == 0:
                sys.exit(7)
            print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
            future.cancel()
            """, uri(f"/hold/{self.gate('held')}"))
        self.assertEqual((status, output, errors), (0, "7\n", ""))

    def test_work_of_a_fork(self):
        """When nothing was under way at the fork, the child's own work is finished at its end."""
        status, output, errors = run_program("""
            import os, sys
            from gi.repository import Hf

            if os.fork() == 0:
                Hf.FuturesSession().get(sys.argv[1], hooks={
                    "response": lambda response, **keywords: os.write(1, b"done")})
                sys.exit(0)
            os.wait()
            """, uri("/get"))
        self.assertEqual((status, output, errors), (0, "done", ""))

    def test_context_of_the_application(self):
        """What needs a main loop that nobody runs any more is not waited for."""
        status, output, errors = run_program(textwrap.dedent("""
            import sys
            from gi.repository import Hf

            session = Hf.FuturesSession(executor=Hf.LoopExecutor.new_for_context(None))
            session.get(sys.argv[1])
            print("the end")
            """), uri("/get"))
        self.assertEqual((status, output, errors), (0, "the end\n", ""))


run_tap("/python/interrupt")
