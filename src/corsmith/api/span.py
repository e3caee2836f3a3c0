"""Where something stands in a file, and how an offset becomes a line and a column."""

from __future__ import annotations

import re

from msgspec import Struct

_LINE_END = re.compile(r"[\r\n]")


class Span(Struct, frozen=True, order=True, gc=False):
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


def line_of(text: str, number: int) -> str:
    """Return a line of a file without its end, "" where there are fewer; `number` counts from 1."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    lines = text.split("\n")
    return lines[number - 1] if number <= len(lines) else ""


def whole_lines(text: str, start: int, end: int) -> tuple[int, int]:
    """Return where the line of `start` begins, and where that of `end` ends, both as offsets; the line's end is left out."""
    behind = _LINE_END.search(text, end)
    return start - (_position(text, start)[1] - 1), behind.start() if behind else len(text)


def _position(text: str, offset: int) -> tuple[int, int]:
    offset = min(max(offset, 0), len(text))
    line = text.count("\n", 0, offset)
    begin = text.rfind("\n", 0, offset) + 1
    # Few files have carriage returns. One alone ends a line, for YAML, Python and JavaScript as for editors.
    if "\r" in text:
        end = offset - 1 if text.startswith("\n", offset) and text.endswith("\r", 0, offset) else offset
        line += text.count("\r", 0, end) - text.count("\r\n", 0, offset)
        begin = max(begin, text.rfind("\r", 0, end) + 1)
    return line + 1, offset - begin + 1
