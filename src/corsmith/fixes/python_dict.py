"""Edits to dict literals of Python source: an entry added, an entry removed, in the layout that the literal has."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from msgspec import Struct

from corsmith.api.fix import Edit
from corsmith.api.span import Span

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


def add_entries(
    source: PythonSource, literal: ast.Dict, entries: tuple[tuple[str, str], ...], after: str | None = None
) -> Edit:
    """Return the edit that adds `entries` (name, Python expression) to `literal`: behind the entry `after`, else at its
    end."""
    whole = source.span(literal)
    quote = _quote(source, literal)
    written = [f"{quote}{name}{quote}: {expression}" for name, expression in entries]
    if not literal.values:
        return Edit(source.file, whole.start, whole.end, "{" + ", ".join(written) + "}")
    behind = entry(literal, after) if after is not None else None
    last = _end(source, behind[1] if behind is not None else literal.values[-1])
    first = source.span(literal.keys[0] or literal.values[0])
    if source.text.count("\n", whole.start, first.start):
        indent = _indent(source.text, first.start)
        joiner = ("\r\n" if "\r\n" in source.text else "\n") + indent
        comment = _COMMENT.match(source.text, last)
        if comment is None:
            return Edit(source.file, last, last, "".join(f",{joiner}{each}" for each in written))
        # The comment stays beside the entry that it is about.
        added = f",{joiner}".join(written)
        return Edit(source.file, last, comment.end(), f",{comment[2]}{joiner}{added}{comment[1]}")
    return Edit(source.file, last, last, "".join(f", {each}" for each in written))


def remove_entry(source: PythonSource, literal: ast.Dict, name: str) -> Edit | None:
    """Return the edit that takes the entry called `name` out of `literal`, its comma and its line with it."""
    for index, key in enumerate(literal.keys):
        if isinstance(key, ast.Constant) and isinstance(key.value, str) and key.value.lower() == name.lower():
            return _removal(source, literal, index)
    return None


def remove_unpacked(source: PythonSource, literal: ast.Dict) -> Edit | None:
    """Return the edit that takes the one `**` entry out of `literal`; None where there is none, or several."""
    unpacked = [index for index, key in enumerate(literal.keys) if key is None]
    return _removal(source, literal, unpacked[0]) if len(unpacked) == 1 else None


def _removal(source: PythonSource, literal: ast.Dict, index: int) -> Edit:
    key, value = literal.keys[index], source.span(literal.values[index])
    text = source.text
    start = source.span(key).start if key is not None else text.rindex("**", 0, value.start)
    end = _end(source, literal.values[index])
    comma = _past(text, end, " \t")
    comma = comma + 1 if text[comma : comma + 1] == "," else end
    line = text.rfind("\n", 0, start) + 1
    rest = _past(text, comma, " \t\r")
    if comma > end and not text[line:start].strip() and text[rest : rest + 1] == "\n":
        return Edit(source.file, line, rest + 1, "")
    if index > 0:
        # The comma behind the entry becomes the one behind its neighbour.
        return Edit(source.file, _end(source, literal.values[index - 1]), end, "")
    return Edit(source.file, start, _past(text, comma, " \t") if len(literal.keys) > 1 else comma, "")


def _end(source: PythonSource, value: ast.expr) -> int:
    """Return where an entry's value ends, parentheses around it included."""
    end = source.span(value).end
    while (closed := _CLOSED.match(source.text, end)) is not None:
        end = closed.end()
    return end


def _past(text: str, place: int, characters: str) -> int:
    while place < len(text) and text[place] in characters:
        place += 1
    return place


def dicts_with(source: PythonSource, name: str) -> Iterator[ast.Dict]:
    """Yield every dict literal that has an entry called `name`."""
    for node in ast.walk(source.module):
        if isinstance(node, ast.Dict) and entry(node, name) is not None:
            yield node


def _indent(text: str, place: int) -> str:
    """Return the blanks that the line of `place` begins with."""
    line = text.rfind("\n", 0, place) + 1
    return text[line : _past(text, line, " \t")]


def _quote(source: PythonSource, literal: ast.Dict) -> str:
    for key in literal.keys:
        if isinstance(key, ast.Constant) and isinstance(key.value, str):
            first = source.text[source.span(key).start]
            if first in "'\"":
                return first
    return '"'
