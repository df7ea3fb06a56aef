# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The libhfutures authors
"""The tables of the page “Coming from requests”, and what requests itself has."""

import inspect
import re

import requests

HEADER = ["requests", "C", "Python", "JavaScript", "Vala", "remarks"]
NONE = "–"


class Row:
    """A name of requests, its names in each language, and what there is to say about them."""

    def __init__(self, line):
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if len(cells) != len(HEADER):
            raise AssertionError(f"a row has {len(cells)} cells, not {len(HEADER)}: {line}")
        self.name = self._names(cells[0])[0]
        self.names = {language: self._names(cell)
                      for language, cell in zip(HEADER[1:5], cells[1:5])}
        self.remarks = cells[5]

    @staticmethod
    def _names(cell):
        if cell == NONE:
            return []
        names = re.findall(r"`([^`]+)`", cell)
        if not names or re.sub(r"`[^`]+`|[, ]", "", cell):
            raise AssertionError(f"a cell has names and commas, or “{NONE}”: {cell}")
        return names


def read_tables(page):
    """The rows of each section that has a table of ours."""
    tables = {}
    section = None
    for line in page.read_text().splitlines():
        if line.startswith("## "):
            section = line[3:]
        elif line.startswith("| requests |"):
            if [cell.strip() for cell in line.strip("|").split("|")] != HEADER:
                raise AssertionError(f"the table of “{section}” has other columns: {line}")
            tables[section] = []
        elif line.startswith("|") and section in tables and not line.startswith("| ---"):
            tables[section].append(Row(line))
    return tables


def public(names):
    return {name for name in names if not name.startswith("_")}


def names_of_requests():
    """What the tables must have, by their sections."""
    session = requests.Session()
    keywords = inspect.signature(requests.Session.request).parameters
    exceptions = vars(requests.exceptions).items()
    return {
        "Keywords": set(keywords) - {"self"},
        "Session": public(dir(session)) | set(requests.Session.__attrs__),
        "Response": public(dir(requests.Response())) | public(requests.Response.__attrs__),
        "Exceptions": {name for name, value in exceptions
                       if isinstance(value, type) and value.__module__ == "requests.exceptions"},
    }
