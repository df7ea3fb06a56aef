# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The libhfutures authors
"""The exceptions that futures raise."""

import concurrent.futures

from gi.repository import GLib

from . import Hf

# That of a wait; what a request may take is the request's own affair, and its error.
TimeoutError = concurrent.futures.TimeoutError


class CancelledError(GLib.Error, concurrent.futures.CancelledError):
    """The future was cancelled."""

    __module__ = "gi.overrides.Hf"


def hook_error(exception):
    """What C is told when Python raised something that C cannot carry."""
    name = type(exception).__name__
    try:
        text = f"{name}: {exception}"
    except BaseException:  # whatever it may be
        text = name
    text = text.replace("\0", "\N{REPLACEMENT CHARACTER}").encode(errors="replace").decode()
    return GLib.Error.new_literal(Hf.error_quark(), text, Hf.Error.HOOK)


def would_block_error():
    """Why a wait for several futures gives up."""
    return GLib.Error.new_literal(
        Hf.error_quark(), "What is left runs in the main loop that this wait would block; wait for "
        "it asynchronously", Hf.Error.WOULD_BLOCK)
