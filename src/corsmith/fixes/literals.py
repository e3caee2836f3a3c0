"""Texts that stand as literals, replaced in the notation of their place: YAML, JSON, Terraform, Python, JavaScript."""

from __future__ import annotations

import re

from corsmith.api.fix import Edit
from corsmith.api.span import Span
from corsmith.api.tree import Tree, Unreadable
from corsmith.readers.nodes import Scalar, Sequence

from .embedded import embedded_at
from .yaml_source import Source, load, node_at, parent_of
from .yaml_written import written_as

TEMPLATES = (".yaml", ".yml", ".json", ".template")
_NEVER_WRITTEN = frozenset("'\"\\\n\r`{}")
_PREFIX = re.compile(r"[rRuU]?(?=['\"])")


def replace_item(tree: Tree, span: Span, items: tuple[str, ...]) -> tuple[Edit, ...]:
    """Return the edit that puts `items` in the place of the one text at `span`.

    None where no literal stands there, or where it is no item of a list and several would have to take its place.
    """
    if not items or any(_NEVER_WRITTEN & set(item) for item in items):
        return ()
    held = embedded_at(tree, span) if span.file.endswith((*TEMPLATES, ".tf", ".tofu")) else None
    if held is not None:
        return held.outward(_in_code(held.code, held.moved(span), items))
    if span.file.endswith(TEMPLATES):
        source = load(tree, span.file)
        return _in_template(source, span, items) if source is not None else ()
    try:
        text = tree.read(span.file)
    except Unreadable:
        return ()
    return _in_code(text, span, items)


def write_text(tree: Tree, span: Span, old: str, text: str) -> tuple[Edit, ...]:
    """Return the edit that puts `text` in the place of the scalar of a template at `span` that says `old`, in its quotes."""
    source = load(tree, span.file) if span.file.endswith(TEMPLATES) else None
    node = node_at(source.root, span) if source is not None else None
    if source is None or not isinstance(node, Scalar) or node.tag or node.text != old:
        return ()
    block = node.style in ("literal", "folded")
    return (Edit(span.file, span.start, span.end, written_as(source, node, text)),) if not block else ()


def _in_template(source: Source, span: Span, items: tuple[str, ...]) -> tuple[Edit, ...]:
    node = node_at(source.root, span)
    if not isinstance(node, Scalar) or node.tag:
        return ()
    parent = parent_of(source.root, node)
    inner = "'" if node.text[:1] + node.text[-1:] == "''" else ""
    texts = [written_as(source, node, f"{inner}{item}{inner}") for item in items]
    if len(texts) == 1:
        return (Edit(span.file, span.start, span.end, texts[0]),)
    if not isinstance(parent, Sequence):
        return ()
    if parent.style == "flow":
        return (Edit(span.file, span.start, span.end, ", ".join(texts)),)
    return (Edit(span.file, span.start, span.end, f"{source.newline}{' ' * parent.indent}- ".join(texts)),)


def _in_code(text: str, span: Span, items: tuple[str, ...]) -> tuple[Edit, ...]:
    written = text[span.start : span.end]
    prefix = _PREFIX.match(written)
    start = span.start + (prefix.end() if prefix is not None else 0)
    quote = text[start : start + 1]
    if quote not in ("'", '"', "`") or written[-1:] != quote or "\n" in written or "${" in written:
        return ()
    inside = text[start + 1 : span.end - 1]
    inner = "'" if quote != "'" and inside[:1] + inside[-1:] == "''" else ""
    texts = [f"{quote}{inner}{item}{inner}{quote}" for item in items]
    if len(texts) > 1 and not _in_list(text, span):
        return ()
    return (Edit(span.file, span.start, span.end, ", ".join(texts)),)


def _in_list(text: str, span: Span) -> bool:
    """Say whether the text at `span` is an item between brackets."""
    before, after = text[: span.start].rstrip()[-1:], text[span.end :].lstrip()[:1]
    return (before in ("[", ",") and after in ("]", ",")) or (before in ("(", "{") and after == ",")
