"""The headers of middy's `http-cors`, by its options."""

from __future__ import annotations

import re
from collections.abc import Callable

from corsmith.api.origin_test import OriginTest

from ...decisions import FALSE, Value
from ...event import header
from ...machine import Machine
from ...operators import UNKNOWN_TEST, origin_test
from ...requests import method_condition
from ...store import Record
from ...values import NOTHING, Const, Origin, Ref, SomeText
from ..calls import call
from ..copies import assign
from ..tests import truth
from ..values import UNDEFINED, Bound, Closure
from .options import Options, joined

_ORIGIN, _CREDENTIALS = "Access-Control-Allow-Origin", "Access-Control-Allow-Credentials"


class Preflight(Value):
    """The step of `http-cors` that answers OPTIONS: it returns the response, or nothing."""

    options: Options

    def response(self, machine: Machine) -> Value:
        """Return the answer to a preflight, UNDEFINED for other methods."""
        headers = machine.new(Record("dict", {}, self.options.place))
        fields: dict[str, Value] = {"statusCode": Const(204), "headers": headers}
        made = machine.new(Record("dict", fields, self.options.place))
        add_headers(machine, made, self.options)
        return machine.decisions.choose(method_condition(machine, ("OPTIONS",)), made, UNDEFINED)


def _sent(machine: Machine) -> Value:
    """The Origin as `http-cors` looks it up."""
    first, other = (header(machine.decisions, name, ignores_case=False) for name in ("Origin", "origin"))
    return machine.decisions.change(first, lambda leaf: other if leaf is NOTHING else leaf)


def add_headers(machine: Machine, response: Value, options: Options) -> None:
    """Add what `http-cors` sends to a response."""

    def one(leaf: Value) -> Value:
        if isinstance(leaf, Ref):
            headers = machine.record(leaf).fields.get("headers", NOTHING)
            copies = machine.each(headers, lambda part: _with_headers(machine, part, options))
            machine.store.writable(leaf.number).fields["headers"] = copies
        return leaf

    machine.each(response, one)


def _with_headers(machine: Machine, leaf: Value, options: Options) -> Value:
    copied = machine.new(Record("dict", {}, options.place))
    assign(machine, copied, leaf, None)
    fields = machine.store.writable(copied.number).fields
    place = options.place

    def put(name: str, value: Value) -> None:
        before = fields.get(name, NOTHING)
        fields[name] = machine.decisions.change(before, lambda part: value if part is NOTHING else part)

    credentials = truth(machine, options.get("credentials"))
    put(_CREDENTIALS, machine.decisions.choose(credentials, Const("true", place), NOTHING))
    for name, option in (("Access-Control-Allow-Headers", "headers"), ("Access-Control-Allow-Methods", "methods")):
        _put_given(machine, options, option, name, put)
    origin = _allowed(machine, options, credentials)
    put(_ORIGIN, origin)
    if options.plain("vary") is not None:
        put("Vary", options.get("vary"))
    if _varies(options, credentials, origin):
        before = fields.get("Vary", fields.get("vary", NOTHING))
        name = "vary" if "Vary" not in fields and "vary" in fields else "Vary"
        fields[name] = machine.decisions.change(before, lambda part: _with_origin(part))
    _put_given(machine, options, "exposeHeaders", "Access-Control-Expose-Headers", put)
    age = options.plain("maxAge")
    if age:
        put(
            "Access-Control-Max-Age",
            Const(str(age), place) if not isinstance(age, Value) else SomeText("maxAge", place),
        )
    return copied


def _with_origin(part: Value) -> Value:
    if part is NOTHING:
        return Const("Origin")
    return Const(f"{part.value}, Origin") if isinstance(part, Const) else SomeText("Vary with Origin")


def _put_given(machine: Machine, options: Options, option: str, name: str, put: Callable[[str, Value], None]) -> None:
    value = options.get(option)
    given = truth(machine, value)
    if given is not FALSE:
        put(name, machine.decisions.choose(given, joined(machine, value), NOTHING))


def _varies(options: Options, credentials: Value, origin: Value) -> bool:
    listed = options.texts("origins") or ()
    single = options.plain("origin")
    every = [single, *listed]
    many = len(listed) > 1 or any(isinstance(each, str) and "*" in each and each != "*" for each in every)
    return many or ("*" in every and not (isinstance(origin, Const) and credentials is FALSE))


def _allowed(machine: Machine, options: Options, credentials: Value) -> Value:
    """The origin that `http-cors` sends."""
    decisions, sent, place = machine.decisions, _sent(machine), options.place
    custom = options.get("getOrigin")
    if isinstance(custom, (Closure, Bound)):
        returned = call(machine, custom, UNDEFINED, [_undefined(machine, sent), options.value], place)
        return decisions.change(returned, lambda leaf: NOTHING if _empty(leaf) else leaf)
    listed, single = options.texts("origins"), options.plain("origin")
    if listed is None:
        return _echoed(machine, sent, UNKNOWN_TEST)
    if not listed:
        value = options.get("origin")
        fixed = decisions.change(value, lambda leaf: NOTHING if _empty(leaf) else leaf)
        if single == "*":
            return decisions.choose(
                credentials, decisions.change(sent, lambda leaf: fixed if leaf is NOTHING else leaf), fixed
            )
        return fixed
    names = [each for each in (single, *listed) if isinstance(each, str)]
    exact = tuple(each for each in names if "*" not in each)
    patterns = tuple(_pattern(each) for each in names if "*" in each and each != "*")
    otherwise: Value = NOTHING
    if "*" in names:
        otherwise = decisions.choose(credentials, sent, Const("*", place))
    elif patterns:
        otherwise = _echoed(machine, sent, OriginTest("regex", patterns, "full"))
    return _echoed(machine, sent, OriginTest("list", exact), otherwise) if exact else otherwise


def _pattern(origin: str) -> str:
    return "[^.]*".join(re.escape(part) for part in origin.split("*"))


def _echoed(machine: Machine, sent: Value, test: OriginTest, otherwise: Value = NOTHING) -> Value:
    def one(leaf: Value) -> Value:
        if not isinstance(leaf, Origin):
            return otherwise
        return machine.decisions.choose(origin_test(machine, leaf, test), leaf, otherwise)

    return machine.decisions.change(sent, one)


def _undefined(machine: Machine, value: Value) -> Value:
    return machine.decisions.change(value, lambda leaf: UNDEFINED if leaf is NOTHING else leaf)


def _empty(leaf: Value) -> bool:
    return leaf is UNDEFINED or leaf is NOTHING or (isinstance(leaf, Const) and not leaf.value)
