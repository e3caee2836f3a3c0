"""Templates in YAML and JSON, parsed for edits: what stands where, found by its span or by its keys."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from corsmith.api.span import Span
from corsmith.api.tree import Tree, Unreadable
from corsmith.readers.document import parse
from corsmith.readers.nodes import Entry, Mapping, Node, Scalar, Sequence

from .lines import newline_of


class Source(Struct, frozen=True):
    """A parsed template. `json` says that it is written as JSON, where every text is in double quotes."""

    file: str
    text: str
    root: Mapping
    json: bool

    @property
    def newline(self) -> str:
        """The file's line end."""
        return newline_of(self.text)

    def cut(self, span: Span) -> str:
        """Return the text at `span`."""
        return self.text[span.start : span.end]


def load(tree: Tree, file: str) -> Source | None:
    """Return the template at `file`; None where it cannot be read or is no mapping."""
    try:
        text = tree.read(file)
    except Unreadable:
        return None
    root = parse(text, file).root
    return Source(file, text, root, text.lstrip().startswith("{")) if isinstance(root, Mapping) else None


def node_at(node: Node, span: Span) -> Node | None:
    """Return the node that stands exactly at `span`, searched from `node` down."""
    if node.span == span:
        return node
    children: Iterator[Node] = iter(())
    if isinstance(node, Mapping):
        children = (entry.value for entry in node.entries)
    elif isinstance(node, Sequence):
        children = iter(node.items)
    for child in children:
        found = node_at(child, span)
        if found is not None:
            return found
    return None


def parent_of(root: Node, child: Node) -> Node | None:
    """Return the node whose value or item `child` is."""
    stack: list[Node] = [root]
    while stack:
        node = stack.pop()
        children = tuple(e.value for e in node.entries) if isinstance(node, Mapping) else ()
        children = node.items if isinstance(node, Sequence) else children
        if any(each is child for each in children):
            return node
        stack += children
    return None


def at(node: Node | None, *names: str) -> Node | None:
    """Return the value that the keys lead to, None where there is none."""
    for name in names:
        node = node.get(name) if isinstance(node, Mapping) else None
    return node


def entry_of(root: Node, span: Span) -> tuple[Entry, Mapping] | None:
    """Return the entry that stands at `span`, whole or its key or its value, and the mapping it is in."""
    by_value: tuple[Entry, Mapping] | None = None
    stack: list[Node] = [root]
    while stack:
        node = stack.pop()
        if isinstance(node, Mapping):
            for entry in node.entries:
                if span in (entry.key.span, entry.span):
                    return entry, node
                # A mapping of one entry stands where that entry does.
                by_value = (entry, node) if entry.value.span == span else by_value
                stack.append(entry.value)
        elif isinstance(node, Sequence):
            stack += node.items
    return by_value


def mapping_at(source: Source, span: Span) -> Mapping | None:
    """Return the mapping that the entry at `span` holds, or that stands there itself."""
    held = entry_of(source.root, span)
    node = held[0].value if held is not None else None
    if not isinstance(node, Mapping):
        node = node_at(source.root, span)
    return node if isinstance(node, Mapping) else None


def scalar_text(node: Node | None) -> str | None:
    """Return the text of a scalar without a tag."""
    return node.text if isinstance(node, Scalar) and not node.tag else None


def parent_entry(root: Node, child: Node) -> tuple[Entry, Mapping] | None:
    """Return the entry whose value `child` is, and the mapping it is in; None where it is an item, or the whole."""
    holder = parent_of(root, child)
    entries = holder.entries if isinstance(holder, Mapping) else ()
    found = next((each for each in entries if each.value is child), None)
    return (found, holder) if found is not None and isinstance(holder, Mapping) else None
