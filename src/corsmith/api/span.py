"""Where something stands in a file, and how an offset becomes a line and a column."""

from __future__ import annotations

from msgspec import Struct


class Span(Struct, frozen=True, order=True):
    """A stretch of a file: offsets in characters of the decoded text (no byte order mark), the end exclusive."""

    file: str
    start: int
    end: int


class Location(Struct, frozen=True):
    """A span as people read it: lines and columns count from 1, columns in characters."""

    file: str
    line: int
    column: int
    end_line: int
    end_column: int


def locate(span: Span, text: str) -> Location:
    """Return the lines and columns of `span` in `text`, the file's decoded content."""
    line, column = _position(text, span.start)
    end_line, end_column = _position(text, max(span.start, span.end))
    return Location(span.file, line, column, end_line, end_column)


def _position(text: str, offset: int) -> tuple[int, int]:
    offset = min(max(offset, 0), len(text))
    before = text[:offset]
    return before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1
