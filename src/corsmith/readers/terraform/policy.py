"""`aws_iam_policy_document`: statements as the JSON of a policy says them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corsmith.api.span import Span
from corsmith.readers.nodes import Mapping, Node, Scalar, Sequence

from .scope import Instance
from .terms import listed, mapping, text

if TYPE_CHECKING:
    from .world import World

_PLAIN = (("effect", "Effect"), ("actions", "Action"), ("resources", "Resource"), ("sid", "Sid"))


def policy_of(world: World, instance: Instance, span: Span) -> Node:
    """Return the policy of a document, as a mapping."""
    stated = world.stated(instance, "statement")
    items = stated.items if isinstance(stated, Sequence) and not stated.tag else ()
    statements = [_statement(item) for item in items if isinstance(item, Mapping)]
    return mapping(((Scalar("Statement", span), listed(statements, span)),), span)


def _statement(own: Mapping) -> Mapping:
    pairs: list[tuple[Scalar, Node]] = []
    for name, key in _PLAIN:
        value = own.get(name)
        if value is not None:
            pairs.append((Scalar(key, value.span), value))
    if own.get("effect") is None:
        pairs.append((Scalar("Effect", own.span), text("Allow", own.span)))
    principals = _items(own.get("principals"))
    if principals:
        by_type = [(each.get("type"), each.get("identifiers")) for each in principals]
        pairs.append((Scalar("Principal", own.span), _principal(by_type, own.span)))
    if own.get("condition") is not None or own.get("not_principals") is not None:
        pairs.append((Scalar("Condition", own.span), mapping((), own.span)))
    return mapping(pairs, own.span)


def _items(node: Node | None) -> list[Mapping]:
    return [each for each in node.items if isinstance(each, Mapping)] if isinstance(node, Sequence) else []


def _principal(by_type: list[tuple[Node | None, Node | None]], span: Span) -> Node:
    pairs: list[tuple[Scalar, Node]] = []
    for kind, identifiers in by_type:
        if isinstance(kind, Scalar) and isinstance(identifiers, Sequence) and len(identifiers.items) == 1:
            if kind.text == "*":
                return text("*", span)
            pairs.append((Scalar(kind.text, kind.span), identifiers.items[0]))
    return mapping(pairs, span)
