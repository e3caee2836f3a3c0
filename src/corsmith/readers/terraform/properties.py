"""Arguments and nested blocks of a resource as the properties of the CloudFormation resource that it is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from msgspec import structs

from corsmith.api.span import Span
from corsmith.readers.nodes import Entry, Mapping, Node, Scalar, Sequence

from .scope import Instance
from .tables import Names, Nested
from .terms import EITHER, either, is_null, listed, nothing, reason

if TYPE_CHECKING:
    from .world import World


def properties(world: World, instance: Instance, names: Names) -> Iterator[tuple[Scalar, Node]]:
    """Yield the properties that a resource's arguments are."""
    said = instance.block.body.names if instance.block is not None else names
    for name, to in names.items():
        node = world.stated(instance, name) if name in said else None
        if node is None or is_null(node):
            continue
        key = Scalar(to.property if isinstance(to, Nested) else to, _key_span(instance, name, node))
        yield key, nested(node, to) if isinstance(to, Nested) else node


def _key_span(instance: Instance, name: str, node: Node) -> Span:
    own = instance.block.body.attribute(name) if instance.block is not None else None
    return own.key if own is not None else node.span


def nested(node: Node, to: Nested) -> Node:
    """Return the blocks of one kind as a property: a mapping, or a list of them."""
    if isinstance(node, Sequence) and node.tag == EITHER:
        return either([nested(option, to) for option in node.items[1:]], reason(node), node.span)
    if node.tag or is_null(node):
        return node
    blocks = node.items if isinstance(node, Sequence) else (node,)
    if to.lift:
        lifted = [block.get(to.lift) for block in blocks if isinstance(block, Mapping)]
        return next((each for each in lifted if each is not None), nothing(node.span))
    made = [renamed(block, to.names) if isinstance(block, Mapping) else block for block in blocks]
    if to.many:
        return listed(made, node.span)
    return made[0] if made else nothing(node.span)


def renamed(own: Mapping, names: Names) -> Mapping:
    """Return a block with the property's names for its keys."""
    entries: list[Entry] = []
    for entry in own.entries:
        to = names.get(entry.key.text)
        if to is None or is_null(entry.value):
            continue
        name = to.property if isinstance(to, Nested) else to
        value = nested(entry.value, to) if isinstance(to, Nested) else entry.value
        if not (isinstance(to, Nested) and is_null(value)):
            entries.append(Entry(structs.replace(entry.key, text=name), value, entry.end))
    return structs.replace(own, entries=tuple(entries))
