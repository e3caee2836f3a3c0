"""Preflights answered at the beginning of a Python handler, before anything else looks at the request."""

from __future__ import annotations

import ast

from corsmith.api.fix import Edit
from corsmith.api.tree import Tree

from .lines import line_start
from .python_headers import load
from .python_module import add_import, bound, newline
from .python_reuse import ORIGIN as _ORIGIN
from .python_reuse import reused
from .settings_given import Given, wanted_of


def answer_preflights(
    tree: Tree, file: str, entry: str, payload: str, headers: tuple[tuple[str, str], ...], given: Given
) -> tuple[Edit, ...]:
    """Return the edits that let the function `entry` answer OPTIONS with 204 and `headers`.

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
    wanted = wanted_of(headers)
    own = next(reused(source, body[0], wanted, given), None) if wanted.origins else None
    values = {name: f'"{value}"' for name, value in headers} | ({_ORIGIN: own.origin} if own is not None else {})
    written = ", ".join(f'"{name}": {value}' for name, value in values.items())
    answer = '{"statusCode": 204, "headers": {' + written + "}}" if headers else '{"statusCode": 204}'
    end, step = newline(source), "\t" if "\t" in pad else "    "
    imported = (add_import(source, "import os"),) if own is not None and own.needs_os else ()
    return (
        *imported,
        Edit(file, line, line, f'{pad}if {method} == "OPTIONS":{end}{pad}{step}return {answer}{end}'),
    )
