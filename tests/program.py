# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The libhfutures authors
"""A program of the documentation, in any of the languages."""

import subprocess
from pathlib import Path

from commands import PYTHON, run


class Program:
    """Written into a folder, and built in an environment where the library is found."""

    def __init__(self, folder, name, text, env):
        self.path = Path(folder) / name
        self.path.write_text(text)
        self.env = dict(env, G_DEBUG="fatal-criticals", LANGUAGE="en", LC_ALL="C.UTF-8")

    def build(self, *flags):
        """Gives the command that runs the program."""
        binary = self.path.with_name(self.path.name + ".out")
        if self.path.suffix == ".py":
            return [PYTHON, self.path]
        if self.path.suffix == ".js":
            return ["gjs", "-m", self.path]
        if self.path.suffix == ".c":
            found = run("pkg-config", "--cflags", "--libs", "libhfutures-1", env=self.env).split()
            run("cc", "-Wall", "-Wextra", "-Wno-unused-parameter", "-Werror", *flags, self.path,
                "-o", binary, *found, env=self.env)
        else:
            run("valac", "--pkg", "libhfutures-1", "-X", "-w", *flags, self.path, "-o", binary,
                env=self.env)
        return [binary]

    def run(self, *command):
        """Gives all that it prints; built before, unless the command is there."""
        try:
            return run(*(command or self.build()), env=self.env, timeout=60)
        except subprocess.TimeoutExpired as expired:
            raise AssertionError(f"{self.path.name} did not end:\n{expired.output}") from None
