"""The options that frameworks are given, as plain Python where they are known."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from ...decisions import Value
from ...machine import Machine
from ...values import NOTHING, Const, Made, Opaque, Place, Ref
from ..copies import items_of
from ..objects import get
from ..values import UNDEFINED, Pattern


class Options(Struct, frozen=True):
    """An object of options. `known`: it is an object whose entries are all known."""

    machine: Machine
    value: Value
    known: bool
    place: Place | None

    def get(self, name: str) -> Value:
        """Return an option, UNDEFINED where it is not given."""
        if not isinstance(self.value, Ref):
            return UNDEFINED
        return get(self.machine, self.value, Const(name), None)

    def flag(self, name: str, *, default: bool = False) -> bool | None:
        """Return an option that is true or false; None where it is not known."""
        value = self.get(name)
        if value is UNDEFINED:
            return default
        return bool(value.value) if isinstance(value, Const) else None

    def plain(self, name: str) -> Any:
        """Return a scalar option, None where it is not given, the value itself where it is not known."""
        value = self.get(name)
        return None if value is UNDEFINED else value.value if isinstance(value, Const) else value

    def texts(self, name: str) -> tuple[str, ...] | None:
        """Return an option that is a list of texts, or one text; None where it is not known; () where it is not given."""
        return texts(self.machine, self.get(name))


def options_of(machine: Machine, made: Made, at: int = 0) -> Options:
    """Return the options among the arguments of what was made."""
    given = made.arguments[at] if at < len(made.arguments) else UNDEFINED
    if given is UNDEFINED:
        return Options(machine, UNDEFINED, known=True, place=made.place)
    whole = isinstance(given, Ref) and machine.record(given).rest is None
    return Options(machine, given, known=whole, place=made.place)


def texts(machine: Machine, value: Value) -> tuple[str, ...] | None:
    """Return a list of texts, or one text; None where it is not known."""
    if value is UNDEFINED or value is NOTHING or (isinstance(value, Const) and value.value is None):
        return ()
    if isinstance(value, Const):
        return (str(value.value),)
    items = items_of(machine, value)
    if items is None or any(not isinstance(item, (Const, Pattern)) for item in items):
        return None
    return tuple(
        str(item.value) if isinstance(item, Const) else f"/{item.pattern}/"
        for item in items
        if isinstance(item, (Const, Pattern))
    )


def joined(machine: Machine, value: Value, separator: str = ",") -> Value:
    """Return a list, or one text, as a header's value."""
    items = texts(machine, value)
    if items is None:
        return Opaque("a list in the code that is not known", getattr(value, "place", None))
    if isinstance(value, Const):
        return value
    return Const(separator.join(items), machine.record(value).place if isinstance(value, Ref) else None)
