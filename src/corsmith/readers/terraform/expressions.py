"""Nodes of the parser's tree become expressions."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from corsmith.api.span import Span
from corsmith.readers.nodes import Scalar

from .syntax import (
    EACH,
    Attr,
    Bad,
    Call,
    Choice,
    Expression,
    Index,
    ListOf,
    Literal,
    Loop,
    Name,
    ObjectOf,
    Operation,
    Splat,
)
from .templates import filled, plain_text
from .text import SourceText

if TYPE_CHECKING:
    from tree_sitter import Node

DEEPEST = 60
"""How deep expressions may be nested: one level takes several of Python's frames."""
_NO_PART = frozenset({"comment", "ellipsis", "ERROR", "(", ")"})


def expression(node: Node, source: SourceText, depth: int = 0) -> Expression:
    """Return what an `expression` node, or a term, says."""
    if depth > DEEPEST:
        return Bad(f"it is nested deeper than {DEEPEST} levels", source.span(node.start_byte, node.end_byte))
    reader = _READERS.get(node.type)
    return reader(node, source, depth + 1) if reader is not None else _bad(node, source)


def _bad(node: Node, source: SourceText) -> Bad:
    return Bad("it could not be read", source.span(node.start_byte, node.end_byte))


def _term(nodes: list[Node], source: SourceText, depth: int) -> Expression:
    """A term with what follows it: `(x)`, `x.y[0]`, `f(x)[*].z`."""
    nodes = [each for each in nodes if each.type not in _NO_PART] or nodes
    found = expression(nodes[0], source, depth)
    for each in nodes[1:]:
        found = _followed(found, each, source, depth)
    return found


def _followed(of: Expression, node: Node, source: SourceText, depth: int) -> Expression:
    span = Span(of.span.file, of.span.start, source.span(node.start_byte, node.end_byte).end)
    if node.type == "get_attr":
        name = node.children[-1]
        return Attr(of, source.cut(name.start_byte, name.end_byte), span)
    if node.type == "index":
        (inner,) = node.children
        if inner.type == "legacy_index":
            place = source.span(inner.start_byte + 1, inner.end_byte)
            return Index(of, Literal(Scalar(source.cut(inner.start_byte + 1, inner.end_byte), place, "int")), span)
        key = next((child for child in inner.children if child.type == "expression"), None)
        return Index(of, expression(key, source, depth), span) if key is not None else _bad(node, source)
    if node.type == "splat":
        (inner,) = node.children
        each: Expression = Name(EACH, span)
        for child in inner.children[1:]:
            each = _followed(each, child, source, depth)
        return Splat(of, each, span)
    return _bad(node, source)


def _wrapped(node: Node, source: SourceText, depth: int) -> Expression:
    return _term(list(node.children), source, depth) if node.children else _bad(node, source)


def _literal(node: Node, source: SourceText, depth: int) -> Expression:
    inner = node.children[0] if node.type == "literal_value" else node
    span = source.span(inner.start_byte, inner.end_byte)
    text = source.cut(inner.start_byte, inner.end_byte)
    if inner.type == "string_lit":
        return Literal(Scalar(plain_text(text[1:-1]), span, "str", "double"))
    if inner.type == "numeric_lit":
        return Literal(Scalar(text, span, "int" if text.isdigit() else "float"))
    return Literal(Scalar("" if text == "null" else text, span, "null" if text == "null" else "bool"))


def _filled(node: Node, source: SourceText, depth: int) -> Expression:
    return filled(node.children[0], source, lambda each: expression(each, source, depth))


def _collection(node: Node, source: SourceText, depth: int) -> Expression:
    (inner,) = node.children
    span = source.span(inner.start_byte, inner.end_byte)
    if inner.type == "tuple":
        items = (each for each in inner.children if each.type == "expression")
        return ListOf(tuple(expression(each, source, depth) for each in items), span)
    entries: list[tuple[Expression, Expression]] = []
    for element in inner.children:
        if element.type == "object_elem":
            sides = [each for each in element.children if each.type == "expression"]
            if len(sides) == 2:
                entries.append((_key(sides[0], source, depth), expression(sides[1], source, depth)))
    return ObjectOf(tuple(entries), span)


def _key(node: Node, source: SourceText, depth: int) -> Expression:
    """An object's key: a bare word stands for itself."""
    children = node.children
    if len(children) == 1 and children[0].type == "variable_expr":
        return Literal(Scalar(source.cut(node.start_byte, node.end_byte), source.span(node.start_byte, node.end_byte)))
    return expression(node, source, depth)


def _name(node: Node, source: SourceText, depth: int) -> Expression:
    return Name(source.cut(node.start_byte, node.end_byte), source.span(node.start_byte, node.end_byte))


def _call(node: Node, source: SourceText, depth: int) -> Expression:
    name = node.children[0]
    listed = next((child for child in node.children if child.type == "function_arguments"), None)
    children = listed.children if listed is not None else []
    arguments = tuple(expression(each, source, depth) for each in children if each.type == "expression")
    spread = any(each.type == "ellipsis" for each in children)
    span = source.span(node.start_byte, node.end_byte)
    return Call(source.cut(name.start_byte, name.end_byte), arguments, span, spread)


def _choice(node: Node, source: SourceText, depth: int) -> Expression:
    """A conditional. The grammar takes `a ? b : c ? d : e` for `(a ? b : c) ? d : e`; the language groups from the right."""
    end = source.span(node.start_byte, node.end_byte).end
    pairs: list[tuple[Node, Node]] = []
    while True:
        parts = [each for each in node.children if each.type == "expression"]
        if len(parts) != 3:
            return _bad(node, source)
        pairs.append((parts[1], parts[2]))
        inner = parts[0].children
        if len(inner) != 1 or inner[0].type != "conditional":
            break
        node = inner[0]
    tests = [parts[0], *(no for _, no in reversed(pairs[1:]))]
    made = expression(pairs[0][1], source, depth)
    for test, (yes, _) in zip(reversed(tests), pairs, strict=True):
        read = expression(test, source, depth)
        made = Choice(read, expression(yes, source, depth), made, Span(read.span.file, read.span.start, end))
    return made


def _operation(node: Node, source: SourceText, depth: int) -> Expression:
    (inner,) = [each for each in node.children if each.type.endswith("_operation")] or [node]
    span = source.span(inner.start_byte, inner.end_byte)
    sign = ""
    sides: list[list[Node]] = [[]]
    for child in inner.children:
        if not child.is_named and child.type not in ("(", ")"):
            sign = child.type
            sides.append([])
        else:
            sides[-1].append(child)
    operands = tuple(_term(side, source, depth) for side in sides if side)
    return Operation(sign, operands, span) if sign and operands else Bad("it could not be read", span)


def _loop(node: Node, source: SourceText, depth: int) -> Expression:
    (inner,) = node.children
    span = source.span(inner.start_byte, inner.end_byte)
    intro = next((each for each in inner.children if each.type == "for_intro"), None)
    results = [expression(each, source, depth) for each in inner.children if each.type == "expression"]
    over = _over(intro, source, depth) if intro is not None else None
    if over is None or not results:
        return Bad("it could not be read", span)
    key, value, items = over
    condition = next((each for each in inner.children if each.type == "for_cond"), None)
    tests = [each for each in condition.children if each.type == "expression"] if condition is not None else []
    return Loop(
        items,
        key,
        value,
        results[-1],
        span,
        results[0] if len(results) > 1 else None,
        expression(tests[0], source, depth) if tests else None,
        any(each.type == "ellipsis" for each in inner.children),
    )


def _over(intro: Node, source: SourceText, depth: int) -> tuple[str, str, Expression] | None:
    """The variables of a loop, the key's empty where there is one only, and what it goes over."""
    names = [source.cut(each.start_byte, each.end_byte) for each in intro.children if each.type == "identifier"]
    items = [each for each in intro.children if each.type == "expression"]
    if not names or not items:
        return None
    return names[0] if len(names) > 1 else "", names[-1], expression(items[0], source, depth)


_READERS: dict[str, Callable[[Node, SourceText, int], Expression]] = {
    "expression": _wrapped,
    "literal_value": _literal,
    "string_lit": _literal,
    "template_expr": _filled,
    "collection_value": _collection,
    "variable_expr": _name,
    "function_call": _call,
    "conditional": _choice,
    "operation": _operation,
    "for_expr": _loop,
}
