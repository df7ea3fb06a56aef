# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The libhfutures authors
"""Names of functions and classes, by which another process finds them.

A name is that of the module and that within it, with a colon between the two. The program that was
started has no module's name, so its file stands for it.
"""

import importlib
import importlib.util
import os
import sys

# What the program's file is as a module in another process: not __main__, lest it begins its work.
MAIN = "__hf_main__"


def _follow(thing, qualname):
    for name in qualname.split("."):
        thing = getattr(thing, name)
    return thing


def _get_module(name):
    """The module of a name that another process can import, or its file; None if there is none."""
    module = sys.modules.get(name)
    if module is None or name != "__main__":
        return name if module is not None else None
    if getattr(module, "__spec__", None) is not None:  # python -m
        return module.__spec__.name
    path = getattr(module, "__file__", None)
    return os.path.abspath(path) if path is not None and os.path.exists(path) else None


def get_name(thing):
    """The name of a function or a class; None when another process could not find it."""
    module_name = getattr(thing, "__module__", None)
    qualname = getattr(thing, "__qualname__", None)
    if not isinstance(qualname, str) or not isinstance(module_name, str):
        return None
    module = _get_module(module_name)
    try:
        found = _follow(sys.modules[module_name], qualname)
    except (AttributeError, KeyError):
        return None
    return f"{module}:{qualname}" if module is not None and found is thing else None


def _load_main(path):
    module = sys.modules.get(MAIN)
    if module is not None and module.__file__ == path:
        return module
    spec = importlib.util.spec_from_file_location(MAIN, path)
    if spec is None:
        raise ImportError(f"{path!r} is no program in Python")
    module = sys.modules[MAIN] = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[MAIN]
        raise
    return module


def find(name):
    """Gives what has a name."""
    module_name, _colon, qualname = name.rpartition(":")
    if os.path.isabs(module_name):
        return _follow(_load_main(module_name), qualname)
    return _follow(importlib.import_module(module_name), qualname)
