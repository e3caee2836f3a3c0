"""What was read of one function, as it is of another that differs from it in nothing but where it stands."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from typing import Any

from msgspec import Struct
from msgspec.structs import fields, replace

from corsmith.api.function import Function
from corsmith.api.span import Span

_FIELDS: dict[type, tuple[str, ...]] = {}
_NAME = "name"


def unplaced(function: Function) -> Hashable:
    """Return all that a function's template says of it, without its name and the places where that stands."""
    return tuple([_unplaced(getattr(function, name)) for name in _names(Function) if name != _NAME])


def _unplaced(thing: Any) -> Hashable:
    kind = type(thing)
    if kind is str or thing is None or kind is int:
        return thing  # type: ignore[no-any-return]
    if kind is Span:
        return Span
    if kind is bool:
        return "bool", thing
    if kind is tuple:
        return tuple([_unplaced(each) for each in thing])
    if isinstance(thing, Struct):
        return kind, tuple([_unplaced(getattr(thing, name)) for name in _names(kind)])
    return thing  # type: ignore[no-any-return]


class Placed(Struct, frozen=True):
    """Something with places of one file in it. `around`: the identities of all in it that has such a place inside."""

    thing: Any
    around: frozenset[int]
    places: frozenset[Span]


def placed(thing: Any, file: str) -> Placed:
    """Return `thing` with where in it the places of `file` are: those can then be moved without looking at the rest."""
    around: set[int] = set()
    places: set[Span] = set()
    _look(thing, file, around, places)
    return Placed(thing, frozenset(around), frozenset(places))


def _look(thing: Any, file: str, around: set[int], places: set[Span]) -> bool:
    kind = type(thing)
    if kind is Span:
        if thing.file != file:
            return False
        places.add(thing)
        return True
    parts = (
        thing if kind is tuple else [getattr(thing, name) for name in _names(kind)] if isinstance(thing, Struct) else ()
    )
    if True not in [_look(part, file, around, places) for part in parts]:
        return False
    around.add(id(thing))
    return True


def moved(held: Placed, old: Function, new: Function) -> Any:
    """Return what `held` holds with each place of `old` in a template as the place of `new`."""
    pairs = zip(_places(old), _places(new), strict=True)
    places = {place: other for place, other in pairs if place is not None and place != other and place in held.places}
    return _moved(held.thing, places, held.around) if places else held.thing


def _places(thing: Any) -> Iterator[Span | None]:
    kind = type(thing)
    if kind is Span or thing is None:
        yield thing
    elif kind is tuple:
        for each in thing:
            yield from _places(each)
    elif isinstance(thing, Struct):
        for name in _names(kind):
            yield from _places(getattr(thing, name))


def _moved(thing: Any, places: dict[Span, Span | None], around: frozenset[int]) -> Any:
    kind = type(thing)
    if kind is Span:
        return places.get(thing, thing)
    if id(thing) not in around:
        return thing
    if kind is tuple:
        items = [_moved(each, places, around) for each in thing]
        return thing if all(new is old for new, old in zip(items, thing, strict=True)) else tuple(items)
    changed = {}
    for name in _names(kind):
        old = getattr(thing, name)
        new = _moved(old, places, around)
        if new is not old:
            changed[name] = new
    return replace(thing, **changed) if changed else thing


def _names(kind: type[Any]) -> tuple[str, ...]:
    names = _FIELDS.get(kind)
    if names is None:
        names = _FIELDS[kind] = tuple(each.name for each in fields(kind))
    return names
