# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The libhfutures authors
"""The executors, with the methods of concurrent.futures.Executor."""

import concurrent.futures
import operator
import threading

from gi.overrides import override
from gi.repository import Gio, GLib

from . import Hf
from .ending import finish_first
from .errors import CancelledError
from .patience import wait_patiently

_close_until = Hf.Executor.close_until


def to_max_workers(number):
    """Checks a number of workers, which C would take for the programmer's error."""
    number = operator.index(number)
    if number <= 0:
        raise ValueError("max_workers must be greater than 0")
    if number > GLib.MAXINT // 2:
        raise ValueError(f"max_workers must not be greater than {GLib.MAXINT // 2}")
    return number


class _Call(concurrent.futures.Future):
    """A future of the standard library's that can be awaited, and is cancelled as ours are."""

    def _with_our_error(self, get, timeout):
        try:
            return get(self, timeout)
        except concurrent.futures.CancelledError as error:
            if not self.cancelled():
                raise  # the function's own
            raise CancelledError("The call was cancelled", "g-io-error-quark",
                                 Gio.IOErrorEnum.CANCELLED) from error

    def result(self, timeout=None):
        return self._with_our_error(concurrent.futures.Future.result, timeout)

    def exception(self, timeout=None):
        return self._with_our_error(concurrent.futures.Future.exception, timeout)

    def __await__(self):
        import asyncio  # only where it is in use anyhow

        return asyncio.wrap_future(self).__await__()


class _Calls(concurrent.futures.Executor):
    """Makes calls of Python's on threads of Python's.

    A thread of the library's is a new one for Python at each call: threading.local is empty then.
    So calls are left to the standard library.
    """

    _hf_calls = None  # an executor of concurrent.futures

    def _get_calls(self):
        if self._hf_calls is None:
            calls = concurrent.futures.ThreadPoolExecutor()
            self._keep_calls(self.__dict__.setdefault("_hf_calls", calls))
        return self._hf_calls

    def _keep_calls(self, calls):
        self._hf_calls = calls
        finish_first(calls)

    def submit(self, fn, /, *args, **kwargs):
        """Has fn(*args, **kwargs) called on a thread; returns the future of what it returns."""
        future = self._get_calls().submit(fn, *args, **kwargs)
        future.__class__ = _Call
        unfinished = self.__dict__.setdefault("_hf_unfinished", set())
        unfinished.add(future)
        future.add_done_callback(unfinished.discard)
        return future

    def _calls_are_finished(self, microseconds):
        unfinished = list(self.__dict__.get("_hf_unfinished", ()))
        return not concurrent.futures.wait(unfinished, microseconds / 1e6).not_done

    def shutdown(self, wait=True, *, cancel_futures=False):
        """Takes no more work; waits for what there is unless told otherwise.

        What has not begun is cancelled if cancel_futures says so. Ctrl-C ends the waiting.
        """
        flags = Hf.CloseFlags.CANCEL_QUEUED if cancel_futures else Hf.CloseFlags.DRAIN
        if wait:
            self.close(flags)
            return
        self._get_calls().shutdown(wait=False, cancel_futures=cancel_futures)
        _close_until(self, flags, 0)

    def close(self, flags=Hf.CloseFlags.CANCEL_QUEUED):
        """Takes no more work, cancels what has not begun, and waits for the rest.

        Ctrl-C ends the waiting.
        """
        self._get_calls().shutdown(wait=False, cancel_futures=flags != Hf.CloseFlags.DRAIN)
        wait_patiently(lambda microseconds: _close_until(self, flags, microseconds))
        if threading.current_thread() is threading.main_thread():
            # The joining of threads may miss an interrupt that comes just before it.
            wait_patiently(self._calls_are_finished)
        self._get_calls().shutdown()

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.shutdown()
        return False


@override
class ThreadPoolExecutor(_Calls, Hf.ThreadPoolExecutor):
    """Runs requests of any number of sessions on at most max_workers threads, and calls likewise.

    The other arguments are for the threads of calls, as in concurrent.futures: names, and a
    function that is called at the start of each. Requests have no need of them.
    """

    __module__ = "gi.overrides.Hf"

    def __init__(self, max_workers=None, thread_name_prefix="", initializer=None, initargs=()):
        calls = concurrent.futures.ThreadPoolExecutor(max_workers, thread_name_prefix, initializer,
                                                      initargs)
        super().__init__(max_workers=to_max_workers(calls._max_workers))
        self._keep_calls(calls)


@override
class LoopExecutor(_Calls, Hf.LoopExecutor):
    """Runs thousands of requests at a time on a few threads, or in the application's own loop.

    Calls are made on threads besides, so that they do not hold up the requests.
    """

    __module__ = "gi.overrides.Hf"
