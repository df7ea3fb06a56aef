# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The libhfutures authors
"""Credentials, under the names that requests has for them."""

from gi.overrides import override

from . import Hf
from .errors import hook_error
from .text import to_text


_new_for_func = Hf.Auth.new_for_func


@override
class Auth(Hf.Auth):
    """Credentials."""

    __module__ = "gi.overrides.Hf"

    @staticmethod
    def new_for_func(func):
        """Makes credentials that a function is asked for each time that something is sent.

        It is called on the worker with an Hf.AuthCall, which has the request, and returns the value
        of the Authorization header, or None for none. What it raises makes the future fail.
        """
        def answer(call):
            try:
                authorization = func(call)
                if authorization is not None:
                    call.set_authorization(to_text(authorization))
            except BaseException as exception:  # it goes to whoever asks the future
                call.fail(hook_error(exception))

        return _new_for_func(answer)


def HTTPBasicAuth(username, password):
    """Makes credentials for Basic authentication (RFC 7617), in UTF-8."""
    return Hf.Auth.new_for_basic(to_text(username), to_text(password))


def HTTPDigestAuth(username, password):
    """Makes credentials for Digest authentication (RFC 7616)."""
    return Hf.Auth.new_for_digest(to_text(username), to_text(password))


def set_auth(request, auth):
    """Gives a request credentials: a pair, an Hf.Auth, or a function that changes the request.

    What the function returns is the request, as in requests.
    """
    if isinstance(auth, Hf.Auth):
        request.set_auth(auth)
        return request
    if callable(auth):
        request._hf_open = True
        changed = auth(request)
        if not isinstance(changed, Hf.Request):
            raise TypeError(f"auth must return the request that it is called with, not {changed!r}")
        return changed
    if not isinstance(auth, (tuple, list)) or len(auth) != 2:
        raise TypeError(f"auth must be a pair, an Hf.Auth or a function, not {auth!r}")
    request.set_auth(HTTPBasicAuth(*auth))
    return request
