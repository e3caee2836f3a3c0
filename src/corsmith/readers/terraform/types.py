"""The types of variables: what `optional` adds to an object, and what a conversion makes of a text."""

from __future__ import annotations

from corsmith.readers.nodes import Entry, Mapping, Node, Sequence

from .scope import Scope
from .syntax import Call, Expression, Literal, ObjectOf
from .terms import EITHER, nothing

DEEPEST = 20


def completed(node: Node, declared: Expression | None, scope: Scope, depth: int = 0) -> Node:
    """Return a value with the attributes that its type adds where they are missing."""
    if declared is None or depth > DEEPEST or not isinstance(declared, Call):
        return node
    if isinstance(node, Sequence) and node.tag == EITHER:
        items = (node.items[0], *(completed(each, declared, scope, depth + 1) for each in node.items[1:]))
        return Sequence(items, node.span, node.style, tag=EITHER)
    if node.tag or not declared.arguments:
        return node
    inner = declared.arguments[0]
    if declared.name == "optional":
        return completed(node, inner, scope, depth + 1)
    if declared.name == "object" and isinstance(inner, ObjectOf) and isinstance(node, Mapping):
        return _object(node, inner, scope, depth)
    if declared.name == "map" and isinstance(node, Mapping):
        entries = tuple(Entry(e.key, completed(e.value, inner, scope, depth + 1), e.end) for e in node.entries)
        return Mapping(entries, node.span, node.style)
    if declared.name in ("list", "set") and isinstance(node, Sequence):
        items = tuple(completed(item, inner, scope, depth + 1) for item in node.items)
        return Sequence(items, node.span, node.style)
    return node


def _object(node: Mapping, declared: ObjectOf, scope: Scope, depth: int) -> Node:
    from .evaluate import evaluate

    entries = list(node.entries)
    for key, wanted in declared.entries:
        if not isinstance(key, Literal):
            continue
        at = next((i for i, entry in enumerate(entries) if entry.key.text == key.node.text), None)
        if at is not None:
            own = entries[at]
            entries[at] = Entry(own.key, completed(own.value, wanted, scope, depth + 1), own.end)
        elif isinstance(wanted, Call) and wanted.name == "optional":
            given = evaluate(wanted.arguments[1], scope) if len(wanted.arguments) > 1 else nothing(node.span)
            inner = wanted.arguments[0] if wanted.arguments else None
            entries.append(Entry(key.node, completed(given, inner, scope, depth + 1), node.span.end))
    return Mapping(tuple(entries), node.span, node.style)
