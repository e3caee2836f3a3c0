"""Expressions become nodes, as far as the project tells what they come to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from msgspec import structs

from corsmith.api.span import Span
from corsmith.readers.nodes import Mapping, Node, Scalar, Sequence

from .calls import called
from .operators import chosen, operated
from .references import reference
from .scope import Scope
from .steps import step
from .syntax import (
    EACH,
    Attr,
    Attribute,
    Bad,
    Block,
    Body,
    Call,
    Choice,
    Expression,
    Filled,
    Index,
    ListOf,
    Literal,
    Loop,
    Name,
    ObjectOf,
    Operation,
    Splat,
)
from .terms import (
    EITHER,
    REF,
    either,
    is_null,
    is_plain_text,
    join,
    listed,
    mapping,
    options_of,
    reason,
    text,
    unknown,
)
from .weights import HEAVIEST

DEEPEST = 80
"""How many expressions may be under way at once: one within the other, or one through a reference of the other."""
MOST_ITEMS = 2_000
"""How many items a loop goes over."""


def evaluate(expression: Expression, scope: Scope) -> Node:
    """Return what an expression comes to."""
    world = scope.place.world
    world.steps += 1
    if world.depth >= DEEPEST or world.steps > world.most_steps:
        return unknown("it takes too many steps to work out, or refers to itself", expression.span)
    world.depth += 1
    try:
        node = _WORK[type(expression)](expression, scope)
    finally:
        world.depth -= 1
    return node if world.weights.of(node) <= HEAVIEST else unknown("it is too large to work out", expression.span)


def _literal(expression: Literal, scope: Scope) -> Node:
    return expression.node


def _bad(expression: Bad, scope: Scope) -> Node:
    return unknown(expression.because, expression.span)


def _filled(expression: Filled, scope: Scope) -> Node:
    if len(expression.parts) == 1 and not isinstance(expression.parts[0], Literal) and expression.raw is None:
        # "${x}" is x itself, whatever it is.
        return evaluate(expression.parts[0], scope)
    style = "literal" if expression.raw is not None else "double"
    return join([evaluate(part, scope) for part in expression.parts], expression.span, style)


def _list(expression: ListOf, scope: Scope) -> Node:
    return listed([evaluate(item, scope) for item in expression.items], expression.span)


def _object(expression: ObjectOf, scope: Scope) -> Node:
    pairs: list[tuple[Scalar, Node]] = []
    for key, value in expression.entries:
        name = evaluate(key, scope)
        if not is_plain_text(name) or not isinstance(name, Scalar):
            return unknown(f"a key is not known: {reason(name)}", expression.span, name, evaluate(value, scope))
        # A key stands where it is written, also where its text comes from elsewhere.
        pairs.append((structs.replace(name, span=key.span), evaluate(value, scope)))
    return mapping(pairs, expression.span)


def _traversal(expression: Name | Attr | Index, scope: Scope) -> Node:
    """A reference with all its steps, worked out from its first word on."""
    steps: list[Attr | Index] = []
    first: Expression = expression
    while isinstance(first, Attr | Index):
        steps.append(first)
        first = first.of
    steps.reverse()
    if isinstance(first, Name):
        node, used = reference(first, steps, scope)
    else:
        node, used = evaluate(first, scope), 0
    world = scope.place.world
    for each in steps[used:]:
        if isinstance(each, Attr):
            key: Node = Scalar(each.name, each.span)
        else:
            key = evaluate(each.key, scope)
            key = structs.replace(key, style="index") if isinstance(key, Scalar) else key
        node = step(node, key, each.span, world.attribute)
    return node


def _splat(expression: Splat, scope: Scope) -> Node:
    def over(node: Node) -> Node:
        if is_null(node):
            return listed((), expression.span)
        if isinstance(node, Sequence) and node.tag:
            return node
        if isinstance(node, Sequence):
            items = node.items
        elif isinstance(node, Mapping) and _instances(node):
            items = tuple(entry.value for entry in node.entries)
        else:
            items = (node,)
        return listed(
            [evaluate(expression.each, scope.with_names(**{EACH: item})) for item in items[:MOST_ITEMS]],
            expression.span,
        )

    return _each_option(evaluate(expression.of, scope), over, expression.span)


def _instances(node: Mapping) -> bool:
    return bool(node.entries) and all(isinstance(e.value, Scalar) and e.value.tag == REF for e in node.entries)


def _each_option(node: Node, work: Callable[[Node], Node], span: Span) -> Node:
    options = options_of(node)
    if isinstance(node, Sequence) and node.tag == EITHER:
        return either([work(option) for option in options], reason(node), span)
    return work(node)


def _call(expression: Call, scope: Scope) -> Node:
    return called(expression, scope, evaluate)


def _choice(expression: Choice, scope: Scope) -> Node:
    return chosen(expression, scope, evaluate)


def _operation(expression: Operation, scope: Scope) -> Node:
    return operated(expression, scope, evaluate)


def _loop(expression: Loop, scope: Scope) -> Node:
    return _each_option(
        evaluate(expression.over, scope), lambda over: _looped(expression, over, scope), expression.span
    )


def _looped(loop: Loop, over: Node, scope: Scope) -> Node:
    pairs = pairs_of(over)
    if pairs is None:
        stand_in = unknown(reason(over) or "what it goes over is no list or object", loop.span, over)
        inner = _within(loop, stand_in, stand_in, scope)
        return unknown(reason(stand_in), loop.span, stand_in, evaluate(loop.result, inner))
    if len(pairs) > MOST_ITEMS:
        return unknown(f"it goes over more than {MOST_ITEMS:,} items", loop.span)
    results: list[tuple[Scalar, Node]] = []
    for key, value in pairs:
        inner = _within(loop, key, value, scope)
        kept = evaluate(loop.test, inner) if loop.test is not None else None
        if kept is not None and not (isinstance(kept, Scalar) and not kept.tag and kept.text == "true"):
            if why := reason(kept):
                return unknown(why, loop.span, over)
            continue
        name = evaluate(loop.name, inner) if loop.name is not None else text("", loop.span)
        if not isinstance(name, Scalar) or not is_plain_text(name):
            return unknown(f"a key is not known: {reason(name)}", loop.span, over)
        results.append((name, evaluate(loop.result, inner)))
    if loop.joined:
        return join([value for _, value in results], loop.span, "literal")
    if loop.name is None:
        return listed([value for _, value in results], loop.span)
    return mapping(_grouped(results, loop.span) if loop.grouped else results, loop.span)


def _grouped(results: list[tuple[Scalar, Node]], span: Span) -> list[tuple[Scalar, Node]]:
    groups: dict[str, tuple[Scalar, list[Node]]] = {}
    for name, value in results:
        groups.setdefault(name.text, (name, []))[1].append(value)
    return [(name, listed(values, span)) for name, values in groups.values()]


def _within(loop: Loop, key: Node, value: Node, scope: Scope) -> Scope:
    return scope.with_names(**({loop.key: key} if loop.key else {}), **{loop.value: value})


def pairs_of(node: Node) -> list[tuple[Node, Node]] | None:
    """Return the keys and values that a loop over `node` goes through; None where they are not known."""
    if isinstance(node, Sequence) and not node.tag:
        return [(Scalar(str(index), node.span, "int"), item) for index, item in enumerate(node.items)]
    if isinstance(node, Mapping):
        return [(entry.key, entry.value) for entry in sorted(node.entries, key=lambda entry: entry.key.text)]
    return [] if is_null(node) else None


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
        if any(option.tag for option in options) or len(options) * len(choices) > 8:
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

    return _each_option(over, made, block.span)


def _contents(content: Block, iterator: str, pairs: list[tuple[Node, Node]], scope: Scope) -> Iterator[Node]:
    for key, value in pairs:
        item = mapping(((Scalar("key", content.header), key), (Scalar("value", content.header), value)), content.header)
        yield structs.replace(arguments_of(content.body, scope.with_names(**{iterator: item})), span=content.span)


_WORK: dict[type, Callable[[Any, Scope], Node]] = {
    Literal: _literal,
    Filled: _filled,
    ListOf: _list,
    ObjectOf: _object,
    Name: _traversal,
    Attr: _traversal,
    Index: _traversal,
    Splat: _splat,
    Call: _call,
    Choice: _choice,
    Operation: _operation,
    Loop: _loop,
    Bad: _bad,
}
