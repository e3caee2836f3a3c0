"""Edits to dict literals of Python source: an entry added, an entry removed, in the layout that the literal has."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from msgspec import Struct

from corsmith.api.fix import Edit
from corsmith.api.span import Span

from .literal import Entry, Literal, add, remove

_CLOSED = re.compile(r"(?:\s|#[^\r\n]*)*\)")
_COMMENT = re.compile(r"(,?)([ \t]*#[^\r\n]*)")


class PythonSource(Struct, frozen=True):
    """A parsed Python file; positions are converted from the parser's UTF-8 columns to characters."""

    file: str
    text: str
    module: ast.Module
    lines: tuple[int, ...]

    def span(self, node: ast.expr | ast.stmt | ast.alias) -> Span:
        """Return where `node` stands."""
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return Span(
            self.file, self._offset(node.lineno, node.col_offset), self._offset(node.end_lineno, node.end_col_offset)
        )

    def cut(self, node: ast.expr) -> str:
        """Return the text of `node`."""
        span = self.span(node)
        return self.text[span.start : span.end]

    def _offset(self, line: int, column: int) -> int:
        start = self.lines[line - 1]
        head = self.text[start : start + column]
        if head.isascii():
            return start + column
        return start + len(self.text[start:].encode()[:column].decode())


def parse(file: str, text: str) -> PythonSource | None:
    """Return the parsed file; None where it does not parse."""
    try:
        module = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    starts = [0]
    for at, char in enumerate(text):
        # The parser also ends a line at a lone carriage return.
        if char == "\n" or (char == "\r" and text[at + 1 : at + 2] != "\n"):
            starts.append(at + 1)
    return PythonSource(file, text, module, tuple(starts))


def dict_at(source: PythonSource, span: Span) -> ast.Dict | None:
    """Return the dict literal that stands exactly at `span`, or the only one directly returned there."""
    for node in ast.walk(source.module):
        if isinstance(node, ast.Dict) and source.span(node) == span:
            return node
        if isinstance(node, ast.Return) and isinstance(node.value, ast.Dict) and source.span(node) == span:
            return node.value
    return None


def entry(literal: ast.Dict, name: str) -> tuple[ast.expr, ast.expr] | None:
    """Return key and value of the entry called `name` (case-insensitive)."""
    for key, value in zip(literal.keys, literal.values, strict=True):
        if isinstance(key, ast.Constant) and isinstance(key.value, str) and key.value.lower() == name.lower():
            return key, value
    return None


def constant_named(source: PythonSource, span: Span) -> str | None:
    """Return the module-level name whose value stands at `span`: the file's own constant for it."""
    for statement in source.module.body:
        value = getattr(statement, "value", None)
        if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
            target: ast.expr = statement.targets[0]
        elif isinstance(statement, ast.AnnAssign):
            target = statement.target
        else:
            continue
        if isinstance(target, ast.Name) and value is not None and source.span(value) == span:
            return target.id
    return None


def literal_of(source: PythonSource, node: ast.Dict) -> Literal:
    """Return the places of a dict literal's entries."""
    entries = []
    for key, value in zip(node.keys, node.values, strict=True):
        place = source.span(value)
        start = source.span(key).start if key is not None else source.text.rindex("**", 0, place.start)
        name = key.value if isinstance(key, ast.Constant) and isinstance(key.value, str) else None
        whole = Span(source.file, start, _end(source, value))
        entries.append(Entry(name, whole, place, type(value).__name__))
    return Literal(source.span(node), tuple(entries))


def add_entries(
    source: PythonSource, node: ast.Dict, entries: tuple[tuple[str, str], ...], after: str | None = None
) -> Edit:
    """Return the edit that adds `entries` (name, Python expression) to a dict literal: behind the entry `after`, else at
    its end."""
    literal = literal_of(source, node)
    quote = _quote(source, node)
    written = [f"{quote}{name}{quote}: {expression}" for name, expression in entries]
    if not literal.entries:
        return Edit(source.file, literal.span.start, literal.span.end, "{" + ", ".join(written) + "}")
    return add(source.text, literal, written, literal.entry(after) if after is not None else None, _COMMENT)


def remove_entry(source: PythonSource, node: ast.Dict, name: str) -> Edit | None:
    """Return the edit that takes the entry called `name` out of a dict literal, its comma and its line with it."""
    literal = literal_of(source, node)
    gone = literal.entry(name)
    return remove(source.text, literal, gone) if gone is not None else None


def remove_unpacked(source: PythonSource, node: ast.Dict) -> Edit | None:
    """Return the edit that takes the one `**` entry out of a dict literal; None where there is none, or several."""
    literal = literal_of(source, node)
    unpacked = [each for each, key in zip(literal.entries, node.keys, strict=True) if key is None]
    return remove(source.text, literal, unpacked[0]) if len(unpacked) == 1 else None


def _end(source: PythonSource, value: ast.expr) -> int:
    """Return where an entry's value ends, parentheses around it included."""
    end = source.span(value).end
    while (closed := _CLOSED.match(source.text, end)) is not None:
        end = closed.end()
    return end


def dicts_with(source: PythonSource, name: str) -> Iterator[ast.Dict]:
    """Yield every dict literal that has an entry called `name`."""
    for node in ast.walk(source.module):
        if isinstance(node, ast.Dict) and entry(node, name) is not None:
            yield node


def _quote(source: PythonSource, literal: ast.Dict) -> str:
    for key in literal.keys:
        if isinstance(key, ast.Constant) and isinstance(key.value, str):
            first = source.text[source.span(key).start]
            if first in "'\"":
                return first
    return '"'
