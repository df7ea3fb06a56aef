# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The libhfutures authors
"""Runs the tests that Meson knows of a configured build directory, and counts what they report.

Each runs alone, because some measure time. A crash, an exit status, a time-out, a process left
behind, a plan that was not kept and a skipped test are failures like any other.
"""

import argparse
import ctypes
import json
import os
import signal
import subprocess
import sys
import tempfile
import time

from tap_report import TapReport

TESTS = os.path.dirname(os.path.abspath(__file__))
VALGRIND = [
    "valgrind",
    "--quiet",
    "--error-exitcode=99",
    # Otherwise a thread that never waits may keep the others from running for minutes.
    "--fair-sched=yes",
    "--leak-check=full",
    "--show-leak-kinds=definite",
    "--errors-for-leak-kinds=definite",
    "--num-callers=40",
    "--suppressions=" + os.path.join(TESTS, "valgrind.supp"),
]
GLIB_SUPPRESSIONS = "/usr/share/glib-2.0/valgrind/glib.supp"
# Programs are that much slower there; a hang is still noticed.
VALGRIND_TIMEOUT_FACTOR = 3
ASAN_TIMEOUT_FACTOR = 3
# How long what a test started may take to end after it, seconds.
GRACE = 5
PR_SET_CHILD_SUBREAPER = 36  # linux/prctl.h


class Instrument:
    """What a program is run under: nothing, the sanitizers, or valgrind."""

    def __init__(self, wrapper=(), env=None, timeout_factor=1, suite=None):
        self.wrapper = list(wrapper)
        self.env = env or {}
        self.timeout_factor = timeout_factor
        self.suite = suite


def asan():
    # GCC 12's leak checker may crash where threads that still run have loaded modules with
    # thread-local storage ("Tracer caught signal 11"), unless it leaves that storage alone.
    asan_options = [
        "detect_leaks=1",
        "detect_stack_use_after_return=1",
        "strict_string_checks=1",
        "intercept_tls_get_addr=0",
    ]
    env = {
        "ASAN_OPTIONS": ":".join(asan_options),
        "LSAN_OPTIONS": "print_suppressions=0:suppressions=" + os.path.join(TESTS, "lsan.supp"),
        "UBSAN_OPTIONS": "print_stacktrace=1:halt_on_error=1",
        "HF_TEST_SLOW": "1",
    }
    return Instrument(env=env, timeout_factor=ASAN_TIMEOUT_FACTOR, suite="c")


def valgrind():
    wrapper = list(VALGRIND)
    if os.path.exists(GLIB_SUPPRESSIONS):
        wrapper.append("--suppressions=" + GLIB_SUPPRESSIONS)
    # GLib 2.74 still has its slice allocator, which hides what is lost inside a slice.
    env = {"G_SLICE": "always-malloc", "HF_TEST_SLOW": "1"}
    return Instrument(wrapper, env, VALGRIND_TIMEOUT_FACTOR, suite="c")


def introspect_tests(build):
    answer = subprocess.run(
        ["meson", "introspect", "--tests", build], check=True, stdout=subprocess.PIPE
    )
    return json.loads(answer.stdout)


def in_suite(test, suite):
    """Meson writes a suite with its project's name before it."""
    return any(name.rpartition(":")[2] == suite for name in test["suite"])


def adopt_orphans():
    """Makes what a test leaves behind this process's child, or a container may keep it for ever."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def group_lives(group):
    try:
        while os.waitpid(-group, os.WNOHANG) != (0, 0):
            pass
    except ChildProcessError:
        return False
    return True


def end_group(group):
    """Whether the test's processes had ended by themselves; they have when this returns."""
    until = time.monotonic() + GRACE
    while group_lives(group):
        if time.monotonic() >= until:
            os.killpg(group, signal.SIGKILL)
            while group_lives(group):
                time.sleep(0.01)
            return False
        time.sleep(0.01)
    return True


def describe_exit(status):
    if status < 0:
        return f"it was ended by {signal.Signals(-status).name}"
    return f"its exit status was {status}"


def run_program(command, env, workdir, timeout):
    """Gives what it wrote to its output and its error stream, and what was wrong with its end."""
    problems = []
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        process = subprocess.Popen(
            command,
            env=env,
            cwd=workdir,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            start_new_session=True,
        )
        try:
            status = process.wait(timeout)
            if status != 0:
                problems.append(describe_exit(status))
        except subprocess.TimeoutExpired:
            problems.append(f"it did not end within {timeout:g} seconds")
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            raise
        if not end_group(process.pid):
            problems.append("it left a process behind")
        out.seek(0)
        err.seek(0)
        return out.read().decode(errors="replace"), err.read().decode(errors="replace"), problems


def run_test(test, instrument):
    """Gives how many passed and failed."""
    env = {**os.environ, **test["env"], **instrument.env}
    timeout = test["timeout"] * instrument.timeout_factor
    started = time.monotonic()
    out, err, problems = run_program(
        instrument.wrapper + test["cmd"], env, test["workdir"], timeout
    )
    took = time.monotonic() - started

    if test["protocol"] == "tap":
        report = TapReport(out)
        passed, failed = report.passed, report.failed
        problems += report.problems
    else:
        passed, failed = (0, 0) if problems else (1, 0)
    # What went wrong with the whole is one failure, unless a test in it says the same already.
    if problems and failed == 0:
        failed = 1

    print(f"{'FAIL' if failed else 'ok  '}  {test['name']}: "
          f"{passed} passed, {failed} failed ({took:.1f} s)")
    if failed:
        for text in (out, err):
            if text:
                print(text.rstrip("\n"))
        for problem in problems:
            print(f"{test['name']}: {problem}")
    sys.stdout.flush()
    return passed, failed


def choose(tests, names):
    """Gives the tests with these names, and the names that no test has."""
    if not names:
        return tests, []
    known = {test["name"] for test in tests}
    chosen = [test for test in tests if test["name"] in names]
    return chosen, [name for name in names if name not in known]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True)
    parser.add_argument("--asan", dest="instrument", action="store_const", const=asan)
    parser.add_argument("--valgrind", dest="instrument", action="store_const", const=valgrind)
    parser.add_argument("names", nargs="*", metavar="NAME")
    arguments = parser.parse_args()
    instrument = (arguments.instrument or Instrument)()
    adopt_orphans()
    # A shell has its background jobs ignore Ctrl-C, which tests send themselves.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda received, frame: sys.exit(128 + received))

    tests = introspect_tests(arguments.build)
    if instrument.suite is not None:
        tests = [test for test in tests if in_suite(test, instrument.suite)]
    chosen, unknown = choose(tests, arguments.names)

    passed = failed = 0
    for name in unknown:
        print(f"There is no test “{name}” here; there are: "
              + ", ".join(test["name"] for test in tests))
        failed += 1
    for test in chosen:
        test_passed, test_failed = run_test(test, instrument)
        passed += test_passed
        failed += test_failed
    if passed + failed == 0:
        print("There was no test to run.")
        failed = 1

    print(f"{passed} passed, {failed} failed")
    return 0 if failed == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
