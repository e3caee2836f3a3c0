"""Fixes to the lists of allowed headers, methods and origins, wherever they are written."""

from __future__ import annotations

import re

from corsmith.api.fix import Edit
from corsmith.api.span import Span
from corsmith.api.tree import Tree, Unreadable
from corsmith.readers.nodes import Scalar, Sequence

from .code_lists import remove_literal
from .embedded import embedded_at
from .lines import line_start, newline_of, next_line
from .literals import TEMPLATES
from .yaml_edit import append_items, insert_in_text, remove_entries
from .yaml_source import entry_of, load, node_at, parent_of


def add_to_list(tree: Tree, spans: tuple[Span, ...], items: tuple[str, ...]) -> tuple[Edit, ...]:
    """Return the edit that adds `items` to the list whose value stands at one of `spans`.

    None where none of them is of a form that can be edited.
    """
    for span in spans:
        held = embedded_at(tree, span) if span.file.endswith((*TEMPLATES, ".tf", ".tofu")) else None
        if held is not None:
            return held.outward(_in_code(held.tree(tree), held.moved(span), items))
        if span.file.endswith((".tf", ".tofu")):
            return _in_hcl(tree, span, items)
        if not span.file.endswith(TEMPLATES):
            return _in_code(tree, span, items)
        source = load(tree, span.file)
        node = node_at(source.root, span) if source is not None else None
        if source is not None and isinstance(node, Sequence):
            return (append_items(source, node, [*items]),)
        if source is not None and isinstance(node, Scalar):
            parent = parent_of(source.root, node)
            if isinstance(parent, Sequence):
                return (append_items(source, parent, [*items]),)
            if not node.tag and node.text.startswith("'"):
                joiner = "," if node.text.strip("'") else ""
                return (insert_in_text(source.text, node.span, joiner + ",".join(items)),)
    return ()


def remove_from_list(tree: Tree, span: Span) -> tuple[Edit, ...]:
    """Return the edit that takes the item at `span` out of its list, its comma or its line with it; the last one stays."""
    held = embedded_at(tree, span)
    if held is not None:
        return held.outward(remove_literal(held.tree(tree), held.moved(span)))
    source = load(tree, span.file)
    node = node_at(source.root, span) if source is not None else None
    parent = parent_of(source.root, node) if source is not None and node is not None else None
    if source is None or not isinstance(parent, Sequence) or len(parent.items) < 2:
        return ()
    index = next(at for at, item in enumerate(parent.items) if item is node)
    if parent.style == "flow":
        if index > 0:
            return (Edit(span.file, parent.items[index - 1].span.end, span.end, ""),)
        return (Edit(span.file, span.start, parent.items[1].span.start, ""),)
    line = line_start(source.text, span.start)
    return (Edit(span.file, line, next_line(source.text, span.end), ""),)


def _in_code(tree: Tree, span: Span, items: tuple[str, ...]) -> tuple[Edit, ...]:
    try:
        text = tree.read(span.file)
    except Unreadable:
        return ()
    written = text[span.start : span.end]
    if written[:1] == "[" and written[-1:] == "]":
        quote = next((each for each in written if each in "'\""), '"')
        inner = written[1:-1].rstrip().rstrip(",")
        joined = ", ".join(f"{quote}{item}{quote}" for item in items)
        place = span.start + 1 + len(inner)
        return (Edit(span.file, place, place, f", {joined}" if inner.strip() else joined),)
    if len(written) < 2 or written[0] not in "'\"" or written[-1] != written[0] or "\n" in written:
        return ()
    inner = written[1:-1]
    joiner = ", " if ", " in inner else ","
    return (insert_in_text(text, span, (joiner if inner.strip() else "") + joiner.join(items)),)


def _in_hcl(tree: Tree, span: Span, items: tuple[str, ...]) -> tuple[Edit, ...]:
    """Add items behind the one at `span`, at the end of the list there, or inside the quotes of a mapping expression."""
    try:
        text = tree.read(span.file)
    except Unreadable:
        return ()
    written = text[span.start : span.end]
    if any('"' in item for item in items):
        return ()
    if written.startswith("\"'"):
        joined = ",".join(items)
        return (insert_in_text(text, span, f",{joined}" if written.strip("\"'") else joined),)
    quoted = [f'"{item}"' for item in items]
    if written.startswith("["):
        end = span.end - 1
        empty = not written[1:-1].strip()
        if "\n" in written and not empty:
            return ()
        return (Edit(span.file, end, end, ("" if empty else ", ") + ", ".join(quoted)),)
    if not written.startswith('"'):
        return ()
    line = text[line_start(text, span.start) : span.start]
    if line.strip():
        return (Edit(span.file, span.end, span.end, "".join(f", {each}" for each in quoted)),)
    between = f"{newline_of(text)}{line}"
    # A comment stays beside the item that it is about.
    comment = re.compile(r"(,?)([ \t]*(?:#|//)[^\r\n]*)").match(text, span.end)
    if comment is None:
        return (Edit(span.file, span.end, span.end, "".join(f",{between}{each}" for each in quoted)),)
    added = f",{between}".join(quoted)
    return (Edit(span.file, span.end, comment.end(), f",{comment[2]}{between}{added}{comment[1]}"),)


def remove_key(tree: Tree, span: Span) -> tuple[Edit, ...]:
    """Return the edit that takes the entry at `span` out of a template; none where it is the only one of its mapping."""
    source = load(tree, span.file) if span.file.endswith(TEMPLATES) else None
    entry, parent = (entry_of(source.root, span) if source is not None else None) or (None, None)
    if source is None or entry is None or parent is None or len(parent.entries) < 2:
        return ()
    return remove_entries(source, parent, (entry,))


def remove_setting(tree: Tree, span: Span) -> tuple[Edit, ...]:
    """Return the edit that takes the entry at `span` out of a template, also where it is the only one of its mapping."""
    source = load(tree, span.file) if span.file.endswith(TEMPLATES) else None
    entry, parent = (entry_of(source.root, span) if source is not None else None) or (None, None)
    return (
        remove_entries(source, parent, (entry,))
        if source is not None and entry is not None and parent is not None
        else ()
    )
