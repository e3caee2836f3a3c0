"""Preflights answered at the beginning of a Node handler, before anything else looks at the request."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from corsmith.api.fix import Edit
from corsmith.api.tree import Tree

from .javascript_headers import load
from .javascript_reuse import ORIGIN, reused_at
from .javascript_syntax import Syntax, syntax
from .lines import newline_of
from .settings_given import Given, wanted_of

_FUNCTIONS = ("function_declaration", "arrow_function", "function_expression", "function")


def answer_preflights(
    tree: Tree, file: str, entry: str, payload: str, headers: tuple[tuple[str, str], ...], given: Given
) -> tuple[Edit, ...]:
    """Return the edit that lets the function `entry` answer OPTIONS with 204 and `headers`.

    `payload`: the format of its events, "1.0" or "2.0". None where the function is not async, or has no body in braces:
    Lambda does not look at what another one returns.
    """
    of = load(tree, file)
    code = syntax(file, of.text) if of is not None else None
    if of is None or code is None:
        return ()
    for function in _functions(code, entry):
        body, event = function.child_by_field_name("body"), _first_parameter(code, function)
        if (
            body is None
            or body.type != "statement_block"
            or event is None
            or not code.text(function).startswith("async")
        ):
            continue
        method = f"{event}.requestContext.http.method" if payload == "2.0" else f"{event}.httpMethod"
        wanted = wanted_of(headers)
        own = next(reused_at(code, body, wanted, given), None) if wanted.origins else None
        values = {name: of.quoted(value) for name, value in headers} | ({ORIGIN: own.origin} if own is not None else {})
        written = ", ".join(f"{of.quoted(name)}: {value}" for name, value in values.items())
        answer = f"{{ statusCode: 204, headers: {{ {written} }} }}" if headers else "{ statusCode: 204 }"
        start = code.span(body).start + 1
        first = re.match(r"(?:[ \t]*(?:\r?\n|\r))*([ \t]*)", of.text[start:])
        pad = first[1] if first is not None and set("\r\n") & set(first[0]) else "  "
        end = newline_of(of.text)
        return (Edit(file, start, start, f"{end}{pad}if ({method} === {of.quoted('OPTIONS')}) return {answer};"),)
    return ()


def _functions(code: Syntax, entry: str) -> Iterator[Any]:
    """Yield the functions that `entry` names: declared, held by a variable, or put on the module's exports."""
    for node in code.nodes:
        name = value = None
        if node.type == "function_declaration":
            name, value = node.child_by_field_name("name"), node
        elif node.type == "variable_declarator":
            name, value = node.child_by_field_name("name"), node.child_by_field_name("value")
        elif node.type == "assignment_expression":
            left, value = node.child_by_field_name("left"), node.child_by_field_name("right")
            name = left.child_by_field_name("property") if left is not None else None
        if name is not None and value is not None and code.text(name) == entry and value.type in _FUNCTIONS:
            yield value


def _first_parameter(code: Syntax, function: Any) -> str | None:
    alone = function.child_by_field_name("parameter")
    listed = function.child_by_field_name("parameters")
    first = alone if alone is not None else next(iter(listed.named_children), None) if listed is not None else None
    if first is not None and first.type == "required_parameter":
        first = first.child_by_field_name("pattern")
    return code.text(first) if first is not None and first.type == "identifier" else None
