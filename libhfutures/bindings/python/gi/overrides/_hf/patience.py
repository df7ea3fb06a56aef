# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The libhfutures authors
"""Waiting in such a way that Ctrl-C gets through."""

import os
import threading
import time

from . import Hf

# Python runs the handlers of signals in its main thread, between two calls into C. So a wait of the
# main thread is cut into slices. They are the library's own waits, which also run what is posted to
# this thread, and no worker has to take the interpreter's lock to end them.
SLICE = 0.05  # seconds
FOREVER = 1 << 62  # microseconds


def wait_patiently(attempt, timeout=None):
    """Has attempt(microseconds) called until it gives something true, or the time is over.

    Each call blocks for that long at most. One that gives up before its time is over cannot
    succeed on this thread, and is not repeated. Returns what the last one gave.
    """
    in_main_thread = threading.current_thread() is threading.main_thread()
    if timeout is None and not in_main_thread:
        return attempt(-1)

    end = None if timeout is None else time.monotonic() + timeout
    while True:
        begun = time.monotonic()
        left = SLICE if end is None else max(end - begun, 0)
        is_last = end is not None and (not in_main_thread or left <= SLICE)
        length = min(int((left if is_last else SLICE) * 1e6), FOREVER)
        result = attempt(length)
        if result or is_last or (time.monotonic() - begun) * 1e6 < length:
            return result


_drain = Hf.drain
_pid = os.getpid()


def drain(timeout=None):
    """Waits until nothing that was submitted in this process is unfinished.

    Returns whether that came about within the timeout in seconds.
    """
    if os.getpid() != _pid:
        return True  # a fork: the threads that would finish it are not in this process
    return wait_patiently(lambda microseconds: _drain(microseconds, None), timeout)
