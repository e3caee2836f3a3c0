"""Adapters that turn an application of a web framework into a Lambda handler, and the application in them."""

from __future__ import annotations

from ...machine import Machine
from ...values import Made, Ref
from ..values import Promise

LISTS = ("@codegenie/serverless-express", "@vendia/serverless-express", "aws-serverless-express", "serverless-express")
"""Adapters that send headers as lists under payload 1.0."""
NAMES = ("serverless-http", "@fastify/aws-lambda", "aws-lambda-fastify", *LISTS)
APPLICATIONS = (
    "express",
    "express.Router",
    "koa",
    "fastify",
    "fastify.fastify",
    "fastify.default",
    "@nestjs/core.NestFactory.create",
)


def served(machine: Machine, leaf: Made) -> Made | None:
    """Return the application that an adapter serves, or that what was made of it leads to."""
    for given in leaf.arguments:
        value = given.value if isinstance(given, Promise) else given
        if isinstance(value, Made):
            if value.name in APPLICATIONS:
                return _around(machine, value)
            inner = served(machine, value)
            if inner is not None:
                return inner
        if isinstance(value, Ref):
            for name in ("app", "server"):
                app = machine.record(value).fields.get(name)
                if isinstance(app, Made):
                    return _around(machine, app) if app.name in APPLICATIONS else served(machine, app)
    return None


def _around(machine: Machine, app: Made) -> Made:
    """Return the NestJS application that is built on this one, where there is one: `new ExpressAdapter(app)`."""
    for made in machine.made:
        if made.name == "@nestjs/core.NestFactory.create":
            for given in made.arguments:
                if isinstance(given, Made) and any(each is app for each in given.arguments):
                    return made
    return app


def sends_lists(leaf: Made) -> bool:
    """Say whether the adapter sends headers as lists under payload 1.0."""
    return leaf.name.startswith(LISTS)
