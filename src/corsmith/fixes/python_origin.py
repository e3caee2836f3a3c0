"""Fixes to how Python code decides which origins it allows: a test becomes a comparison with a list."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from corsmith.api.fix import Edit
from corsmith.api.tree import Tree

from .python_dict import PythonSource
from .python_headers import load

_ORIGIN = "access-control-allow-origin"
_TESTS = frozenset(("endswith", "startswith", "match", "fullmatch", "search", "find", "count"))


def compare_with_list(tree: Tree, file: str, origins: tuple[str, ...]) -> Iterator[tuple[Edit, ...]]:
    """Yield edits of `file`, each of which lets only `origins` be echoed: the tests first, then what is sent."""
    source = load(tree, file)
    if source is None:
        return
    listed = "[" + ", ".join(f'"{origin}"' for origin in origins) + "]"
    sent = {source.cut(_bare(value)): value for value in _sent(source)}
    for subject in sent:
        for test in (*_tests(source, subject), *_present(source, subject)):
            span = source.span(test)
            yield (Edit(file, span.start, span.end, f"{subject} in {listed}"),)
    edits = []
    for value in _sent(source):
        span = source.span(value)
        subject = source.cut(value)
        edits.append(Edit(file, span.start, span.end, f'{subject} if {subject} in {listed} else "{origins[0]}"'))
    if edits:
        yield tuple(edits)


def _bare(value: ast.expr) -> ast.expr:
    """Return what a text is made of alone: `f"{origin}"`, `str(origin)`."""
    if isinstance(value, ast.JoinedStr) and len(value.values) == 1 and isinstance(value.values[0], ast.FormattedValue):
        held = value.values[0]
        return held.value if held.conversion == -1 and held.format_spec is None else value
    named = isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id == "str"
    return value.args[0] if named and isinstance(value, ast.Call) and len(value.args) == 1 else value


def both_spellings(tree: Tree, file: str) -> Iterator[tuple[Edit, ...]]:
    """Yield the edit that looks for the Origin header under both of its spellings, wherever `file` does under one."""
    source = load(tree, file)
    edits: list[Edit] = []
    alone = (
        {id(node.value) for node in ast.walk(source.module) if isinstance(node, ast.Assign)}
        if source is not None
        else set()
    )
    for node in ast.walk(source.module) if source is not None else ():
        found = _looked_up(source, node) if source is not None else None
        if source is None or found is None:
            continue
        span = source.span(found[0])
        both = f'{found[1]}.get("origin") or {found[1]}.get("Origin")'
        edits.append(Edit(file, span.start, span.end, both if id(found[0]) in alone else f"({both})"))
    if edits:
        yield tuple(edits)


def _looked_up(source: PythonSource, node: ast.AST) -> tuple[ast.expr, str] | None:
    """Return an expression that asks for the header, and the headers that it asks."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "get" and node.args:
        name, holder = node.args[0], node.func.value
    elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
        name, holder = node.slice, node.value
    else:
        return None
    text = source.cut(holder)
    asked = isinstance(name, ast.Constant) and isinstance(name.value, str) and name.value.lower() == "origin"
    return (node, text) if asked and "headers" in text.lower() else None


def _sent(source: PythonSource) -> Iterator[ast.expr]:
    """Yield the expressions that Access-Control-Allow-Origin is set to, where they are no plain texts."""
    for node in ast.walk(source.module):
        pairs: list[tuple[ast.expr | None, ast.expr]] = []
        if isinstance(node, ast.Dict):
            pairs = list(zip(node.keys, node.values, strict=True))
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Subscript):
            pairs = [(node.targets[0].slice, node.value)]
        elif isinstance(node, ast.Call) and len(node.args) == 2:
            pairs = [(node.args[0], node.args[1])]
        for key, value in pairs:
            named = isinstance(key, ast.Constant) and isinstance(key.value, str) and key.value.lower() == _ORIGIN
            if named and not isinstance(value, ast.Constant | ast.IfExp | ast.BoolOp):
                yield value


def _tests(source: PythonSource, subject: str) -> Iterator[ast.expr]:
    for node in ast.walk(source.module):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _TESTS:
            about = (node.func.value, *node.args)
            if any(source.cut(each) == subject for each in about):
                yield node
        elif isinstance(node, ast.Compare) and len(node.ops) == 1 and isinstance(node.ops[0], ast.In):
            held = node.comparators[0]
            part = source.cut(node.left) == subject and isinstance(held, ast.Constant)
            if part or source.cut(held) == subject:
                yield node


def _present(source: PythonSource, subject: str) -> Iterator[ast.expr]:
    """Yield where the code asks only whether there is an origin."""
    for node in ast.walk(source.module):
        if not isinstance(node, ast.If | ast.IfExp):
            continue
        parts = node.test.values if isinstance(node.test, ast.BoolOp) else [node.test]
        for part in parts:
            if source.cut(part) in (subject, f"{subject} is not None", f'{subject} != ""'):
                yield part
