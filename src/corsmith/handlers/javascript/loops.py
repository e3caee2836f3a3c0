"""Loops: over known items they are unrolled, else two turns stand for all."""

from __future__ import annotations

from ..decisions import FALSE, TRUE, Case, Value
from ..machine import Exit, Loop, Machine
from ..store import Record
from ..turns import repeat, settle, settle_store
from ..values import NOTHING, Const, EventPart, HeaderName, HeaderValue, LowerHeaders, Opaque, Ref
from . import syntax as js
from .binding import bind
from .copies import items_of, own_keys
from .scopes import declare, enter, write
from .tests import truth
from .values import Copied

_NONE = Const(None)
_TURNS = 24


def is_headers(leaf: Value) -> bool:
    """Say whether a leaf is the request's headers."""
    return isinstance(leaf, LowerHeaders) or (isinstance(leaf, EventPart) and leaf.path == ("headers",))


def generic_item(machine: Machine, over: Value) -> Value:
    """Return what stands for any item of something whose items are not known."""
    rest = machine.record(over).rest if isinstance(over, Ref) else over
    if isinstance(rest, Copied):
        number = machine.store.next_number()
        name, value = HeaderName(number, rest.lower), HeaderValue(number)
        if rest.form == "entries":
            return machine.new(Record("list", {0: name, 1: value}))
        return value if rest.form == "values" else name
    if isinstance(rest, Opaque):
        return Opaque(f"an item of {rest.because}", parsed=rest.parsed)
    return Opaque("an item")


def each_header(machine: Machine, over: Value) -> bool:
    """Say whether a leaf holds something for each of the request's headers, and no more."""
    return isinstance(over, Ref) and isinstance(machine.record(over).rest, Copied)


def _labels(machine: Machine) -> tuple[str, ...]:
    label, machine.own.label = machine.own.label, ""
    return (label,) if label else ()


def for_each(machine: Machine, node: js.ForEach) -> None:
    """Run a `for … of` or a `for … in`."""
    labels = _labels(machine)
    over = machine.evaluate(node.over)
    machine.each(over, lambda leaf: _over(machine, node, leaf, labels))


def _over(machine: Machine, node: js.ForEach, over: Value, labels: tuple[str, ...]) -> Value:
    items = _keys(machine, over) if node.keys else items_of(machine, over)
    loop = Loop(labels=labels)
    machine.frame.loops.append(loop)
    headers = each_header(machine, over) or (node.keys and is_headers(over))
    if items is None:
        machine.may_fail(machine.spot(node.over))
        if node.keys and is_headers(over):
            generic: Value = HeaderName(machine.store.next_number(), lower=isinstance(over, LowerHeaders))
        else:
            generic = generic_item(machine, over)
        repeat(
            machine,
            lambda: _turn(machine, node, generic, loop),
            TRUE if headers else machine.opaque("loop", machine.store.next_number()),
            settled=headers,
        )
    else:
        for item in items:
            if machine.condition is FALSE:
                break
            there = machine.decisions.change(item, lambda leaf: FALSE if leaf is NOTHING else TRUE)
            machine.branch(there, lambda item=item: _ran(machine, node, item, loop), lambda: _NONE)  # type: ignore[misc]
    machine.frame.loops.pop()
    _finish(machine, loop, settled=headers and items is None)
    return _NONE


def _keys(machine: Machine, over: Value) -> list[Value] | None:
    if not isinstance(over, Ref) or machine.record(over).rest is not None:
        return None
    return [_key_where_there(machine, over, name) for name in own_keys(machine.record(over))]


def _key_where_there(machine: Machine, over: Ref, name: object) -> Value:
    field = machine.record(over).fields[name]
    return machine.decisions.change(field, lambda leaf: NOTHING if leaf is NOTHING else Const(str(name)))


def _ran(machine: Machine, node: js.ForEach, item: Value, loop: Loop) -> Value:
    _turn(machine, node, item, loop)
    return _NONE


def _turn(machine: Machine, node: js.ForEach, item: Value, loop: Loop) -> None:
    outside = enter(machine)
    bind(machine, node.target, item, write if node.kind in {"", "var"} else declare)
    _body(machine, node.body, loop)
    machine.frame.scope = outside


def _body(machine: Machine, body: js.Node, loop: Loop) -> None:
    machine.execute([body])
    exits, loop.continues = loop.continues, []
    if machine.condition is not FALSE:
        exits = [*exits, Exit(machine.condition, _NONE, machine.store, None)]
    if exits:
        machine.merge(exits)


def for_loop(machine: Machine, node: js.For) -> None:
    """Run a `for (;;)`."""
    labels = _labels(machine)
    outside = enter(machine)
    if node.first is not None:
        machine.execute([node.first])
    loop = Loop(labels=labels)

    def turn() -> None:
        _body(machine, node.body, loop)
        if node.step is not None and machine.condition is not FALSE:
            machine.evaluate(node.step)

    _while(machine, loop, node.test, turn)
    machine.frame.scope = outside


def while_loop(machine: Machine, node: js.While) -> None:
    """Run a `while` or a `do … while`."""
    loop = Loop(labels=_labels(machine))

    def turn() -> None:
        _body(machine, node.body, loop)

    if node.late:
        machine.frame.loops.append(loop)
        turn()
        machine.frame.loops.pop()
        if machine.condition is FALSE:
            _finish(machine, loop, settled=False)
            return
    _while(machine, loop, node.test, turn)


def _while(machine: Machine, loop: Loop, test: js.Node | None, turn: object) -> None:
    assert callable(turn)
    machine.frame.loops.append(loop)
    condition: Value = TRUE
    for _ in range(_TURNS):
        condition = TRUE if test is None else truth(machine, machine.evaluate(test))
        if machine.condition is FALSE or condition is FALSE or isinstance(condition, Case):
            break
        turn()
        if machine.condition is FALSE:
            break
    if machine.condition is not FALSE and condition is not FALSE:
        again = condition if condition is TRUE and test is None else machine.opaque("loop", machine.store.next_number())
        repeat(machine, turn, again, settled=False)
        if again is TRUE:
            machine.stop()
    machine.frame.loops.pop()
    _finish(machine, loop, settled=False)


def _finish(machine: Machine, loop: Loop, *, settled: bool) -> None:
    exits = loop.breaks
    if settled:
        for way in exits:
            settle_store(machine, way)
    if machine.condition is not FALSE:
        exits = [*exits, Exit(machine.condition, _NONE, machine.store, None)]
    if exits:
        machine.merge(exits)
    if settled and machine.condition is not FALSE:
        at: int | None = machine.frame.scope
        while at is not None and at in machine.store.records:
            if any(isinstance(value, Case) for value in machine.store.records[at].fields.values()):
                scope = machine.store.writable(at)
                for name, value in scope.fields.items():
                    scope.fields[name] = settle(machine.decisions, value)
            if at == machine.frame.variables:
                break
            at = machine.parents.get(at)
