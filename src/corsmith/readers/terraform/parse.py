"""The text of a .tf file becomes blocks and attributes. Bounded in size; nothing is raised."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from corsmith.api.model import Problem
from corsmith.api.span import Span, locate

from .expressions import expression
from .grammar import faults, root_of
from .pieces import SHORT, pieces
from .plain import Elaborate, plain_body
from .syntax import Attribute, Block, Body, Expression
from .text import SourceText

if TYPE_CHECKING:
    from tree_sitter import Node

LONGEST = 2_000_000
"""Characters of a file that is read."""
LONGEST_PIECE = 100_000
"""Characters of what can only be parsed at once."""
MOST_PROBLEMS = 5
"""Syntax errors of one file that are told: those that follow mostly come of the first."""
DEEPEST = 100
"""How deep blocks and expressions may be nested."""


def parse(text: str, file: str) -> tuple[Body, tuple[Problem, ...]]:
    """Return the blocks and attributes of a file, and what is wrong with it."""
    nothing = Body(Span(file, 0, len(text)))
    if len(text) > LONGEST:
        message = f"cannot be read: {len(text):,} characters, more than {LONGEST:,}"
        return nothing, (Problem(file, 1, 1, message),)
    try:
        found = plain_body(text, file, lambda start, end: _elaborate(text[start:end], file, start))
    except Elaborate:
        return _parsed(text, file)
    if found is None or len(text) > SHORT:
        return Body(nothing.span, *((found.attributes, found.blocks) if found is not None else ())), ()
    return found, ()


def _elaborate(piece: str, file: str, start: int) -> Body:
    """Return a block as the parser reads it. Raises `Elaborate` where it has something to say about it."""
    source = SourceText(file, piece, start)
    root = root_of(source.data)
    body = next((child for child in root.children if child.type == "body"), None)
    if body is None or root.has_error or len(piece) > LONGEST_PIECE:
        raise Elaborate
    return _body(body, source, 0)


def _parsed(text: str, file: str) -> tuple[Body, tuple[Problem, ...]]:
    """Return what the parser makes of a file, and what is wrong with it."""
    nothing = Body(Span(file, 0, len(text)))
    bodies: list[Body] = []
    problems: list[Problem] = []
    for start, piece in pieces(text):
        if len(piece) > LONGEST_PIECE:
            place = locate(Span(file, start, start), text)
            message = f"cannot be read: a block of more than {LONGEST_PIECE:,} characters"
            problems.append(Problem(file, place.line, place.column, message))
            continue
        source = SourceText(file, piece, start)
        root = root_of(source.data)
        problems += (_problem(fault, source, text) for fault in faults(root, MOST_PROBLEMS - len(problems)))
        body = next((child for child in root.children if child.type == "body"), None)
        bodies += [_body(body, source, 0)] if body is not None else []
    if len(bodies) == 1:
        return bodies[0], tuple(problems)
    attributes = tuple(attribute for body in bodies for attribute in body.attributes)
    return Body(nothing.span, attributes, tuple(block for body in bodies for block in body.blocks)), tuple(problems)


def _problem(fault: Node, source: SourceText, text: str) -> Problem:
    at = fault
    if fault.is_missing:
        said = _MISSING.get(fault.type, "something is missing here")
        while fault.type in _MISSING and at.parent is not None and at.start_byte == fault.start_byte:
            at = at.parent
    else:
        shown = source.cut(fault.start_byte, fault.end_byte).strip().split("\n")[0][:40]
        said = f"{shown!r} is not understood here"
    place = locate(source.span(at.start_byte, at.start_byte), text)
    return Problem(source.file, place.line, place.column, f"cannot be read: {said}")


_MISSING = {
    "quoted_template_end": "the text that begins here has no end",
    "}": "what begins here is not closed: } is missing",
    "]": "the list that begins here is not closed: ] is missing",
    ")": "what begins here is not closed: ) is missing",
}
"""By the token that is missing: said at the place where what lacks it begins."""


def parse_expression(text: str, file: str, shift: int, prefix: str, suffix: str) -> Expression | None:
    """Return the expression that `text` is between `prefix` and `suffix`; None where it is none.

    `shift`: where `text` stands in the file.
    """
    source = SourceText(file, prefix + text + suffix, shift - len(prefix))
    root = root_of(source.data)
    if root.has_error:
        return None
    pending = list(root.children)
    while pending:
        node = pending.pop(0)
        if node.type == "expression":
            return expression(node, source)
        pending[:0] = node.children
    return None


def _body(node: Node, source: SourceText, depth: int) -> Body:
    attributes: list[Attribute] = []
    blocks: list[Block] = []
    for child in node.children:
        if child.type == "attribute":
            made = _attribute(child, source)
            if made is not None:
                attributes.append(made)
        elif child.type == "block" and depth < DEEPEST:
            blocks.append(_block(child, source, depth))
    return Body(source.span(node.start_byte, node.end_byte), tuple(attributes), tuple(blocks))


def _attribute(node: Node, source: SourceText) -> Attribute | None:
    name = next((child for child in node.children if child.type == "identifier"), None)
    value = next((child for child in node.children if child.type == "expression"), None)
    if name is None or value is None:
        return None
    key = source.span(name.start_byte, name.end_byte)
    return Attribute(source.cut(name.start_byte, name.end_byte), key, expression(value, source))


def _block(node: Node, source: SourceText, depth: int) -> Block:
    words: list[str] = []
    end = node.start_byte
    body: Node | None = None
    for child in node.children:
        if child.type in ("identifier", "string_lit"):
            words.append(source.cut(child.start_byte, child.end_byte).strip('"'))
            end = child.end_byte
        elif child.type == "body":
            body = child
    span = source.span(node.start_byte, node.end_byte)
    header = source.span(node.start_byte, end)
    return Block(words[0] if words else "", tuple(words[1:]), header, span, _loading(body, source, depth, span))


def _loading(body: Node | None, source: SourceText, depth: int, span: Span) -> Callable[[], Body]:
    def load() -> Body:
        return _body(body, source, depth + 1) if body is not None else Body(Span(span.file, span.end, span.end))

    return load
