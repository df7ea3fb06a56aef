# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The libhfutures authors
"""How bodies become text and values, by the rules of requests."""

import codecs
import json

# The codecs of these names drop the mark.
_MARKED = (
    (codecs.BOM_UTF8, "UTF-8-SIG"),
    (codecs.BOM_UTF32_LE, "UTF-32"),  # before that of UTF-16, with which it begins
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)


def get_declared_encoding(content_type):
    """What requests takes for the encoding when it has seen no more than the Content-Type."""
    kind, *params = (content_type or "").split(";")
    charset = None
    for param in params:
        name, equals, value = param.partition("=")
        if equals and name.strip(" \"'").lower() == "charset":
            charset = value.strip(" \"'")
    if charset is not None:
        return charset
    if "text" in kind:
        return "ISO-8859-1"
    return "utf-8" if "application/json" in kind else None


def get_marked_encoding(content):
    """The encoding whose byte order mark begins the body, or None."""
    return next((name for mark, name in _MARKED if content.startswith(mark)), None)


def decode(content, encoding):
    """Text, with U+FFFD for what is none; an encoding that nobody knows is taken for UTF-8."""
    try:
        return str(content, encoding, errors="replace")
    except (LookupError, TypeError, ValueError):
        return str(content, errors="replace")


def parse_json(response, **keywords):
    """The JSON in the body, which is in one of Unicode's encodings unless another is known."""
    content = response.content
    if not response.encoding and len(content) > 3:
        try:
            text = content.decode(json.detect_encoding(content))
        except UnicodeDecodeError:
            pass  # servers do not always keep to the standard
        else:
            return json.loads(text, **keywords)
    return json.loads(response.text, **keywords)
