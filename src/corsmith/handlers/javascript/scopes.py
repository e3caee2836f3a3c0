"""Scopes: what declares, what binds before its block runs, and how variables are read and written."""

from __future__ import annotations

from collections.abc import Iterable

from ..decisions import Case, Value
from ..machine import Machine
from ..store import Record
from ..values import NOTHING, External
from . import syntax as js
from .values import UNDEFINED, Imported


def read(machine: Machine, name: str) -> Value:
    """Return the variable `name`, else the global of that name."""
    found = machine.read(name)
    if found is None:
        return UNDEFINED if name == "undefined" else External(name)
    if isinstance(found, (Imported, Case)):
        return machine.decisions.change(found, lambda leaf: _imported(machine, leaf))
    return found


def _imported(machine: Machine, leaf: Value) -> Value:
    if not isinstance(leaf, Imported):
        return leaf
    from .modules import exported

    return exported(machine, leaf.exports, leaf.name)


def declare(machine: Machine, name: str, value: Value) -> None:
    """Bind a new variable in the block that is running."""
    machine.store.writable(machine.frame.scope).fields[name] = value


def declare_var(machine: Machine, name: str, value: Value) -> None:
    """Bind a variable of the function that is running."""
    scope = machine.frame.variables
    machine.store.writable(machine.frame.scope if scope is None else scope).fields[name] = value


def write(machine: Machine, name: str, value: Value) -> None:
    """Assign to the variable `name` where it is declared; to a global otherwise."""
    scope: int | None = machine.frame.scope
    last = machine.frame.scope
    while scope is not None:
        record = machine.store.records.get(scope)
        if record is not None and record.fields.get(name, NOTHING) is not NOTHING:
            machine.store.writable(scope).fields[name] = value
            return
        last = scope
        scope = machine.parents.get(scope)
    machine.store.writable(last).fields[name] = value


def hoist(machine: Machine, statements: Iterable[js.Node]) -> None:
    """Bind the functions that are declared anywhere in a block."""
    from .calls import define

    for node in statements:
        inner = node.statement if isinstance(node, js.ExportDeclaration) else node
        if isinstance(inner, js.FunctionDeclaration):
            declare(
                machine, inner.function.name, helper(machine, inner.function.name) or define(machine, inner.function)
            )


def helper(machine: Machine, name: str) -> Value | None:
    """Return what stands for a function that compilers put into their output; None for all others."""
    if not name.startswith("__"):
        return None
    from .compiled import HELPERS

    return External(f"compiled.{name}") if name in HELPERS else None


def enter(machine: Machine) -> int:
    """Begin a block's own scope and return the one around it."""
    outside = machine.frame.scope
    scope = machine.store.add(Record("scope", {}))
    machine.parents[scope] = outside
    machine.frame.scope = scope
    return outside
