# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The libhfutures authors
"""The program that is a worker process of ProcessPoolExecutor."""

import sys

sys.path.pop(0)  # this folder, whose modules are nobody else's

import gi  # noqa: E402

gi.require_version("Hf", "1")

from gi.repository import Hf  # noqa: E402, F401
from gi.overrides._hf.remote import serve  # noqa: E402

if __name__ == "__main__":
    serve()
