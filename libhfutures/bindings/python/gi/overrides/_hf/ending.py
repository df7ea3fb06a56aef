# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The libhfutures authors
"""The end of the interpreter: what was submitted is finished before."""

import atexit
import os
import sys
import threading
import weakref

from . import Hf
from .patience import wait_patiently

_cancel_all = Hf.cancel_all
_drain = Hf.drain

_ending = False
_forked = False  # from a process that had work under way, whose threads this one has not
_was_idle = True  # before the fork


def drain(timeout=None):
    """Waits until nothing that was submitted in this process is unfinished.

    Returns whether that came about within the timeout in seconds.
    """
    if _forked:
        return True
    return wait_patiently(lambda microseconds: _drain(microseconds, None), timeout)


def check_not_ending():
    """Raises what concurrent.futures does for what is submitted too late."""
    if _ending:
        raise RuntimeError("cannot schedule new futures after interpreter shutdown")


# Executors of the standard library's whose calls may submit requests.
_first = weakref.WeakSet()


def finish_first(executor):
    """Has the calls of an executor finished before requests are refused."""
    _first.add(executor)


def _finish():
    global _ending

    try:
        for executor in list(_first):
            executor.shutdown()
        _ending = True
        drain()
    except KeyboardInterrupt:
        _ending = True
        # What still runs must not call Python while it ends: that can crash.
        try:
            _cancel_all()
            drain()
        except KeyboardInterrupt:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(130)
        raise


def _before_fork():
    global _was_idle

    _was_idle = _drain(0, None)


def _after_fork_in_child():
    global _forked

    _forked = _forked or not _was_idle


def register():
    """Has what was submitted finished before the program's own exit handlers are called.

    That is when concurrent.futures does it; there is no public way.
    """
    getattr(threading, "_register_atexit", atexit.register)(_finish)
    os.register_at_fork(before=_before_fork, after_in_child=_after_fork_in_child)
