# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The libhfutures authors
"""Waiting in such a way that Ctrl-C gets through."""

import threading
import time

# Python runs the handlers of signals in its main thread, between two calls into C. So a wait of the
# main thread is cut into slices. They are the library's own waits, which also run what is posted to
# this thread, and no worker has to take the interpreter's lock to end them.
SLICE = 0.05  # seconds
FOREVER = 1 << 62  # microseconds

# Interrupts that came while C was calling Python in the main thread: C can only swallow them.
_postponed = []


def postpone(interrupt):
    """Keeps an interrupt until C has returned."""
    _postponed.append(interrupt)


def raise_postponed():
    """After a call into C that may have called Python."""
    if _postponed and threading.current_thread() is threading.main_thread():
        raise _postponed.pop()


def get_end(timeout):
    """When a wait that begins now is over, or None."""
    if timeout is None:
        return None
    # Not a number is no time.
    return time.monotonic() + (timeout if timeout > 0 else 0)


def get_time_left(end):
    return None if end is None else max(end - time.monotonic(), 0)


def wait_patiently(attempt, timeout=None):
    """Has attempt(microseconds) called until it gives something true, or the time is over.

    Each call blocks for that long at most. One that gives up before its time is over cannot
    succeed on this thread, and is not repeated. Returns what the last one gave.
    """
    in_main_thread = threading.current_thread() is threading.main_thread()
    if timeout is None and not in_main_thread:
        return attempt(-1)

    end = get_end(timeout)
    while True:
        begun = time.monotonic()
        left = SLICE if end is None else max(end - begun, 0)
        is_last = end is not None and (not in_main_thread or left <= SLICE)
        length = int(min((left if is_last else SLICE) * 1e6, FOREVER))
        result = attempt(length)
        if in_main_thread:
            raise_postponed()
        if result or is_last or (time.monotonic() - begun) * 1e6 < length:
            return result
