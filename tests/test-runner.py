# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The libhfutures authors
"""What the test runner must notice: a runner that calls everything passed proves nothing."""

import importlib
import os
import shlex
import signal
import tempfile
import unittest

from tap_report import TapReport
from tap_result import run_tap

suite = importlib.import_module("run-suite")


def run_script(script, protocol="tap", timeout=60):
    """Gives how many passed and failed of a shell script that plays a test."""
    test = {"name": "script", "cmd": ["/bin/sh", "-c", script], "env": {}, "workdir": None,
            "timeout": timeout, "protocol": protocol}
    saved = os.dup(1)
    # What run_test prints about the script is not this test's report.
    with tempfile.TemporaryFile() as hidden:
        os.dup2(hidden.fileno(), 1)
        try:
            return suite.run_test(test, suite.Instrument())
        finally:
            os.dup2(saved, 1)
            os.close(saved)


class RunnerTest(unittest.TestCase):
    def check_report(self, text, passed, failed, n_problems=0):
        report = TapReport(text)
        self.assertEqual((report.passed, report.failed), (passed, failed))
        self.assertEqual(len(report.problems), n_problems, report.problems)

    def test_points(self):
        self.check_report("TAP version 13\n# a\n1..2\nok 1 /a\nok 2 /b\n", 2, 0)
        self.check_report("1..2\nok 1 /a\nnot ok 2 /b\n", 1, 1)

    def test_skip_fails(self):
        self.check_report("1..2\nok 1 /a # SKIP no network\nok 2 /b\n", 1, 1)
        self.check_report("1..1\nnot ok 1 /a # TODO later\n", 0, 1)

    def test_plan(self):
        self.check_report("1..3\nok 1 /a\nok 2 /b\n", 2, 0, n_problems=1)
        self.check_report("1..1\nok 1 /a\nok 2 /b\n", 2, 0, n_problems=1)
        self.check_report("ok 1 /a\n", 1, 0, n_problems=1)

    def test_nothing(self):
        self.check_report("1..0\n", 0, 0, n_problems=1)
        self.check_report("", 0, 0, n_problems=2)

    def test_groups(self):
        inner = "# Subtest: a\n    ok 1 /a/x\n    {} 2 /a/y\n    1..2\n{} 1 /a\n1..1\n"
        self.check_report(inner.format("ok", "ok"), 2, 0)
        self.check_report(inner.format("not ok", "not ok"), 1, 1)
        self.check_report(inner.format("ok", "not ok"), 2, 1)

    def test_group_plan(self):
        self.check_report("    ok 1 /a/x\n    1..2\nok 1 /a\n1..1\n", 1, 0, n_problems=1)

    def test_bail_out(self):
        self.check_report("1..1\nok 1 /a\nBail out! no\n", 1, 0, n_problems=1)

    def test_exit_status(self):
        good = "echo 1..1; echo ok 1 /a"
        self.assertEqual(run_script(good), (1, 0))
        self.assertEqual(run_script(good + "; exit 3"), (1, 1))
        self.assertEqual(run_script("true", protocol="exitcode"), (1, 0))
        self.assertEqual(run_script("false", protocol="exitcode"), (0, 1))
        self.assertEqual(run_script("exit 77", protocol="exitcode"), (0, 1))

    def test_crash(self):
        self.assertEqual(run_script("echo 1..1; echo ok 1 /a; kill -SEGV $$"), (1, 1))

    def test_time_out(self):
        """The script reads from what never answers."""
        read_end, write_end = os.pipe()
        os.set_inheritable(read_end, True)
        path = shlex.quote(f"/proc/{os.getpid()}/fd/{read_end}")
        self.assertEqual(run_script(f"echo 1..1; echo ok 1 /a; cat {path}", timeout=0.2), (1, 1))
        os.close(read_end)
        os.close(write_end)

    def test_process_left_behind(self):
        """The one that is left is ended, too."""
        read_end, write_end = os.pipe()
        path = shlex.quote(f"/proc/{os.getpid()}/fd/{read_end}")
        grace, suite.GRACE = suite.GRACE, 0.1
        try:
            with tempfile.NamedTemporaryFile("r") as pid:
                script = f"cat {path} & echo $! >{pid.name}; echo 1..1; echo ok 1 /a"
                self.assertEqual(run_script(script), (1, 1))
                with self.assertRaises(ProcessLookupError):
                    os.kill(int(pid.read()), signal.SIGKILL)
        finally:
            suite.GRACE = grace
            os.close(read_end)
            os.close(write_end)

    def test_names(self):
        tests = [{"name": "one"}, {"name": "two"}]
        self.assertEqual(suite.choose(tests, []), (tests, []))
        self.assertEqual(suite.choose(tests, ["two"]), ([tests[1]], []))
        self.assertEqual(suite.choose(tests, ["two", "three"]), ([tests[1]], ["three"]))


suite.adopt_orphans()
run_tap("/runner")
