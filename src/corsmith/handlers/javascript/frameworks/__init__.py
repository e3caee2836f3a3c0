"""Frameworks in front of a function's own code: one file each, with what they were measured to do."""

from __future__ import annotations

from collections.abc import Callable

from corsmith.api.span import Span

from ...decisions import Value
from ...machine import Failure, Machine
from ...values import Made
from ...ways import Way

Behave = Callable[[Machine, Value, Span], tuple[list[Way], list[Failure]]]
"""Runs a function of the project as a handler; returns its ways out and what it raises."""


def ways(machine: Machine, leaf: Made, condition: Value, span: Span, behave: Behave) -> list[Way] | None:
    """Return the ways out of a framework that a handler is, or hands the event to; None where it is none of those known."""
    # Loaded when a handler has one: most have none, and start-up must be fast.
    name = leaf.name
    if name.startswith(("@middy/core", "middy")):
        from . import middy

        return middy.ways(machine, leaf, condition, span, behave)
    if name == "lambda-cors.cors()":
        from . import lambda_cors

        return lambda_cors.ways(machine, leaf, condition, span, behave)
    if name.startswith(("hono/aws-lambda", "hono.Hono")):
        from . import hono

        adapter = leaf.arguments[0] if leaf.name.endswith("()") and leaf.arguments else leaf
        return hono.ways(machine, adapter, condition, span) if isinstance(adapter, Made) else None
    if name.startswith(EXPRESS):
        from . import express

        app = express.application(machine, leaf)
        return None if app is None else express.ways(machine, app, condition, span)
    if name == "lambda-api.run()":
        from . import lambda_api

        api = lambda_api.application(leaf)
        return None if api is None else lambda_api.ways(machine, api, condition, span)
    return None


EXPRESS = (
    "serverless-http", "@codegenie/serverless-express", "@vendia/serverless-express", "aws-serverless-express",
    "serverless-express",
)  # fmt: skip
"""Adapters that serve applications of Express, and of others."""


def name_of(leaf: Made) -> str:
    """Return the name of what a handler is made with, as people would look it up."""
    return leaf.name.replace("()", "")
