"""Frameworks in front of a function's own code: one file each, with what they were measured to do."""

from __future__ import annotations

from collections.abc import Callable

from corsmith.api.span import Span

from ...decisions import Value
from ...machine import Failure, Machine
from ...values import Made
from ...ways import Way
from . import adapters

Behave = Callable[[Machine, Value, Span], tuple[list[Way], list[Failure]]]
"""Runs a function of the project as a handler; returns its ways out and what it raises."""


def ways(machine: Machine, leaf: Made, condition: Value, span: Span, behave: Behave) -> list[Way] | None:
    """Return the ways out of a framework that a handler is, or hands the event to; None where it is none of those known."""
    # Loaded when a handler has one: most have none, and start-up must be fast.
    name = leaf.name
    if name.startswith(("@middy/core", "middy")):
        from . import middy

        return middy.ways(machine, leaf, condition, span, behave)
    if name in {"lambda-cors.cors()", "lambda-cors.default.cors()"}:
        from . import lambda_cors

        return lambda_cors.ways(machine, leaf, condition, span, behave)
    if name.startswith(("hono/aws-lambda", "hono.Hono")):
        from . import hono

        adapter = leaf.arguments[0] if leaf.name.endswith("()") and leaf.arguments else leaf
        return hono.ways(machine, adapter, condition, span) if isinstance(adapter, Made) else None
    if name.startswith(adapters.NAMES):
        return _behind_adapter(machine, leaf, condition, span)
    if name.startswith("@aws-lambda-powertools/event-handler"):
        from . import powertools

        return powertools.ways(machine, leaf, condition, span)
    if name.startswith("@as-integrations/aws-lambda"):
        from . import apollo

        return apollo.ways(machine, leaf, condition, span)
    if name == "lambda-api.run()":
        from . import lambda_api

        api = lambda_api.application(leaf)
        return None if api is None else lambda_api.ways(machine, api, condition, span)
    return None


def inside(machine: Machine, handler: Value, span: Span, behave: Behave) -> tuple[list[Way], list[Failure]] | None:
    """Return what a handler does that something is wrapped around, a framework's or the project's own; None: not known."""
    if not isinstance(handler, Made):
        return behave(machine, handler, span)
    found = ways(machine, handler, machine.condition, span, behave)
    return None if found is None else (found, [])


def _behind_adapter(machine: Machine, leaf: Made, condition: Value, span: Span) -> list[Way] | None:
    app = adapters.served(machine, leaf)
    if app is None:
        return None
    lists = adapters.sends_lists(leaf)
    if app.name == "koa":
        from . import koa

        return koa.ways(machine, app, condition, span, lists=lists)
    if app.name.startswith("fastify"):
        from . import fastify

        return fastify.ways(machine, app, condition, span)
    if app.name.startswith("@nestjs"):
        from . import nest

        return nest.ways(machine, app, condition, span, lists=lists)
    from . import express

    return express.ways(machine, app, condition, span, lists=lists)


def name_of(leaf: Made) -> str:
    """Return the name of what a handler is made with, as people would look it up."""
    return leaf.name.replace("()", "")
