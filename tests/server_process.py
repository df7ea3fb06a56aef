# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The libhfutures authors
"""The test server as a process of its own."""

import os
import subprocess
import urllib.request


class ServerProcess:
    """Serves until it is left, or until this program ends, whichever comes first."""

    def __init__(self, program=None):
        self._process = subprocess.Popen(
            [program or os.environ["HF_TEST_SERVER"]],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.uri = self._process.stdout.readline().strip()
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def ask(self, path):
        """Asks by other means than the library under test."""
        with self._opener.open(self.uri + path) as answer:
            return answer.read()

    def stop(self):
        self._process.stdin.close()
        self._process.stdout.close()
        return self._process.wait()

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.stop()
