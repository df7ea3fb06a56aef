# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The libhfutures authors
"""ProcessPoolExecutor: requests in processes of Python's, where hooks of Python's are called."""

import concurrent.futures
import inspect
import os
import sys

from gi.overrides import override
from gi.repository import GLib

from . import Hf, naming, variants
from .errors import NotSerializableError, make_exception
from .executors import _Calls, to_max_workers

_PROGRAM = os.path.join(os.path.dirname(os.path.abspath(__file__)), "worker.py")
_RUN_HOOKS = "gi.overrides._hf.remote:run_hooks"

# What Python and GLib must find in another process as they do here; processes see nothing else of
# the environment.
_HANDED_OVER = ("LD_LIBRARY_PATH", "GI_TYPELIB_PATH", "PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV")

_get_error = Hf.Future.get_error
_NOT_SERIALIZABLE = (Hf.error_quark(), int(Hf.Error.NOT_SERIALIZABLE))


def _make_argv():
    settings = [f"{name}={os.environ[name]}" for name in _HANDED_OVER if name in os.environ]
    # The libraries, which Python only loads with this one, belong below the others, too.
    settings.append("HF_LOAD_BELOW_LATER=1")
    return ["/usr/bin/env", *settings, sys.executable or "python3", _PROGRAM]


@override
class ProcessPoolExecutor(_Calls, Hf.ProcessPoolExecutor):
    """Has requests sent by at most max_workers processes.

    Background callbacks and hooks are called there, too, so they have to be functions that another
    process can import: those of a module, by their names. Without a number there are as many
    processes as processors. A process is ended after max_tasks_per_child requests.

    Functions that are submitted are called on threads of this process.
    """

    __module__ = "gi.overrides.Hf"

    def __init__(self, max_workers=None, *, max_tasks_per_child=None, start_timeout=10.0,
                 worker_argv=None):
        if max_workers is None:
            max_workers = os.cpu_count() or 1
        if max_tasks_per_child is not None and max_tasks_per_child < 1:
            raise ValueError("max_tasks_per_child must be >= 1")
        super().__init__(max_workers=to_max_workers(max_workers),
                         max_jobs_per_process=max_tasks_per_child or 0,
                         start_timeout=start_timeout,
                         worker_argv=worker_argv or _make_argv())
        self._keep_calls(concurrent.futures.ThreadPoolExecutor())


def _refuse(what):
    return NotSerializableError(
        f"{what} cannot be sent to a worker process; see “Worker processes” in the documentation "
        "of libhfutures (processes.html)", GLib.quark_to_string(_NOT_SERIALIZABLE[0]),
        _NOT_SERIALIZABLE[1])


def _name_function(function, what):
    name = naming.get_name(function)
    if name is None:
        raise _refuse(f"{what} {function!r}, which is no function of a module that could be "
                      "imported by its name,")
    return name


def _name_class(session):
    """The name of a subclass of FuturesSession; an empty one for FuturesSession itself."""
    kind = type(session)
    if kind is _get_session_class():
        return ""
    name = naming.get_name(kind)
    if name is None:
        raise _refuse(f"The session’s {kind!r}, which could not be imported by its name,")
    try:
        inspect.signature(kind).bind()
    except TypeError:
        raise _refuse(f"The session’s {kind!r}, which cannot be made without arguments,") from None
    return name


def _get_session_class():
    from .session import FuturesSession  # which imports this module

    return FuturesSession


def _encode(value, what):
    try:
        return variants.encode(value)
    except variants.Unsupported as error:
        raise _refuse(f"{what}, {error},") from None


def _encode_attributes(session):
    """What a program has set on a session, as far as another process can have it."""
    attributes = {}
    for name in ("stream", "verify", "cert", "trust_env", "proxies"):
        attributes[name] = getattr(session, name)
    if session._hf_params is not None:
        attributes["params"] = dict(session.params)
    for name, value in vars(session).items():
        if not name.startswith("_hf_"):
            attributes[name] = value
    encoded = {}
    for name, value in attributes.items():
        try:
            encoded[name] = variants.encode(value)
        except variants.Unsupported:
            pass  # what the class makes is there
    return GLib.Variant("a{sv}", encoded)


def add_named_hooks(request, session, hooks, background_callback, keywords):
    """Has functions called by the process that has the response, as add_hooks() does here."""
    names = [_name_function(hook, "The hook") for hook in hooks]
    parameters = {
        "hooks": GLib.Variant("as", names),
        "path": GLib.Variant("as", [os.fspath(entry) for entry in sys.path
                                    if isinstance(entry, str)]),
    }
    if hooks:
        parameters["keywords"] = _encode(keywords, "What a hook is to be given")
    if background_callback is not None:
        parameters["background"] = GLib.Variant(
            "s", _name_function(background_callback, "The background callback"))
        parameters["session"] = GLib.Variant("s", _name_class(session))
        parameters["attributes"] = _encode_attributes(session)
    request.add_named_response_hook(_RUN_HOOKS, GLib.Variant("a{sv}", parameters))


def check_sent(future):
    """Raises what keeps a request from a process, which its future says at once."""
    error = _get_error(future) if future.done() else None
    if error is not None and error.matches(*_NOT_SERIALIZABLE):
        raise make_exception(error, future.get_request())
    return future


def is_remote(session):
    """Whether requests of a session are sent by processes."""
    return isinstance(session.get_executor(), Hf.ProcessPoolExecutor)
