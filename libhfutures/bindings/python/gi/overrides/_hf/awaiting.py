# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The libhfutures authors
"""Waiting for futures in the tasks of asyncio's event loops."""

import weakref

from . import Hf

_add = Hf.CompletionQueue.add
_pop = Hf.CompletionQueue.pop


class _LoopWaits:
    """The futures that the tasks of one event loop wait for.

    Workers write to a descriptor that the loop polls, which wakes it without the interpreter's
    lock; what has settled by then is handed out on the loop's own thread.
    """

    def __init__(self, loop):
        self.queue = Hf.CompletionQueue()
        self.waiting = {}  # from futures of ours to lists of asyncio's
        loop.add_reader(self.queue.get_fd(), self.hand_out)

    def add(self, future, waiter):
        waiters = self.waiting.get(future)
        if waiters is not None:
            waiters.append(waiter)
            return
        self.waiting[future] = [waiter]
        _add(self.queue, future)

    def hand_out(self):
        while True:
            future = _pop(self.queue, 0, None)
            if future is None:
                return
            for waiter in self.waiting.pop(future):
                if not waiter.done():
                    waiter.set_result(None)


# A loop has its own through its reader, and this is to find it again. What waits leads back to the
# loop, so neither may be kept from here.
_waits_of_loops = weakref.WeakKeyDictionary()


def wait_in_task(future):
    """For __await__: lets other tasks run until the future has settled."""
    import asyncio  # only where it is in use anyhow

    loop = asyncio.get_running_loop()
    reference = _waits_of_loops.get(loop)
    waits = reference() if reference is not None else None
    if waits is None:
        waits = _LoopWaits(loop)
        _waits_of_loops[loop] = weakref.ref(waits)

    waiter = loop.create_future()
    waits.add(future, waiter)
    try:
        yield from waiter
    except asyncio.CancelledError:
        future.cancel()
        raise
