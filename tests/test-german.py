#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The libhfutures authors
"""A user who reads German reads German errors, uninstalled and installed.

Usage: test-german.py SOURCE-DIRECTORY BUILD-DIRECTORY LOCALE-DIRECTORY

LOCALE-DIRECTORY is where the catalogues go when the build is installed.
"""

import os
import re
import subprocess
import sys
import tempfile
import traceback
from pathlib import Path

SOURCE = Path(sys.argv[1]).resolve()
BUILD = Path(sys.argv[2]).resolve()
LOCALE_DIRECTORY = sys.argv[3]

CATALOGUE = Path('de', 'LC_MESSAGES', 'libhfutures.mo')
ENGLISH = 'The address “example.org” has no scheme: did you mean to put https:// before it?'
GERMAN = 'Die Adresse „example.org“ hat kein Schema: Fehlt davor https://?'

# Prints where the library looks for catalogues, and what it says with those of another directory.
PROGRAM = '''
import ctypes, locale, sys
locale.setlocale(locale.LC_ALL, '')
import gi
gi.require_version('Hf', '1')
from gi.repository import GLib, Hf

def message():
    try:
        Hf.FuturesSession().get('example.org').get_result(None)
    except GLib.Error as error:
        return error.message

libc = ctypes.CDLL(None)
libc.bindtextdomain.restype = ctypes.c_char_p
message()
print(libc.bindtextdomain(b'libhfutures', None).decode())
libc.bindtextdomain(b'libhfutures', sys.argv[1].encode())
print(message())
'''


def run(*command, **variables):
    environment = dict(os.environ, LC_ALL='C.UTF-8', G_DEBUG='fatal-criticals', **variables)
    done = subprocess.run([str(word) for word in command], env=environment, text=True,
                          encoding='UTF-8', stdin=subprocess.DEVNULL, capture_output=True)
    if done.returncode != 0:
        raise RuntimeError(f'{command[0]} failed: {done.stdout}{done.stderr}')
    return done.stdout


def say(directory, **variables):
    """Returns (where the library looks for catalogues, what it says with one in a directory)."""
    bound, message = run('/usr/bin/python3', '-c', PROGRAM, directory, **variables).splitlines()
    return bound, message


def expect(what, found, wanted):
    return [] if found == wanted else [f'{what} is “{found}” instead of “{wanted}”']


def check_english(_folder):
    """Without a language, and with one that there is no translation for."""
    problems = []
    for language in '', 'xx':
        _bound, message = say(BUILD / 'po', LANGUAGE=language)
        problems += expect(f'The message for “{language}”', message, ENGLISH)
    return problems


def check_uninstalled(_folder):
    bound, message = say(BUILD / 'po', LANGUAGE='de')
    return expect('The message', message, GERMAN) + \
        expect('What the library has bound', bound, LOCALE_DIRECTORY)


def check_installed(folder):
    """The catalogue goes to where the installed library looks for it, and is found there."""
    root = folder / 'root'
    run('meson', 'install', '-C', BUILD, '--no-rebuild', '--quiet', '--destdir', root)
    libraries = {path.parent for path in root.rglob('libhfutures-1.so.0')}
    typelibs = {path.parent for path in root.rglob('Hf-1.typelib')}
    if len(libraries) != 1 or len(typelibs) != 1:
        return [f'Installed libraries: {libraries}, typelibs: {typelibs}']

    where = {'LD_LIBRARY_PATH': str(*libraries), 'GI_TYPELIB_PATH': str(*typelibs)}
    bound = say(BUILD / 'po', LANGUAGE='de', **where)[0]
    locales = Path(str(root) + bound)
    if not (locales / CATALOGUE).is_file():
        return [f'The library looks in {bound}, but there is no {CATALOGUE} in it']
    return expect('The message', say(locales, LANGUAGE='de', **where)[1], GERMAN)


def check_quotes(_folder):
    """German quotes open low and close high, and no English or straight one is left."""
    problems = []
    text = run('msgcat', '--no-wrap', SOURCE / 'po' / 'de.po')
    for translation in re.findall(r'^msgstr "(.+)"$', text, re.M):
        depth = 0
        for mark in re.findall(r'[„“”"]', translation):
            depth += {'„': 1, '“': -1}.get(mark, 9)
            if depth not in (0, 1):
                break
        if depth != 0:
            problems.append(f'The quotes do not match in: {translation}')
    return problems


CHECKS = {
    'english': check_english,
    'uninstalled': check_uninstalled,
    'installed': check_installed,
    'quotes': check_quotes,
}


def main():
    failed = 0
    print(f'1..{len(CHECKS)}')
    for number, (name, check) in enumerate(CHECKS.items(), 1):
        with tempfile.TemporaryDirectory() as temporary:
            try:
                problems = check(Path(temporary))
            except Exception:
                problems = [traceback.format_exc()]
        failed += bool(problems)
        print(f'{"not ok" if problems else "ok"} {number} - /german/{name}', flush=True)
        for line in '\n'.join(problems).splitlines():
            print('# ' + line)
    sys.exit(1 if failed else 0)


main()
