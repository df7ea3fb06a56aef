# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The libhfutures authors
"""Hooks of Python's: functions that look at responses on the worker, and may replace them."""

from gi.repository import GObject

from .errors import hook_error


def to_list(hooks):
    """The response hooks in a dictionary as requests has it."""
    if not hooks:
        return []
    for event in hooks:
        if event != "response":
            raise ValueError(f"there is no event {event!r} for hooks, only 'response'")
    hooks = hooks.get("response") or []
    return [hooks] if callable(hooks) else list(hooks)


def add_hooks(request, hooks, background_callback, raised, keywords):
    """Has functions called on the worker that sends a request, one after the other.

    Each is given what the one before it has made of the response; what it returns goes in its place
    unless it is None. The background callback comes last and is given the session, too.

    When one of them raises, its exception is put into a list before the future fails.
    """
    def run(call):
        response = call.get_response()
        value = call.get_value()  # of a hook that was added in C
        current = response if value is None else value
        before = current
        try:
            for hook in hooks:
                result = hook(current, **keywords)
                if result is not None:
                    current = result
            if background_callback is not None:
                result = background_callback(call.get_session(), current)
                if result is not None:
                    current = result
        except BaseException as exception:  # it goes to whoever asks the future
            raised.append(exception)
            call.fail(hook_error(exception))
            return
        if current is not before:
            call.set_value(GObject.Value(GObject.TYPE_PYOBJECT, current))

    request.add_response_hook(run)
