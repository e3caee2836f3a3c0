"""Frameworks in front of a function's own code: one file each, with what they were measured to do."""

from __future__ import annotations

from collections.abc import Callable

from corsmith.api.span import Span

from ...decisions import Value
from ...machine import Machine
from ...values import Made
from ...ways import Way

Called = Callable[[Machine, Value, Span], list[Way]]
"""Returns the ways out of a function of the project that is called as a handler."""


def ways(machine: Machine, leaf: Made, condition: Value, span: Span, called: Called) -> list[Way] | None:
    """Return the ways out of a framework that a handler is, or hands the event to; None where it is none of those known."""
    return None


def name_of(leaf: Made) -> str:
    """Return the name of what a handler is made with, as people would look it up."""
    return leaf.name.replace("()", "")
