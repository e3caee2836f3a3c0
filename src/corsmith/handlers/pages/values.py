"""What an expression of a page's script stands for, as far as calls are concerned."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct, field

from corsmith.api.page_call import Hole, Pieces
from corsmith.api.span import Span


class Text(Struct, frozen=True):
    """A text, of which parts may not be known."""

    pieces: Pieces

    @property
    def plain(self) -> str | None:
        """The text, None where a part of it is not known."""
        return "".join(self.pieces) if all(isinstance(each, str) for each in self.pieces) else None  # type: ignore[arg-type]


class Plain(Struct, frozen=True):
    """A number, a boolean, null."""

    value: Any


class Entry(Struct, frozen=True):
    """An entry of an object, and where it stands."""

    value: Value
    span: Span


class Object(Struct, frozen=True):
    """An object, or Headers. Entries that could not be read are left out: what is sent is at least this."""

    entries: dict[str, Entry] = field(default_factory=dict)

    def get(self, name: str) -> Value:
        """Return an entry's value; `UNKNOWN` where there is none."""
        found = self.entries.get(name)
        return UNKNOWN if found is None else found.value

    def over(self, other: Object) -> Object:
        """Return the entries of `other`, with these laid over them."""
        return Object({**other.entries, **self.entries})


class Items(Struct, frozen=True):
    """An array."""

    items: tuple[Value, ...]


class Name(Struct, frozen=True):
    """Something outside the project, by its dotted name: "fetch", "axios", "axios.post"."""

    name: str


class Client(Struct, frozen=True):
    """A client of a library, made with settings: `axios.create({baseURL})`. `made` is where: its defaults go by it."""

    library: str
    settings: Object
    made: str = ""


class Parameter(Struct, frozen=True):
    """A parameter of a function that is not being called: what it holds depends on the caller."""

    name: str


class Function(Struct, frozen=True, eq=False):
    """A function or class of the project: its node and its module. `made`: an instance of the class."""

    node: Any
    module: Any
    made: bool = False


class Body(Struct, frozen=True):
    """The text of JSON: what `JSON.stringify` gives."""


class Unknown(Struct, frozen=True):
    """Nothing is known. `name` is what the code calls it."""

    name: str = ""


UNKNOWN = Unknown()
Value = Text | Plain | Object | Items | Name | Client | Parameter | Function | Body | Unknown


Arguments = Mapping[int, tuple[Value, ...]]
"""The arguments of the functions that are being called, by their nodes."""


def text(value: Value) -> Text:
    """Return a value as a text."""
    if isinstance(value, Text):
        return value
    if isinstance(value, Plain):
        return Text((str(value.value),))
    if isinstance(value, Parameter):
        return Text((Hole(f"%{value.name}"),))
    return Text((Hole(getattr(value, "name", "")),))


def joined(parts: list[Value]) -> Text:
    """Return texts one after the other."""
    pieces: list[str | Hole] = []
    for part in parts:
        for piece in text(part).pieces:
            if isinstance(piece, str) and pieces and isinstance(pieces[-1], str):
                pieces[-1] += piece
            elif piece != "":
                pieces.append(piece)
    return Text(tuple(pieces) or ("",))


def holds_parameter(value: Value) -> bool:
    """Say whether a caller's argument is missing in a value."""
    if isinstance(value, Parameter):
        return True
    if isinstance(value, Text):
        return any(isinstance(piece, Hole) and piece.name.startswith("%") for piece in value.pieces)
    return isinstance(value, Object) and any(holds_parameter(each.value) for each in value.entries.values())


def either(one: Value, other: Value) -> Value:
    """One of two values: objects are taken together, else what is better known."""
    if isinstance(one, Object) and isinstance(other, Object):
        return one.over(other)
    if isinstance(one, (Unknown, Plain)) or (isinstance(one, Object) and not one.entries):
        return other if not isinstance(other, Unknown) else one
    if isinstance(one, Parameter) and isinstance(other, Object):
        return one
    if isinstance(one, Text) and one.plain == "" and isinstance(other, Text):
        return other
    return one
