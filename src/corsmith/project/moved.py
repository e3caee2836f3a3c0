"""What was read of one function, as it is of another that differs from it in nothing but where it stands."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from typing import Any, TypeVar

from msgspec import Struct
from msgspec.structs import fields, replace

from corsmith.api.function import Function
from corsmith.api.span import Span

T = TypeVar("T")
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


def moved(thing: T, old: Function, new: Function, held: frozenset[Span]) -> T:
    """Return `thing` with each place of `old` in a template as the place of `new`. `held` are the places in `thing`."""
    pairs = zip(_places(old), _places(new), strict=True)
    places = {place: other for place, other in pairs if place is not None and place != other and place in held}
    made: T = _moved(thing, places) if places else thing
    return made


def places_in(thing: Any, file: str) -> frozenset[Span]:
    """Return the places in `file` that stand in `thing`."""
    return frozenset([place for place in _places(thing) if place is not None and place.file == file])


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


def _moved(thing: Any, places: dict[Span, Span | None]) -> Any:
    kind = type(thing)
    if kind is str or thing is None:
        return thing
    if kind is Span:
        return places.get(thing, thing)
    if kind is tuple:
        items = [_moved(each, places) for each in thing]
        return thing if all(new is old for new, old in zip(items, thing, strict=True)) else tuple(items)
    if isinstance(thing, Struct):
        changed = {}
        for name in _names(kind):
            old = getattr(thing, name)
            new = _moved(old, places)
            if new is not old:
                changed[name] = new
        return replace(thing, **changed) if changed else thing
    return thing


def _names(kind: type[Any]) -> tuple[str, ...]:
    names = _FIELDS.get(kind)
    if names is None:
        names = _FIELDS[kind] = tuple(each.name for each in fields(kind))
    return names
