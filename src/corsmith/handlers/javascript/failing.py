"""The errors that the language itself throws."""

from __future__ import annotations

from ..decisions import FALSE, TRUE, Value
from ..machine import Machine
from ..store import Record
from ..values import Const, External, Place, SomeText


def error(machine: Machine, kind: str, place: Place | None) -> Value:
    """Return a new error of the language's own kind `kind`."""
    record = Record("error", {"message": SomeText("an error's message"), "name": Const(kind)}, place)
    record.type = External(kind)
    return machine.new(record)


def fail(
    machine: Machine, kind: str, place: Place | None, condition: Value = TRUE, *, from_input: bool = False
) -> None:
    """Throw an error of the language where `condition` holds."""
    if machine.decisions.both(machine.condition, condition) is not FALSE:
        machine.fail(condition, kind, place, error(machine, kind, place), from_input=from_input)
