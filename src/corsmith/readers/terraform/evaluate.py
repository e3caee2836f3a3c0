"""Expressions become nodes, as far as the project tells what they come to."""

from __future__ import annotations

from collections.abc import Callable
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
    Bad,
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
    if type(expression) is Literal:
        return expression.node
    world = scope.place.world
    world.steps += 1
    if world.depth >= DEEPEST or world.steps > world.most_steps:
        return unknown("it takes too many steps to work out, or refers to itself", expression.span)
    world.depth += 1
    try:
        node = _WORK[type(expression)](expression, scope)
    finally:
        world.depth -= 1
    if type(node) is Scalar and len(node.text) <= HEAVIEST:
        return node
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

    return each_option(evaluate(expression.of, scope), over, expression.span)


def _instances(node: Mapping) -> bool:
    return bool(node.entries) and all(isinstance(e.value, Scalar) and e.value.tag == REF for e in node.entries)


def each_option(node: Node, work: Callable[[Node], Node], span: Span) -> Node:
    """Return what `work` gives for a value: one of several where the value is."""
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
    return each_option(evaluate(expression.over, scope), lambda over: _looped(expression, over, scope), expression.span)


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
