"""Fixes to what a JavaScript handler returns: a body under another name, a key that no front door knows."""

from __future__ import annotations

from corsmith.api.fix import Edit
from corsmith.api.span import Span
from corsmith.api.tree import Tree

from .javascript_headers import load
from .javascript_object import remove_entry


def as_body(tree: Tree, response: Span, key: str) -> tuple[Edit, ...]:
    """Return the edits that call the entry `key` of the literal at `response` `body`, as JSON where it is no text."""
    of = load(tree, response.file)
    literal = of.at(response) if of is not None else None
    entry = literal.entry(key) if literal is not None else None
    if of is None or entry is None or entry.kind == "method_definition":
        return ()
    value = of.cut(entry.value)
    text = value if entry.kind in ("string", "template_string") else f"JSON.stringify({value})"
    return (Edit(of.file, entry.whole.start, entry.whole.end, f"body: {text}"),)


def without_key(tree: Tree, response: Span, key: str) -> tuple[Edit, ...]:
    """Return the edit that takes the entry `key` out of the literal at `response`."""
    of = load(tree, response.file)
    literal = of.at(response) if of is not None else None
    entry = literal.entry(key) if literal is not None else None
    return (remove_entry(of, literal, entry),) if of is not None and literal is not None and entry is not None else ()
