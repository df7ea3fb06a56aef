# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The libhfutures authors
"""wait() and as_completed() of concurrent.futures, over futures of the library."""

import concurrent.futures
import time
from concurrent.futures import ALL_COMPLETED, FIRST_COMPLETED, FIRST_EXCEPTION

from . import Hf
from .errors import TimeoutError, would_block_error
from .patience import get_end, get_time_left, wait_patiently

DoneAndNotDoneFutures = concurrent.futures._base.DoneAndNotDoneFutures


def _are_ours(futures):
    return all(isinstance(future, Hf.Future) for future in futures)


def _pop(queue, end):
    return wait_patiently(lambda microseconds: queue.pop(microseconds, None), get_time_left(end))


def as_completed(fs, timeout=None):
    """Yields futures in the order in which they settle, first those that have settled already.

    Duplicates are yielded once. Raises TimeoutError when not all have settled within the timeout
    in seconds. Futures of other executors of Python's may be among them.
    """
    futures = set(fs)
    del fs
    if not _are_ours(futures):
        yield from concurrent.futures.as_completed(futures, timeout)
        return

    end = get_end(timeout)
    total = len(futures)
    queue = Hf.CompletionQueue.new_for_futures(list(futures))
    futures = None  # from here on only the queue has them, and it lets go of what it gave
    while True:
        popped = [_pop(queue, end)]
        if popped[0] is None:
            break
        yield popped.pop()  # nor does this frame keep it

    unfinished = queue.get_n_items()
    if unfinished > 0:
        if end is None or time.monotonic() < end:
            raise would_block_error()
        raise TimeoutError(f"{unfinished} (of {total}) futures unfinished")


def wait(fs, timeout=None, return_when=ALL_COMPLETED):
    """Waits for futures, for a timeout in seconds at most.

    Returns a named tuple of two sets, done and not_done. Duplicates count once. return_when is
    FIRST_COMPLETED, FIRST_EXCEPTION or ALL_COMPLETED. Futures of other executors of Python's may be
    among them.
    """
    if return_when not in (FIRST_COMPLETED, FIRST_EXCEPTION, ALL_COMPLETED):
        raise ValueError(f"Invalid return condition: {return_when!r}")

    futures = set(fs)
    if not _are_ours(futures):
        return concurrent.futures.wait(futures, timeout, return_when)

    end = get_end(timeout)
    if return_when == ALL_COMPLETED:
        for future in futures:
            wait_patiently(lambda microseconds: Hf.Future.wait(future, microseconds, None),
                           get_time_left(end))
    else:
        queue = Hf.CompletionQueue.new_for_futures(list(futures))
        while True:
            future = _pop(queue, end)
            if future is None or return_when == FIRST_COMPLETED:
                came_about = future is not None or queue.get_n_items() == 0
                break
            if not future.cancelled() and future.exception() is not None:
                came_about = True
                break

    done = {future for future in futures if future.done()}
    if return_when == ALL_COMPLETED:
        came_about = len(done) == len(futures)
    if not came_about and (end is None or time.monotonic() < end):
        raise would_block_error()
    return DoneAndNotDoneFutures(done, futures - done)
