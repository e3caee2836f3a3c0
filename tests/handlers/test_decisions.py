"""Decision diagrams against truth tables."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corsmith.handlers.decisions import (
    FALSE,
    TRUE,
    Atom,
    Case,
    Decisions,
    Rank,
    TooMany,
    Value,
    atoms,
    leaves,
    leaves_where,
)
from corsmith.handlers.values import Const

NAMES = ("a", "b", "c", "d")
_TREES = st.recursive(
    st.sampled_from((*NAMES, True, False)),
    lambda inner: st.tuples(st.sampled_from(("and", "or", "not", "if")), inner, inner, inner),
    max_leaves=12,
)


def build(decisions: Decisions, tree: object) -> Value:
    """Return the condition that a tree of words stands for."""
    if isinstance(tree, bool):
        return TRUE if tree else FALSE
    if isinstance(tree, str):
        return decisions.when(decisions.atom(Rank.OPAQUE, (tree,)))
    word, *rest = tree  # type: ignore[misc]
    one, two, three = (build(decisions, part) for part in rest)
    if word == "not":
        return decisions.negate(one)
    return {"and": decisions.both(one, two), "or": decisions.either(one, two), "if": decisions.choose(one, two, three)}[
        word
    ]


def holds(tree: object, world: dict[str, bool]) -> bool:
    """Say whether a tree of words is true."""
    if isinstance(tree, bool):
        return tree
    if isinstance(tree, str):
        return world[tree]
    word, one, two, three = tree  # type: ignore[misc]
    if word == "not":
        return not holds(one, world)
    if word == "if":
        return holds(two if holds(one, world) else three, world)
    results = (holds(one, world), holds(two, world))
    return all(results) if word == "and" else any(results)


def walk(value: Value, world: dict[str, bool]) -> Value:
    """Return the leaf that `value` is in a world."""
    while isinstance(value, Case):
        value = value.yes if world[value.atom.key[0]] else value.no
    return value


WORLDS = [dict(zip(NAMES, bits, strict=True)) for bits in product((False, True), repeat=len(NAMES))]


@given(_TREES)
def test_conditions_are_what_they_say(tree: object) -> None:
    condition = build(Decisions(), tree)
    assert all((walk(condition, world) is TRUE) == holds(tree, world) for world in WORLDS)


@given(_TREES, _TREES)
def test_equal_conditions_are_one_object(one: object, other: object) -> None:
    decisions = Decisions()
    same = all(holds(one, world) == holds(other, world) for world in WORLDS)
    assert (build(decisions, one) is build(decisions, other)) == same


@given(_TREES, st.sampled_from(NAMES), st.booleans())
def test_assuming_and_possible(tree: object, name: str, answer: bool) -> None:
    decisions = Decisions()
    condition, atom = build(decisions, tree), decisions.atom(Rank.OPAQUE, (name,))
    there = [world for world in WORLDS if world[name] is answer]
    assumed = decisions.assume(condition, atom, holds=answer)
    assert all((walk(assumed, world) is TRUE) == holds(tree, world) for world in there)
    assert atom not in atoms(assumed)
    assert decisions.possible(condition, atom, holds=answer) == any(holds(tree, world) for world in there)


@given(_TREES, _TREES)
def test_parts_of_a_value(of_value: object, reached_when: object) -> None:
    decisions = Decisions()
    one, other = Const(1), Const(2)
    value = decisions.choose(build(decisions, of_value), one, other)
    reached = build(decisions, reached_when)
    for world in WORLDS:
        if holds(reached_when, world):
            (leaf,) = [leaf for leaf, condition in decisions.parts(value, reached) if walk(condition, world) is TRUE]
            assert leaf is walk(value, world)
    assert {id(leaf) for leaf in leaves_where(value, reached)} == {
        id(walk(value, world)) for world in WORLDS if holds(reached_when, world)
    }


def test_a_request_has_one_method() -> None:
    decisions = Decisions()
    get, post = (decisions.when(decisions.atom(Rank.METHOD, name)) for name in ("GET", "POST"))
    assert decisions.both(get, post) is FALSE
    assert decisions.both(get, decisions.negate(post)) is get


def test_no_origin_passes_no_test() -> None:
    decisions = Decisions()
    there = decisions.when(decisions.atom(Rank.PRESENT, "origin"))
    listed = decisions.when(decisions.atom(Rank.ORIGIN, ("origin", "list")))
    assert decisions.both(decisions.negate(there), listed) is FALSE
    refused = decisions.negate(decisions.both(there, listed))
    assert not decisions.possible(refused, decisions.atom(Rank.ORIGIN, ("origin", "list")), holds=True)


def grow(decisions: Decisions) -> None:
    """Make a value that has twice as many leaves with each condition."""
    value: Value = FALSE
    for number in range(16):
        here = decisions.when(decisions.atom(Rank.OPAQUE, ("x", number)))
        value = decisions.choose(here, decisions.change(value, lambda leaf: Const(object())), Const(number))


def test_too_many_cases_are_refused() -> None:
    with pytest.raises(TooMany):
        grow(Decisions())


def test_leaves_are_listed_once() -> None:
    decisions = Decisions()
    atom: Atom = decisions.atom(Rank.OPAQUE, ("a",))
    one, other = Const(1), Const(2)
    assert set(map(id, leaves(decisions.choose(decisions.when(atom), one, other)))) == {id(one), id(other)}
