# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The libhfutures authors
"""What a worker process of Python's does: it calls hooks by their names."""

import os
import sys

from gi.repository import GLib, GObject

from . import Hf, naming, variants
from .errors import hook_error

# Of a session: what is copied to one of a subclass.
_SETTINGS = ("connect-timeout", "read-timeout", "deadline", "max-body-size",
             "max-decompression-ratio", "base-uri", "user-agent", "headers", "params", "auth",
             "follow-redirects", "max-redirects", "raise-for-status")


def _copy_settings(session, target):
    for name in _SETTINGS:
        target.set_property(name, session.get_property(name))
    jar, target_jar = session.get_cookie_jar(), target.get_cookie_jar()
    if jar is not None and target_jar is not None:
        for cookie in jar.all_cookies():
            target_jar.add_cookie(cookie)


def _make_session(call, parameters):
    session = call.get_session()
    if parameters["session"]:
        own = naming.find(parameters["session"])()
        _copy_settings(session, own)
        session = own
    for name, value in parameters["attributes"].items():
        setattr(session, name, value)
    return session


def _call(call, parameters):
    response = current = call.get_response()
    before = set(vars(response))
    for name in parameters["hooks"]:
        result = naming.find(name)(current, **parameters["keywords"])
        if result is not None:
            current = result
    if "background" in parameters:
        result = naming.find(parameters["background"])(_make_session(call, parameters), current)
        if result is not None:
            current = result
    if current is not response:
        call.set_value(GObject.Value(GObject.TYPE_VARIANT, variants.encode(current)))
        return
    for name, value in vars(response).items():
        if name not in before and not name.startswith("_hf_"):
            try:
                call.attach(name, variants.encode(value))
            except variants.Unsupported as error:
                raise variants.Unsupported(f"{error}, the response’s attribute “{name}”,") from None


def _decode(parameters):
    decoded = {"keywords": {}, "attributes": {}}
    decoded.update((name, variants.decode(value)) for name, value in
                   ((entry.get_child_value(0).get_string(),
                     entry.get_child_value(1).get_variant())
                    for entry in map(parameters.get_child_value, range(parameters.n_children()))))
    return decoded


def run_hooks(call, parameters):
    """Calls the hooks and the background callback of a request."""
    decoded = _decode(parameters)
    sys.path[:] = decoded["path"]
    try:
        _call(call, decoded)
    except variants.Unsupported as error:
        call.fail(GLib.Error.new_literal(
            Hf.error_quark(), f"What a hook made of the response, {error}, cannot be sent from a "
            "worker process; see “Worker processes” in the documentation of libhfutures "
            "(processes.html)", Hf.Error.NOT_SERIALIZABLE))


def _run(name, parameters, call):
    for variable in ("LD_AUDIT", "HF_LOAD_BELOW", "HF_LOAD_BELOW_LATER"):  # C has seen them
        os.environ.pop(variable, None)
    try:
        naming.find(name)(call, parameters)
    except BaseException as exception:  # it goes to whoever asks the future
        call.fail(hook_error(exception))


def serve():
    """Does what the parent wants, until it needs this process no more."""
    if sys.stdout is not None:  # what a hook prints is not to be lost at the end
        sys.stdout.reconfigure(line_buffering=True)
    status = Hf.worker_run_with_hooks(_run)
    sys.stderr.flush()
    os._exit(status)
