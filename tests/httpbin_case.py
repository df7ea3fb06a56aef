# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The libhfutures authors
"""What the tests against a real httpbin have in common."""

import subprocess
import sys
from pathlib import Path

from python_case import PythonCase

PROGRAM = Path(__file__).resolve().parent / "server/httpbin-server.py"


class HttpbinCase(PythonCase):
    """Has a server of its own, whose URI is httpbin."""

    @classmethod
    def setUpClass(cls):
        process = subprocess.Popen([sys.executable, PROGRAM], stdin=subprocess.PIPE,
                                   stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        cls.addClassCleanup(process.communicate)  # which ends its input, and so the server
        cls.httpbin = process.stdout.readline().strip()

    def get(self, path, **keywords):
        return self.session.get(self.httpbin + path, **keywords).result()
