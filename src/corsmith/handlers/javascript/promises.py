"""Promises: awaiting them, chaining them, making them."""

from __future__ import annotations

from ..decisions import TRUE, Case, Value
from ..machine import ELSEWHERE, THE_EXCEPTION, Failure, Machine
from ..store import Record
from ..values import NOTHING, Made, Opaque, Place, Ref
from .calls import call_any, catching, settled
from .copies import array, items_of
from .values import MORE, UNDEFINED, Native, Promise, Rejected, Run


def awaited(machine: Machine, value: Value, place: Place | None) -> Value:
    """Return what `await value` gives; a rejection is thrown."""
    flat = settled(machine, value)

    def one(leaf: Value) -> Value:
        if isinstance(leaf, Rejected):
            throw(machine, leaf.failure)
            return UNDEFINED
        if isinstance(leaf, Ref) and "then" in machine.record(leaf).fields:
            return Opaque("what a promise of its own kind comes to", place)
        if isinstance(leaf, (Made, Opaque)):
            machine.may_fail(place)
        return leaf

    return machine.each(flat, one)


def throw(machine: Machine, failure: Failure) -> None:
    """Throw again what a promise was rejected with."""
    machine.fail(TRUE, failure.kind, failure.place, failure.instance, from_input=failure.from_input)
    machine.stop()


def chain(machine: Machine, promise: Value, name: str, arguments: list[Value], place: Place | None) -> Value:
    """Return what `.then`, `.catch` and `.finally` give."""
    on_value = arguments[0] if name == "then" and arguments else UNDEFINED
    on_error = (
        arguments[0]
        if name == "catch" and arguments
        else arguments[1]
        if name == "then" and len(arguments) > 1
        else UNDEFINED
    )
    always = arguments[0] if name == "finally" and arguments else UNDEFINED
    flat = settled(machine, promise)

    def one(leaf: Value) -> Value:
        if always is not UNDEFINED:
            call_any(machine, always, UNDEFINED, [], place)
        elif isinstance(leaf, Rejected):
            if on_error is not UNDEFINED:
                return _handled(machine, leaf.failure, on_error, place)
        elif on_value is not UNDEFINED:
            return call_any(machine, on_value, UNDEFINED, [leaf], place)
        if isinstance(leaf, Rejected):
            throw(machine, leaf.failure)
        return leaf

    def run() -> Value:
        own: Run = machine.own
        with own.aside():
            return machine.each(flat, one)

    return catching(machine, run)


def _handled(machine: Machine, failure: Failure, function: Value, place: Place | None) -> Value:
    machine.handling.append(failure)
    value = call_any(machine, function, UNDEFINED, [failure.instance], place)
    machine.handling.pop()
    return value


def chain_unknown(machine: Machine, owner: Value, name: str, arguments: list[Value], place: Place | None) -> Value:
    """Return what `.then` and its kin give on something of which only the name is known: it comes to itself, or fails."""
    failure = Failure(TRUE, ELSEWHERE, THE_EXCEPTION, machine.store, place, False)  # noqa: FBT003
    if (
        not machine.expecting
        and all(attempt.quiet for attempt in machine.attempts)
        and name != "catch"
        and len(arguments) < 2
    ):
        return chain(machine, Promise(owner), name, arguments, place)
    return chain(
        machine, Promise(machine.decisions.choose(machine.raises(), Rejected(failure), owner)), name, arguments, place
    )


def make(machine: Machine, this: Value, arguments: list[Value], place: Place | None) -> Value:
    """Return `new Promise(executor)`."""
    kept = machine.new(Record("dict", {}))

    def resolve(machine: Machine, this: Value, arguments: list[Value], place: Place | None) -> Value:
        given = settled(machine, arguments[0]) if arguments and arguments[0] is not MORE else UNDEFINED
        return _settle(machine, kept, given)

    def reject(machine: Machine, this: Value, arguments: list[Value], place: Place | None) -> Value:
        error = arguments[0] if arguments and arguments[0] is not MORE else THE_EXCEPTION
        return _settle(machine, kept, rejection(machine, error, place))

    def run() -> Value:
        executor = arguments[0] if arguments else UNDEFINED
        call_any(machine, executor, UNDEFINED, [Native("resolve", resolve), Native("reject", reject)], place)
        value = machine.record(kept).fields.get("value", NOTHING)
        return machine.each(_that_comes(machine, value), lambda leaf: _out(machine, leaf, place))

    return catching(machine, run)


def _out(machine: Machine, leaf: Value, place: Place | None) -> Value:
    if isinstance(leaf, Rejected):
        throw(machine, leaf.failure)
    if leaf is NOTHING:
        return Opaque("what a promise comes to", place)
    return leaf


def _that_comes(machine: Machine, value: Value) -> Value:
    """Without the cases in which code elsewhere never calls back: nothing is answered then."""
    if not isinstance(value, Case):
        return value
    yes, no = _that_comes(machine, value.yes), _that_comes(machine, value.no)
    if yes is NOTHING or no is NOTHING:
        return no if yes is NOTHING else yes
    return machine.decisions.choose(machine.decisions.when(value.atom), yes, no)


def _settle(machine: Machine, kept: Ref, value: Value) -> Value:
    record = machine.store.writable(kept.number)
    before = record.fields.get("value", NOTHING)
    record.fields["value"] = machine.decisions.change(before, lambda leaf: value if leaf is NOTHING else leaf)
    return UNDEFINED


def rejection(machine: Machine, error: Value, place: Place | None) -> Value:
    """Return what a promise is rejected with."""
    from .exceptions import failure_of

    return machine.decisions.change(error, lambda leaf: Rejected(failure_of(machine, leaf, place)))


def together(machine: Machine, this: Value, arguments: list[Value], place: Place | None) -> Value:
    """Return `Promise.all(items)`."""
    given = arguments[0] if arguments else UNDEFINED

    def run() -> Value:
        def one(leaf: Value) -> Value:
            items = items_of(machine, leaf)
            if items is None:
                return Opaque("what several promises come to", place, truthy=True)
            return array(machine, [awaited(machine, item, place) for item in items], place)

        return machine.each(given, one)

    return catching(machine, run)


def resolved(machine: Machine, this: Value, arguments: list[Value], place: Place | None) -> Value:
    """Return `Promise.resolve(value)`."""
    return Promise(settled(machine, arguments[0]) if arguments else UNDEFINED)


def rejected(machine: Machine, this: Value, arguments: list[Value], place: Place | None) -> Value:
    """Return `Promise.reject(error)`."""
    error = arguments[0] if arguments else UNDEFINED
    return Promise(rejection(machine, error, place))
