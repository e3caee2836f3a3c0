"""Preflights answered at the beginning of a Python handler, before anything else looks at the request."""

from __future__ import annotations

import ast

from corsmith.api.fix import Edit
from corsmith.api.tree import Tree

from .lines import line_start
from .python_headers import load
from .python_module import bound, newline


def answer_preflights(
    tree: Tree, file: str, entry: str, payload: str, headers: tuple[tuple[str, str], ...]
) -> tuple[Edit, ...]:
    """Return the edit that lets the function `entry` answer OPTIONS with 204 and `headers`.

    `payload`: the format of its events, "1.0" or "2.0". None where the function is no `def` with a body of its own lines.
    """
    source = load(tree, file)
    function = bound(source).get(entry) if source is not None else None
    if source is None or not isinstance(function, ast.FunctionDef) or not function.args.args:
        return ()
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    if not body:
        return ()
    start = source.span(body[0]).start
    line = line_start(source.text, start)
    pad = source.text[line:start]
    if pad.strip() or body[0].lineno == function.lineno:
        return ()
    event = function.args.args[0].arg
    method = f'{event}["requestContext"]["http"]["method"]' if payload == "2.0" else f'{event}["httpMethod"]'
    written = ", ".join(f'"{name}": "{value}"' for name, value in headers)
    answer = '{"statusCode": 204, "headers": {' + written + "}}" if headers else '{"statusCode": 204}'
    end, step = newline(source), "\t" if "\t" in pad else "    "
    return (Edit(file, line, line, f'{pad}if {method} == "OPTIONS":{end}{pad}{step}return {answer}{end}'),)
