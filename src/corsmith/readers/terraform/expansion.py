"""How many resources a block comes to: `count` and `for_each`."""

from __future__ import annotations

from msgspec import Struct

from corsmith.api.model import Problem
from corsmith.api.span import Span, locate
from corsmith.readers.nodes import Node, Scalar, Sequence

from .evaluate import evaluate, pairs_of
from .scope import Place, Scope
from .syntax import Block, Expression
from .terms import EITHER, is_plain_text, listed, mapping, options_of, reason, resource, unknown

MOST = 1_000
"""How many resources one block may come to."""


class Expansion(Struct, frozen=True):
    """The instances of a block. `how`: "one", "count", "each", or "open" where their number is not known: one stands for all.

    `instances`: the address of each, and where its expressions stand. `keys`: those of `for_each`.
    """

    how: str
    instances: tuple[tuple[str, Scope], ...]
    keys: tuple[Scalar, ...] = ()

    def as_node(self, span: Span) -> Node:
        """Return the resource, or the list or mapping of resources, that a reference to the block gives."""
        refs = [resource(address, span) for address, _ in self.instances]
        if self.how == "count":
            return listed(refs, span)
        if self.how == "each":
            return mapping(zip(self.keys, refs, strict=True), span)
        return refs[0] if refs else unknown("it refers to itself", span)


def expanded(place: Place, name: str, block: Block) -> Expansion:
    """Return the instances of a block of `place`."""
    scope, address = Scope(place), place.within(name)
    count, over = block.body.attribute("count"), block.body.attribute("for_each")
    enabled = next((each.body.attribute("enabled") for each in block.body.blocks if each.kind == "lifecycle"), None)
    if count is not None:
        return _counted(address, evaluate(count.expression, scope), scope, block)
    if over is not None:
        return _for_each(address, over.expression, scope, block)
    if enabled is not None:
        switch = evaluate(enabled.expression, scope)
        if isinstance(switch, Scalar) and not switch.tag and switch.text == "false":
            return Expansion("count", ())
    return Expansion("one", ((address, scope),))


def _counted(address: str, count: Node, scope: Scope, block: Block) -> Expansion:
    options = [option for option in options_of(count) if is_plain_text(option) and isinstance(option, Scalar)]
    numbers = [int(option.text) for option in options if option.text.isdigit() and len(option.text) < 10]
    if not numbers or len(numbers) < len(options_of(count)):
        # How many there are is not known: one stands for all of them.
        index = unknown(reason(count) or "count is no number", block.span)
        return Expansion("open", ((address, _counting(scope, index, block)),))
    most = max(numbers)
    if most > MOST:
        _too_many(block, scope, most)
    indices = (Scalar(str(index), block.header, "int") for index in range(min(most, MOST)))
    return Expansion("count", tuple((f"{address}[{i.text}]", _counting(scope, i, block)) for i in indices))


def _counting(scope: Scope, index: Node, block: Block) -> Scope:
    return scope.with_names(count=mapping(((Scalar("index", block.header), index),), block.header))


def _for_each(address: str, over: Expression, scope: Scope, block: Block) -> Expansion:
    node = evaluate(over, scope)
    if isinstance(node, Sequence) and node.tag == EITHER:
        # It is there in one case and not in another: what is there is what can be judged.
        node = max(options_of(node), key=lambda option: len(pairs_of(option) or ()))
    pairs = pairs_of(node)
    if pairs is None:
        open_ = unknown(reason(node) or "for_each is no list or object", block.span, node)
        return Expansion("open", ((address, _looping(scope, open_, open_, block)),))
    if isinstance(node, Sequence):
        # A set: the items are their own keys.
        pairs = [(value, value) for _, value in pairs]
    if len(pairs) > MOST:
        _too_many(block, scope, len(pairs))
    known = [(key, value) for key, value in pairs[:MOST] if isinstance(key, Scalar) and is_plain_text(key)]
    if len(known) < len(pairs[:MOST]) and not known:
        part = next((key for key, _ in pairs), unknown("for_each has no key", block.span))
        return Expansion("open", ((address, _looping(scope, part, part, block)),))
    return Expansion(
        "each",
        tuple((f'{address}["{key.text}"]', _looping(scope, key, value, block)) for key, value in known),
        tuple(key for key, _ in known),
    )


def _looping(scope: Scope, key: Node, value: Node, block: Block) -> Scope:
    pairs = ((Scalar("key", block.header), key), (Scalar("value", block.header), value))
    return scope.with_names(each=mapping(pairs, block.header))


def _too_many(block: Block, scope: Scope, count: int) -> None:
    world = scope.place.world
    place = locate(block.header, world.tree.read(block.header.file))
    message = f"makes {count:,} resources; the first {MOST:,} are read"
    world.problems.append(Problem(place.file, place.line, place.column, message))
