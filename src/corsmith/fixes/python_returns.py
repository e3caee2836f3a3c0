"""Fixes to what a Python handler returns: a body that is no text, a coroutine."""

from __future__ import annotations

import ast

from corsmith.api.fix import Edit
from corsmith.api.span import Span
from corsmith.api.tree import Tree

from .python_dict import dict_at, entry, remove_entry
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


def without_async(tree: Tree, file: str, name: str) -> tuple[Edit, ...]:
    """Return the edit that makes the function `name` an ordinary one; none where it waits for something."""
    source = load(tree, file)
    function = bound(source).get(name) if source is not None else None
    if source is None or not isinstance(function, ast.AsyncFunctionDef):
        return ()
    waits = (ast.Await, ast.AsyncFor, ast.AsyncWith)
    if any(isinstance(node, waits) for node in ast.walk(function)):
        return ()
    start = source.text.index("async", source.span(function).start)
    return (Edit(file, start, source.text.index("def", start), ""),)


def as_body(tree: Tree, response: Span, key: str) -> tuple[Edit, ...]:
    """Return the edits that call the entry `key` of the dict at `response` `body`, as JSON where it is no text."""
    source = load(tree, response.file)
    node = dict_at(source, response) if source is not None else None
    found = entry(node, key) if node is not None else None
    if source is None or found is None:
        return ()
    name, value = source.span(found[0]), found[1]
    quote = source.text[name.end - 1]
    renamed = Edit(response.file, name.start, name.end, f"{quote}body{quote}")
    is_text = isinstance(value, ast.JoinedStr) or (isinstance(value, ast.Constant) and isinstance(value.value, str))
    return (renamed,) if is_text else (renamed, *as_json(tree, source.span(value)))


def without_key(tree: Tree, response: Span, key: str) -> tuple[Edit, ...]:
    """Return the edit that takes the entry `key` out of the dict at `response`."""
    source = load(tree, response.file)
    node = dict_at(source, response) if source is not None else None
    edit = remove_entry(source, node, key) if source is not None and node is not None else None
    return (edit,) if edit is not None else ()
