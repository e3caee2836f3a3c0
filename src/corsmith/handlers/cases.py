"""Values and conditions as diagrams, and the walks through them."""

from __future__ import annotations

from collections.abc import Iterator
from enum import IntEnum
from typing import Any

from msgspec import Struct


class Rank(IntEnum):
    """What an atom asks. Lower ranks are decided first."""

    METHOD = 0
    PAYLOAD = 1
    PATH = 2
    PARAMETER = 3
    PRESENT = 4
    ORIGIN = 5
    RAISES = 6
    OPAQUE = 7


class Atom(Struct, eq=False):
    """One condition. `key` says what it asks: the method, the path, (the header looked up, the test)."""

    rank: Rank
    order: int
    key: Any


class Value(Struct, eq=False):
    """A value, as far as it is known. Compared by identity."""


class Truth(Value):
    """TRUE or FALSE: the leaves of a condition."""


TRUE = Truth()
FALSE = Truth()


class Case(Value):
    """`yes` where `atom` holds, `no` where it does not. Made by `Decisions` only."""

    atom: Atom
    yes: Value
    no: Value


def leaves(value: Value) -> Iterator[Value]:
    """Yield the distinct leaves of `value`."""
    seen: set[Value] = set()
    waiting = [value]
    while waiting:
        part = waiting.pop()
        if part in seen:
            continue
        seen.add(part)
        if type(part) is Case:
            waiting += (part.no, part.yes)
        else:
            yield part


def leaves_where(value: Value, reached: Value) -> Iterator[Value]:
    """Yield the distinct leaves that `value` can be where `reached` holds."""
    seen: set[tuple[Value, Value]] = set()
    given: set[Value] = set()
    waiting = [(value, reached)]
    while waiting:
        part, condition = waiting.pop()
        if condition is FALSE or (part, condition) in seen:
            continue
        if type(part) is not Case:
            if part not in given:
                given.add(part)
                yield part
            continue
        seen.add((part, condition))
        atom = part.atom
        if type(condition) is Case and condition.atom.order < atom.order:
            waiting += ((part, condition.no), (part, condition.yes))
        elif type(condition) is Case and condition.atom is atom:
            waiting += ((part.no, condition.no), (part.yes, condition.yes))
        else:
            waiting += ((part.no, condition), (part.yes, condition))


def atoms(value: Value) -> list[Atom]:
    """Return the atoms that `value` depends on, in their order."""
    seen: set[Value] = set()
    found: dict[int, Atom] = {}
    waiting = [value]
    while waiting:
        part = waiting.pop()
        if type(part) is Case and part not in seen:
            seen.add(part)
            found[part.atom.order] = part.atom
            waiting += (part.yes, part.no)
    return [found[order] for order in sorted(found)]
