"""What a resource is made after: everything that its block refers to, directly or through others.

Source: the Terraform documentation, "Resource Graph": a reference, or `depends_on`, makes an edge; to a block as a whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from .scope import Instance, Place
from .syntax import (
    Attr,
    Body,
    Call,
    Choice,
    Expression,
    Filled,
    Index,
    ListOf,
    Loop,
    Name,
    ObjectOf,
    Operation,
    Splat,
)

if TYPE_CHECKING:
    from .world import World

Node = tuple[str, str]
"""A place's address, and what is named there: "aws_x.y", "data.aws_x.y", "local.z", "var.z", "module.m", "output.o"."""


def before(world: World, instance: Instance) -> frozenset[str]:
    """Return the blocks, by address, that are made before a resource."""
    if instance.block is None or instance.scope is None:
        return frozenset(instance.about)
    name = instance.origin.removeprefix(instance.scope.place.address + ".") if instance.scope.place.address else ""
    start = (instance.scope.place.address, name or instance.origin)
    seen: set[Node] = set()
    pending = list(_edges(world, start))
    while pending:
        node = pending.pop()
        if node not in seen:
            seen.add(node)
            pending += _edges(world, node)
    places = world.places
    return frozenset(places[place].within(name) if place in places else name for place, name in seen)


def _edges(world: World, node: Node) -> Iterator[Node]:
    address, name = node
    place = world.places.get(address)
    if place is None:
        return
    module = place.module
    kind, _, rest = name.partition(".")
    if kind == "local":
        own = module.locals.get(rest)
        yield from _named(place, own.expression) if own is not None else ()
    elif kind == "var":
        yield from _given(world, place, rest)
    elif kind == "output":
        block = module.outputs.get(rest)
        yield from _in_body(place, block.body) if block is not None else ()
    elif kind == "module":
        yield from _in_module(world, place, rest)
    elif name in module.resources:
        yield from _in_body(place, module.resources[name].body)


def _in_module(world: World, place: Place, rest: str) -> Iterator[Node]:
    """A module's output, or the whole of it."""
    called, _, output = rest.partition(".")
    block = place.module.calls.get(called)
    if block is None:
        return
    yield from _in_body(place, block.body)
    for address, _ in world.calls(place, called, block).instances:
        inner = world.places.get(address)
        if inner is None:
            # A public module's resources have its address for their block's.
            yield ("", address)
            continue
        if output:
            yield (address, f"output.{output}")
        else:
            yield from ((address, name) for name in inner.module.resources)


def _given(world: World, place: Place, variable: str) -> Iterator[Node]:
    """What the caller of a module gives a variable."""
    above = place.address.rpartition(".module.")[0] if ".module." in place.address else ""
    outer = world.places.get(above)
    called = place.address.removeprefix(above).lstrip(".").removeprefix("module.").partition("[")[0]
    block = outer.module.calls.get(called) if outer is not None else None
    stated = block.body.attribute(variable) if block is not None else None
    if outer is not None and stated is not None:
        yield from _named(outer, stated.expression)


def _in_body(place: Place, body: Body) -> Iterator[Node]:
    pending = [body]
    while pending:
        inner = pending.pop()
        for attribute in inner.attributes:
            yield from _named(place, attribute.expression)
        pending += (block.body for block in inner.blocks)


def _named(place: Place, expression: Expression) -> Iterator[Node]:
    """Yield what an expression refers to."""
    pending: list[Expression] = [expression]
    while pending:
        each = pending.pop()
        words: list[str] = []
        first = each
        while isinstance(first, Attr | Index):
            if isinstance(first, Index):
                pending.append(first.key)
            else:
                words.append(first.name)
            first = first.of
        if isinstance(first, Name):
            yield from _reference(place, first.name, words[::-1])
        else:
            pending += _children(first)


def _reference(place: Place, first: str, words: list[str]) -> Iterator[Node]:
    if first in ("local", "var") and words:
        yield (place.address, f"{first}.{words[0]}")
    elif first == "module" and words:
        yield (place.address, ".".join(("module", *words[:2])))
    elif first == "data" and len(words) > 1:
        yield (place.address, f"data.{words[0]}.{words[1]}")
    elif words:
        yield (place.address, f"{first}.{words[0]}")


def _children(expression: Expression) -> tuple[Expression, ...]:
    if isinstance(expression, Filled):
        return expression.parts
    if isinstance(expression, ListOf):
        return expression.items
    if isinstance(expression, ObjectOf):
        return tuple(part for entry in expression.entries for part in entry)
    if isinstance(expression, Splat):
        return (expression.of, expression.each)
    if isinstance(expression, Call):
        return expression.arguments
    if isinstance(expression, Choice):
        return (expression.test, expression.yes, expression.no)
    if isinstance(expression, Operation):
        return expression.operands
    if isinstance(expression, Loop):
        optional = (each for each in (expression.name, expression.test) if each is not None)
        return (expression.over, expression.result, *optional)
    return ()
