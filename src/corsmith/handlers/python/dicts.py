"""Merging dicts: `update`, `|` and `**` in a display."""

from __future__ import annotations

from ..decisions import Value
from ..machine import Machine
from ..values import NOTHING, Const, EventPart, LowerHeaders, Made, Opaque, Ref, SomeText


def update(machine: Machine, target: Ref, other: Value) -> Value:
    """Add the entries of `other` to a dict."""

    def add(leaf: Value) -> Value:
        if isinstance(leaf, Ref) and machine.record(leaf).kind == "dict":
            source = machine.record(leaf)
            record = machine.store.writable(target.number)
            for key, value in source.fields.items():
                before = record.fields.get(key, NOTHING)
                record.fields[key] = _over(machine, value, before)
                if key in source.keys:
                    record.keys[key] = source.keys[key]
            record.rest = record.rest or source.rest
        elif not (isinstance(leaf, Const) and leaf.value is None) and leaf is not NOTHING:
            because = leaf.because if isinstance(leaf, (Opaque, SomeText)) else _described(leaf)
            machine.store.writable(target.number).rest = Opaque(because)
        return target

    return machine.each(other, add)


def _over(machine: Machine, value: Value, before: Value) -> Value:
    """`value`, and what was there `before` where it is nothing."""
    return machine.decisions.change(value, lambda leaf: before if leaf is NOTHING else leaf)


def _described(leaf: Value) -> str:
    if isinstance(leaf, Made):
        return f"what {leaf.name} gives"
    return "the request's own headers" if isinstance(leaf, (EventPart, LowerHeaders)) else "entries that are not known"
