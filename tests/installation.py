# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The libhfutures authors
"""The library as it is when installed, below a prefix of its own.

What is installed comes from a build of its own, in a folder of the build directory: a prefix is
fixed when a build is configured.
"""

import fcntl
import shutil
from pathlib import Path

from commands import PYTHON, clean_environment, run


class Installation:
    """Where the library goes, and the environment in which it is found there."""

    def __init__(self, source, build):
        self.source = source
        self.build = build / "install-test"
        self.prefix = self.build / "prefix"
        self.python_path = self.find_overrides_dir(self.prefix).parent.parent
        self.env = clean_environment(
            GI_TYPELIB_PATH=str(self.prefix / "lib/girepository-1.0"),
            LD_LIBRARY_PATH=str(self.prefix / "lib"),
            PKG_CONFIG_PATH=str(self.prefix / "lib/pkgconfig"),
            PYTHONPATH=str(self.python_path),
            XDG_DATA_DIRS=f"{self.prefix / 'share'}:/usr/local/share:/usr/share",
        )
        self._lock = build / "install-test.lock"

    def install(self):
        """Installs it anew. Until this process ends, no other one does that."""
        self._lock = self._lock.open("w")
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        if not (self.build / "build.ninja").exists():
            self.configure(self.build, "--prefix", self.prefix)
        run("ninja", "-C", self.build)
        # so that nothing stays that is installed no more
        shutil.rmtree(self.prefix, ignore_errors=True)
        run("meson", "install", "-C", self.build, "--no-rebuild")

    def configure(self, build, *options):
        run("meson", "setup", "--libdir", "lib", "--buildtype", "plain", "-Dtests=false",
            "-Dexamples=false", *options, build, self.source)

    def find_overrides_dir(self, prefix):
        """Where the Python override goes below a prefix, unless an option says otherwise."""
        script = self.source / "libhfutures/bindings/python/find-overrides-dir.py"
        return Path(run(PYTHON, script, prefix).strip())
