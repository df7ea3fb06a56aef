# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The libhfutures authors
"""What the tests of the Python override have in common."""

import gc
import subprocess
import sys
import textwrap
import time
import unittest

from gi.repository import Hf

from server_process import ServerProcess

SERVER = ServerProcess()


def uri(path):
    return SERVER.uri + path


def run_program(program, *arguments, **options):
    """Runs a program of its own, with the same Python; gives (exit status, output, errors)."""
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(program), *arguments],
                          text=True, capture_output=True, timeout=60, **options)
    return done.returncode, done.stdout, done.stderr


class PythonCase(unittest.TestCase):
    """Has a session, and requests that the server answers when it is told to."""

    def setUp(self):
        self.session = Hf.FuturesSession()
        self.addCleanup(self.session.close, Hf.CloseFlags.CANCEL_ALL)

    def gate(self, name):
        """A gate's name that no other test has."""
        return f"{self.id().rpartition('.')[2]}-{name}"

    def hold(self, name="one", session=None):
        """A request that has reached the server, which holds it."""
        future = (session or self.session).get(uri(f"/hold/{self.gate(name)}"))
        SERVER.ask(f"/await/{self.gate(name)}")
        return future

    def release(self, name="one"):
        SERVER.ask(f"/release/{self.gate(name)}")

    def becomes(self, condition):
        """Waits for what another thread, or the garbage collector, brings about."""
        while not condition():
            gc.collect()
            time.sleep(0.001)

    def assert_error(self, error, domain, code):
        self.assertTrue(error.matches(domain, code), f"{error.domain} {error.code}: {error}")
