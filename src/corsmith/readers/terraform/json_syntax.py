"""The JSON form of the language: the same blocks and expressions, every text a template.

Source: the Terraform language documentation, "JSON Configuration Syntax".
"""

from __future__ import annotations

from collections.abc import Callable

from corsmith.api.model import Problem
from corsmith.api.span import Span
from corsmith.readers.document import parse as parse_document
from corsmith.readers.nodes import Mapping, Node, Scalar, Sequence

from .parse import parse_expression
from .syntax import Attribute, Bad, Block, Body, Expression, ListOf, Literal, ObjectOf

_LABELS = {"resource": 2, "data": 2, "ephemeral": 2, "module": 1, "variable": 1, "output": 1, "provider": 1}
_REFERENCES = frozenset({"depends_on", "provider", "ignore_changes", "replace_triggered_by"})


def parse_json(text: str, file: str) -> tuple[Body, tuple[Problem, ...]]:
    """Return the blocks of a .tf.json file, and what is wrong with it."""
    document = parse_document(text, file)
    whole = Span(file, 0, len(text))
    if document.root is None:
        return Body(whole), document.problems
    if not isinstance(document.root, Mapping):
        return Body(whole), (*document.problems, Problem(file, 1, 1, "cannot be read: it is no object"))
    blocks: list[Block] = []
    for entry in document.root.entries:
        for node in _each(entry.value):
            if isinstance(node, Mapping):
                blocks += _labelled(entry.key.text, node, entry.key.span, (), _LABELS.get(entry.key.text, 0))
    return Body(whole, (), tuple(blocks)), document.problems


def _each(node: Node) -> tuple[Node, ...]:
    return node.items if isinstance(node, Sequence) else (node,)


def _labelled(kind: str, node: Mapping, header: Span, labels: tuple[str, ...], more: int) -> list[Block]:
    if more == 0:
        return [Block(kind, labels, header, node.span, _loading(node))]
    found: list[Block] = []
    for entry in node.entries:
        for inner in _each(entry.value):
            if isinstance(inner, Mapping):
                found += _labelled(kind, inner, entry.key.span, (*labels, entry.key.text), more - 1)
    return found


def _loading(node: Mapping) -> Callable[[], Body]:
    return lambda: Body(
        node.span,
        tuple(
            Attribute(entry.key.text, entry.key.span, _expression(entry.key.text, entry.value))
            for entry in node.entries
        ),
    )


def _expression(name: str, node: Node) -> Expression:
    if isinstance(node, Sequence):
        return ListOf(tuple(_expression(name, item) for item in node.items), node.span)
    if isinstance(node, Mapping):
        pairs = ((Literal(entry.key), _expression("", entry.value)) for entry in node.entries)
        return ObjectOf(tuple(pairs), node.span)
    if name in _REFERENCES:
        return parse_expression(node.text, node.span.file, node.span.start + 1, "x = ", "\n") or Literal(node)
    return template(node) if node.kind == "str" else Literal(node)


def template(node: Scalar) -> Expression:
    """Return what a text with `${…}` in it says. Escapes of JSON in it are read already: spans are then about right."""
    if "${" not in node.text and "%{" not in node.text:
        return Literal(node)
    quoted = node.text.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t")
    outside = _quotes_outside(quoted)
    made = parse_expression(outside, node.span.file, node.span.start + 1, 'x = "', '"\n')
    return made if made is not None else Bad("the template could not be read", node.span)


def _quotes_outside(text: str) -> str:
    """Escape the quotes of a text, but not those within `${…}`, where they quote texts of the expression."""
    found: list[str] = []
    depth, at = 0, 0
    while at < len(text):
        pair = text[at : at + 2]
        if depth == 0 and pair in ("${", "%{") and text[max(at - 1, 0) : at] != pair[0]:
            depth, at = 1, at + 2
            found.append(pair)
            continue
        character = text[at]
        if depth and character in "{}":
            depth += 1 if character == "{" else -1
        if depth and pair == "\\\\":
            # A backslash within an expression is the expression's own.
            found.append("\\")
            at += 2
            continue
        found.append('\\"' if character == '"' and not depth else character)
        at += 1
    return "".join(found)
