# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The libhfutures authors
"""The programs of requests-futures work here: uninstalled, installed, and as the manual shows them.

Usage: test-examples.py SOURCE-DIRECTORY BUILD-DIRECTORY

They ask httpbin.org; here a server on the loopback answers in its place.
"""

import hashlib
import itertools
import json
import re
import sys
import tempfile
import unittest
from pathlib import Path
from pprint import pformat

from commands import PYTHON, build_environment
from httpbin import Httpbin
from installation import Installation
from program import Program
from tap_result import run_tap

SOURCE = Path(sys.argv[1]).resolve()
BUILD = Path(sys.argv[2]).resolve()
EXAMPLES = SOURCE / "examples/requests-futures"
PAGES = [SOURCE / "libhfutures/docs" / name
         for name in ("coming-from-requests-futures.md", "requests-futures-hooks.md")]
INSTALLATION = Installation(SOURCE, BUILD)

LANGUAGES = {".py": "python", ".c": "c", ".js": "javascript", ".vala": "vala"}

# The code of the programs in the original's README (415c662d71dd; the background callback is that
# before e90f30f), less imports and comments: how many lines it has, and the beginning of their
# SHA-256. Lines may follow: a request where the README has none, and the last line of the session's
# hook, which the README has twice in one line.
ORIGINALS = {
    "as-completed": (5, "45828f0461a68493"),
    "background-callback": (7, "7c1e0f395ea136e2"),
    "cancel": (5, "0282d89b1f45106f"),
    "elapsed": (21, "ba0bf7e003ec1392"),
    "executor": (1, "d66cd9ae3c2f41ed"),
    "hook": (9, "701ea4f94cfa6682"),
    "max-workers": (1, "4dd2bf58813255f0"),
    "processes": (1, "79100452cae99afe"),
    "processes-session": (2, "196bcb300a3c1dfc"),
    "quick-start": (9, "f9e88e7608ca8699"),
    "request-url": (8, "f05c32715c1abe73"),
    "session": (2, "894c5fe33a8e602b"),
    "session-hook": (7, "a32f1adbde36bb52"),
    "tied-data": (12, "8fa361c7b05f29f2"),
}

# The server holds the long delays until it is told that the session has cancelled what is queued.
# So whatever the threads' turns are, one of them can be under way by then, and not both.
CANCEL_PYTHON = """
import runpy
import sys
import urllib.request
from gi.repository import Hf
from gi.overrides._hf import session

close_until = session._close_until

def close_and_tell(self, flags, microseconds):
    session._close_until = close_until
    close_until(self, flags, 0)
    urllib.request.urlopen(sys.argv[2]).close()
    return close_until(self, flags, microseconds)

session._close_until = close_and_tell
globals_ = runpy.run_path(sys.argv[1])
print(globals_['response'].status_code)
print(*(future.cancelled() for future in (globals_['future2'], globals_['future3'])))
"""
CANCEL_C = """
#include <libhfutures/libhfutures.h>

static inline void
close_and_tell (HfFuturesSession *session,
                HfCloseFlags      flags)
{
  g_autoptr (SoupSession) other = soup_session_new ();
  g_autoptr (SoupMessage) message = soup_message_new ("GET", "%s");
  g_autoptr (GBytes) told = NULL;

  hf_futures_session_close_until (session, flags, 0);
  told = soup_session_send_and_read (other, message, NULL, NULL);
  g_assert_nonnull (told);
  hf_futures_session_close (session, flags);
}

#define hf_futures_session_close close_and_tell
"""


class Expected:
    """What each program prints when a server answers."""

    def __init__(self, server):
        self.server = server

    def text(self, path):
        return json.dumps(self.server.describe(path))

    def content(self, path):
        return repr(self.text(path).encode())

    def data(self, path):
        return pformat(self.server.describe(path))

    def pretty(self, path):
        text = json.dumps(self.server.describe(path), indent=2, separators=(",", " : "))
        return text.replace("{}", "{  }")  # as json-glib has it

    def of(self, name, suffix):
        """A text, a pattern, or a list of what is printed in any order."""
        method = getattr(self, name.replace("-", "_"), self.status)
        return method(suffix)

    def status(self, _suffix):
        return "200\n"

    def quick_start(self, suffix):
        show = self.content if suffix == ".py" else self.text
        return (f"response one status: 200\n{show('/get')}\n"
                f"response two status: 200\n{show('/get?foo=bar')}\n")

    def hook(self, suffix):
        show = self.data if suffix == ".py" else self.pretty
        return f"response status 200\n{show('/get')}\n"

    session_hook = hook

    def background_callback(self, suffix):
        return self.hook(suffix) if suffix == ".py" else self.pretty("/get") + "\n"

    def elapsed(self, _suffix):
        return re.compile(r"response status 200\nresponse elapsed 0\.\d+\n")

    def request_url(self, suffix):
        paths = [f"/get?{i}" for i in range(3)]
        urls = [self.server.place + path for path in paths]
        if suffix == ".py":
            return [pformat({"url": url, "content": self.server.describe(path)}) + "\n"
                    for url, path in zip(urls, paths)]
        return [f"url: {url}\ncontent: {self.pretty(path)}\n" for url, path in zip(urls, paths)]

    def tied_data(self, suffix):
        if suffix == ".py":
            return [pformat({"i": i, "content": self.server.describe("/get")}) + "\n"
                    for i in range(3)]
        return [f"i: {i}\ncontent: {self.pretty('/get')}\n" for i in range(3)]

    def as_completed(self, _suffix):
        return [f"{self.server.place}/delay/{i % 3}\n" for i in range(10)]


def shown(path):
    """An example less the comment at its head."""
    head = re.compile(r"/\*.*?\*/\n+" if path.suffix in (".c", ".vala") else
                      r"(?:#[^\n]*\n)+\n*" if path.suffix == ".py" else r"(?://[^\n]*\n)+\n+", re.S)
    return head.sub("", path.read_text(), count=1)


class ExamplesTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        INSTALLATION.install()
        cls.envs = {"uninstalled": build_environment(BUILD), "installed": INSTALLATION.env}

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.server = Httpbin()
        self.addCleanup(self.server.stop)

    def make_program(self, where, path):
        return Program(self.folder, path.name, self.server.stand_in(path.read_text()),
                       self.envs[where])

    def check_output(self, output, expected):
        if isinstance(expected, str):
            self.assertEqual(output, expected)
        elif isinstance(expected, re.Pattern):
            self.assertRegex(output, rf"\A(?:{expected.pattern})\Z")
        else:
            parts = re.split("(" + "|".join(map(re.escape, expected)) + ")", output)
            self.assertEqual("".join(parts[::2]), "", output)
            self.assertEqual(sorted(parts[1::2]), sorted(expected))

    def check_example(self, where, path):
        program = self.make_program(where, path)
        output = program.run()
        self.check_output(output, Expected(self.server).of(path.stem, path.suffix))

    def check_few_reached(self):
        """The one that was under way may have reached the server, and nothing after it."""
        delayed = self.server.paths.count("/delay/10")
        self.assertLessEqual(delayed, 1)
        self.assertEqual(sorted(self.server.paths), ["/delay/10"] * delayed + ["/get", "/release"])
        return delayed

    def check_cancel(self, where, suffix):
        program = self.make_program(where, EXAMPLES / f"cancel{suffix}")
        release = self.server.place + "/release"
        if suffix == ".py":
            output = program.run(PYTHON, "-c", CANCEL_PYTHON, program.path, release)
            self.assertEqual(output, f"200\n{self.check_few_reached() == 0} True\n")
        else:
            header = self.folder / "close-and-tell.h"
            header.write_text(CANCEL_C % release)
            output = program.run(*program.build("-include", header))
            self.assertEqual(output, "response status 200\n")
            self.check_few_reached()

    def test_languages(self):
        """All are there in Python and C, two in the other languages, and no others."""
        names = {path.name for path in EXAMPLES.iterdir()}
        wanted = {name + suffix for name in ORIGINALS for suffix in (".py", ".c")}
        wanted |= {name + suffix for name in ("quick-start", "as-completed")
                   for suffix in (".js", ".vala")}
        self.assertEqual(names, wanted)

    def test_originals(self):
        """In Python only the lines that import are other than the original's."""
        for name, (length, digest) in ORIGINALS.items():
            text = re.sub(r'^""".*"""$', "", (EXAMPLES / f"{name}.py").read_text(), flags=re.M)
            lines = [line.rstrip() for line in text.splitlines()
                     if line.strip() and not re.match(r"\s*#|(?:from|import) ", line)]
            code = "\n".join(lines[:length])
            self.assertEqual(hashlib.sha256(code.encode()).hexdigest()[:16], digest, name)
            self.assertIn(len(lines), (length, length + 1), name)
            for line in lines:
                self.assertNotRegex(line, r"\b(?:gi|Hf|Soup)\b", name)

    def test_python_heads(self):
        for path in EXAMPLES.glob("*.py"):
            self.assertRegex(path.read_text(), r'\A(?:# SPDX-[^\n]*\n){2}"""[^\n]+\."""\n\n')

    def test_pages(self):
        """The manual shows each as it is, the languages one after the other."""
        text = "".join(path.read_text() for path in PAGES)
        for name in ORIGINALS:
            paths = [EXAMPLES / (name + suffix) for suffix in LANGUAGES]
            blocks = [f"```{LANGUAGES[path.suffix]}\n{shown(path)}```\n" for path in paths
                      if path.exists()]
            self.assertEqual(text.count("\n".join(blocks)), 1, f"{name} is not shown as it is")

        shown_blocks = re.findall(r"^```(?:python|c|javascript|vala)$", text, re.M)
        self.assertEqual(len(shown_blocks), len(list(EXAMPLES.iterdir())))


def add_tests():
    """A test for each program and place."""
    paths = sorted(path for path in EXAMPLES.iterdir() if path.suffix in LANGUAGES)
    for where, path in itertools.product(("uninstalled", "installed"), paths):
        def test(self, where=where, path=path):
            if path.stem == "cancel":
                self.check_cancel(where, path.suffix)
            else:
                self.check_example(where, path)
        name = f"test_{where}_{path.stem}_{LANGUAGES[path.suffix]}"
        setattr(ExamplesTest, name, test)


add_tests()
run_tap("/examples")
