"""Outcomes with choices, as outcomes without: the judge looks at each."""

from __future__ import annotations

from itertools import islice, product

from msgspec.structs import replace

from corsmith.api.outcome import Array, Choice, Node, Object, Outcome, Returned
from corsmith.api.value import OneOf
from corsmith.gateways.remembered import Remembered

MOST = 16
"""Variants of one outcome that are looked at; where there are more, the outcome stays as it is and is undecided."""


def _expanded(outcome: Outcome) -> tuple[Outcome, ...]:
    if not isinstance(outcome.result, Returned) or not _chooses(outcome.result.result):
        return (outcome,)
    variants = tuple(islice(_variants(outcome.result.result), MOST + 1))
    if len(variants) == 1 or len(variants) > MOST:
        return (outcome,)
    return tuple(replace(outcome, result=Returned(variant)) for variant in variants)


_remembered = Remembered(_expanded, 8_192)


def expand(outcome: Outcome) -> tuple[Outcome, ...]:
    """Return the variants of `outcome`, one for each combination of its choices: the same ones each time."""
    return _remembered(outcome)


def _chooses(node: Node) -> bool:
    """Say whether there is a choice in `node`: most outcomes have none."""
    if isinstance(node, Object):
        return any(_chooses(entry) for _, entry in node.entries)
    if isinstance(node, Array):
        return any(map(_chooses, node.items))
    return isinstance(node, (Choice, OneOf))


def _variants(node: Node) -> tuple[Node, ...]:
    if isinstance(node, Choice):
        return tuple(variant for option in node.options for variant in _variants(option))
    if isinstance(node, OneOf):
        return tuple(node.options)
    if isinstance(node, Object):
        names = [name for name, _ in node.entries]
        combined = islice(product(*(_variants(entry) for _, entry in node.entries)), MOST + 1)
        return tuple(replace(node, entries=tuple(zip(names, each, strict=True))) for each in combined)
    if isinstance(node, Array):
        return tuple(replace(node, items=each) for each in islice(product(*map(_variants, node.items)), MOST + 1))
    return (node,)
