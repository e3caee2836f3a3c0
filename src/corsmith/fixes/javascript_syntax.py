"""The syntax tree of a JavaScript or TypeScript file, with its nodes' texts and places in characters."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from msgspec import Struct

from corsmith.api.fix import Edit
from corsmith.api.span import Span
from corsmith.handlers.javascript.source import Source, parse


class Syntax(Struct, frozen=True, dict=True):
    """A parsed file."""

    source: Source

    @cached_property
    def nodes(self) -> tuple[Any, ...]:
        """Every node, an outer one before those in it, in the order of the file."""
        found: list[Any] = []
        stack = [self.source.tree.root_node]
        while stack:
            node = stack.pop()
            found.append(node)
            stack += reversed(node.named_children)
        return tuple(found)

    def of_type(self, *types: str) -> Iterator[Any]:
        """Yield the nodes of these types."""
        return (node for node in self.nodes if node.type in types)

    def text(self, node: Any) -> str:
        """Return the text of `node`."""
        return self.source.data[node.start_byte : node.end_byte].decode(errors="replace")

    def span(self, node: Any) -> Span:
        """Return where `node` stands."""
        data = self.source.data
        if len(data) == len(self.source.text):
            return Span(self.source.path, node.start_byte, node.end_byte)
        start = len(data[: node.start_byte].decode(errors="ignore"))
        end = start + len(data[node.start_byte : node.end_byte].decode(errors="ignore"))
        return Span(self.source.path, start, end)

    def edit(self, node: Any, text: str) -> Edit:
        """Return the edit that puts `text` in the place of `node`."""
        span = self.span(node)
        return Edit(span.file, span.start, span.end, text)


def syntax(file: str, text: str) -> Syntax:
    """Return the parsed file."""
    return Syntax(parse(file, text))
