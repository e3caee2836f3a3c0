"""The request and the response, as Node.js and Express have them."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from ...decisions import Value
from ...event import METHOD, PATH
from ...machine import Machine
from ...store import Record
from ...values import Const, LowerHeaders, Opaque, Place, Ref, SomeText
from ..objects import get
from ..values import UNDEFINED, Act, Native
from .headers import Put, header_setter, set_headers
from .options import texts
from .routes import Case

Send = Callable[[Value, Place | None], None]
"""Sends what was set, with a status."""


class Exchange(Struct):
    """One request that a framework serves: its objects in the store."""

    case: Case
    headers: Ref
    request: Ref
    response: Ref


def response_object(machine: Machine, headers: Ref, sent: Send) -> Ref:
    """Return the response, as Node.js and Express have it; `headers` is what it sets."""
    fields: dict[str, Value] = {"statusCode": Const(200), "headersSent": Const(value=False)}
    made = machine.new(Record("dict", fields))
    plain, whole = header_setter(headers), _setter(headers)

    def chained(act: Act) -> Act:
        def run(machine: Machine, this: Value, arguments: list[Value], place: Place | None) -> Value:
            act(machine, this, arguments, place)
            return made

        return run

    def status(machine: Machine, this: Value, arguments: list[Value], place: Place | None) -> Value:
        machine.store.writable(made.number).fields["statusCode"] = arguments[0] if arguments else UNDEFINED
        return made

    def send(machine: Machine, this: Value, arguments: list[Value], place: Place | None) -> Value:
        condition = machine.condition
        sent(machine.record(made).fields["statusCode"], place)
        machine.condition = condition
        return made

    def send_status(machine: Machine, this: Value, arguments: list[Value], place: Place | None) -> Value:
        status(machine, this, arguments, place)
        return send(machine, this, [], place)

    def redirect(machine: Machine, this: Value, arguments: list[Value], place: Place | None) -> Value:
        status(machine, this, arguments[:1] if len(arguments) > 1 else [Const(302, place)], place)
        Put(machine, headers).set("location", arguments[-1] if arguments else UNDEFINED)
        return send(machine, this, [], place)

    def write_head(machine: Machine, this: Value, arguments: list[Value], place: Place | None) -> Value:
        status(machine, this, arguments, place)
        set_headers(machine, headers, arguments[-1] if len(arguments) > 1 else UNDEFINED)
        return made

    def read(machine: Machine, this: Value, arguments: list[Value], place: Place | None) -> Value:
        name = arguments[0] if arguments else UNDEFINED
        return get(machine, headers, lowered(machine, name), place)

    def vary(machine: Machine, this: Value, arguments: list[Value], place: Place | None) -> Value:
        for text in texts(machine, arguments[0] if arguments else UNDEFINED) or ():
            Put(machine, headers).add("vary", text)
        return made

    def remove(machine: Machine, this: Value, arguments: list[Value], place: Place | None) -> Value:
        if arguments and isinstance(arguments[0], Const):
            machine.store.writable(headers.number).fields.pop(str(arguments[0].value).lower(), None)
        return made

    def nothing(machine: Machine, this: Value, arguments: list[Value], place: Place | None) -> Value:
        return made

    acts: dict[str, Act] = {
        "status": status, "json": send, "send": send, "end": send, "jsonp": send, "render": send, "sendFile": send,
        "download": send, "sendStatus": send_status, "redirect": redirect, "writeHead": write_head, "set": chained(whole),
        "header": chained(whole), "setHeader": chained(plain), "append": chained(plain), "get": read, "getHeader": read,
        "vary": vary, "removeHeader": remove, "type": nothing, "contentType": nothing, "cookie": nothing,
        "clearCookie": nothing, "links": nothing, "location": nothing, "on": nothing, "once": nothing, "write": nothing,
    }  # fmt: skip
    record = machine.store.writable(made.number)
    record.fields.update({name: Native(name, act) for name, act in acts.items()})
    record.fields["locals"] = machine.new(Record("dict", {}))
    return made


def lowered(machine: Machine, name: Value) -> Value:
    return machine.decisions.change(
        name, lambda leaf: Const(str(leaf.value).lower()) if isinstance(leaf, Const) else leaf
    )


def _setter(headers: Ref) -> Act:
    """`res.set(name, value)` and `res.set({name: value})`."""
    single = header_setter(headers)

    def act(machine: Machine, this: Value, arguments: list[Value], place: Place | None) -> Value:
        if arguments and isinstance(arguments[0], Ref):
            set_headers(machine, headers, arguments[0])
            return UNDEFINED
        return single(machine, this, arguments, place)

    return act


def request_object(machine: Machine) -> Ref:
    """Return the request, as Node.js and Express have it."""

    def sent(machine: Machine, this: Value, arguments: list[Value], place: Place | None) -> Value:
        name = arguments[0] if arguments else UNDEFINED
        return get(machine, LowerHeaders(), lowered(machine, name), place)

    fields: dict[str, Value] = {
        "headers": LowerHeaders(),
        "method": METHOD,
        "path": PATH,
        "url": SomeText("the request's address"),
        "originalUrl": SomeText("the request's address"),
        "body": Opaque("what the request's body holds", truthy=True),
        "query": Opaque("the request's query", truthy=True),
        "params": Opaque("the request's path parameters", truthy=True),
        "get": Native("get", sent),
        "header": Native("header", sent),
    }
    record = Record("dict", fields)
    record.rest = Opaque("the request")
    return machine.new(record)
