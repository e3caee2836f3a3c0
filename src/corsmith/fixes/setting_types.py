"""Values of CORS settings whose type the tool refuses: a text where a list, a switch or a number of seconds is wanted."""

from __future__ import annotations

import json

from corsmith.api.fix import Edit
from corsmith.api.span import Span
from corsmith.api.tree import Tree
from corsmith.readers.nodes import Node, Scalar

from .literals import TEMPLATES
from .yaml_edit import replace_value
from .yaml_source import Source, entry_of, load
from .yaml_written import Content, Verbatim, flow

_LISTS = frozenset(("AllowOrigins", "AllowMethods", "AllowHeaders", "ExposeHeaders"))


def as_wanted_type(tree: Tree, value: Span) -> tuple[Edit, ...]:
    """Return the edit that writes the value at `value` in the type of its setting; none where its meaning is not plain."""
    source = load(tree, value.file) if value.file.endswith(TEMPLATES) else None
    held = entry_of(source.root, value) if source is not None else None
    if source is None or held is None:
        return ()
    entry, parent = held
    content = _content(source, entry.key.text, entry.value)
    if content is None:
        return ()
    if isinstance(content, list):
        # On one line, as the text was.
        return (Edit(value.file, entry.value.span.start, entry.value.span.end, flow(content, source.json)),)
    return (replace_value(source, entry, parent, content),)


def _content(source: Source, key: str, node: Node) -> Content | None:
    if not isinstance(node, Scalar) or node.style in ("literal", "folded") or node.kind == "null":
        return None
    if key in _LISTS:
        several = "," in node.text and not node.tag
        return [part.strip() for part in node.text.split(",")] if several else [_again(source, node)]
    if key == "AllowCredentials" and node.text.lower() in ("true", "false") and not node.tag:
        return node.text.lower() == "true"
    return int(node.text) if key == "MaxAge" and node.text.isdecimal() and not node.tag else None


def _again(source: Source, node: Scalar) -> Verbatim:
    """Return the scalar as it is written, in quotes where a list on one line would end it."""
    written = source.cut(node.span)
    if node.style == "plain" and set("[]{},") & set(node.text):
        return Verbatim(f"{node.tag} {json.dumps(node.text, ensure_ascii=False)}".strip())
    return Verbatim(written)
