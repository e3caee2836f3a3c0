"""Frameworks in front of a function's own code: one file each, with what they were measured to do."""

from __future__ import annotations

from corsmith.api.span import Span

from ...decisions import Value
from ...machine import Machine
from ...values import Decorator, Made
from ...ways import Way


def ways(machine: Machine, leaf: Value, condition: Value, span: Span) -> list[Way] | None:
    """Return the ways out of a framework that a handler is, or hands the event to; None where it is none of those known."""
    if not isinstance(leaf, Decorator | Made):
        return None
    # Loaded when a handler has one: most have none, and start-up must be fast.
    from . import chalice, flask, powertools, starlette

    if isinstance(leaf, Decorator):
        if powertools.is_resolver(leaf.owner) and leaf.call.method == "resolve" and not leaf.call.opened:
            return powertools.ways(machine, leaf.owner, condition, span)
        return None
    called = leaf.arguments[0] if leaf.name.endswith("()") and leaf.arguments else None
    target = called if isinstance(called, Made) else leaf
    if leaf.opened and leaf.name not in chalice.APPS and not powertools.is_resolver(leaf):
        return None
    if powertools.is_resolver(target):
        return powertools.ways(machine, target, condition, span)
    if target.name in (*starlette.ADAPTERS, *flask.ADAPTERS) and _serves_django(machine, target):
        from . import django

        return django.ways(machine, target, condition, span)
    if target.name in starlette.ADAPTERS:
        return starlette.ways(machine, target, condition, span)
    if target.name in flask.ADAPTERS:
        return flask.ways(machine, target, condition, span)
    if target.name in chalice.APPS:
        return chalice.ways(machine, target, condition, span)
    return None


def _serves_django(machine: Machine, adapter: Made) -> bool:
    from .wrapping import unwrapped

    given = (*adapter.arguments, *adapter.keywords.values())
    return any(unwrapped(machine, each, lambda made: made.name.startswith("django.core."))[0] for each in given)


def name_of(leaf: Value) -> str:
    """Return the name of what a handler is made with, as people would look it up."""
    if isinstance(leaf, Decorator):
        return f"{leaf.owner.name}.{leaf.call.method}"
    return leaf.name.removesuffix("()") if isinstance(leaf, Made) else ""
