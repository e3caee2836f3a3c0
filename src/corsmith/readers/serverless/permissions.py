"""Permissions for an API to invoke a function."""

from __future__ import annotations

from corsmith.api.span import Span

from .parts import attribute, record, word
from .service import Stack


def add_permission(stack: Stack, function: str, name: str, span: Span, api: str, rest: str) -> None:
    """Add the permission for an API to invoke a function; `rest` is the part of its ARN after the API."""
    source = record(span, [("Fn::Sub", word("arn:aws:execute-api:*:*:${" + api + "}" + rest, span))])
    stack.add(
        name,
        "AWS::Lambda::Permission",
        span,
        [
            ("FunctionName", attribute(function, "Arn", span)),
            ("Action", word("lambda:InvokeFunction", span)),
            ("Principal", word("apigateway.amazonaws.com", span)),
            ("SourceArn", source),
        ],
    )
