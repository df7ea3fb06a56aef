#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The libhfutures authors
"""What holds for the project as a whole: layers, translations, documentation, symbols, style.

Usage: test-project.py SOURCE-DIRECTORY BUILD-DIRECTORY

Each check returns what is wrong, a line for each thing. The directories are arguments, so that a
check can be tried on a copy that was broken on purpose.
"""

import os
import re
import subprocess
import sys
import traceback
import xml.etree.ElementTree as ElementTree
from pathlib import Path

SOURCE = Path(sys.argv[1]).resolve()
BUILD = Path(sys.argv[2]).resolve()
LIBRARY = SOURCE / 'libhfutures'

RANKS = {'': 0, 'core': 0, 'message': 1, 'future': 2, 'executor': 3, 'transport': 3,
         'session': 4, 'worker': 5}
ROOT_HEADERS = {'config.h', 'hf-version.h', 'hf-enum-types.h'}  # made by the build

GIR = '{http://www.gtk.org/introspection/core/1.0}'
C = '{http://www.gtk.org/introspection/c/1.0}'
GLIB = '{http://www.gtk.org/introspection/glib/1.0}'

README_ROWS = [
    '`FuturesSession()`, two workers by default',
    'requests run in the background; `result()` waits',
    '`executor=ThreadPoolExecutor(…)`, shared across sessions',
    '`max_workers=10`',
    '`session=my_session`',
    'the API of `requests.Session`, returning futures',
    'errors are shifted to `result()`',
    '`background_callback` and response hooks',
    '`ProcessPoolExecutor(…)`',
    'what cannot be sent to a process says so',
    'hooks for processes are named',
    '`wait`, `as_completed`',
    'cancel',
    'done callbacks',
    'leaving the `with` block',
]
README_STATES = {'works', 'in part', 'not yet', '–'}
LANGUAGES = ['C', 'Python', 'JavaScript', 'Vala']


def project_files():
    """Every file of the project, less what builds, editors and version control leave."""
    for directory, folders, names in os.walk(SOURCE):
        folders[:] = sorted(name for name in folders
                            if not name.startswith(('_build', '.')) and name != '__pycache__')
        for name in sorted(names):
            yield Path(directory) / name


def shown(path):
    return path.relative_to(SOURCE)


def without_comments(text):
    """C less its comments; strings stay, and so do line numbers."""
    token = re.compile(r'"(?:\\.|[^"\\\n])*"|//[^\n]*|/\*.*?\*/', re.S)
    return token.sub(lambda match: match[0] if match[0].startswith('"')
                     else '\n' * match[0].count('\n'), text)


def sources(*suffixes):
    return [path for path in project_files() if path.suffix in suffixes]


def library_sources():
    return [path for path in sources('.c', '.h') if LIBRARY in path.parents]


def run(*command):
    """Runs a command; returns (whether it succeeded, what it said)."""
    environment = dict(os.environ, LC_ALL='C.UTF-8', LANGUAGE='')
    done = subprocess.run([str(word) for word in command], env=environment, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return done.returncode == 0, done.stdout


# Layers

def folder_of(path):
    parts = path.relative_to(LIBRARY).parts
    return parts[0] if len(parts) > 1 else ''


def check_layers():
    problems = []
    home = {name: '' for name in ROOT_HEADERS}
    files = library_sources()
    for path in files:
        folder = folder_of(path)
        if folder not in RANKS:
            problems.append(f'{shown(path)}: the folder “{folder}” has no rank')
        elif path.suffix == '.h':
            if path.name in home:
                problems.append(f'{shown(path)}: another folder has a header of that name')
            home[path.name] = folder

    for path in files:
        folder = folder_of(path)
        if folder not in RANKS or path.name == 'libhfutures.h':  # the face that shows all
            continue
        for name in re.findall(r'^\s*#\s*include\s+"([^"]+)"', path.read_text(), re.M):
            if name not in home:
                problems.append(f'{shown(path)}: nobody has “{name}”')
                continue
            other = home[name]
            # The two folders of rank 0 are one: types and enumerations need each other.
            allowed = RANKS[other] < RANKS[folder] or other == folder or \
                RANKS[other] == RANKS[folder] == 0
            if not allowed or name == 'libhfutures.h':
                problems.append(f'{shown(path)} (rank {RANKS[folder]}) includes “{name}” of '
                                f'“{other or "the root"}” (rank {RANKS[other]})')
    return problems


# Translations

MARKED = re.compile(r'(?<![A-Za-z0-9_])(?:_|N_|C_|NC_)\s*\(')
LITERAL = re.compile(r'\s*(?:"(?:\\.|[^"\\\n])*"\s*)+[),]')


def listed(name):
    lines = (SOURCE / 'po' / name).read_text().splitlines()
    return [line for line in lines if line and not line.startswith('#')]


def check_potfiles():
    problems = []
    entries = listed('POTFILES')
    marked = set()
    for path in library_sources():
        text = without_comments(path.read_text())
        for match in MARKED.finditer(text):
            line = text.count('\n', 0, match.start()) + 1
            if text[:match.start()].rpartition('\n')[2].lstrip().startswith('#'):
                continue  # a macro's definition
            marked.add(str(shown(path)))
            if not LITERAL.match(text, match.end()):
                problems.append(f'{shown(path)}:{line}: xgettext cannot read this: only string '
                                'literals may be in _(), no macros and no variables')
    problems += [f'po/POTFILES: {entry} does not exist'
                 for entry in entries if not (SOURCE / entry).is_file()]
    problems += [f'po/POTFILES: {entry} is listed twice'
                 for entry in sorted(set(entries)) if entries.count(entry) > 1]
    problems += [f'po/POTFILES: {path} is missing' for path in sorted(marked - set(entries))]
    problems += [f'po/POTFILES: {path} has nothing to translate'
                 for path in sorted(set(entries) - marked) if (SOURCE / path).is_file()]
    return problems


def read_catalogue(text):
    """Parses what msgcat wrote. Returns {msgid: (translations, fuzzy)}."""
    strings = r'((?:"(?:\\.|[^"\\])*"\n)+)'
    entry = re.compile(r'((?:^#.*\n)*)^(?:msgctxt ' + strings + r')?msgid ' + strings +
                       r'(?:msgid_plural ' + strings + r')?((?:msgstr(?:\[\d\])? ' +
                       r'(?:"(?:\\.|[^"\\])*"\n)+)+)', re.M)
    found = {}
    for comments, context, msgid, _plural, translated in entry.findall(text):
        joined = ''.join(re.findall(r'"(.*)"\n', context + msgid))
        values = [''.join(re.findall(r'"(.*)"\n', value))
                  for value in re.split(r'^msgstr(?:\[\d\])? ', translated, flags=re.M)[1:]]
        if joined:
            found[joined] = (values, ', fuzzy' in comments)
    return found


def check_translations():
    entries = [SOURCE / entry for entry in listed('POTFILES')]
    fine, pot = run('xgettext', '--from-code=UTF-8', '--keyword=_', '--keyword=N_',
                    '--keyword=C_:1c,2', '--keyword=NC_:1c,2', '--no-wrap', '-o', '-', *entries)
    if not fine:
        return [f'xgettext: {pot}']
    wanted = read_catalogue(pot)
    languages = listed('LINGUAS')
    problems = [] if wanted else ['xgettext found nothing to translate']
    problems += [f'po/LINGUAS: {path.stem} is missing'
                 for path in sorted((SOURCE / 'po').glob('*.po')) if path.stem not in languages]

    for language in languages:
        path = SOURCE / 'po' / f'{language}.po'
        fine, said = run('msgfmt', '--check', '-o', os.devnull, path)
        if not fine or said:
            problems.append(f'po/{language}.po: msgfmt: {said}')
            continue
        there = read_catalogue(run('msgcat', '--no-wrap', path)[1])
        for string in wanted:
            translations, fuzzy = there.get(string, ([''], False))
            if not all(translations):
                problems.append(f'po/{language}.po: no translation of “{string}”')
            elif fuzzy:
                problems.append(f'po/{language}.po: the translation of “{string}” is fuzzy')
        problems += [f'po/{language}.po: no source has “{string}” any more'
                     for string in there if string not in wanted]
    return problems


# The GIR, and what is made of it

def read_gir():
    return ElementTree.parse(BUILD / 'libhfutures' / 'Hf-1.gir').getroot().find(GIR + 'namespace')


def is_boilerplate(element):
    """Whether the object system asks for it and nobody is meant to read it."""
    names = re.compile(r'HF_(?:IS_)?[A-Z_]+$')
    plain_class = (element.get(GLIB + 'is-gtype-struct-for') is not None and
                   element.get('version') is None and
                   [field.get('name') for field in element.findall(GIR + 'field')] ==
                   ['parent_class'])
    cast = (element.tag == GIR + 'function-macro' and
            element.get('version') is None and names.match(element.get(C + 'identifier')))
    return plain_class or bool(cast)


def members(parent, trail):
    """Everything below a GIR element that a reader of the documentation sees."""
    kinds = ['class', 'interface', 'record', 'union', 'enumeration', 'bitfield', 'callback',
             'constant', 'alias', 'function', 'function-macro', 'constructor', 'method',
             'virtual-method', 'property', 'signal', 'member', 'field']
    for element in parent:
        kind = element.tag.replace(GIR, '').replace(GLIB, '')
        if kind not in kinds or is_boilerplate(element) or element.get('moved-to'):
            continue
        if kind == 'field' and (element.get('private') or element.get('readable') == '0' or
                                parent.get('disguised') or element.get('name') == 'parent_instance'
                                or element.find(GIR + 'callback') is not None):
            continue  # a field of the last kind is a virtual method, and met as such
        where = f'{trail}.{element.get("name")}'
        yield kind, where, element
        yield from members(element, where)


def doc_of(element):
    doc = element.find(GIR + 'doc')
    return (doc.text or '').strip() if doc is not None else ''


def is_nullable(element):
    return '1' in (element.get('nullable'), element.get('allow-none'), element.get('optional'))


def check_values(where, element, callbacks):
    """The parameters and the return value of something that can be called."""
    values = [(f'{where}: the parameter “{value.get("name")}”', value)
              for value in element.findall(f'{GIR}parameters/{GIR}parameter')]
    result = element.find(GIR + 'return-value')
    returned = result.find(GIR + 'type') if result is not None else None
    if result is not None and (returned is None or returned.get('name') != 'none'):
        values.append((f'{where}: the return value', result))

    for what, value in values:
        if not doc_of(value):
            yield f'{what} is not documented'
        if element.tag == GIR + 'function-macro':
            continue  # its parameters have no types
        if value.get('transfer-ownership') is None:
            yield f'{what} has no (transfer)'
        type_name = value.find(GIR + 'type')
        type_name = type_name.get('name') if type_name is not None else ''
        if type_name in callbacks and (value.get('scope') is None or value.get('closure') is None):
            yield f'{what} has no (scope) or no (closure)'
        if type_name in callbacks and value.get('scope') == 'notified' and not value.get('destroy'):
            yield f'{what} has no (destroy)'
        if type_name in ('Gio.Cancellable', 'GLib.DestroyNotify') and value is not result and \
                not is_nullable(value):
            yield f'{what} is not (nullable)'
        if 'NULL' in doc_of(value) and not is_nullable(value):
            yield f'{what} may be NULL, it says, but is not (nullable)'
        if value is result and value.get('nullable') == '1' and element.get('throws') is None and \
                'NULL' not in doc_of(value):
            yield f'{what} is (nullable), but does not say when it is NULL'


def check_documented():
    problems = []
    namespace = read_gir()
    callbacks = {element.get('name') for element in namespace.findall(GIR + 'callback')}
    callbacks.add('Gio.AsyncReadyCallback')
    seen = 0
    for kind, where, element in members(namespace, 'Hf'):
        seen += 1
        if not doc_of(element):
            problems.append(f'{where} ({kind}) is not documented')
        if kind not in ('member', 'field') and element.get('version') is None:
            problems.append(f'{where} ({kind}) does not say since when it is there')
        if kind in ('function', 'constructor', 'method', 'virtual-method', 'callback', 'signal',
                    'function-macro'):
            problems += check_values(where, element, callbacks)
    if seen < 100:
        problems.append(f'the GIR has {seen} things only')
    return problems


def check_transfers():
    """The scanner guesses a (transfer) that nobody wrote, so this one reads the comments."""
    blocks = {}
    for path in library_sources():
        for name, block in re.findall(r'/\*\*\n \* (hf_[a-z0-9_]+):(.*?)\*/', path.read_text(),
                                      re.S):
            blocks[name] = block
    problems = []
    for _kind, where, element in members(read_gir(), 'Hf'):
        result = element.find(GIR + 'return-value')
        array = result.find(GIR + 'array') if result is not None else None
        returned = array if array is not None else \
            result.find(GIR + 'type') if result is not None else None
        pointer = returned is not None and '*' in (returned.get(C + 'type') or '')
        name = element.get(C + 'identifier')
        if not pointer or name is None:
            continue
        says = re.search(r'^ \* Returns:(.*?)(?=^ \*\n|^ \* [A-Z][a-z]+:|\Z)',
                         blocks.get(name, ''), re.M | re.S)
        if says is None or '(transfer ' not in says[1]:
            problems.append(f'{where}: “Returns:” has no (transfer)')
    return problems


def check_symbols():
    library = BUILD / 'libhfutures' / 'libhfutures-1.so'
    fine, said = run('nm', '-D', '--defined-only', library)
    if not fine:
        return [said]
    exported = {line.split()[-1] for line in said.splitlines()}
    described = set()
    for element in read_gir().iter():
        if element.tag in (GIR + 'function', GIR + 'method', GIR + 'constructor'):
            described.add(element.get(C + 'identifier'))
        if element.get(GLIB + 'get-type') is not None:
            described.add(element.get(GLIB + 'get-type'))
    return [f'{name} is exported, but not in the GIR' for name in sorted(exported - described)] + \
        [f'{name} is in the GIR, but not exported' for name in sorted(described - exported)]


def check_variadic():
    """What takes any number of arguments is there for C, and for nobody else."""
    hidden = {'hf_body_new_for_fields', 'hf_futures_session_new_with_options',
              'hf_request_new_with_options'}
    vapi = (BUILD / 'libhfutures' / 'libhfutures-1.vapi').read_text()
    problems = []
    found = set()
    for _kind, where, element in members(read_gir(), 'Hf'):
        name = element.get(C + 'identifier')
        if element.find(f'{GIR}parameters/{GIR}parameter/{GIR}varargs') is not None:
            found.add(name)
            if element.get('introspectable') != '0':
                problems.append(f'{where} takes any number of arguments, but is not (skip)ped')
        elif element.get('introspectable') == '0' and element.tag != GIR + 'function-macro':
            problems.append(f'{where} is hidden from the bindings')
    problems += [f'{name} takes any number of arguments, says the GIR or this test, but not both'
                 for name in sorted(hidden ^ found)]
    problems += [f'the vapi has {name}' for name in sorted(hidden)
                 if f'.{name.partition("_new_")[2]} (' in vapi]
    return problems


def check_vapi():
    vapi = (BUILD / 'libhfutures' / 'libhfutures-1.vapi').read_text()
    bodies = {name: body for name, body in
              re.findall(r'^\tpublic [^\n]*?class (\w+)[^\n]*\{\n(.*?)^\t\}', vapi, re.M | re.S)}
    problems = []
    for kind in ('class', 'record'):
        for element in read_gir().findall(GIR + kind):
            name = element.get('name')
            if element.get(GLIB + 'is-gtype-struct-for'):
                continue
            if name not in bodies:
                problems.append(f'the vapi has no class {name}')
                continue
            for method in element.findall(GIR + 'method'):
                wanted = method.get('name')
                if wanted.endswith('_finish'):
                    continue  # the second half of an async method
                if not re.search(rf'^\t\tpublic [^\n]*[ @]{wanted} \(', bodies[name], re.M):
                    problems.append(f'the vapi has no {name}.{wanted}')
            for constructor in element.findall(GIR + 'constructor'):
                if constructor.get('introspectable') == '0':
                    continue  # for C only
                wanted = re.sub(r'^new_?', '', constructor.get('name'))
                wanted = f'{name}.{wanted}' if wanted else name
                if not re.search(rf'^\t\tpublic {re.escape(wanted)} \(', bodies[name], re.M):
                    problems.append(f'the vapi has no constructor {wanted}')
    optional = re.compile(r'(GLib\.Cancellable\?) cancellable\)|(Hf\.Body\?) body\) *;|'
                          r'(string\?) content_type\)|int64 timeout_us[,)]|CloseFlags flags[,)]')
    problems += [f'the vapi has no default for an argument: {line.strip()}'
                 for line in vapi.splitlines()
                 if optional.search(line) and ' set_' not in line]
    return problems


# Style

def check_line_counts():
    problems = []
    for path in sources('.c', '.h', '.py', '.js', '.vala'):
        lines = len(path.read_text().splitlines())
        if lines > 600:
            problems.append(f'{shown(path)} has {lines} lines; 600 are allowed')
    return problems


def check_line_lengths():
    return [f'{shown(path)}:{number} has {len(line)} columns; 100 are allowed'
            for path in sources('.c', '.h', '.py', '.js', '.vala')
            for number, line in enumerate(path.read_text().splitlines(), 1)
            if len(line) > 100 and '(attributes ' not in line]


def check_format():
    done = subprocess.run([SOURCE / 'tests/format', '--check'], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True)
    return [] if done.returncode == 0 else ['Run tests/format; it would change:', done.stdout]


def is_source(path):
    if path.suffix in ('.c', '.h', '.py', '.js', '.vala', '.sh') or path.name == 'meson.build' or \
            path.name.endswith(('.h.in', '.c.in')):
        return True
    with path.open('rb') as file:
        return file.read(2) == b'#!'


def check_licences():
    return [f'{shown(path)} does not begin with its SPDX-License-Identifier'
            for path in project_files()
            if is_source(path) and path.stat().st_size > 0 and
            'SPDX-License-Identifier: ' not in ''.join(path.read_text().splitlines(True)[:3])]


def check_names():
    return [f'{shown(path)}: such a name does not say what is in it' for path in project_files()
            if re.search(r'utils|common|misc', path.name, re.I)]


def check_meson_sources():
    text = re.sub(r'#[^\n]*', '', (LIBRARY / 'meson.build').read_text())
    files = {str(path.relative_to(LIBRARY)) for path in library_sources()}
    wanted = {name for name in files if name.endswith('.c') or
              not name.endswith('-private.h')}
    lists = dict(re.findall(r'^(\w+) = files\((.*?)\)', text, re.M | re.S))
    problems = [f'libhfutures/meson.build does not list {name}'
                for name in sorted(wanted) if name not in
                (lists['sources'] + lists['worker_sources'] + lists['layout_sources']
                 if name.endswith('.c') else lists['public_headers'])]
    for key in ('sources', 'worker_sources', 'layout_sources', 'public_headers'):
        names = re.findall(r"'([^']+)'", lists[key])
        problems += [f'libhfutures/meson.build lists {name}, which does not exist'
                     for name in sorted(set(names) - files)]
        problems += [f'libhfutures/meson.build lists {name} {names.count(name)} times'
                     for name in sorted(set(names)) if names.count(name) > 1]
    return problems


def check_readme():
    text = (SOURCE / 'README.md').read_text()
    problems = [f'README.md does not say {wanted}'
                for wanted in ('./examples/run', './tests/run', './tests/bench/run', '## Speed')
                if wanted not in text]
    table = [[cell.strip() for cell in line.strip('|').split('|')]
             for line in text.splitlines() if line.startswith('|')]
    heads = [cells for cells in table if cells[-len(LANGUAGES):] == LANGUAGES]
    if len(heads) != 1:
        return problems + ['README.md has no table with a column for each language']
    rows = {cells[0]: cells[-len(LANGUAGES):] for cells in table if len(cells) == len(heads[0])}
    for row in README_ROWS:
        if row not in rows:
            problems.append(f'README.md: the table has no row “{row}”')
            continue
        problems += [f'README.md: “{row}” has “{state}” for {language}'
                     for language, state in zip(LANGUAGES, rows[row])
                     if state not in README_STATES]
    return problems


CHECKS = {
    'layers': check_layers,
    'potfiles': check_potfiles,
    'translations': check_translations,
    'documented': check_documented,
    'transfers': check_transfers,
    'symbols': check_symbols,
    'variadic': check_variadic,
    'vapi': check_vapi,
    'line-counts': check_line_counts,
    'line-lengths': check_line_lengths,
    'format': check_format,
    'licences': check_licences,
    'names': check_names,
    'meson-sources': check_meson_sources,
    'readme': check_readme,
}


def main():
    failed = 0
    print(f'1..{len(CHECKS)}')
    for number, (name, check) in enumerate(CHECKS.items(), 1):
        try:
            problems = check()
        except Exception:
            problems = [traceback.format_exc()]
        failed += bool(problems)
        print(f'{"not ok" if problems else "ok"} {number} - /project/{name}')
        for problem in problems:
            print('\n'.join('# ' + line for line in problem.splitlines()))
    sys.exit(1 if failed else 0)


main()
