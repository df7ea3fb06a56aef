# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The libhfutures authors
"""What the tests of processes have called in them: another process can import this."""

import functools
import os
import signal

from gi.repository import Hf

VALUES = [
    {}, [], "", b"", 0, False, True, -1, 2 ** 63 - 1, 2 ** 80, -2 ** 80, 0.5, "Grüße", "\0",
    "\ud800",
    b"\xff\0", (), (1, "a", None), [1, [2, [3]]], {"a": {"b": [None]}}, {1: 2, "x": (3,)},
    {1, 2}, frozenset("ab"), bytearray(b"c"), {"": None}, [{}, [], ""],
]


def nothing(session, response):
    pass


def give_same(session, response):
    return response


def attach(session, response):
    response.data = response.json()
    response.process = os.getpid()
    response.nothing = None
    response.encoding = "latin-1"


def give_value(session, response):
    return VALUES[int(response.request.headers["X-Value"])]


def give_content(session, response):
    return response.content


def give_object(session, response):
    return object()


def give_deep(session, response):
    value = []
    for _level in range(100):
        value = [value]
    return value


def give_deepest(session, response):
    value = "bottom"
    for _level in range(36):
        value = {"deeper": value}
    return value


def show_place(session, response):
    """Where this process has its libraries, while another one is there for sure."""
    session.get(response.request.headers["X-Hold"]).result()
    with open("/proc/self/maps", encoding="utf-8") as maps:
        mappings = [(*(int(place, 16) for place in line.split()[0].split("-")), line)
                    for line in maps]
    return {"process": os.getpid(),
            "libraries": next(start for start, _end, line in mappings if "/libglib-2.0.so" in line),
            "largest": max(end - start for start, end, _line in mappings),
            "variables": [name for name in os.environ if name.startswith(("LD_AUDIT", "HF_LOAD"))]}


def attach_object(session, response):
    response.thing = object()


def describe(session, response):
    response.seen = {
        "class": type(session).__name__,
        "headers": dict(session.headers),
        "params": dict(session.params),
        "cookies": dict(session.cookies),
        "read_timeout": session.read_timeout,
        "verify": session.verify,
        "level": getattr(session, "level", None),
        "url": response.url,
        "status": response.status_code,
        "method": response.request.method,
        "body": len(response.content),
        "history": [earlier.status_code for earlier in response.history],
    }


def ask(session, response):
    return session.get(response.url).result().json()


def fail(session, response):
    raise ValueError("it is not liked")


def die(session, response):
    os.kill(os.getpid(), signal.SIGKILL)


def leave(session, response):
    os._exit(3)


def look(response, **keywords):
    response.keywords = keywords


def count(response, **keywords):
    return 1 if isinstance(response, Hf.Response) else response + 1


def double(session, value):
    return value * 2


partial = functools.partial(nothing)
renamed = nothing


def hidden(session, response):
    pass


found_hidden = hidden
hidden = None


class Callbacks:
    @staticmethod
    def static(session, response):
        return "static"

    def bound(self, session, response):
        pass


class OwnSession(Hf.FuturesSession):
    level = "of the class"

    def shout(self):
        return self.level.upper()


class DemandingSession(Hf.FuturesSession):
    def __init__(self, executor, needed):
        super().__init__(executor)


def use_own(session, response):
    return session.shout()


def make_local():
    def local(session, response):
        pass

    class LocalSession(Hf.FuturesSession):
        pass

    return local, LocalSession
