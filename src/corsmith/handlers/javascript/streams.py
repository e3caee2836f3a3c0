"""Responses that are streamed, and the callback: what counts is what was given to them first."""

from __future__ import annotations

from ..decisions import FALSE, Value
from ..machine import Machine
from ..store import Record
from ..values import NOTHING, Const, Opaque, Place, Ref, SomeText
from .tests import nullish, truth
from .values import MORE, UNDEFINED, Answer, Native, Stream

_WRITES = {"write", "end", "pipe"}


def make_stream(machine: Machine, metadata: Value = NOTHING) -> Stream:
    """Return a response stream; `metadata` holds its status and headers, where it was made with some."""
    return Stream(machine.store.add(Record("dict", {"metadata": metadata, "written": Const(value=False)})))


def with_metadata(machine: Machine, this: Value, arguments: list[Value], place: Place | None) -> Value:
    """Return `HttpResponseStream.from(stream, metadata)`."""
    return make_stream(machine, arguments[1] if len(arguments) > 1 else UNDEFINED)


def call_stream_method(
    machine: Machine, owner: Stream, name: str, arguments: list[Value], place: Place | None
) -> Value:
    """Return what calling a method of the response stream gives.

    Only `write` sends the metadata: what `end` is given goes past it (measured with aws-lambda-ric 3.3).
    """
    if name == "write":
        machine.store.writable(owner.number).fields["written"] = Const(value=True)
    if name == "end":
        finish(machine, owner, place)
    return owner if name in _WRITES or name == "on" else UNDEFINED


def piped(machine: Machine, stream: Stream, place: Place | None) -> None:
    """Something else writes to the stream and ends it."""
    machine.store.writable(stream.number).fields["written"] = Const(value=True)
    finish(machine, stream, place)


def finish(machine: Machine, stream: Stream, place: Place | None) -> None:
    """The response ends: its status and headers were sent with the first part of its body, if there was one."""
    fields = machine.store.records[stream.number].fields
    bare = _response(
        machine, Const(200), machine.new(Record("dict", {"content-type": Const("application/octet-stream")}))
    )

    def sent(leaf: Value) -> Value:
        if not isinstance(leaf, Ref):
            return bare if leaf in (NOTHING, UNDEFINED) else Opaque("what the response is made with", place)
        record = machine.record(leaf).copy()
        record.fields.setdefault("statusCode", Const(200))
        record.fields["body"] = SomeText("the body", place)
        return machine.new(record)

    whole = machine.decisions.change(fields["metadata"], sent)
    value = machine.decisions.choose(truth(machine, fields["written"]), whole, bare)
    answer(machine, value, place)


def _response(machine: Machine, status: Value, headers: Value) -> Ref:
    return machine.new(Record("dict", {"statusCode": status, "headers": headers, "body": SomeText("the body")}))


def answer(machine: Machine, value: Value, place: Place | None, *, in_time: bool = True) -> None:
    """Remember what the function answers here, if it has not answered before."""
    if machine.condition is not FALSE:
        handling = bool(machine.handling)
        made = Answer(machine.condition, value, machine.store.fork(), place, handling, in_time)
        machine.own.answers.append(made)


def _answer(machine: Machine, arguments: list[Value], place: Place | None, *, in_time: bool) -> Value:
    """The first answer counts, be it to the callback or the settled promise (measured with aws-lambda-ric 3.3)."""
    from .promises import rejection

    given = [Opaque("an argument that is not known", place) if each is MORE else each for each in arguments]
    error = given[0] if given else UNDEFINED
    result = given[1] if len(given) > 1 else UNDEFINED

    def failed() -> Value:
        answer(machine, rejection(machine, error, place), place)
        return UNDEFINED

    def succeeded() -> Value:
        answer(machine, result, place, in_time=in_time)
        return UNDEFINED

    return machine.branch(nullish(machine, error), succeeded, failed)


def callback(machine: Machine, this: Value, arguments: list[Value], place: Place | None) -> Value:
    """`callback(error, response)`."""
    return _answer(machine, arguments, place, in_time=not machine.own.late)


def done(machine: Machine, this: Value, arguments: list[Value], place: Place | None) -> Value:
    """`context.done(error, response)`."""
    return _answer(machine, arguments, place, in_time=True)


def succeed(machine: Machine, this: Value, arguments: list[Value], place: Place | None) -> Value:
    """`context.succeed(response)`."""
    return done(machine, this, [UNDEFINED, *arguments], place)


def give_up(machine: Machine, this: Value, arguments: list[Value], place: Place | None) -> Value:
    """`context.fail(error)`."""
    return done(machine, this, arguments or [Opaque("the exception", truthy=True)], place)


def make_context(machine: Machine, *, callbacks: bool) -> Ref:
    """Return the handler's second argument. `callbacks`: it has the old ways to answer."""
    old = {"done": done, "succeed": succeed, "fail": give_up}
    fields: dict[str, Value] = {name: Native(name, act) if callbacks else UNDEFINED for name, act in old.items()}
    record = Record("dict", dict(fields))
    record.rest = Opaque("the context", truthy=True)
    return machine.new(record)
