# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The libhfutures authors
"""Text as C takes it."""


def to_text(value):
    """Makes text of a value; bytes are taken for UTF-8."""
    text = value.decode() if isinstance(value, bytes) else str(value)
    if "\0" in text:
        raise ValueError(f"embedded null character in {text!r}")  # C would stop there
    return text
