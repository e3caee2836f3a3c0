"""What a way out of a handler says: its headers as they stand in the code."""

from __future__ import annotations

from collections.abc import Iterator

from corsmith.api.origin_test import OriginTest
from corsmith.api.outcome import Absent, Array, Choice, Echo, Node, Object, Outcome, Returned, WhenOrigin
from corsmith.api.span import Span
from corsmith.gateways.remembered import Remembered

_MAPS = ("headers", "multivalueheaders")


def headers(outcome: Outcome) -> tuple[tuple[str, Node, Object], ...]:
    """Return (name, value, the object it stands in) of every header that the outcome may carry."""
    return _headers(outcome)


def _of(outcome: Outcome) -> Iterator[tuple[str, Node, Object]]:
    if isinstance(outcome.result, Returned):
        for top in _objects(outcome.result.result):
            for key, node in top.entries:
                if key.lower() in _MAPS:
                    for inner in _objects(node):
                        for name, value in inner.entries:
                            if not isinstance(value, Absent):
                                yield name, value, inner


_headers: Remembered[Outcome, tuple[tuple[str, Node, Object], ...]] = Remembered(
    lambda outcome: tuple(_of(outcome)), 4_096
)
"""Most rules ask for them, and for each call that comes to this way out."""


def maps(outcome: Outcome) -> Iterator[Span]:
    """Yield where the outcome's maps of headers stand in the code."""
    if isinstance(outcome.result, Returned):
        for top in _objects(outcome.result.result):
            for key, node in top.entries:
                if key.lower() in _MAPS:
                    yield from (each.span for each in _objects(node) if each.span is not None)


def says(outcome: Outcome, name: str) -> bool:
    """Say whether the outcome may carry the header called `name`."""
    return any(key.lower() == name for key, _, _ in headers(outcome))


def places(outcome: Outcome, name: str) -> Iterator[Span]:
    """Yield where the values of the header called `name` stand in the code; where a value has no place, where its name does."""
    for key, value, holder in headers(outcome):
        if key.lower() == name:
            found = [span for leaf in leaves(value) if (span := getattr(leaf, "span", None)) is not None]
            at = [entry for entry, _ in holder.entries].index(key)
            if not found and at < len(holder.key_spans) and (span := holder.key_spans[at]) is not None:
                found = [span]
            yield from found


def leaves(node: Node) -> Iterator[Node]:
    """Yield the values that `node` may have: options of choices, items of lists, what holds for some origins."""
    if isinstance(node, Choice):
        for option in node.options:
            yield from leaves(option)
    elif isinstance(node, Array):
        for item in node.items:
            yield from leaves(item)
    elif isinstance(node, WhenOrigin):
        yield from leaves(node.then)
        yield from leaves(node.otherwise)
    else:
        yield node
        if isinstance(node, Echo):
            yield from leaves(node.otherwise)


def origin_tests(node: Node) -> Iterator[OriginTest]:
    """Yield the tests of the Origin that decide about `node`."""
    if isinstance(node, Choice):
        for option in node.options:
            yield from origin_tests(option)
    elif isinstance(node, Array):
        for item in node.items:
            yield from origin_tests(item)
    elif isinstance(node, Echo | WhenOrigin):
        yield node.test
        yield from origin_tests(node.otherwise)
        if isinstance(node, WhenOrigin):
            yield from origin_tests(node.then)


def _objects(node: Node) -> Iterator[Object]:
    for leaf in leaves(node):
        if isinstance(leaf, Object):
            yield leaf
