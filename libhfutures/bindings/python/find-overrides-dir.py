# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The libhfutures authors
"""Prints where PyGObject looks for overrides of what is installed under a prefix.

Usage: find-overrides-dir.py PREFIX

Below a prefix of the system's that is a folder that this Python searches; Debian's has names of its
own for it. Below any other prefix it is the usual one, to be named in PYTHONPATH.
"""

import sys
import sysconfig
from pathlib import Path

prefix = Path(sys.argv[1])
searched = [
    path for path in map(Path, sys.path)
    if path.parent.parent.parent == prefix and path.name in ("dist-packages", "site-packages")
]
usual = sysconfig.get_path("purelib", "posix_prefix", {"base": str(prefix)})
print((searched or [Path(usual)])[0] / "gi" / "overrides")
