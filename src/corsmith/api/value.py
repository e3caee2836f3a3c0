"""What is known of a setting: its value, one of several, or nothing but the reason; and where that was read.

Readers and handlers produce Values. Whoever needs the plain value calls `get()`; a value that is not known raises
`Undecided`, which carries the reason to whoever judges. Nothing else decides what is undecided.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, NoReturn, TypeVar

from msgspec import Struct

from .span import Span

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Step(Struct, frozen=True, gc=False):
    """One step of a value's provenance: "parameter Stage, its default", and where that stands."""

    what: str
    span: Span | None = None


class Known(Struct, Generic[T_co], frozen=True):
    """A value that is known. `span` is where one would edit it; `via` how it came there, nearest step first."""

    value: T_co
    span: Span | None = None
    via: tuple[Step, ...] = ()

    def get(self) -> T_co:
        """Return the value."""
        return self.value


class Unknown(Struct, frozen=True):
    """A value that cannot be read from the project. `because` is a phrase: "OriginParameter has no default"."""

    because: str
    span: Span | None = None
    via: tuple[Step, ...] = ()

    def get(self) -> NoReturn:
        """Raise `Undecided`."""
        raise Undecided(self)


class OneOf(Struct, Generic[T_co], frozen=True):
    """A value that is one of several; each option is known. The judge tries each."""

    options: tuple[Known[T_co], ...]
    because: str
    span: Span | None = None

    def get(self) -> NoReturn:
        """Raise `Undecided`."""
        raise Undecided(self)


Value = Known[T] | OneOf[T] | Unknown
Text = Value[str]
Texts = Value[tuple[Text, ...]]
"""A list setting: the list itself may be unknown, and so may each item."""


class Undecided(Exception):  # noqa: N818 - it is an answer ("undecided"), not an error
    """A decision needed a value that is not known."""

    def __init__(self, value: Unknown | OneOf[Any]) -> None:
        super().__init__(value.because)
        self.value = value

    @property
    def because(self) -> str:
        """The reason, as a phrase."""
        return self.value.because


def texts(value: Texts) -> tuple[str, ...]:
    """Return the items of a list setting.

    Raises `Undecided` when the list or an item is not known.
    """
    return tuple(item.get() for item in value.get())


def known_texts(*items: str, span: Span | None = None) -> Known[tuple[Text, ...]]:
    """Return a list setting whose items are known."""
    return Known(tuple(Known(item, span) for item in items), span)


def mapped(value: Value[Any], change: Callable[[Any], Any]) -> Value[Any]:
    """Return `value` with `change` applied to what is known; span and provenance stay."""
    if isinstance(value, Known):
        return Known(change(value.value), value.span, value.via)
    if isinstance(value, OneOf):
        return OneOf(tuple(Known(change(o.value), o.span, o.via) for o in value.options), value.because, value.span)
    return value
