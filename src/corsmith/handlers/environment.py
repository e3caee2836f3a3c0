"""Environment variables: what the template gives them, else the default in the code, else nothing known."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from corsmith.api.value import Known, OneOf, Step

from .decisions import Value
from .machine import Machine
from .values import (
    Const,
    FilledText,
    Opaque,
    Place,
    SomeText,
)

Arguments = list[Value]
Keywords = dict[str, Value]
Call = Callable[[Machine, Arguments, Keywords, Place | None], Value]


def variable(machine: Machine, key: Value, default: Value | None, place: Place | None) -> Value:
    """Return the environment variable `key`, `default` where nothing is known of it."""
    if not isinstance(key, Const):
        return Opaque("an environment variable whose name is not known", place)
    given = machine.environment.get(str(key.value))
    step = Step(f"environment variable {key.value}", place.span() if place is not None else None)
    if isinstance(given, Known):
        return _known(given, step)
    if isinstance(given, OneOf):
        chosen: Value = _known(given.options[-1], step) if given.options else Opaque(given.because, place)
        for number, option in enumerate(given.options[:-1]):
            chosen = machine.decisions.choose(
                machine.opaque("environment", key.value, number), _known(option, step), chosen
            )
        return chosen
    if given is not None:
        return FilledText(given.because, place)
    if default is not None:
        return default
    return SomeText(f"the environment variable {key.value} is not set in the template", place)


def _known(given: Known[str], step: Step) -> Const:
    return Const(given.value, None if given.span is None else _At(given.span), (step, *given.via))


class _At:
    """A place whose span is known."""

    __slots__ = ("_span",)

    def __init__(self, span: Any) -> None:
        self._span = span

    def span(self) -> Any:
        """Return the span."""
        return self._span


def environment_item(machine: Machine, key: Value, place: Place | None) -> Value:
    """Return `os.environ[key]`."""
    return machine.decisions.change(key, lambda leaf: variable(machine, leaf, None, place))


def getenv(machine: Machine, arguments: Arguments, keywords: Keywords, place: Place | None) -> Value:
    """Return what `os.getenv` and `os.environ.get` give."""
    default = arguments[1] if len(arguments) > 1 else keywords.get("default", Const(None, place))
    # Without a template that sets it, and without a default in the code, nothing is known.
    explicit = len(arguments) > 1 or "default" in keywords
    return machine.each(
        arguments[0] if arguments else keywords.get("key", Opaque("a name")),
        lambda leaf: variable(machine, leaf, default if explicit else None, place),
    )
