# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The libhfutures authors
"""The quick starts work where the library is installed, and uninstalled where it was built.

Usage: test-install.py SOURCE-DIRECTORY BUILD-DIRECTORY
"""

import json
import os
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree as ElementTree
from pathlib import Path

from commands import PYTHON, clean_environment, run
from installation import Installation
from server_process import ServerProcess
from tap_result import run_tap

SOURCE = Path(sys.argv[1]).resolve()
BUILD = Path(sys.argv[2]).resolve()
EXAMPLES = SOURCE / "examples"
PYTHON_OVERRIDES = SOURCE / "libhfutures/bindings/python/gi/overrides"

INSTALLATION = Installation(SOURCE, BUILD)
PREFIX = INSTALLATION.prefix
INSTALLED = INSTALLATION.env
PROGRAMS = INSTALLATION.build / "programs"

PYTHON_PATH = f"lib/python3.{sys.version_info.minor}/site-packages"
OVERRIDES = [f"share/gjs-1.0/overrides/{path.name}" for path in
             (SOURCE / "libhfutures/bindings/gjs-1.0/overrides").iterdir()]
OVERRIDES += [f"{PYTHON_PATH}/gi/overrides/{path.relative_to(PYTHON_OVERRIDES)}" for path in
              PYTHON_OVERRIDES.rglob("*.py")]

CORE = "{http://www.gtk.org/introspection/core/1.0}"
C_TYPE = "{http://www.gtk.org/introspection/c/1.0}type"
TYPE_STRUCT_FOR = "{http://www.gtk.org/introspection/glib/1.0}is-gtype-struct-for"


# What only the override of GJS makes possible.
JAVASCRIPT = """
import Hf from 'gi://Hf?version=1';

const session = new Hf.FuturesSession();
const futures = [1, [2, 3]].map(a => session.post(ARGV[0], {params: {a}, json: {a}}));
const responses = await Promise.all(futures);
print(JSON.stringify(responses.map(response => [response.json().args.a, response.json().json.a])));
for await (const future of Hf.asCompleted(futures.slice(1)))
    print(future === futures[1]);
await session.close_async();
"""

# Requests in processes, by the program that is meant for that.
JAVASCRIPT_PROCESSES = """
import Hf from 'gi://Hf?version=1';

const executor = new Hf.ProcessPoolExecutor({maxWorkers: 1});
const session = new Hf.FuturesSession({executor});
const response = await session.get(ARGV[0]);
print(response.status, response.json().args.a);
print(executor.workerArgv.join(' '));
await session.close_async();
"""

# The same with a hook, in a process of Python's.
PYTHON_PROCESSES = """
import os
import sys

import gi
gi.require_version("Hf", "1")
from gi.repository.Hf import FuturesSession, ProcessPoolExecutor

def look(session, response):
    with open("/proc/self/maps") as maps:
        module = [line.split()[-1] for line in maps if "hfutures-layout" in line][:1]
    response.data = response.json()["args"]["a"], os.getpid(), module

if __name__ == "__main__":
    with FuturesSession(executor=ProcessPoolExecutor(max_workers=1)) as session:
        response = session.get(sys.argv[1], background_callback=look).result()
        argument, process, module = response.data
        print(response.status_code, argument, process != os.getpid(), *module)
"""

# The same for PyGObject.
PYTHON_PROGRAM = """
import asyncio
import sys

from gi.repository.Hf import FuturesSession, as_completed

async def ask(session, value):
    response = await session.post(sys.argv[1], json={'a': value})
    return response.json()['json']['a']

async def ask_both(session):
    return await asyncio.gather(ask(session, 1), ask(session, None))

with FuturesSession() as session:
    future = session.post(sys.argv[1], params={'a': [2, 3]})
    print(future.result().json()['args']['a'])
    print(asyncio.run(ask_both(session)))
    print([done is future for done in as_completed([future])])
print(sys.modules['gi.overrides.Hf'].__file__)
"""


def compile_c(source, program, *flags):
    pkg_config = run("pkg-config", "--cflags", "--libs", "libhfutures-1", env=INSTALLED).split()
    run("gcc", "-Wall", "-Wextra", "-Werror", *flags, "-o", program, source, *pkg_config,
        env=INSTALLED)


def public_types():
    """The C types that the installed GIR lists, but for classes' own structures."""
    namespace = ElementTree.parse(PREFIX / "share/gir-1.0/Hf-1.gir").find(CORE + "namespace")
    return [
        element.get(C_TYPE)
        for kind in ("class", "interface", "record")
        for element in namespace.iter(CORE + kind)
        if element.get(TYPE_STRUCT_FOR) is None
    ]


class InstallTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        INSTALLATION.install()
        PROGRAMS.mkdir(exist_ok=True)
        cls.server = ServerProcess()
        cls.addClassCleanup(cls.server.stop)

    def check_quick_start(self, *command, env):
        uris = [self.server.uri + "/get?which=one", self.server.uri + "/get?which=two"]
        output = run(*command, *uris, env=env)

        one = output.find("response one status: 200\n")
        two = output.find("response two status: 200\n")
        self.assertTrue(0 <= one < two, output)
        self.assertIn('"which" : "one"', output[one:two])
        self.assertIn('"which" : "two"', output[two:])

    def check_uninstalled(self, *command):
        self.check_quick_start("meson", "devenv", "-C", BUILD, *command, env=clean_environment())

    def test_install_files(self):
        for name in (
            "include/libhfutures-1/libhfutures/libhfutures.h",
            "include/libhfutures-1/libhfutures/hf-version.h",
            "lib/girepository-1.0/Hf-1.typelib",
            "lib/libhfutures-1.so",
            "lib/libhfutures-1.so.0",
            "lib/pkgconfig/libhfutures-1.pc",
            *OVERRIDES,
            "share/gir-1.0/Hf-1.gir",
            "share/locale/de/LC_MESSAGES/libhfutures.mo",
            "share/vala/vapi/libhfutures-1.deps",
            "share/vala/vapi/libhfutures-1.vapi",
        ):
            self.assertTrue((PREFIX / name).exists(), f"{name} is not installed")

    def test_install_no_private_header(self):
        names = [path.name for path in PREFIX.rglob("*.h")]

        self.assertEqual([name for name in names if "private" in name], [])

    def test_install_headers_alone(self):
        """Each header can be the first that a program includes."""
        headers = sorted(path.name for path in PREFIX.rglob("*.h"))
        source = PROGRAMS / "header.c"
        for header in headers:
            source.write_text(f"#include <libhfutures/{header}>\n")
            compile_c(source, PROGRAMS / "header.o", "-c")

    def test_install_autoptr(self):
        types = public_types()
        source = PROGRAMS / "autoptr.c"
        lines = [f"  g_autoptr ({name}) v{i} = NULL;" for i, name in enumerate(types)]
        uses = [f"  g_assert_null (v{i});" for i in range(len(types))]
        source.write_text("\n".join([
            "#include <libhfutures/libhfutures.h>", "int main (void)", "{", *lines, *uses,
            "  return 0;", "}", "",
        ]))
        compile_c(source, PROGRAMS / "autoptr")
        run(PROGRAMS / "autoptr", env=INSTALLED)

        self.assertIn("HfFuturesSession", types)
        self.assertIn("HfHeaders", types)

    def test_install_c(self):
        compile_c(EXAMPLES / "quick-start.c", PROGRAMS / "quick-start")
        self.check_quick_start(PROGRAMS / "quick-start", env=INSTALLED)

    def test_install_python(self):
        self.check_quick_start(PYTHON, EXAMPLES / "quick-start.py", env=INSTALLED)

    def check_python_override(self, folder, *command, env):
        output = run(*command, PYTHON, "-c", PYTHON_PROGRAM, self.server.uri + "/post", env=env)
        self.assertEqual(output, f"['2', '3']\n[1, None]\n[True]\n{folder / 'Hf.py'}\n")

    def test_install_python_override(self):
        self.check_python_override(PREFIX / PYTHON_PATH / "gi/overrides", env=INSTALLED)

    def places_of_python_override(self, build):
        """Where the files of the override would go from a build directory that is configured."""
        installed = json.loads(run("meson", "introspect", "--installed", build))
        return {str(Path(source).relative_to(PYTHON_OVERRIDES)): Path(place)
                for source, place in installed.items() if PYTHON_OVERRIDES in Path(source).parents}

    def test_python_overrides_dir(self):
        names = {str(path.relative_to(PYTHON_OVERRIDES)) for path in PYTHON_OVERRIDES.rglob("*.py")}
        default = PREFIX / PYTHON_PATH / "gi/overrides"
        self.assertEqual(self.places_of_python_override(INSTALLATION.build),
                         {name: default / name for name in names})

        with tempfile.TemporaryDirectory() as folder:
            chosen = Path("/opt/somewhere/else")
            INSTALLATION.configure(folder, f"-Dpython_overrides_dir={chosen}")
            self.assertEqual(self.places_of_python_override(folder),
                             {name: chosen / name for name in names})

    def test_python_overrides_dir_of_the_system(self):
        """Below the system's own prefix it is where this Python looks without being told."""
        place = INSTALLATION.find_overrides_dir("/usr")
        import_path = run(PYTHON, "-c", "import gi.overrides; print(*gi.overrides.__path__)")
        self.assertEqual(import_path.split(), [str(place)])

    def test_install_javascript(self):
        self.check_quick_start("gjs", "-m", EXAMPLES / "quick-start.js", env=INSTALLED)

    def check_override(self, *command, env):
        program = PROGRAMS / "override.js"
        program.write_text(JAVASCRIPT)
        output = run(*command, "gjs", "-m", program, self.server.uri + "/post", env=env)
        self.assertEqual(output, '[["1",1],[["2","3"],[2,3]]]\ntrue\n')

    def check_as_completed(self, *command, env):
        uris = [self.server.uri + "/delay/0.5", self.server.uri + "/get?which=two"]
        output = run(*command, "gjs", "-m", EXAMPLES / "as-completed.js", *uris, env=env)
        self.assertEqual(output.splitlines(), uris[::-1])

    def test_install_javascript_override(self):
        self.check_override(env=INSTALLED)
        self.check_as_completed(env=INSTALLED)

    def check_processes(self, *command, folder, env):
        """Returns the command of the processes that are not Python's."""
        uri = self.server.uri + "/get?a=1"
        for name, text in (("processes.js", JAVASCRIPT_PROCESSES),
                           ("processes.py", PYTHON_PROCESSES)):
            (PROGRAMS / name).write_text(text)
        output = run(*command, PYTHON, PROGRAMS / "processes.py", uri, env=env)
        module = f" {folder}/hfutures-layout.so" if os.uname().machine == "x86_64" else ""
        self.assertEqual(output, f"200 1 True{module}\n")
        status, worker = run(*command, "gjs", "-m", PROGRAMS / "processes.js", uri,
                             env=env).splitlines()
        self.assertEqual(status, "200 1")
        return worker

    def test_install_processes(self):
        self.assertEqual(self.check_processes(folder=PREFIX / "libexec", env=INSTALLED),
                         str(PREFIX / "libexec/hfutures-worker"))

    def test_uninstalled_processes(self):
        worker = self.check_processes("meson", "devenv", "-C", BUILD,
                                      folder=BUILD / "libhfutures", env=clean_environment())
        self.assertEqual(worker, str(BUILD / "libhfutures/hfutures-worker"))

    def test_install_vala(self):
        run("valac", "--vapidir", PREFIX / "share/vala/vapi", "--pkg", "libhfutures-1",
            "-d", PROGRAMS, "-o", "quick-start-vala", EXAMPLES / "quick-start.vala", env=INSTALLED)
        self.check_quick_start(PROGRAMS / "quick-start-vala", env=INSTALLED)

    def test_uninstalled_c(self):
        self.check_uninstalled(BUILD / "examples/quick-start")

    def check_compiled_uninstalled(self, script, source):
        """A program of the user's own, compiled against the build."""
        with tempfile.TemporaryDirectory() as folder:
            program = f"{folder}/quick-start"
            run("meson", "devenv", "-C", BUILD, "sh", "-c", script, "sh", source, program,
                env=clean_environment())
            self.check_uninstalled(program)

    def test_uninstalled_c_compiled(self):
        self.check_compiled_uninstalled(
            'cc "$1" -o "$2" $(pkg-config --cflags --libs libhfutures-1)',
            SOURCE / "examples/quick-start.c")

    def test_uninstalled_vala_compiled(self):
        self.check_compiled_uninstalled('valac --pkg libhfutures-1 "$1" -o "$2"',
                                        SOURCE / "examples/quick-start.vala")

    def test_uninstalled_python(self):
        self.check_uninstalled(PYTHON, EXAMPLES / "quick-start.py")

    def test_uninstalled_python_override(self):
        self.check_python_override(PYTHON_OVERRIDES, "meson", "devenv", "-C", BUILD,
                                   env=clean_environment())

    def test_uninstalled_javascript(self):
        self.check_uninstalled("gjs", "-m", EXAMPLES / "quick-start.js")

    def test_uninstalled_javascript_override(self):
        devenv = ("meson", "devenv", "-C", BUILD)
        for system in ({}, {"XDG_DATA_DIRS": "/usr/share"}):
            self.check_override(*devenv, env=clean_environment(**system))
            self.check_as_completed(*devenv, env=clean_environment(**system))

    def test_uninstalled_vala(self):
        self.check_uninstalled(BUILD / "examples/quick-start-vala")

    def check_run(self, *uris):
        """The command that the README begins with."""
        output = run(SOURCE / "examples/run", *uris,
                     env=dict(os.environ, HF_BUILD_DIR=str(BUILD)))
        parts = output.split("== ")
        self.assertNotIn("Installing", parts[0])
        self.assertEqual([part.split()[0] for part in parts[1:]],
                         ["C", "Python", "JavaScript", "Vala"])
        for part in parts[1:]:
            self.assertRegex(part, r"(?s)response one status: 200\n.*response two status: 200\n")
        return parts

    def test_run(self):
        self.assertIn("The test server listens at http://127.0.0.1:", self.check_run()[0])

    def test_run_uris(self):
        parts = self.check_run(self.server.uri + "/get?which=one", self.server.uri + "/text")
        self.assertNotIn("The test server", parts[0])
        for part in parts[1:]:
            self.assertIn('"which" : "one"', part)

    def test_error(self):
        """A quick start that fails says so in one line, with the exit status 1."""
        for command in (
            [BUILD / "examples/quick-start"],
            [PYTHON, EXAMPLES / "quick-start.py"],
            ["gjs", "-m", EXAMPLES / "quick-start.js"],
            [BUILD / "examples/quick-start-vala"],
        ):
            done = subprocess.run([*command, "no-scheme", self.server.uri + "/get"], env=INSTALLED,
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            self.assertEqual(done.returncode, 1, command)
            self.assertEqual(done.stdout, "", command)
            self.assertRegex(done.stderr, r"\Aquick-start\S*: .*no-scheme.*\n\Z")


run_tap("/install")
