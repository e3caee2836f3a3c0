"""What a loop of an unknown number of turns leaves behind: two turns stand for all."""

from __future__ import annotations

from collections.abc import Callable

from .decisions import FALSE, Case, Decisions, Rank, Value, leaves
from .machine import Exit, Machine
from .store import Store
from .values import NOTHING, Const, HeaderName, HeaderValue, LookUp, Opaque, Origin, Ref, SomeText, Tuple

_NONE = Const(None)
_CANDIDATES = 6
_WHY = "it changes in a loop"


def repeat(machine: Machine, turn: Callable[[], None], condition: Value, *, settled: bool) -> None:
    def turns() -> Value:
        before = machine.store.fork()
        turn()
        if machine.condition is FALSE:
            return _NONE
        if settled:
            settle_changes(machine, before)
            return _NONE
        once = machine.store.fork()
        turn()
        if machine.condition is not FALSE:
            _widen(machine, before, once)
        return _NONE

    machine.branch(condition, turns, lambda: _NONE)


def settle_changes(machine: Machine, before: Store) -> None:
    """Settle what was changed since `before`."""
    for number, record in list(machine.store.records.items()):
        old = before.records.get(number)
        if old is None or old is record:
            continue
        for name, value in record.fields.items():
            if value is not old.fields.get(name):
                machine.store.writable(number).fields[name] = settle(machine.decisions, value)


def _widen(machine: Machine, before: Store, once: Store) -> None:
    """What a second turn changes again may have any value after more turns."""
    for number, record in list(machine.store.records.items()):
        old, first = before.records.get(number), once.records.get(number)
        if old is None or first is None or record is old:
            continue
        grown = [key for key in record.fields if key not in old.fields and isinstance(key, int)]
        for key in dict.fromkeys((*record.fields, *first.fields)):
            value = record.fields.get(key, NOTHING)
            before_it, after_one = old.fields.get(key, NOTHING), first.fields.get(key, NOTHING)
            if value is not before_it and value is not after_one:
                machine.store.writable(number).fields[key] = _any_turn(machine, before_it, after_one, value)
        if record.kind in {"list", "set"} and grown:
            written = machine.store.writable(number)
            written.rest = Opaque("items added in a loop", record.place)


def _any_turn(machine: Machine, before: Value, once: Value, twice: Value) -> Value:
    """Return what a variable can be after any number of turns: one of what it was, when that is all that shows up."""
    earlier = dict.fromkeys((*leaves(before), *leaves(once)))
    later = list(leaves(twice))
    candidates: list[Value] = list(earlier)
    if len(earlier) > _CANDIDATES or not set(later) <= set(earlier):
        text = all(isinstance(leaf, SomeText) for leaf in later)
        # Each turn may make another list or object: such a value is no text, and no text may stand for it.
        made = any(isinstance(leaf, (Ref, Tuple)) for leaf in (*earlier, *later))
        changed: Value = SomeText(_WHY) if text else Opaque(_WHY, parsed="elsewhere" if made else "")
        candidates = [changed, NOTHING] if NOTHING in (*earlier, *later) else [changed]
    chosen = candidates[0]
    for candidate in candidates[1:]:
        chosen = machine.decisions.choose(machine.opaque("turns", machine.store.next_number()), candidate, chosen)
    return chosen


def settle(decisions: Decisions, value: Value) -> Value:
    """Turn the value of a header that was met by its name into the Origin, where that was the name; note it of the name."""
    if not isinstance(value, Case):
        return value
    yes, no = value.yes, value.no
    if value.atom.rank is Rank.PRESENT:
        key = value.atom.key
        yes = decisions.change(yes, lambda leaf: _met(leaf, key))
    yes, no = settle(decisions, yes), settle(decisions, no)
    return value if yes is value.yes and no is value.no else decisions.choose(decisions.when(value.atom), yes, no)


def _met(leaf: Value, key: LookUp) -> Value:
    if isinstance(leaf, HeaderValue):
        return Origin(key)
    return HeaderName(leaf.number, leaf.lower, key) if isinstance(leaf, HeaderName) else leaf


def settle_store(machine: Machine, way: Exit) -> None:
    scope = way.store.writable(machine.frame.scope)
    for name, value in scope.fields.items():
        scope.fields[name] = settle(machine.decisions, machine.decisions.choose(way.condition, value, value))
