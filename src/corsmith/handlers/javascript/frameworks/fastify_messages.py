"""`request` and `reply`, as Fastify has them."""

from __future__ import annotations

from collections.abc import Callable

from ...decisions import Value
from ...event import METHOD, PATH
from ...machine import Machine
from ...store import Record
from ...values import Const, LowerHeaders, Place, Ref, SomeText
from ..exceptions import failure_of
from ..promises import throw
from ..values import UNDEFINED, Act, Native
from .headers import Put, header_setter, set_headers
from .messages import request_object


def request_of(machine: Machine) -> Ref:
    """Return `request`."""
    made = request_object(machine)
    fields = machine.store.writable(made.number).fields
    fields["raw"] = machine.new(Record("dict", {"method": METHOD, "url": SomeText("the request's address")}))
    fields.update(headers=LowerHeaders(), method=METHOD, path=PATH)
    return made


def reply_object(machine: Machine, headers: Ref, sent: Callable[[Place | None], None]) -> Ref:
    """Return `reply`."""
    made = machine.new(Record("dict", {"statusCode": Const(200), "sent": Const(value=False)}))
    plain = header_setter(headers)

    def chained(act: Act) -> Act:
        def run(machine: Machine, this: Value, arguments: list[Value], place: Place | None) -> Value:
            act(machine, this, arguments, place)
            return made

        return run

    def code(machine: Machine, this: Value, arguments: list[Value], place: Place | None) -> Value:
        machine.store.writable(made.number).fields["statusCode"] = arguments[0] if arguments else UNDEFINED
        return made

    def several(machine: Machine, this: Value, arguments: list[Value], place: Place | None) -> Value:
        set_headers(machine, headers, arguments[0] if arguments else UNDEFINED)
        return made

    def send(machine: Machine, this: Value, arguments: list[Value], place: Place | None) -> Value:
        first = arguments[0] if arguments else UNDEFINED
        if isinstance(first, Ref) and machine.record(first).kind == "error":
            throw(machine, failure_of(machine, first, place))
            return UNDEFINED
        sent(place)
        return made

    def redirect(machine: Machine, this: Value, arguments: list[Value], place: Place | None) -> Value:
        coded = [each for each in arguments if isinstance(each, Const) and isinstance(each.value, int)]
        machine.store.writable(made.number).fields["statusCode"] = coded[0] if coded else Const(302, place)
        Put(machine, headers).set("location", SomeText("an address"))
        return send(machine, this, [], place)

    def remove(machine: Machine, this: Value, arguments: list[Value], place: Place | None) -> Value:
        if arguments and isinstance(arguments[0], Const):
            machine.store.writable(headers.number).fields.pop(str(arguments[0].value).lower(), None)
        return made

    def itself(machine: Machine, this: Value, arguments: list[Value], place: Place | None) -> Value:
        return made

    acts: dict[str, Act] = {
        "code": code, "status": code, "header": chained(plain), "headers": several, "send": send, "redirect": redirect,
        "removeHeader": remove, "type": itself, "serializer": itself, "hijack": itself,
    }  # fmt: skip
    fields = machine.store.writable(made.number).fields
    fields.update({name: Native(name, act) for name, act in acts.items()})
    raw = {"setHeader": Native("setHeader", plain), "end": Native("end", send)}
    fields["raw"] = machine.new(Record("dict", dict(raw)))
    return made
