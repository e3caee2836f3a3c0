"""Texts made of parts, of which some are known."""

from __future__ import annotations

from typing import Any

from .decisions import Value
from .machine import Machine
from .values import Const, Joined, SomeText, Tuple

_LONGEST = 10_000
_PARTS_AT_MOST = 64
_LONG = SomeText("a text that is too long to be followed")


def joined_text(machine: Machine, parts: list[Value], place: Any) -> Value:
    """Return the text that `parts`, texts themselves, make together."""
    whole: Value = Tuple(())
    for part in parts:
        whole = machine.decisions.change_two(whole, part, lambda done, one: Tuple((*done.items, one)))  # type: ignore[attr-defined]
    return machine.decisions.change(whole, lambda leaf: _together(leaf.items, place))  # type: ignore[attr-defined]


def _together(parts: tuple[Value, ...], place: Any) -> Value:
    flat: list[Value] = []
    for part in parts:
        for piece in part.parts if isinstance(part, Joined) else (part,):
            last = flat[-1] if flat else None
            if isinstance(piece, Const) and piece.value == "":
                continue
            if isinstance(piece, Const) and isinstance(last, Const):
                flat[-1] = Const(last.value + piece.value, place, (*last.via, *piece.via))
            else:
                flat.append(piece)
    if not flat:
        return Const("", place)
    if len(flat) > _PARTS_AT_MOST or sum(len(piece.value) for piece in flat if isinstance(piece, Const)) > _LONGEST:
        return _LONG
    if len(flat) == 1:
        only = flat[0]
        return Const(only.value, only.place or place, only.via) if isinstance(only, Const) else only
    return Joined(tuple(flat))
