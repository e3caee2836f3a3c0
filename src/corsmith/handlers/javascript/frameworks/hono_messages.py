"""The request and the headers, as Hono has them."""

from __future__ import annotations

from collections.abc import Callable

from ...decisions import Value
from ...event import METHOD, PATH, header
from ...machine import Machine
from ...store import Record
from ...values import NOTHING, Const, Opaque, Place, Ref, SomeText
from ..objects import get
from ..values import UNDEFINED, Act, Native
from .headers import header_setter


def header_object(machine: Machine, headers: Ref) -> Ref:
    """Return a Headers object that stands for `headers`."""

    def read(machine: Machine, this: Value, arguments: list[Value], place: Place | None) -> Value:
        name = arguments[0] if arguments else UNDEFINED
        lowered = machine.decisions.change(
            name, lambda leaf: Const(str(leaf.value).lower()) if isinstance(leaf, Const) else leaf
        )
        return get(machine, headers, lowered, place)

    def remove(machine: Machine, this: Value, arguments: list[Value], place: Place | None) -> Value:
        if arguments and isinstance(arguments[0], Const):
            machine.store.writable(headers.number).fields.pop(str(arguments[0].value).lower(), None)
        return UNDEFINED

    acts: dict[str, Act] = {
        "set": header_setter(headers),
        "append": header_setter(headers),
        "get": read,
        "has": read,
        "delete": remove,
    }
    return machine.new(Record("dict", {name: Native(name, act) for name, act in acts.items()}))


def request_object(machine: Machine) -> Ref:
    """Return `c.req`."""

    def sent(machine: Machine, this: Value, arguments: list[Value], place: Place | None) -> Value:
        name = arguments[0] if arguments else UNDEFINED

        def one(leaf: Value) -> Value:
            if not isinstance(leaf, Const):
                return Opaque("the request's headers", place)
            found = header(machine.decisions, str(leaf.value), ignores_case=True)
            return machine.decisions.change(found, lambda part: UNDEFINED if part is NOTHING else part)

        return machine.each(name, one)

    def parsed(machine: Machine, this: Value, arguments: list[Value], place: Place | None) -> Value:
        machine.json_read.append(machine.condition)
        from ..failing import error

        machine.fail(machine.raises(), "SyntaxError", place, error(machine, "SyntaxError", place), from_input=True)
        return Opaque("what the request's body holds", place, parsed="request")

    def text(machine: Machine, this: Value, arguments: list[Value], place: Place | None) -> Value:
        return SomeText("a part of the request", place)

    acts: dict[str, Callable[..., Value]] = {"header": sent, "json": parsed, "text": text, "query": text, "param": text}
    fields: dict[str, Value] = {name: Native(name, act) for name, act in acts.items()}
    record = Record("dict", {**fields, "method": METHOD, "path": PATH, "url": SomeText("the request's address")})
    record.rest = Opaque("the request")
    return machine.new(record)
