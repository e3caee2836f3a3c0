"""A Python file: its syntax tree, and where its nodes stand."""

from __future__ import annotations

import ast
import re
import warnings
from functools import lru_cache

from msgspec import Struct, field

from corsmith.api.model import Problem
from corsmith.api.span import Span

from ..values import Const


class Source(Struct, eq=False):
    """A parsed file. `package` is the dotted name that relative imports start from, as a tuple of segments."""

    path: str
    text: str
    tree: ast.Module
    constants: dict[ast.AST, Const] = field(default_factory=dict)
    _starts: list[int] = field(default_factory=list)
    _lines: list[str] = field(default_factory=list)

    def span(self, node: ast.AST) -> Span:
        """Return where `node` stands, in characters."""
        if not hasattr(node, "lineno"):
            return Span(self.path, 0, 0)
        return Span(
            self.path,
            self._offset(node.lineno, node.col_offset),  # type: ignore[attr-defined]
            self._offset(node.end_lineno, node.end_col_offset),  # type: ignore[attr-defined]
        )

    def _offset(self, line: int, column: int) -> int:
        if not self._starts:
            self._lines = _LINE.findall(self.text)
            at = 0
            for each in self._lines:
                self._starts.append(at)
                at += len(each)
        row = self._lines[line - 1]
        if not row.isascii():
            column = len(row.encode()[:column].decode(errors="ignore"))
        return self._starts[line - 1] + column


# Lines end as they do for Python's own tokenizer, not at every separator that `str.splitlines` knows.
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")


@lru_cache(maxsize=512)
def parse(path: str, text: str) -> Source | Problem:
    """Return the parsed file, or what is wrong with it and where."""
    parsed = _parse(text)
    if isinstance(parsed, ast.Module):
        return Source(path, text, parsed)
    line, column, message = parsed
    return Problem(path, line, column, f"cannot be read as Python: {message}")


@lru_cache(maxsize=512)
def _parse(text: str) -> ast.Module | tuple[int, int, str]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except SyntaxError as error:
        return error.lineno or 1, max(error.offset or 1, 1), error.msg
    except (ValueError, RecursionError, MemoryError) as error:
        return 1, 1, str(error) or "it nests too deeply"
