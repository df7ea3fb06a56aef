# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The libhfutures authors
"""Future: one of concurrent.futures', settled by the library."""

import concurrent.futures
import logging
import threading
import time
from concurrent.futures import InvalidStateError, _base

from gi.overrides import override

from . import Hf
from .awaiting import wait_in_task
from .errors import CancelledError, TimeoutError, hook_error, make_exception, would_block_error
from .patience import get_end, postpone, raise_postponed, wait_patiently
from .variants import take_value

LOGGER = logging.getLogger("concurrent.futures")

State = Hf.FutureState

# Looked up once: these are what every request goes through.
_add_settled_func = Hf.Future.add_settled_func
_cancel = Hf.Future.cancel
_dup_response = Hf.Future.dup_response
_get_error = Hf.Future.get_error
_get_request = Hf.Future.get_request
_get_state = Hf.Future.get_state
_get_uri = Hf.Future.get_uri
_get_value = Hf.Future.get_value
_wait = Hf.Future.wait

_HOOK_ERROR = Hf.error_quark(), Hf.Error.HOOK


class _Standard:
    """What the functions of concurrent.futures look at and change in a future.

    It is made when they first do, and then follows the future: it says that the future is done
    when those that wait have been told, not before, and never while they hold its condition.
    """

    def __init__(self):
        self.condition = threading.Condition()
        self.waiters = []
        self.n_told = 0  # of the waiters
        self.state = None  # of a future that is done

    def on_settled(self, future):
        """Where C calls, an interrupt has to wait: C would swallow it, with others still untold."""
        while self.state is None and future.done():
            try:
                self.tell(future)
            except KeyboardInterrupt as interrupt:
                postpone(interrupt)

    def tell(self, future):
        with self.condition:
            if self.state is not None:
                return
            if future.cancelled():
                state, tell = _base.CANCELLED_AND_NOTIFIED, "add_cancelled"
            elif _get_state(future) == State.SUCCEEDED:
                state, tell = _base.FINISHED, "add_result"
            else:
                state, tell = _base.FINISHED, "add_exception"
            while self.n_told < len(self.waiters):
                waiter = self.waiters[self.n_told]
                try:
                    getattr(waiter, tell)(future)
                except KeyboardInterrupt as interrupt:
                    postpone(interrupt)
                    if future not in waiter.finished_futures:
                        continue
                    waiter.event.set()  # that comes last, and may not have come
                self.n_told += 1
            self.condition.notify_all()
            self.state = state


@override
class Future(Hf.Future, concurrent.futures.Future):
    """The future of a request.

    It has the methods of concurrent.futures.Future, with their meanings, but a request can also be
    cancelled while it runs. It can be awaited in any event loop of asyncio's; cancelling the task
    cancels the request.

    Every method may be called from any thread.
    """

    __module__ = "gi.overrides.Hf"

    # A wrapper that has attributes is kept by the library, which costs, so most have none.
    _hf_exception = None
    _hf_named = False    # hooks of Python's were called by another process
    _hf_raised = None    # a list with what Python raised in it
    _hf_standard = None

    def __init__(self):
        raise TypeError("futures come from sessions")

    def _settle_within(self, timeout):
        """Waits; raises what keeps the future from having settled."""
        if self.done():
            return
        end = get_end(timeout)
        if wait_patiently(lambda microseconds: _wait(self, microseconds, None), timeout):
            return
        if self.done():
            return
        if end is None or time.monotonic() < end:
            raise would_block_error()
        raise TimeoutError

    def _get_exception(self):
        """The exception of a future that has settled otherwise than by success; always the same."""
        if self._hf_exception is None:
            exception = _get_error(self)
            if _get_state(self) == State.CANCELLED:
                exception = CancelledError(exception.message, exception.domain, exception.code)
            elif self._hf_raised and exception.matches(*_HOOK_ERROR):
                exception = self._hf_raised[0]
            else:
                response = _dup_response(self)
                request = _get_request(self) if response is None else response.request
                exception = make_exception(exception, request, response)
            self.__dict__.setdefault("_hf_exception", exception)
        return self._hf_exception

    def result(self, timeout=None):
        """Returns the response, or what a hook gave in its place, when it is there.

        Raises what went wrong; CancelledError when the future was cancelled; TimeoutError when it
        has not settled within the timeout in seconds. The request goes on then.
        """
        try:
            self._settle_within(timeout)
            if _get_error(self) is None:
                value = _get_value(self, None)
                return take_value(self, value) if self._hf_named else value
            raise self._get_exception()
        finally:
            self = None  # else the exception's traceback leads back to the future

    def exception(self, timeout=None):
        """Returns what result() would raise, or None; raises like it when there is no telling."""
        try:
            self._settle_within(timeout)
            state = _get_state(self)
            if state == State.CANCELLED:
                raise self._get_exception()
            return None if state == State.SUCCEEDED else self._get_exception()
        finally:
            self = None

    def cancel(self):
        """Cancels the request, queued or running.

        Returns whether the future is cancelled now.
        """
        _cancel(self)
        if self._hf_standard is not None:
            self._hf_standard.on_settled(self)  # an interrupt may have kept C from telling it
        raise_postponed()
        return self.cancelled()

    def cancelled(self):
        """Whether the future was cancelled."""
        return _get_state(self) == State.CANCELLED

    def running(self):
        """Whether a worker is at it."""
        return _get_state(self) == State.RUNNING

    def done(self):
        """Whether the future has settled: succeeded, failed or cancelled."""
        return _wait(self, 0, None)  # making a member of FutureState takes longer

    def add_done_callback(self, fn):
        """Has fn(future) called when the future has settled; at once when it has already.

        It is called on the thread that settles the future. An exception that it raises is logged.
        """
        def call(future):
            try:
                fn(future)
            except KeyboardInterrupt as interrupt:
                postpone(interrupt)
            except BaseException:  # C would print it, or end the program
                LOGGER.exception("exception calling callback for %r", future)

        if not self.done():
            _add_settled_func(self, call)
            raise_postponed()
            return
        try:
            fn(self)
        except Exception:
            LOGGER.exception("exception calling callback for %r", self)

    def set_running_or_notify_cancel(self):
        """For executors of Python's own; the library settles its futures itself."""
        raise InvalidStateError(f"the library settles {self!r}")

    def set_result(self, result):
        """For executors of Python's own; the library settles its futures itself."""
        raise InvalidStateError(f"the library settles {self!r}")

    def set_exception(self, exception):
        """For executors of Python's own; the library settles its futures itself."""
        raise InvalidStateError(f"the library settles {self!r}")

    def __await__(self):
        if not self.done():
            yield from wait_in_task(self)
        if _get_error(self) is None:
            value = _get_value(self, None)
            return take_value(self, value) if self._hf_named else value
        if self.cancelled():
            raise _make_await_cancelled_error(self._get_exception())
        return self.result()

    def __repr__(self):
        state = _get_state(self).value_nick
        return f"<Future at {id(self):#x} state={state} uri={_get_uri(self)!r}>"

    # What the functions of concurrent.futures use of a future.

    def _get_standard(self):
        if self._hf_standard is None:
            made = _Standard()
            if self.done():
                made.tell(self)
            if self.__dict__.setdefault("_hf_standard", made) is made and made.state is None:
                _add_settled_func(self, made.on_settled)
                raise_postponed()
        return self._hf_standard

    @property
    def _condition(self):
        return self._get_standard().condition

    @property
    def _waiters(self):
        return self._get_standard().waiters

    @property
    def _state(self):
        state = self._get_standard().state
        if state is not None:
            return state
        return _base.PENDING if _get_state(self) == State.QUEUED else _base.RUNNING


def _make_await_cancelled_error(error):
    """What awaiting a cancelled future raises: asyncio takes it for a cancellation, too."""
    import asyncio  # only where it is in use anyhow

    global _AwaitCancelledError
    if _AwaitCancelledError is None:
        _AwaitCancelledError = type("CancelledError", (CancelledError, asyncio.CancelledError),
                                    {"__module__": CancelledError.__module__})
    return _AwaitCancelledError(error.message, error.domain, error.code)


_AwaitCancelledError = None


def make_failed_future(exception):
    """A future that has failed with an exception of Python's."""
    future = Hf.Future.new_for_error(hook_error(exception))
    future._hf_raised = [exception]
    return future
