"""Texts with `${…}` and `%{…}`: quoted ones, heredocs, and files that `templatefile` fills in.

Source: the Terraform language documentation, "Strings and Templates".
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from msgspec import Struct

from corsmith.api.span import Span
from corsmith.readers.nodes import Scalar

from .syntax import Bad, Choice, Expression, Filled, Literal, Loop
from .text import SourceText

if TYPE_CHECKING:
    from tree_sitter import Node

Read = Callable[["Node"], Expression]
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.)|\$\$\{|%%\{", re.DOTALL)
_DOUBLED = re.compile(r"([$%])[$%]\{")
DEEPEST = 30
"""How deep conditions and loops within a text may be nested."""
_CONTROL = {"n": "\n", "r": "\r", "t": "\t"}


def plain_text(written: str) -> str:
    """Return what a quoted text says: its escapes read."""
    return _ESCAPE.sub(_unescaped, written) if "\\" in written or "{" in written else written


def _unescaped(match: re.Match[str]) -> str:
    escape = match.group(1)
    if escape is None:
        return match.group()[1:]
    if len(escape) > 1:
        code = int(escape[1:], 16)
        return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"
    return _CONTROL.get(escape, escape)


def filled(node: Node, source: SourceText, read: Read) -> Expression:
    """Return the text of a `quoted_template` or `heredoc_template`; `read` reads the expressions in it."""
    span = source.span(node.start_byte, node.end_byte)
    if node.type == "quoted_template":
        start, end = node.children[0].end_byte, node.children[-1].start_byte
        return Filled(tuple(_parts(node.children[1:-1], _whole(start, end), source, read, _Quoted())), span)
    marks = [each for each in node.children if each.type == "heredoc_identifier"]
    if len(marks) < 2:
        return Bad("the text has no end", span)
    start = source.data.find(b"\n", marks[0].end_byte) + 1
    end = max(source.data.rfind(b"\n", start, marks[-1].start_byte) + 1, start)
    indented = source.data[node.start_byte : node.start_byte + 3] == b"<<-"
    how = _Heredoc(_indentation(source.cut(start, end)) if indented else 0)
    inner = [each for each in node.children if start <= each.start_byte < end]
    return Filled(tuple(_parts(inner, _whole(start, end), source, read, how)), span, source.span(start, end))


class _Gap(Struct, frozen=True):
    """Text between two marks, in bytes. `left` and `right`: the blanks at that end are taken off (`~`)."""

    start: int
    end: int
    begins_line: bool
    left: bool
    right: bool


def _whole(start: int, end: int) -> _Gap:
    return _Gap(start, end, begins_line=True, left=False, right=False)


class _Quoted:
    """How the written text between quotes becomes text."""

    style = "double"

    def text(self, gap: _Gap, written: str) -> str:
        return plain_text(written)


class _Heredoc:
    """How the written text of a heredoc becomes text: `indent` blanks are taken off each line."""

    style = "literal"

    def __init__(self, indent: int) -> None:
        self.indent = indent

    def text(self, gap: _Gap, written: str) -> str:
        written = _DOUBLED.sub(r"\1{", written)
        if not self.indent:
            return written
        cut = re.compile(rf"\n[ \t]{{1,{self.indent}}}")
        return cut.sub("\n", "\n" + written)[1:] if gap.begins_line else cut.sub("\n", written)


def _indentation(text: str) -> int:
    lines = [line for line in text.split("\n") if line.strip()]
    return min((len(line) - len(line.lstrip(" \t")) for line in lines), default=0)


def _parts(
    nodes: list[Node], around: _Gap, source: SourceText, read: Read, how: _Quoted | _Heredoc, depth: int = 0
) -> Iterator[Expression]:
    """Yield the parts between two places: what stands between the marks is text, blanks included."""
    at, trim, at_line = around.start, around.left, around.begins_line
    for node in [each for each in nodes if each.type in ("template_interpolation", "template_directive")]:
        first, last = _edges(node)
        yield from _literal(_Gap(at, node.start_byte, at_line, trim, _trims_before(first)), source, how)
        yield _part(node, source, read, how, depth)
        at, trim, at_line = node.end_byte, _trims_after(last), False
    yield from _literal(_Gap(at, around.end, at_line, trim, around.right), source, how)


def _edges(node: Node) -> tuple[Node, Node]:
    """The first and the last mark of a part: of a directive, those that open and close it."""
    if node.type == "template_interpolation":
        return node, node
    inner = node.children[0].children
    return inner[0], inner[-1]


def _trims_before(mark: Node) -> bool:
    """`${~` and `%{~` take the blanks before them away."""
    return len(mark.children) > 1 and mark.children[1].type == "strip_marker"


def _trims_after(mark: Node) -> bool:
    """`~}` takes the blanks after it away."""
    return len(mark.children) > 1 and mark.children[-2].type == "strip_marker"


def _literal(gap: _Gap, source: SourceText, how: _Quoted | _Heredoc) -> Iterator[Expression]:
    if gap.start < gap.end:
        text = _trimmed(how.text(gap, source.cut(gap.start, gap.end)), gap)
        yield Literal(Scalar(text, source.span(gap.start, gap.end), "str", how.style))


def _trimmed(text: str, gap: _Gap) -> str:
    """A mark takes the blanks of its own line away, the line's end included, but not the next line's indentation."""
    lines = text.splitlines(keepends=True)
    if gap.left and lines:
        lines[0] = lines[0].lstrip()
    if gap.right and lines:
        lines[-1] = lines[-1].rstrip()
    return "".join(lines)


def _part(node: Node, source: SourceText, read: Read, how: _Quoted | _Heredoc, depth: int) -> Expression:
    span = source.span(node.start_byte, node.end_byte)
    if depth > DEEPEST:
        return Bad(f"it is nested deeper than {DEEPEST} levels", span)
    if node.type == "template_interpolation":
        inner = next((each for each in node.children if each.type == "expression"), None)
        return read(inner) if inner is not None else Bad("nothing stands between the braces", span)
    (directive,) = node.children
    marks = [each for each in directive.children if each.type in _MARKS]
    condition = next((each for each in marks[0].children if each.type == "expression"), None)
    if len(marks) < 2 or condition is None:
        return Bad("it could not be read", span)
    inside: list[Expression] = []
    for opening, closing in itertools.pairwise(marks):
        between = [each for each in directive.children if opening.end_byte <= each.start_byte < closing.start_byte]
        left, right = _trims_after(opening), _trims_before(closing)
        gap = _Gap(opening.end_byte, closing.start_byte, begins_line=False, left=left, right=right)
        parts = tuple(_parts(between, gap, source, read, how, depth + 1))
        inside.append(Filled(parts, source.span(opening.end_byte, closing.start_byte)))
    if directive.type == "template_if":
        nothing = Literal(Scalar("", Span(span.file, span.end, span.end)))
        return Choice(read(condition), inside[0], inside[1] if len(inside) > 1 else nothing, span)
    names = [source.cut(each.start_byte, each.end_byte) for each in marks[0].children if each.type == "identifier"]
    return Loop(read(condition), names[0] if len(names) > 1 else "", names[-1], inside[0], span, joined=True)


_MARKS = frozenset(
    {
        "template_if_intro",
        "template_else_intro",
        "template_if_end",
        "template_for_start",
        "template_for_end",
    }
)
