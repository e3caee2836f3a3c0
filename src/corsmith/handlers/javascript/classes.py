"""Classes: their methods and statics are kept in the store."""

from __future__ import annotations

from ..decisions import Value
from ..machine import Machine
from ..store import Record
from . import syntax as js
from .calls import define
from .objects import key_of
from .values import UNDEFINED, Closure, Getter, Kind
from .writing import set_leaf


def define_class(machine: Machine, node: js.ClassNode) -> Value:
    """Return the class that a node makes here."""
    base = None if node.base is None else machine.evaluate(node.base)
    prototype = machine.store.add(Record("dict", {}))
    statics = machine.store.add(Record("dict", {}))
    kind = Kind(node.name, node, machine.frame.source, machine.frame.scope, prototype, statics, base)
    if node.name:
        scope = machine.store.add(Record("scope", {node.name: kind}))
        machine.parents[scope] = machine.frame.scope
        kind.scope = scope
    for member in node.members:
        _member(machine, kind, member)
    return kind


def _member(machine: Machine, kind: Kind, member: js.ClassMember) -> None:
    if member.kind in {"value", "block"}:
        if member.static and member.kind == "value":
            outside, machine.frame.scope = machine.frame.scope, kind.scope
            value = UNDEFINED if member.value is None else machine.evaluate(member.value)
            set_leaf(machine, kind, machine.evaluate(member.key), value, machine.spot(member))
            machine.frame.scope = outside
        return
    assert isinstance(member.value, js.FunctionNode)
    key = machine.evaluate(member.key)
    known, name = key_of(key)
    if not known:
        return
    made = define(machine, member.value, str(name))
    function = Closure(made.name, made.node, made.source, kind.scope, made.number, kind, member.static)
    record = machine.store.writable(kind.statics if member.static else kind.prototype)
    if member.kind == "get":
        record.fields[name] = Getter(function)
    elif member.kind == "set":
        record.fields["set", name] = function
    elif name == "constructor" and not member.static:
        record.fields["%constructor"] = function
    else:
        record.fields[name] = function
