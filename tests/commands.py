# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The libhfutures authors
"""Runs commands, where nothing leads to the library, or where it was built."""

import os
import subprocess

PYTHON = "/usr/bin/python3"  # another on the PATH may lack PyGObject


def clean_environment(**variables):
    """This one's, without what could lead to the library, and with what shall."""
    paths = ("CPATH", "GI_TYPELIB_PATH", "LD_LIBRARY_PATH", "LIBRARY_PATH", "PKG_CONFIG_PATH",
             "PYTHONPATH", "XDG_DATA_DIRS")
    env = {name: value for name, value in os.environ.items() if name not in paths}
    return {**env, **variables}


def run(*command, env=None, timeout=None):
    """Gives what a command printed, also as errors; what it printed is the failure, too."""
    done = subprocess.run([str(word) for word in command], env=env or clean_environment(),
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, timeout=timeout,
                          stderr=subprocess.STDOUT, encoding="utf-8", errors="replace")
    if done.returncode != 0:
        raise AssertionError(f"{command[0]} failed ({done.returncode}):\n{done.stdout}")
    return done.stdout


def build_environment(build):
    """That of `meson devenv`, in which the library works without being installed."""
    printed = run("meson", "devenv", "-C", build, "env", "-0")
    return dict(line.split("=", 1) for line in printed.split("\0") if "=" in line)
