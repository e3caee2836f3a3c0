"""Modules of the registry that many projects call: what they make of what they are given."""

from __future__ import annotations

import re
from collections.abc import Callable

from msgspec import Struct

from corsmith.api.span import Span
from corsmith.readers.nodes import Mapping, Node

from . import public_cors, public_http_api, public_lambda
from .blocks import arguments_of
from .public_parts import Made
from .scope import Instance, Scope
from .syntax import Block

Make = Callable[[Made, Mapping], None]
Output = Callable[[str, str, Span], Node]
_KNOWN: tuple[tuple[re.Pattern[str], Make, Output], ...] = tuple(
    (re.compile(rf"(^|[/:])({registry}$|{repository}\b)"), module.make, module.output_of)
    for registry, repository, module in (
        ("terraform-aws-modules/lambda/aws", "terraform-aws-modules/terraform-aws-lambda", public_lambda),
        (
            "terraform-aws-modules/apigateway-v2/aws",
            "terraform-aws-modules/terraform-aws-apigateway-v2",
            public_http_api,
        ),
        ("squidfunk/api-gateway-enable-cors/aws", "squidfunk/terraform-aws-api-gateway-enable-cors", public_cors),
    )
)
"""How a source names a module, by the registry or its repository, and what reads it."""


class PublicModule(Struct, eq=False):
    """A call of a known module. Its outputs are names of what it makes; its arguments are not worked out for them.

    (A function's module is given the API that may call it, and the API's module the function that it calls.)
    """

    address: str
    block: Block
    scope: Scope
    make: Make
    output_of: Output

    def instances(self) -> tuple[Instance, ...]:
        """Return the resources that it makes."""
        made = Made(self.address, self.block)
        self.make(made, arguments_of(self.block.body, self.scope))
        return tuple(made.found)

    def output(self, name: str, span: Span) -> Node:
        """Return an output."""
        return self.output_of(self.address, name, span)


def public(address: str, source: str, block: Block, scope: Scope) -> PublicModule | None:
    """Return a call of a known public module; None for any other module."""
    for pattern, make, output_of in _KNOWN:
        if pattern.search(source):
            return PublicModule(address, block, scope, make, output_of)
    return None
