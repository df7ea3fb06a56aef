# SPDX-License-Identifier: LGPL-2.1-or-later
# SPDX-FileCopyrightText: 2026 The libhfutures authors
"""Plain values of Python's as variants of GLib's, for other processes.

True and False, numbers, text, bytes, None, lists, tuples, sets and dictionaries come back as they
were. Nothing else is taken, so whoever reads a variant need not trust who wrote it.
"""

import json

from gi.repository import GLib

from . import Hf

_DEEPEST = 36  # GLib has 128 levels, and one here is up to three there
_TOO_DEEP = "a value that contains others at more than 36 levels"


class Unsupported(TypeError):
    """A value that is none of these; the text names it."""


def _is_text(value):
    """Whether it is what GLib takes for text."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in value


def _tag(name, content):
    return GLib.Variant.new_tuple(GLib.Variant.new_string(name), GLib.Variant.new_variant(content))


def _make_bytes(value):
    return GLib.Variant.new_from_bytes(GLib.VariantType.new("ay"), GLib.Bytes.new(value), True)


def _make_array(values, level):
    array = GLib.VariantBuilder.new(GLib.VariantType.new("av"))
    for value in values:
        array.add_value(GLib.Variant.new_variant(_encode(value, level + 1)))
    return array.end()


def _encode_int(value):
    if GLib.MININT64 <= value <= GLib.MAXINT64:
        return GLib.Variant.new_int64(value)
    return _tag("int", GLib.Variant.new_string(hex(value)))


def _encode_text(value):
    if _is_text(value):
        return GLib.Variant.new_string(value)
    return _tag("str", _make_bytes(value.encode(errors="surrogatepass")))


def _encode_dict(value, level):
    if all(type(name) is str and _is_text(name) for name in value):
        entries = GLib.VariantBuilder.new(GLib.VariantType.new("a{sv}"))
        for name, item in value.items():
            entries.add_value(GLib.Variant.new_dict_entry(
                GLib.Variant.new_string(name),
                GLib.Variant.new_variant(_encode(item, level + 1))))
        return entries.end()
    pairs = [part for pair in value.items() for part in pair]
    return _tag("dict", _make_array(pairs, level + 1))


def _encode(value, level):
    if level > _DEEPEST:
        raise Unsupported(_TOO_DEEP)
    kind = type(value)
    if value is None:
        return GLib.Variant.new_maybe(GLib.VariantType.new("v"), None)
    if kind is bool:
        return GLib.Variant.new_boolean(value)
    if kind is int:
        return _encode_int(value)
    if kind is float:
        return GLib.Variant.new_double(value)
    if kind is str:
        return _encode_text(value)
    if kind is bytes:
        return _make_bytes(value)
    if kind is list:
        return _make_array(value, level)
    if kind is dict:
        return _encode_dict(value, level)
    if kind in (tuple, set, frozenset, bytearray):
        name = kind.__name__
        content = _make_bytes(bytes(value)) if kind is bytearray else _make_array(value, level + 1)
        return _tag(name, content)
    raise Unsupported(f"a value of type {kind.__qualname__}")


_LEAVES = {int, str, float, bool, type(None)}


def _are_json(values, level):
    """Whether they come back from JSON as they were."""
    kinds = set(map(type, values)) - _LEAVES
    if kinds and (level > _DEEPEST or not kinds <= {list, dict}):
        return False
    return not kinds or all(_is_json(value, level) for value in values
                            if type(value) not in _LEAVES)


def _is_json(value, level):
    if type(value) is list:
        return _are_json(value, level + 1)
    return (type(value) is dict and set(map(type, value)) <= {str} and
            _are_json(value.values(), level + 1))


def encode(value):
    """Makes a variant; raises Unsupported for what is none of the values above."""
    if _is_json(value, 0):
        try:
            text = json.dumps(value, ensure_ascii=False)  # much faster
            text.encode()
            return _tag("json", GLib.Variant.new_string(text))
        except ValueError:  # numbers of too many digits, or half a character
            pass
    return _encode(value, 0)


# What is in each of the tagged ones.
_CONTENTS = {"json": "s", "int": "s", "str": "ay", "bytearray": "ay", "dict": "av", "tuple": "av",
             "set": "av", "frozenset": "av"}


def _decode_tag(variant):
    name = variant.get_child_value(0).get_string()
    content = variant.get_child_value(1).get_variant()
    if _CONTENTS.get(name) != content.get_type_string():
        return variant.unpack()
    if name == "json":
        return json.loads(content.get_string())
    if name == "int":
        return int(content.get_string(), 16)
    if name == "str":
        return _decode_bytes(content).decode(errors="surrogatepass")
    if name == "bytearray":
        return bytearray(_decode_bytes(content))
    values = decode(content)
    if name == "dict":
        return dict(zip(values[::2], values[1::2], strict=True))
    return {"tuple": tuple, "set": set, "frozenset": frozenset}[name](values)


def _decode_bytes(variant):
    return variant.get_data_as_bytes().get_data() or b""


def decode(variant):
    """Makes a value of a variant; other variants than those of encode() as GLib has them."""
    kind = variant.get_type_string()
    if kind == "ay":
        return _decode_bytes(variant)
    if kind == "mv":
        return None if variant.n_children() == 0 else decode(variant.get_child_value(0))
    if kind == "v":
        return decode(variant.get_variant())
    if kind == "av":
        return [decode(variant.get_child_value(i)) for i in range(variant.n_children())]
    if kind == "a{sv}":
        entries = (variant.get_child_value(i) for i in range(variant.n_children()))
        return {entry.get_child_value(0).get_string(): decode(entry.get_child_value(1))
                for entry in entries}
    if kind == "(sv)":
        try:
            return _decode_tag(variant)
        except (TypeError, ValueError, RecursionError):  # it looks like one of those, and is none
            pass
    return variant.unpack()


def take_value(future, value):
    """What a process has sent as values of Python's: in the response's place, or with it."""
    if isinstance(value, GLib.Variant):
        if "_hf_value" not in vars(future):
            vars(future).setdefault("_hf_value", decode(value))
        return vars(future)["_hf_value"]
    if isinstance(value, Hf.Response):
        for name in value.list_attached():
            if name not in vars(value) and not name.startswith(("_hf_", "__")):
                vars(value).setdefault(name, decode(value.dup_attached(name)))
    return value
