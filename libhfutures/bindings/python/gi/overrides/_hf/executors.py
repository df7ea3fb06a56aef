# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The libhfutures authors
"""The executors, with the methods of concurrent.futures.Executor."""

import concurrent.futures
import logging
import os
import threading
from concurrent.futures.thread import BrokenThreadPool

from gi.overrides import override
from gi.repository import GObject

from . import Hf
from .errors import hook_error
from .patience import wait_patiently

LOGGER = logging.getLogger("concurrent.futures")

_close_until = Hf.Executor.close_until
_submit = Hf.Executor.submit


class _Calls(concurrent.futures.Executor):
    """What executors have in common."""

    _hf_threads = None

    def submit(self, fn, /, *args, **kwargs):
        """Has fn(*args, **kwargs) called by a worker; returns the future of what it returns."""
        raised = []
        threads = self._hf_threads
        if threads is not None:
            threads.check()

        def run(call):
            try:
                if threads is not None:
                    threads.prepare()
                value = fn(*args, **kwargs)
            except BaseException as exception:  # it goes to whoever asks the future
                raised.append(exception)
                call.fail(hook_error(exception))
            else:
                call.set_value(GObject.Value(GObject.TYPE_PYOBJECT, value))

        future = _submit(self, run)
        if future.done():
            error = future.get_error()
            if error is not None and error.matches(Hf.error_quark(), Hf.Error.CLOSED):
                raise RuntimeError("cannot schedule new futures after shutdown")
        future._hf_raised = raised
        return future

    def shutdown(self, wait=True, *, cancel_futures=False):
        """Takes no more work; waits for what there is unless told otherwise.

        What has not begun is cancelled if cancel_futures says so. Ctrl-C ends the waiting.
        """
        flags = Hf.CloseFlags.CANCEL_QUEUED if cancel_futures else Hf.CloseFlags.DRAIN
        if wait:
            self.close(flags)
        else:
            _close_until(self, flags, 0)

    def close(self, flags=Hf.CloseFlags.CANCEL_QUEUED):
        """Takes no more work, cancels what has not begun, and waits for the rest.

        Ctrl-C ends the waiting.
        """
        wait_patiently(lambda microseconds: _close_until(self, flags, microseconds))

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.shutdown()
        return False


class _Threads:
    """What the threads of an executor go through before their first call."""

    def __init__(self, name_prefix, initializer, initargs):
        self.name_prefix = name_prefix
        self.initializer = initializer
        self.initargs = initargs
        self.lock = threading.Lock()
        self.names = {}  # by the system's own identifier, since Python's are soon used again
        self.broken = False

    def check(self):
        if self.broken:
            raise BrokenThreadPool("A thread initializer failed, the thread pool is not usable "
                                   "anymore")

    def prepare(self):
        """On a worker, before each call; raises what keeps it from being made."""
        self.check()
        identifier = threading.get_native_id()
        with self.lock:
            is_new = identifier not in self.names
            name = self.names.setdefault(identifier, f"{self.name_prefix}_{len(self.names)}")
        # A thread that is not Python's own is forgotten after each call.
        if self.name_prefix:
            threading.current_thread().name = name
        if not is_new or self.initializer is None:
            return
        try:
            self.initializer(*self.initargs)
        except BaseException:
            LOGGER.critical("Exception in initializer:", exc_info=True)
            self.broken = True
            self.check()


@override
class ThreadPoolExecutor(_Calls, Hf.ThreadPoolExecutor):
    """Runs requests of any number of sessions, and calls, on at most max_workers threads.

    The initializer is called with initargs on each thread before its first call; when it raises, no
    more calls are made, and their futures raise BrokenThreadPool. Requests have no need of it.
    """

    __module__ = "gi.overrides.Hf"

    def __init__(self, max_workers=None, thread_name_prefix="", initializer=None, initargs=()):
        if max_workers is None:
            max_workers = min(32, (os.cpu_count() or 1) + 4)
        if max_workers <= 0:
            raise ValueError("max_workers must be greater than 0")
        if initializer is not None and not callable(initializer):
            raise TypeError("initializer must be a callable")
        super().__init__(max_workers=max_workers)
        if initializer is not None or thread_name_prefix:
            self._hf_threads = _Threads(thread_name_prefix, initializer, initargs)


@override
class LoopExecutor(_Calls, Hf.LoopExecutor):
    """Runs thousands of requests at a time on a few threads, or in the application's own loop.

    Calls run on threads besides, so that they do not hold up the requests.
    """

    __module__ = "gi.overrides.Hf"
