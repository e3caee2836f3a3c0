"""`new Response(…)` and `new Headers(…)`, as frameworks that speak the Fetch API take them. Lambda itself makes `{}` of them."""

from __future__ import annotations

from ..decisions import Value
from ..machine import Machine
from ..store import Record
from ..values import NOTHING, Const, Opaque, Place, Ref, SomeText
from .objects import get
from .values import UNDEFINED

RESPONSE = "response"
"""The kind of its record, whose fields are `statusCode`, `headers` and `body`."""


def response(machine: Machine, this: Value, arguments: list[Value], place: Place | None) -> Value:
    """Return `new Response(body, {status, headers})`, also `Response.json(data, …)`."""
    given = arguments[1] if len(arguments) > 1 else UNDEFINED
    status: Value = Const(200, place)
    headers = machine.new(Record("dict", {}, place))
    if isinstance(given, Ref):
        own = get(machine, given, Const("status"), place)
        status = machine.decisions.change(own, lambda leaf: Const(200, place) if leaf is UNDEFINED else leaf)
        _lay(machine, headers, get(machine, given, Const("headers"), place))
    elif given is not UNDEFINED:
        status = Opaque("the status of a response", place)
        machine.store.writable(headers.number).rest = Opaque("headers that are not known", place)
    fields = {"statusCode": status, "headers": headers, "body": SomeText("the body", place)}
    return machine.new(Record(RESPONSE, fields, place))


def _lay(machine: Machine, target: Ref, given: Value) -> None:
    from .copies import own_keys

    def one(leaf: Value) -> Value:
        record = machine.store.writable(target.number)
        if isinstance(leaf, Ref):
            source = machine.record(leaf)
            for name in own_keys(source):
                if source.fields[name] is not NOTHING:
                    record.fields[str(name).lower()] = source.fields[name]
            record.rest = record.rest or source.rest
        elif leaf is not UNDEFINED:
            record.rest = Opaque("headers that are not known")
        return leaf

    machine.each(given, one)
