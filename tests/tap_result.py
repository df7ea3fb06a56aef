# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The libhfutures authors
"""Runs unittest's cases and reports them in the Test Anything Protocol."""

import sys
import unittest


class TapResult(unittest.TestResult):
    """Prints a point for each test, named like a path."""

    def __init__(self, prefix):
        super().__init__()
        self.prefix = prefix

    def _print_point(self, test, how, detail=""):
        name = test.id().rpartition(".")[2].removeprefix("test_").replace("_", "-")
        print(f"{how} {self.testsRun} {self.prefix}/{name}")
        for line in detail.splitlines():
            print("# " + line)
        sys.stdout.flush()

    def addSuccess(self, test):
        super().addSuccess(test)
        self._print_point(test, "ok")

    def addError(self, test, err):
        super().addError(test, err)
        self._print_point(test, "not ok", self.errors[-1][1])

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self._print_point(test, "not ok", self.failures[-1][1])

    def addSubTest(self, test, subtest, err):
        raise RuntimeError("a point is one test: subTest is not for these")

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self._print_point(test, "not ok", f"skipped: {reason}")
        self.failures.append((test, reason))


def run_tap(prefix):
    """Runs the tests of the main module; ends the program."""
    suite = unittest.defaultTestLoader.loadTestsFromModule(sys.modules["__main__"])
    print(f"1..{suite.countTestCases()}", flush=True)
    result = TapResult(prefix)
    suite.run(result)
    sys.exit(0 if result.wasSuccessful() and result.testsRun > 0 else 1)
