"""Nested blocks, those that `dynamic` makes among them, as lists of objects.

Source: the Terraform language documentation, "dynamic Blocks".
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import structs

from corsmith.api.span import Span
from corsmith.readers.nodes import Mapping, Node, Scalar, Sequence

from .evaluate import MOST_ITEMS, each_option, evaluate, pairs_of
from .scope import Scope
from .syntax import Attribute, Block, Body, Name
from .terms import either, listed, mapping, options_of, reason, unknown

MOST_CHOICES = 8
"""How many ways in which blocks may be there or not are told apart."""


def arguments_of(body: Body, scope: Scope) -> Mapping:
    """Return everything that a block says: attributes, and blocks as lists by their kind."""
    pairs = [(Scalar(each.name, each.key), evaluate(each.expression, scope)) for each in body.attributes]
    for kind in dict.fromkeys(block.labels[0] if _is_dynamic(block) else block.kind for block in body.blocks):
        blocks = list(body.of_kind(kind))
        pairs.append((Scalar(kind, blocks[0].header), blocks_of(blocks, scope, blocks[0].span)))
    return mapping(pairs, body.span)


def _is_dynamic(block: Block) -> bool:
    return block.kind == "dynamic" and len(block.labels) == 1


def argument_of(body: Body, name: str, scope: Scope) -> Node | None:
    """Return one argument of a block; None where it is not set."""
    own: Attribute | None = body.attribute(name)
    if own is not None:
        return evaluate(own.expression, scope)
    blocks = list(body.of_kind(name))
    return blocks_of(blocks, scope, blocks[0].span) if blocks else None


def blocks_of(blocks: list[Block], scope: Scope, span: Span) -> Node:
    """Return the nested blocks of one kind as a list; whether a dynamic one is there may be undecided."""
    choices: list[list[Node]] = [[]]
    because = ""
    for block in blocks:
        if not _is_dynamic(block):
            inner = structs.replace(arguments_of(block.body, scope), span=block.span)
            choices = [[*made, inner] for made in choices]
            continue
        made = dynamic(block, scope)
        because = because or reason(made)
        options = options_of(made)
        if any(option.tag for option in options) or len(options) * len(choices) > MOST_CHOICES:
            return unknown(because, span, made)
        choices = [[*before, *option.items] for before in choices for option in options if isinstance(option, Sequence)]
    return either([listed(each, span) for each in choices], because, span)


def dynamic(block: Block, scope: Scope) -> Node:
    """Return the blocks that a dynamic one makes, as a list."""
    over = argument_of(block.body, "for_each", scope)
    named = block.body.attribute("iterator")
    iterator = named.expression.name if named is not None and isinstance(named.expression, Name) else block.labels[0]
    contents = [inner for inner in block.body.blocks if inner.kind == "content"]
    if over is None or not contents:
        return listed((), block.span)

    def made(option: Node) -> Node:
        pairs = pairs_of(option)
        if pairs is None:
            return unknown(f"whether {block.labels[0]} is set is not known: {reason(option)}", block.span, option)
        return listed(list(_contents(contents[0], iterator, pairs[:MOST_ITEMS], scope)), block.span)

    return each_option(over, made, block.span)


def _contents(content: Block, iterator: str, pairs: list[tuple[Node, Node]], scope: Scope) -> Iterator[Node]:
    for key, value in pairs:
        item = mapping(((Scalar("key", content.header), key), (Scalar("value", content.header), value)), content.header)
        yield structs.replace(arguments_of(content.body, scope.with_names(**{iterator: item})), span=content.span)
