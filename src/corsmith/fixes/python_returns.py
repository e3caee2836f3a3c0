"""Fixes to what a Python handler returns: a body that is no text, a coroutine."""

from __future__ import annotations

import ast

from corsmith.api.fix import Edit
from corsmith.api.span import Span
from corsmith.api.tree import Tree

from .python_headers import load
from .python_module import add_import, bound


def as_json(tree: Tree, span: Span) -> tuple[Edit, ...]:
    """Return the edits that write the value at `span` as JSON."""
    source = load(tree, span.file)
    if source is None or span.start == span.end:
        return ()
    text = source.text[span.start : span.end]
    edit = Edit(span.file, span.start, span.end, f"json.dumps({text})")
    return (edit,) if "json" in bound(source) else (add_import(source, "import json"), edit)


def without_async(tree: Tree, file: str, entry: str) -> tuple[Edit, ...]:
    """Return the edit that makes the function `entry` an ordinary one; none where it waits for something."""
    source = load(tree, file)
    function = bound(source).get(entry) if source is not None else None
    if source is None or not isinstance(function, ast.AsyncFunctionDef):
        return ()
    waits = (ast.Await, ast.AsyncFor, ast.AsyncWith)
    if any(isinstance(node, waits) for node in ast.walk(function)):
        return ()
    start = source.text.index("async", source.span(function).start)
    return (Edit(file, start, source.text.index("def", start), ""),)
