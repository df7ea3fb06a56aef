# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The libhfutures authors
"""Reads what a test program printed in the Test Anything Protocol, versions 12 to 14."""

import re

POINT = re.compile(r"(?P<indent> *)(?P<not>not )?ok\b(?P<rest>.*)")
PLAN = re.compile(r"(?P<indent> *)1\.\.(?P<n>\d+)\s*(?P<rest>#.*)?$")
DIRECTIVE = re.compile(r"#\s*(?P<word>skip|todo)", re.IGNORECASE)


class TapReport:
    """How many test points passed and failed, and what was wrong with the report as a whole.

    GLib from 2.78 on indents the tests of a group and closes the group with a point of its own.
    Only the points inside count then, unless the group failed and none inside did. A skipped
    point, and one that is expected to fail, has failed: no test may excuse itself.
    """

    def __init__(self, text):
        self.passed = 0
        self.failed = 0
        self.problems = []
        self._counts = {}  # by depth: the points since the group there began
        self._fails = {}  # by depth: those of them, and of groups inside, that failed
        self._plans = {}

        for line in text.splitlines():
            self._read_line(line)
        self._check_plan(0, "")
        if self.passed + self.failed == 0:
            self.problems.append("it reported no test")

    def _read_line(self, line):
        if match := PLAN.match(line):
            self._plans[len(match["indent"])] = int(match["n"])
        elif match := POINT.match(line):
            self._read_point(match, line.strip())
        elif line.startswith("Bail out!"):
            self.problems.append(line)

    def _read_point(self, match, line):
        depth = len(match["indent"])
        inner = max(self._counts, default=0)
        is_group = inner > depth
        failed = match["not"] is not None or DIRECTIVE.search(match["rest"]) is not None
        failed_inside = self._close_groups(depth, line) if is_group else 0

        self._counts[depth] = self._counts.get(depth, 0) + 1
        self._fails[depth] = self._fails.get(depth, 0) + failed_inside
        if is_group and (failed_inside > 0 or not failed):
            return
        if failed:
            self._fails[depth] += 1
            self.failed += 1
        else:
            self.passed += 1

    def _close_groups(self, depth, line):
        """Ends what is deeper, and gives how many failed in there."""
        failed = 0
        for deeper in [inner for inner in self._counts if inner > depth]:
            self._check_plan(deeper, f" in “{line}”")
            failed += self._fails.pop(deeper, 0)
            del self._counts[deeper]
            self._plans.pop(deeper, None)
        return failed

    def _check_plan(self, depth, where):
        reported = self._counts.get(depth, 0)
        planned = self._plans.get(depth)
        if planned is None:
            self.problems.append("it gave no plan" + where)
        elif planned != reported:
            self.problems.append(f"it planned {planned} tests and reported {reported}{where}")
