"""A JavaScript or TypeScript file: its syntax tree, what does not parse in it, and where its nodes stand."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import tree_sitter_javascript
import tree_sitter_typescript
from msgspec import Struct, field
from tree_sitter import Language, Node, Parser, Tree

from corsmith.api.model import Problem
from corsmith.api.span import Span, locate

from . import syntax as js

_PROBLEMS_AT_MOST = 5
_LOOKED_AT = 200_000


class Source(Struct, eq=False):
    """A parsed file. `program` holds its statements as they are lowered."""

    path: str
    text: str
    data: bytes
    tree: Tree
    problems: tuple[Problem, ...]
    constants: dict[Any, Any] = field(default_factory=dict)
    program: dict[int, js.Node | None] = field(default_factory=dict)

    def span(self, node: Any) -> Span:
        """Return where `node` stands, in characters."""
        return Span(self.path, self._offset(node.start), self._offset(node.end))

    def _offset(self, at: int) -> int:
        if len(self.data) == len(self.text):
            return at
        return len(self.data[:at].decode(errors="ignore"))


@lru_cache(maxsize=3)
def _language(kind: str) -> Language:
    if kind == "typescript":
        return Language(tree_sitter_typescript.language_typescript())
    if kind == "tsx":
        return Language(tree_sitter_typescript.language_tsx())
    return Language(tree_sitter_javascript.language())


def _kind(path: str) -> str:
    if path.endswith((".ts", ".mts", ".cts")):
        return "typescript"
    return "tsx" if path.endswith(".tsx") else "javascript"


@lru_cache(maxsize=512)
def parse(path: str, text: str) -> Source:
    """Return the parsed file; what does not parse is left out of it, and said in its problems."""
    data = text.encode(errors="replace")
    tree = Parser(_language(_kind(path))).parse(data)
    source = Source(path, text, data, tree, ())
    if tree.root_node.has_error:
        source.problems = tuple(_problem(source, node) for node in _errors(tree.root_node))
    return source


def _errors(root: Node) -> list[Node]:
    found: list[Node] = []
    waiting, looked_at = [root], 0
    while waiting and len(found) < _PROBLEMS_AT_MOST and looked_at < _LOOKED_AT:
        node = waiting.pop()
        looked_at += 1
        if node.is_error or node.is_missing:
            found.append(node)
        elif node.has_error:
            waiting += reversed(node.children)
    return found


class _Range(Struct, frozen=True):
    start: int
    end: int


def _problem(source: Source, node: Node) -> Problem:
    where = locate(source.span(_Range(node.start_byte, node.end_byte)), source.text)
    language = "JavaScript" if _kind(source.path) == "javascript" else "TypeScript"
    what = f"{node.type} is missing" if node.is_missing else "the syntax here is not understood"
    return Problem(source.path, where.line, where.column, f"cannot be read as {language} in part: {what}")
