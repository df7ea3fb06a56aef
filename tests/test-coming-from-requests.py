#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The libhfutures authors
"""The tables of the page “Coming from requests” lack nothing, and every name in them exists.

Usage: test-coming-from-requests.py SOURCE-DIRECTORY BUILD-DIRECTORY

What must be in them is asked of requests itself.
"""

import inspect
import json
import os
import re
import sys
import unittest
import xml.etree.ElementTree as ElementTree
from pathlib import Path

from gi.repository import Hf

from commands import run
from requests_table import names_of_requests, read_tables
from tap_result import run_tap

SOURCE = Path(sys.argv[1]).resolve()
BUILD = Path(sys.argv[2]).resolve() / "libhfutures"
TABLES = read_tables(SOURCE / "libhfutures/docs/coming-from-requests.md")
WANTED = names_of_requests()

GIR = "{http://www.gtk.org/introspection/core/1.0}"
C = "{http://www.gtk.org/introspection/c/1.0}"


def rows():
    return [row for table in TABLES.values() for row in table]


def names_in_c():
    """Functions, types and constants by their names, properties as Type:name."""
    root = ElementTree.parse(BUILD / "Hf-1.gir").getroot()
    names = set()
    for element in root.iter():
        identifier = element.get(C + "identifier")
        if element.tag == GIR + "member":
            names.add(identifier)
        elif identifier is not None:
            names.add(identifier + "()")
        elif element.get(C + "type") is not None:
            names.add(element.get(C + "type"))
            names |= {f"{element.get(C + 'type')}:{child.get('name')}"
                      for child in element.findall(GIR + "property")}
    return names


def names_in_vala():
    """Types, methods and constructors as Type.name(), properties and codes as Type.name."""
    names = set()
    kind = None
    for line in (BUILD / "libhfutures-1.vapi").read_text().splitlines():
        line = re.sub(r"\[CCode[^]]*\] ?", "", line)
        begin = re.match(r"\t(?:public )?.*\b(?:class|errordomain|enum|namespace) (\w+)", line)
        if begin is not None:
            kind = begin[1]
            names.add(kind)
        elif kind is not None and line == "\t}":
            kind = None
        elif kind is not None:
            method = re.match(r"\t\tpublic .*?@?([\w.]+) \(", line)
            member = re.match(r"\t\t(?:public .* )?@?(\w+)(?: \{|[,;]$)", line)
            if method is not None:
                called = "" if method[1] == kind else "." + method[1].removeprefix(kind + ".")
                names.add(f"{kind}{called}()")
            elif member is not None:
                names.add(f"{kind}.{member[1]}")
    return names


def is_in_python(name):
    """Keywords are written name=, methods Type.name(), other members Type.name, and types alone."""
    if name.endswith("="):
        return name[:-1] in inspect.signature(Hf.FuturesSession.request).parameters
    kind, _dot, member = name.removesuffix("()").partition(".")
    if not hasattr(Hf, kind):
        return False
    if not member:
        return True
    # What a session has may be its own.
    home = Hf.FuturesSession() if kind == "FuturesSession" else getattr(Hf, kind)
    return hasattr(home, member) and (not name.endswith("()") or callable(getattr(home, member)))


JAVASCRIPT = r"""
const {Hf} = imports.gi;
const {optionNames} = imports.overrides.HfVerbs;

// The prototype gives a function for a property, too.
function isMethod(object, member) {
    if (!object || !(member in object))
        return false;
    const descriptor = Object.getOwnPropertyDescriptor(object, member);
    if (descriptor === undefined)
        return isMethod(Object.getPrototypeOf(object), member);
    return typeof descriptor.value === 'function';
}

function exists(name) {
    const option = name.match(/^\{(\w+)\}$/);
    if (option !== null)
        return optionNames().includes(option[1]);
    const [, kind, member, call] = name.match(/^(\w+)(?:\.(\w+)(\(\))?)?$/);
    if (member === undefined || Hf[kind] === undefined)
        return Hf[kind] !== undefined;
    if (call === undefined)
        return [Hf[kind], Hf[kind].prototype].some(object => object && member in object);
    return [Hf[kind], Hf[kind].prototype].some(object => isMethod(object, member));
}

print(JSON.stringify(JSON.parse(ARGV[0]).filter(exists)));
"""


def exist_in_javascript(names):
    """Those of the names that do: options are {name}, methods Type.name(), and others Type.name."""
    return json.loads(run("gjs", "-c", JAVASCRIPT, json.dumps(names), env=os.environ))


class ComingFromRequestsTest(unittest.TestCase):
    maxDiff = None

    def check_names(self, language, exists):
        missing = [f"{row.name}: {name}" for row in rows() for name in row.names[language]
                   if not exists(name)]
        self.assertEqual(missing, [], f"these names do not exist in {language}")

    def test_nothing_is_left_out(self):
        for section, wanted in WANTED.items():
            names = [row.name for row in TABLES.get(section, [])]
            self.assertEqual(sorted(names), sorted(wanted), f"the rows of “{section}” are others")

    def test_what_there_is_not_has_a_reason(self):
        self.assertEqual([row.name for row in rows()
                          if not all(row.names.values()) and not row.remarks], [])

    def test_c(self):
        self.check_names("C", names_in_c().__contains__)

    def test_python(self):
        self.check_names("Python", is_in_python)

    def test_python_has_the_same_names(self):
        """Or else the remarks say what is different; and no table denies what there is."""
        problems = []
        for section, table in TABLES.items():
            form = {"Keywords": "{}=", "Exceptions": "{}"}.get(section)
            kind = {"Session": "FuturesSession"}.get(section, section)
            for row in table:
                same = form.format(row.name) if form else f"{kind}.{row.name}"
                given = [name.removesuffix("()") for name in row.names["Python"]]
                if is_in_python(same) and same not in given:
                    problems.append(f"there is {same}, but the table does not say so")
                elif same not in given and not row.remarks:
                    problems.append(f"there is no {same}, and no reason for it")
        self.assertEqual(problems, [])

    def test_javascript(self):
        names = sorted({name for row in rows() for name in row.names["JavaScript"]})
        self.check_names("JavaScript", exist_in_javascript(names).__contains__)

    def test_javascript_options_of_the_same_name(self):
        """They are not forgotten when they come to be."""
        there = exist_in_javascript([f"{{{row.name}}}" for row in TABLES["Keywords"]])
        self.assertEqual([row.name for row in TABLES["Keywords"] if f"{{{row.name}}}" in there and
                          f"{{{row.name}}}" not in row.names["JavaScript"]], [])

    def test_vala(self):
        self.check_names("Vala", names_in_vala().__contains__)


if __name__ == "__main__":
    del sys.argv[1:]
    run_tap("/coming-from-requests")
