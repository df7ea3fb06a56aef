#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The libhfutures authors
"""The manual can be built without a warning, and the programs in it and in the README run.

Usage: test-docs.py SOURCE-DIRECTORY BUILD-DIRECTORY

The programs ask https://httpbin.org; here a server on the loopback answers in its place.
"""

import re
import sys
import tempfile
import tomllib
import traceback
from pathlib import Path

from commands import build_environment, run
from httpbin import Httpbin
from program import Program

SOURCE = Path(sys.argv[1]).resolve()
BUILD = Path(sys.argv[2]).resolve()
PAGES = SOURCE / 'libhfutures' / 'docs'
CONFIG = BUILD / 'libhfutures' / 'docs' / 'hfutures.toml'

# What each program of each page prints: a regular expression for all of it.
API = r'https://api\.example\.org/v1/people\?lang=en'
LATE = r'[^\n]*“{place}/delay/10” was not finished within 0\.5 s'
PROGRAMS = {
    ('README.md', 'quick.c'): r'one: 200\n\{.*"args": \{\}.*\}\ntwo: 200\n',
    ('README.md', 'quick.py'): r'one: 200\n\{.*"args": \{\}.*\}\ntwo: 200\n',
    ('README.md', 'quick.js'): r'one: 200\n\{.*"args": \{\}.*\}\ntwo: 200\n',
    ('overview.md', 'first.c'): r'200, \d+ bytes\n200, \d+ bytes\n',
    ('coming-from-requests.md', 'coming.py'): r"\{'name': 'Ada'\}\n",
    ('tutorial-c.md', 'loop.c'): r'200 OK\n',
    ('tutorial-c.md', 'send.c'):
        r'\{.*"name": "Ada", "language": "C".*\}\n' + LATE + r' \(as expected\)\n',
    ('tutorial-c.md', 'defaults.c'):
        API + r'\n[^\n]*404[^\n]*\n404\n',
    ('tutorial-c.md', 'hook.c'): r'\d+ bytes\n',
    ('tutorial-python.md', 'first.py'):
        r"one: 200 OK\ntwo: application/json \{'foo': 'bar'\}\n",
    ('tutorial-python.md', 'completed.py'): r'(?:(?:one one|two two|three three)\n){3}',
    ('tutorial-python.md', 'send.py'):
        r"\{'name': 'Ada'\}\n\{'name': 'Ada', 'age': '36'\}\nno such page: [^\n]*404[^\n]*\n"
        r'[^\n]*“httpbin.org”[^\n]*\n' + LATE + r'\ncancelled\n',
    ('tutorial-python.md', 'defaults.py'):
        r"\{'url': '" + API + r"&name=Ada', 'client': 'tutorial'\}\n"
        r"\{'url': '" + API + r"', 'client': None\}\nnothing here\n",
    ('tutorial-python.md', 'stream.py'): r'0\n1\n2\n',
    ('tutorial-python.md', 'hook.py'):
        r"\{'foo': 'bar'\}\n\{'foo': 'bar'\}\ndivision by zero\n",
    ('tutorial-python.md', 'await.py'): r"\['one', 'two'\]\ntoo late\n",
    ('tutorial-python.md', 'loop.py'): r'200\n',
    # print() writes a line and its end one after the other, and two threads do.
    ('tutorial-python.md', 'forgotten.py'): r'end\n?200\n\n?|200\n?end\n\n?',
    ('tutorial-python.md', 'submit.py'): r'200 1 2\n',
    ('tutorial-python.md', 'processes.py'): r"\{'foo': 'bar'\} True\n",
    ('tutorial-javascript.md', 'first.js'): r'one: 200 OK\ntwo: application/json bar\n',
    ('tutorial-javascript.md', 'completed.js'): r'(?:(?:one one|two two|three three)\n){3}',
    ('tutorial-javascript.md', 'blocking.js'): r'200\n',
    ('tutorial-javascript.md', 'options.js'): r'\{"name":"Ada","tags":\[1,null\]\}\n36\n',
    ('tutorial-javascript.md', 'defaults.js'):
        API + r'&name=Ada,tutorial\n' + API + r',\nnothing here\n',
    ('tutorial-javascript.md', 'errors.js'):
        r'no such page: [^\n]*404[^\n]*\n[^\n]*“httpbin.org”[^\n]*\n' + LATE +
        r'\ncancelled\n[^\n]*“param”[^\n]*\n',
    ('tutorial-javascript.md', 'stream.js'): r'0\n1\n2\n',
    ('tutorial-javascript.md', 'hook.js'): r'bar\n[^\n]*404[^\n]*\n',
    ('tutorial-vala.md', 'first.vala'): r'one: 200 OK\ntwo: 200 application/json\n',
    ('tutorial-vala.md', 'loop.vala'): r'200 OK\n',
    ('tutorial-vala.md', 'send.vala'):
        r'\{.*"name": "Ada", "language": "Vala".*\}\n' + LATE + r' \(as expected\)\n',
    ('tutorial-vala.md', 'defaults.vala'):
        API + r'\n[^\n]*404[^\n]*\n',
    ('tutorial-vala.md', 'hook.vala'): r'\d+ bytes\n',
}


def check_manual(folder):
    """gi-docgen has no warnings; all pages are there, and every link of theirs leads somewhere."""
    manual = folder / 'manual'
    run('gi-docgen', 'generate', '--quiet', '--fatal-warnings', '--no-namespace-dir',
        '--config', CONFIG, '--content-dir', PAGES, '--output-dir', manual,
        BUILD / 'libhfutures' / 'Hf-1.gir')

    problems = []
    extra = tomllib.loads(CONFIG.read_text())['extra']
    listed = set(extra['content_files']) | {extra['urlmap_file']}
    there = {path.name for path in PAGES.iterdir() if path.suffix in ('.md', '.js')}
    problems += [f'hfutures.toml.in does not list {name}' for name in sorted(there - listed)]
    problems += [f'{name} is listed, but not there' for name in sorted(listed - there)]
    meson = (PAGES / 'meson.build').read_text()
    problems += [f'docs/meson.build does not list {name}' for name in sorted(there)
                 if f"'{name}'" not in meson]

    for page in sorted(manual.glob('*.html')):
        for link in re.findall(r'href="([^"#:]+)(?:#[^"]*)?"', page.read_text()):
            if not (manual / link).exists():
                problems.append(f'{page.name} links to {link}, which is not there')
    return problems


def find_programs():
    """Every fenced block whose first line is a comment with a file's name."""
    found = {}
    for path in [SOURCE / 'README.md', *sorted(PAGES.glob('*.md'))]:
        for code in re.findall(r'^```[a-z]+\n(.*?)^```$', path.read_text(), re.M | re.S):
            name = re.match(r'(?:/\*|//|#) ([\w.-]+\.(?:c|py|js|vala))\b', code)
            if name is not None:
                found[path.name, name[1]] = code
    return found


def check_program(server, page, name, code, folder, env):
    file = f'{page.partition(".")[0]}-{name}'
    output = Program(folder, file, server.stand_in(code), env).run()
    wanted = PROGRAMS[page, name].replace('{place}', re.escape(server.place))
    if re.fullmatch(wanted, output, re.S):
        return []
    return [f'It printed:\n{output}\nand should have printed:\n{wanted}']


def main():
    programs = find_programs()
    names = sorted(set(programs) | set(PROGRAMS))
    server = Httpbin()
    env = build_environment(BUILD)

    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        checks = [('manual', lambda: check_manual(folder))]
        for page, name in names:
            def check(page=page, name=name):
                if (page, name) not in programs:
                    return ['The page has no such program.']
                if (page, name) not in PROGRAMS:
                    return ['The test does not know what it prints.']
                return check_program(server, page, name, programs[page, name], folder, env)
            checks.append((f'programs/{page.partition(".")[0]}/{name}', check))

        failed = 0
        print(f'1..{len(checks)}')
        for number, (name, check) in enumerate(checks, 1):
            try:
                problems = check()
            except AssertionError as error:
                problems = [str(error)]
            except Exception:
                problems = [traceback.format_exc()]
            failed += bool(problems)
            print(f'{"not ok" if problems else "ok"} {number} - /docs/{name}', flush=True)
            for line in '\n'.join(problems).splitlines():
                print('# ' + line)

    server.stop()
    sys.exit(1 if failed else 0)


main()
