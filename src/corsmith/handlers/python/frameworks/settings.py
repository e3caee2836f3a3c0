"""The arguments that frameworks are given, as plain Python where they are known."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from ...decisions import Value
from ...machine import Machine
from ...values import Const, Made, Place, Ref, SomeText, Tuple
from ..iteration import items_of


class Texts(Struct, frozen=True):
    """A list of texts. `items` None: it is not known. `values` are the items as they were read."""

    items: tuple[str, ...] | None
    values: tuple[Value, ...] = ()

    def has(self, text: str) -> bool:
        """Say whether `text` is one of the items."""
        return self.items is not None and text in self.items

    def value_of(self, text: str) -> Value:
        """Return the item `text` with its place."""
        return next((each for each in self.values if isinstance(each, Const) and each.value == text), Const(text))


def texts(machine: Machine, value: Value | None, default: tuple[str, ...] = ()) -> Texts:
    """Return a list setting; one text alone is a list of one. `default` stands for a setting that is not given or None."""
    if value is None or (isinstance(value, Const) and value.value is None):
        return Texts(default)
    if isinstance(value, Const) and isinstance(value.value, str):
        return Texts((value.value,), (value,))
    if not isinstance(value, (Ref, Tuple)) or (isinstance(value, Ref) and machine.record(value).kind == "dict"):
        return Texts(None)
    items = items_of(machine, value)
    if items is None or any(not isinstance(item, Const) for item in items):
        return Texts(None)
    return Texts(tuple(str(item.value) for item in items), tuple(items))  # type: ignore[attr-defined]


def plain(value: Value | None, default: Any = None) -> Any:
    """Return a scalar setting; an Unknown-like value where it is not known."""
    if value is None:
        return default
    return value.value if isinstance(value, Const) else value


def flag(value: Value | None, *, default: bool) -> bool | None:
    """Return a setting that is true or false; None where it is not known."""
    if value is None:
        return default
    return bool(value.value) if isinstance(value, Const) else None


def argument(made: Made, position: int, name: str) -> Value | None:
    """Return an argument by its position or its name."""
    if name in made.keywords:
        return made.keywords[name]
    return made.arguments[position] if 0 <= position < len(made.arguments) else None


def joined(items: Texts, separator: str, place: Place | None = None) -> Value:
    """Return a list setting as one header value."""
    if items.items is None:
        return SomeText("a list in the code that is not known", place)
    return Const(
        separator.join(items.items),
        items.values[0].place if items.values and isinstance(items.values[0], Const) else place,
    )
