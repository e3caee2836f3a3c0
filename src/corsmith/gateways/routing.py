"""Which route takes a request: the most specific path that has the method, for REST and HTTP APIs alike.

A path is a row of segments: text, `{name}` for one segment, `{name+}` at the end for one or more. Text goes before
`{name}`, which goes before `{name+}`; on one path a verb goes before ANY. A path that lacks the method does not hide a
less specific one that has it (API Gateway developer guide, "Working with routes for HTTP APIs"; for REST APIs measured:
OPTIONS on a resource without it is served by a greedy ancestor).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Generic, TypeVar
from urllib.parse import unquote

D = TypeVar("D")


class _Node(Generic[D]):
    __slots__ = ("greedy", "here", "one", "text")

    def __init__(self) -> None:
        self.text: dict[str, _Node[D]] = {}
        self.one: _Node[D] | None = None
        self.greedy: dict[str, D] | None = None
        self.here: dict[str, D] = {}


class PathTable(Generic[D]):
    """The declared routes of one front door by path, then by verb."""

    __slots__ = ("_root", "_verbs")

    def __init__(self, routes: Iterable[tuple[str, str, D]]) -> None:
        """Take (verb, path, what was declared); of two equal ones the first counts."""
        self._root: _Node[D] = _Node()
        self._verbs: dict[str, None] = {}
        for verb, path, declared in routes:
            self._verbs_at(segments(path)).setdefault(verb, declared)
            self._verbs[verb] = None

    def _verbs_at(self, row: Sequence[str]) -> dict[str, D]:
        node = self._root
        for segment in row:
            if segment.startswith("{") and segment.endswith("+}"):
                node.greedy = {} if node.greedy is None else node.greedy
                return node.greedy
            if segment.startswith("{") and segment.endswith("}"):
                node.one = _Node() if node.one is None else node.one
                node = node.one
            else:
                node = node.text.setdefault(segment, _Node())
        return node.here

    def find(self, verb: str, row: Sequence[str]) -> D | None:
        """Return what takes `verb` on the path of these segments, or None."""
        return _find(self._root, verb, row, 0)

    def knows(self, row: Sequence[str]) -> bool:
        """Say whether any verb is taken on the path of these segments."""
        return any(self.find(verb, row) is not None for verb in self._verbs)


def _find(node: _Node[D], verb: str, row: Sequence[str], at: int) -> D | None:
    if at == len(row):
        return _taken(node.here, verb)
    segment = row[at]
    child = node.text.get(segment)
    found = None if child is None else _find(child, verb, row, at + 1)
    if found is None and node.one is not None and segment:
        found = _find(node.one, verb, row, at + 1)
    if found is None and node.greedy is not None and (segment or at + 1 < len(row)):
        found = _taken(node.greedy, verb)
    return found


def _taken(verbs: dict[str, D], verb: str) -> D | None:
    found = verbs.get(verb)
    return verbs.get("ANY") if found is None else found


def segments(path: str) -> list[str]:
    """Return the decoded segments of `path`: none for "/", an empty last one for a trailing slash."""
    row = path[1:].split("/") if path != "/" else []
    return [unquote(segment) for segment in row] if "%" in path else row


def parameters(pattern: str, row: Sequence[str]) -> dict[str, str]:
    """Return the path parameters that `pattern` names in the segments `row` of a path it matches."""
    found: dict[str, str] = {}
    if "{" in pattern:
        for at, segment in enumerate(segments(pattern)):
            if segment.startswith("{"):
                greedy = segment.endswith("+}")
                found[segment[1:-2] if greedy else segment[1:-1]] = "/".join(row[at:]) if greedy else row[at]
    return found
