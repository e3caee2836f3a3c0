"""Assignment targets."""

from __future__ import annotations

import ast

from ..decisions import TRUE, Value
from ..machine import Machine
from ..store import Record
from ..values import NOTHING, Class, Const, Made, MadeCall, Opaque, Ref, SomeText, Tuple
from .iteration import items_of
from .lookups import delete_item, get_item, open_up, set_item


def bind(machine: Machine, target: ast.expr, value: Value) -> None:
    """Do `target = value`."""
    if isinstance(target, ast.Name):
        machine.write(target.id, value)
    elif isinstance(target, (ast.Tuple, ast.List)):
        _unpack(machine, target.elts, value)
    elif isinstance(target, ast.Subscript):
        container = machine.evaluate(target.value)
        key = Opaque("a slice") if isinstance(target.slice, ast.Slice) else machine.evaluate(target.slice)
        place = machine.spot(target.slice)

        def put(owner: Value, at: Value) -> Value:
            set_item(machine, owner, at, value, place)
            return owner

        machine.each(container, lambda owner: machine.each(key, lambda at: put(owner, at)))
    elif isinstance(target, ast.Attribute):
        machine.each(machine.evaluate(target.value), lambda owner: set_attribute(machine, owner, target.attr, value))
    elif isinstance(target, ast.Starred):
        bind(machine, target.value, value)


def set_attribute(machine: Machine, owner: Value, name: str, value: Value) -> Value:
    """Do `owner.name = value` for a leaf."""
    open_up(owner)
    if isinstance(owner, Made) and name == "wsgi_app":
        # Kept with the calls: what stands around an application is what frameworks ask for.
        place = getattr(value, "place", None)
        given = value if machine.condition is TRUE else Opaque("app.wsgi_app is set under a condition", place)
        owner.calls.append(MadeCall("wsgi_app=", (given,), {}, place))
    if isinstance(owner, Ref):
        record = machine.store.writable(owner.number)
        if record.kind == "instance":
            record.fields[name] = value
    elif isinstance(owner, Class):
        machine.store.writable(owner.scope).fields[name] = value
    return owner


def _unpack(machine: Machine, targets: list[ast.expr], value: Value) -> None:
    def items(leaf: Value) -> Value:
        known = items_of(machine, leaf) if isinstance(leaf, (Tuple, Ref, Const)) else None
        if known is None or len(known) != len(targets):
            parsed = leaf.parsed if isinstance(leaf, Opaque) else ""
            because = leaf.because if isinstance(leaf, (Opaque, SomeText)) else "a part of it"
            return Tuple(tuple(Opaque(because, parsed=parsed) for _ in targets))
        return Tuple(tuple(known))

    starred = any(isinstance(target, ast.Starred) for target in targets)
    unpacked = (
        machine.decisions.change(value, items) if not starred else Tuple(tuple(Opaque("a part of it") for _ in targets))
    )
    for position, target in enumerate(targets):
        part = machine.decisions.change(unpacked, lambda leaf, at=position: leaf.items[at])  # type: ignore[misc]
        bind(machine, target, part)


def unbind(machine: Machine, target: ast.expr) -> None:
    """Do `del target`."""
    if isinstance(target, ast.Subscript) and not isinstance(target.slice, ast.Slice):
        container, key = machine.evaluate(target.value), machine.evaluate(target.slice)

        def delete(owner: Value, at: Value) -> Value:
            if isinstance(owner, Ref) and get_item(machine, owner, at) is NOTHING:
                machine.may_fail(machine.spot(target), "builtins.KeyError")
            delete_item(machine, owner, at)
            return owner

        machine.each(container, lambda owner: machine.each(key, lambda at: delete(owner, at)))
    elif isinstance(target, ast.Name):
        record: Record = machine.store.writable(machine.frame.scope)
        record.fields.pop(target.id, None)
    elif isinstance(target, (ast.Tuple, ast.List)):
        for part in target.elts:
            unbind(machine, part)
