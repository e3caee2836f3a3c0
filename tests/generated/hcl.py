"""Terraform's syntax: blocks and arguments."""

from __future__ import annotations

import json
from typing import Any

from msgspec import Struct


class Raw(Struct, frozen=True):
    """An expression as it is: `aws_lambda_function.items.arn`."""

    text: str


class Block(Struct, frozen=True):
    """A nested block of arguments and blocks."""

    body: dict[str, Any]


def block(kind: str, *labels: str, **body: Any) -> str:
    """Return a block of the top level."""
    head = " ".join([kind, *(json.dumps(label) for label in labels)])
    return f"{head} {{\n{_body(body, 1)}}}\n"


def _body(body: dict[str, Any], depth: int) -> str:
    pad = "  " * depth
    lines = ""
    for name, value in body.items():
        blocks = value if isinstance(value, list) and value and isinstance(value[0], Block) else [value]
        for each in blocks:
            if isinstance(each, Block):
                lines += f"{pad}{name} {{\n{_body(each.body, depth + 1)}{pad}}}\n"
            else:
                lines += f"{pad}{name} = {expression(each, depth)}\n"
    return lines


def expression(value: Any, depth: int = 0) -> str:
    """Return a value as an expression."""
    if isinstance(value, Raw):
        return value.text
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        pad = "  " * (depth + 1)
        entries = "".join(f"{pad}{json.dumps(key)} = {expression(each, depth + 1)}\n" for key, each in value.items())
        return "{\n" + entries + "  " * depth + "}"
    if isinstance(value, list):
        return "[" + ", ".join(expression(each, depth) for each in value) + "]"
    return json.dumps(value)
