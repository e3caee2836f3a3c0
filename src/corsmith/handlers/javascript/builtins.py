"""What functions and values of the language itself, and of Node.js, give. All others give something unknown."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from ..decisions import FALSE, TRUE, Value
from ..environment import variable
from ..machine import Machine
from ..operators import as_value, holds
from ..store import Record
from ..values import Const, EventPart, External, Made, Opaque, Origin, Place, Ref, SomeText
from . import object_functions as objects_of
from .arithmetic import text_of
from .calls import hand_over
from .collections import make_map, make_set
from .compiled import HELPERS
from .copies import array, assign, items_of
from .failing import error, fail
from .fetching import response
from .json_calls import parse, stringify
from .promises import make, rejected, resolved, together
from .streams import with_metadata
from .tests import truth
from .values import UNDEFINED, Act, Closure, Pattern, Streaming, Unset, Url

QUIET = {"console"}
_GLOBALS = {
    "AbortController", "AbortSignal", "Array", "ArrayBuffer", "BigInt", "Boolean", "Buffer", "Date", "Error",
    "Function", "Headers", "Infinity", "Intl", "JSON", "Map", "Math", "NaN", "Number", "Object", "Promise", "Proxy",
    "Reflect", "RegExp", "Request", "Response", "Set", "String", "Symbol", "TextDecoder", "TextEncoder", "URL",
    "URLSearchParams", "Uint8Array", "WeakMap", "atob", "btoa", "clearTimeout", "console", "crypto",
    "decodeURIComponent", "encodeURIComponent", "fetch", "global", "globalThis", "isNaN", "parseFloat", "parseInt",
    "performance", "process", "setImmediate", "setInterval", "setTimeout", "structuredClone", "queueMicrotask",
}  # fmt: skip
_NOWHERE = {"globalThis", "global"}


def is_global(name: str) -> bool:
    """Say whether something belongs to the language or to Node.js itself."""
    return name.split(".")[0] in _GLOBALS


def value_of(owner: str, name: str, place: Place | None) -> Value:
    """Return a part of something outside the project by its dotted name, as a known value where it has one."""
    if name in {"default", "__esModule"} and not is_global(owner):
        return External(owner) if name == "default" else Const(value=True)
    if owner in _NOWHERE:
        return External(name)
    full = f"{owner.removeprefix('node:')}.{name}"
    known = _VALUES.get(full)
    return External(full) if known is None else Const(known, place)


_VALUES: dict[str, Any] = {"Number.MAX_SAFE_INTEGER": 2**53 - 1, "Number.NaN": math.nan, "process.platform": "linux"}


def environment_value(machine: Machine, key: Value, place: Place | None) -> Value:
    """Return `process.env[key]`."""

    def one(leaf: Value) -> Value:
        name = leaf.value if isinstance(leaf, Const) else ""
        unset = Unset(f"the environment variable {name} is not set in the template", place)
        return variable(machine, leaf, unset, place)

    return machine.decisions.change(key, one)


def _argument(arguments: list[Value], at: int) -> Value:
    return arguments[at] if at < len(arguments) else UNDEFINED


def _unknown(because: str, *, text: bool = False) -> Act:
    def give(machine: Machine, this: Value, arguments: list[Value], place: Place | None) -> Value:
        return SomeText(because, place) if text else Opaque(because, place)

    return give


def _later(machine: Machine, this: Value, arguments: list[Value], place: Place | None) -> Value:
    hand_over(machine, arguments[:1], place)
    return Opaque("a timer", place, truthy=True)


def _exit(machine: Machine, this: Value, arguments: list[Value], place: Place | None) -> Value:
    machine.fail(TRUE, "ExitError", place)
    machine.stop()
    return UNDEFINED


def _text(machine: Machine, this: Value, arguments: list[Value], place: Place | None) -> Value:
    return text_of(machine, arguments[0]) if arguments else Const("", place)


def _number(machine: Machine, this: Value, arguments: list[Value], place: Place | None) -> Value:
    def one(leaf: Value) -> Value:
        if isinstance(leaf, Const):
            try:
                number = 0.0 if leaf.value in (None, "") else float(leaf.value)
                return Const(int(number) if number.is_integer() else number, leaf.place, leaf.via)
            except (TypeError, ValueError, OverflowError):
                return Const(math.nan, place)
        return Opaque("a number", place)

    return machine.decisions.change(_argument(arguments, 0), one)


def _whole(machine: Machine, this: Value, arguments: list[Value], place: Place | None) -> Value:
    def one(leaf: Value) -> Value:
        if isinstance(leaf, Const):
            import re

            digits = re.match(r"\s*([+-]?\d+)", str(leaf.value))
            return Const(int(digits[1]), leaf.place, leaf.via) if digits else Const(math.nan, place)
        return Opaque("a number", place)

    return machine.decisions.change(_argument(arguments, 0), one)


def _boolean(machine: Machine, this: Value, arguments: list[Value], place: Place | None) -> Value:
    return as_value(machine, truth(machine, _argument(arguments, 0)))


def _is_array(machine: Machine, this: Value, arguments: list[Value], place: Place | None) -> Value:
    def one(leaf: Value) -> Value:
        if isinstance(leaf, Ref):
            return holds(machine.record(leaf).kind == "list")
        return machine.opaque("array", leaf) if isinstance(leaf, (Opaque, Made)) else FALSE

    return as_value(machine, machine.decisions.change(_argument(arguments, 0), one))


def _array_from(machine: Machine, this: Value, arguments: list[Value], place: Place | None) -> Value:
    function = _argument(arguments, 1)

    def one(leaf: Value) -> Value:
        items = items_of(machine, leaf)
        rest = machine.record(leaf).rest if isinstance(leaf, Ref) else None
        made = array(machine, items or [], place, None if items is not None else rest or Opaque("items", place))
        if function is UNDEFINED:
            return made
        from .array_methods import call_array_method

        return call_array_method(machine, made, "map", [function], place)

    return machine.each(_argument(arguments, 0), one)


def _array_of(machine: Machine, this: Value, arguments: list[Value], place: Place | None) -> Value:
    return array(machine, arguments, place)


def _buffer(machine: Machine, this: Value, arguments: list[Value], place: Place | None) -> Value:
    def one(leaf: Value) -> Value:
        return (
            SomeText("the body", place)
            if isinstance(leaf, EventPart) and leaf.path == ("body",)
            else SomeText("bytes", place)
        )

    return machine.decisions.change(_argument(arguments, 0), one)


def _streamified(machine: Machine, this: Value, arguments: list[Value], place: Place | None) -> Value:
    return Streaming(_argument(arguments, 0))


def _error(name: str) -> Act:
    def made(machine: Machine, this: Value, arguments: list[Value], place: Place | None) -> Value:
        ref = error(machine, name, place)
        assert isinstance(ref, Ref)
        if arguments:
            machine.store.writable(ref.number).fields["message"] = arguments[0]
        return ref

    return made


def _url(machine: Machine, this: Value, arguments: list[Value], place: Place | None) -> Value:
    def one(leaf: Value) -> Value:
        if isinstance(leaf, Origin):
            return Url(leaf)
        if leaf is UNDEFINED or (isinstance(leaf, Const) and "://" not in str(leaf.value) and len(arguments) < 2):
            fail(machine, "TypeError", place, from_input=True)
            return UNDEFINED
        if isinstance(leaf, Const) and isinstance(leaf.value, str):
            return _known_url(machine, leaf.value, place)
        machine.may_fail(place)
        return Opaque("a URL", place, truthy=True)

    return machine.each(_argument(arguments, 0), one)


def _known_url(machine: Machine, text: str, place: Place | None) -> Value:
    from urllib.parse import urlsplit

    try:
        parts = urlsplit(text)
        port = (
            ""
            if parts.port is None or (parts.scheme, parts.port) in {("https", 443), ("http", 80)}
            else str(parts.port)
        )
    except ValueError:
        fail(machine, "TypeError", place)
        return UNDEFINED
    host = (parts.hostname or "") + (f":{port}" if port else "")
    known = {
        "origin": f"{parts.scheme}://{host}",
        "host": host,
        "hostname": parts.hostname or "",
        "protocol": parts.scheme + ":",
        "port": port,
        "pathname": parts.path or "/",
    }
    record = Record("dict", {name: Const(value, place) for name, value in known.items()}, place)
    record.rest = Opaque("a part of a URL", place)
    return machine.new(record)


def _pattern(machine: Machine, this: Value, arguments: list[Value], place: Place | None) -> Value:
    flags = _argument(arguments, 1)

    def one(leaf: Value) -> Value:
        if isinstance(leaf, Pattern):
            return leaf
        known = isinstance(leaf, Const) and (isinstance(flags, Const) or flags is UNDEFINED)
        # A pattern that cannot be read is kept as one that does not compile: what it admits is then not known.
        text = str(leaf.value) if known else "("  # type: ignore[attr-defined]
        return Pattern(text, str(flags.value) if isinstance(flags, Const) else "", place)

    return machine.decisions.change(_argument(arguments, 0), one)


def _plain_object(machine: Machine, this: Value, arguments: list[Value], place: Place | None) -> Value:
    return arguments[0] if arguments else machine.new(Record("dict", {}, place))


def _clone(machine: Machine, this: Value, arguments: list[Value], place: Place | None) -> Value:
    def one(leaf: Value) -> Value:
        if not isinstance(leaf, Ref):
            return leaf
        record = machine.record(leaf)
        if record.kind == "list":
            return array(machine, list(record.fields.values()), place, record.rest)
        made = machine.new(Record("dict", {}, place))
        assign(machine, made, leaf, place)
        return made

    return machine.each(_argument(arguments, 0), one)


def _math(name: str) -> Act:
    compute: dict[str, Callable[..., Any]] = {
        "floor": math.floor,
        "ceil": math.ceil,
        "abs": abs,
        "max": max,
        "min": min,
        "trunc": math.trunc,
    }

    def give(machine: Machine, this: Value, arguments: list[Value], place: Place | None) -> Value:
        known = [each.value for each in arguments if isinstance(each, Const) and isinstance(each.value, (int, float))]
        if len(known) == len(arguments) and known and (len(known) > 1 or name not in {"max", "min"}):
            try:
                return Const(compute[name](*known), place)
            except (ValueError, OverflowError, TypeError):
                return Opaque("a number", place)
        return Opaque("a number", place)

    return give


def _registered(machine: Machine, this: Value, arguments: list[Value], place: Place | None) -> Value:
    """`process.on`: what is registered does not run for a request."""
    return UNDEFINED


def _made_promise(machine: Machine, this: Value, arguments: list[Value], place: Place | None) -> Value:
    functions = [each for each in arguments if isinstance(each, Closure)]
    return functions[0] if functions else Made("util.promisify", tuple(arguments), {}, place)


FUNCTIONS: dict[str, Act] = {
    **{f"compiled.{name}": act for name, act in HELPERS.items()},
    **objects_of.FUNCTIONS,
    **{f"Math.{name}": _math(name) for name in ("floor", "ceil", "abs", "max", "min", "trunc")},
    **{name: _error(name) for name in ("Error", "TypeError", "RangeError", "SyntaxError")},
    "Array": _array_of,
    "Array.from": _array_from,
    "Array.isArray": _is_array,
    "Array.of": _array_of,
    "Boolean": _boolean,
    "Buffer.from": _buffer,
    "Date.now": _unknown("the time"),
    "JSON.parse": parse,
    "JSON.stringify": stringify,
    "Number": _number,
    "Number.parseInt": _whole,
    "Object": _plain_object,
    "Promise.all": together,
    "Promise.reject": rejected,
    "Promise.resolve": resolved,
    "RegExp": _pattern,
    "Response.json": response,
    "String": _text,
    "atob": _buffer,
    "awslambda.HttpResponseStream.from": with_metadata,
    "awslambda.streamifyResponse": _streamified,
    "btoa": _unknown("bytes as text", text=True),
    "crypto.randomUUID": _unknown("a random text", text=True),
    "decodeURIComponent": _unknown("a decoded text", text=True),
    "encodeURIComponent": _unknown("an encoded text", text=True),
    "parseFloat": _number,
    "parseInt": _whole,
    "process.exit": _exit,
    "process.nextTick": _later,
    "process.on": _registered,
    "process.once": _registered,
    "queueMicrotask": _later,
    "setImmediate": _later,
    "setInterval": _later,
    "setTimeout": _later,
    "structuredClone": _clone,
    "util.promisify": _made_promise,
}

CONSTRUCTORS: dict[str, Act] = {
    **{
        name: _error(name)
        for name in ("Error", "EvalError", "RangeError", "ReferenceError", "SyntaxError", "TypeError", "URIError")
    },
    "Array": _array_of,
    "Date": _unknown("a date"),
    "Map": make_map,
    "Object": _plain_object,
    "Promise": make,
    "RegExp": _pattern,
    "Response": response,
    "Set": make_set,
    "URL": _url,
    "WeakMap": make_map,
    "WeakSet": make_set,
}
