"""Permissions for an API to invoke a function."""

from __future__ import annotations

from functools import lru_cache

from corsmith.api.span import Span
from corsmith.readers.nodes import Mapping

from .parts import NOWHERE, attribute, record, term
from .service import Stack


@lru_cache(maxsize=256)
def _source(api: str, rest: str) -> Mapping:
    return record(NOWHERE, [("Fn::Sub", term("arn:aws:execute-api:*:*:${" + api + "}" + rest))])


def add_permission(stack: Stack, function: str, name: str, span: Span, api: str, rest: str) -> None:
    """Add the permission for an API to invoke a function; `rest` is the part of its ARN after the API."""
    stack.add(
        name,
        "AWS::Lambda::Permission",
        span,
        [
            ("FunctionName", attribute(function, "Arn", span)),
            ("Action", term("lambda:InvokeFunction")),
            ("Principal", term("apigateway.amazonaws.com")),
            ("SourceArn", _source(api, rest)),
        ],
    )
