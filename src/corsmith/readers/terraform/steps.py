"""What `.name` and `[key]` lead to."""

from __future__ import annotations

from collections.abc import Callable

from corsmith.api.span import Span
from corsmith.readers.nodes import Mapping, Node, Scalar, Sequence

from .terms import ATTRIBUTE, EITHER, REF, UNKNOWN, either, is_null, is_plain_text, reason, unknown

Attribute = Callable[[str, str, Span], Node]
"""An attribute of the resource at an address: address, name, where it is used."""


def step(node: Node, key: Node, span: Span, attribute: Attribute) -> Node:
    """Return what the part of `node` that `key` names is."""
    if isinstance(node, Sequence) and node.tag == EITHER:
        options = (step(each, key, span, attribute) for each in node.items[1:])
        return either(options, reason(node), span)
    if node.tag in (UNKNOWN, ATTRIBUTE):
        return node
    if isinstance(key, Sequence) and key.tag == EITHER:
        return either((step(node, each, span, attribute) for each in key.items[1:]), reason(key), span)
    if is_null(key):
        return unknown("there is no null in it", span)
    if not is_plain_text(key) or not isinstance(key, Scalar):
        return _any_of(node, key, span)
    if isinstance(node, Scalar) and node.tag == REF:
        # An index is that of an instance whose number is not known: the one instance stands for all.
        is_index = key.kind == "int" or key.style == "index"
        return node if is_index else attribute(node.text, key.text, span)
    if isinstance(node, Mapping):
        found = node.get(key.text)
        return found if found is not None else unknown(f"there is no {key.text!r} in it", span)
    if isinstance(node, Sequence) and not node.tag:
        return _item(node, key, span, attribute)
    return unknown(f"{key.text!r} is asked of something that has no parts", span, node)


def _item(node: Sequence, key: Scalar, span: Span, attribute: Attribute) -> Node:
    if not key.text.lstrip("-").isdigit():
        if len(node.items) == 1:
            # The one resource or block of its kind, as early versions of the language let one write.
            return step(node.items[0], key, span, attribute)
        return unknown(f"a list has no {key.text!r}", span, node)
    index = int(key.text) if len(key.text) < 10 else -1
    if 0 <= index < len(node.items):
        return node.items[index]
    return unknown(f"the list has {len(node.items)} items, and none at {key.text}", span)


def _any_of(node: Node, key: Node, span: Span) -> Node:
    """The part is not known, but it is one of these."""
    why = reason(key) or "the key is no text or number"
    if isinstance(node, Mapping) and node.entries:
        return either((entry.value for entry in node.entries), why, span)
    if isinstance(node, Sequence) and not node.tag and node.items:
        return either(node.items, why, span)
    return node if isinstance(node, Scalar) and node.tag == REF else unknown(why, span, node, key)
