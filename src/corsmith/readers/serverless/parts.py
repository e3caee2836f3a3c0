"""Nodes of the template that Serverless makes: written by the user, made by Serverless, or not to be had."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from corsmith.api.span import Span
from corsmith.api.value import Known, Step, Unknown, Value
from corsmith.readers.nodes import Entry, Mapping, Node, Scalar, Sequence
from corsmith.readers.strays import SETTINGS
from corsmith.readers.values import Values, scalar

NOWHERE = Span("", 0, 0)


class Unresolved(Scalar, frozen=True):
    """A value that cannot be read from the project. `because` is a phrase."""

    because: str = ""


class ServerlessValues(Values):
    """The values of a template that Serverless makes."""

    def of(self, node: Node) -> Value[Any]:
        """Return what `node` stands for, as `Values.of` does."""
        if isinstance(node, Scalar):
            if isinstance(node, Unresolved):
                return Unknown(node.because, node.span)
            if not node.tag:
                return scalar(node)
        elif isinstance(node, Mapping) and len(node.entries) != 1 and not node.tag:
            return Known(node, node.span)
        return Values.of(self, node)


def unresolved(because: str, span: Span) -> Unresolved:
    """Return a value that cannot be read."""
    return Unresolved("", span, because=because)


def made(text: str, span: Span, of: str) -> Scalar:
    """Return a value that Serverless makes of the setting `of`, which stands at `span`."""
    return Scalar(text, span, "str", "made", "", (made_of(of, span),))


def made_of(of: str, span: Span) -> Step:
    """Return the step that tells that Serverless makes a value of the setting `of`."""
    return Step("made by Serverless from " + of, span)


def word(text: str, span: Span) -> Scalar:
    """Return a text that is structure, not a setting: a type, a name."""
    return Scalar(text, span, style="made")


@lru_cache(maxsize=16_384)
def term(text: str) -> Scalar:
    """Return a text of the template that is never told of: it has no place, and stands in as many as need it."""
    return Scalar(text, NOWHERE, style="made")


def on(span: Span) -> Scalar:
    """Return a switch that is on."""
    return Scalar("true", span, "bool", "made")


def record(span: Span, entries: Iterable[tuple[str, Node | None]]) -> Mapping:
    """Return a mapping of those entries that have a value."""
    return Mapping(
        tuple(
            [
                Entry(term(name) if name not in SETTINGS else word(name, span), node, node.span.end)
                for name, node in entries
                if node is not None
            ]
        ),
        span,
        "made",
    )


def listed(span: Span, items: Iterable[Node]) -> Sequence:
    """Return a list."""
    return Sequence(tuple(items), span, "made")


def ref(name: str, span: Span) -> Mapping:
    """Return a reference to a resource."""
    return _only("Ref", term(name), span)


def attribute(name: str, of: str, span: Span) -> Mapping:
    """Return a reference to an attribute of a resource."""
    return _only("Fn::GetAtt", _parts(name, of), span)


@lru_cache(maxsize=16_384)
def link(name: str) -> Mapping:
    """Return a reference that tells nothing but which resources belong together: as `term`, it has no place."""
    return ref(name, NOWHERE)


@lru_cache(maxsize=16_384)
def _parts(name: str, of: str) -> Sequence:
    return Sequence((term(name), term(of)), NOWHERE, "made")


def _only(name: str, node: Node, span: Span) -> Mapping:
    return Mapping((Entry(term(name), node, span.end),), span, "made")


def get(node: Node | None, *names: str) -> Node | None:
    """Return the node under a path of keys, None where there is none or null."""
    for name in names:
        if not isinstance(node, Mapping):
            return None
        for entry in node.entries:
            if entry.key.text == name:
                node = entry.value
                break
        else:
            return None
    return None if isinstance(node, Scalar) and node.kind == "null" else node


def settings_of(node: Node | None) -> dict[str, Node]:
    """Return the settings of a mapping that are not null, by name: what `get` gives for each of them."""
    if not isinstance(node, Mapping):
        return {}
    return {
        entry.key.text: entry.value
        for entry in node.entries
        if not isinstance(entry.value, Scalar) or entry.value.kind != "null"
    }


def text_of(node: Node | None) -> str | None:
    """Return a text or number that is known and not null."""
    if not isinstance(node, Scalar) or node.kind == "null" or node.tag or isinstance(node, Unresolved):
        return None
    return node.text


def is_on(node: Node | None) -> bool:
    """Say whether a setting is given and not false, as JavaScript has it; one that is not known counts as given."""
    if node is None:
        return False
    if not isinstance(node, Scalar) or isinstance(node, Unresolved) or node.tag:
        return True
    if node.kind == "str":
        return node.text != ""
    return node.kind != "null" and node.text.lower() not in ("false", "0")


def items_of(node: Node | None) -> tuple[Node, ...]:
    """Return the items of a list; a single value counts as a list of one, as Serverless's schema has it."""
    if isinstance(node, Sequence):
        return node.items
    return () if node is None else (node,)


def turned_on(node: Node | None) -> Node | None:
    """Return a switch that is on, as JavaScript has it; None for one that is off; one that is not known as it is."""
    if node is None or not is_on(node):
        return None
    return node if isinstance(node, Unresolved) else on(node.span)


def as_list(node: Node) -> Node:
    """Return a list; a single value becomes a list of one."""
    return node if isinstance(node, Sequence | Unresolved) else listed(node.span, items_of(node))


def entries_of(node: Node | None) -> tuple[Entry, ...]:
    """Return the entries of a mapping, none for anything else."""
    return node.entries if isinstance(node, Mapping) else ()


def merge(below: Node, above: Node) -> Node:
    """Return `above` laid over `below`: mappings key by key, lists item by item, everything else replaced."""
    if isinstance(below, Mapping) and isinstance(above, Mapping):
        found = {entry.key.text: entry for entry in below.entries}
        for entry in above.entries:
            before = found.get(entry.key.text)
            value = merge(before.value, entry.value) if before is not None else entry.value
            found[entry.key.text] = entry if value is entry.value else Entry(entry.key, value, entry.end)
        return Mapping(tuple(found.values()), above.span, above.style, above.indent, above.tag)
    if isinstance(below, Sequence) and isinstance(above, Sequence):
        both = zip(below.items, above.items, strict=False)
        items = (*(merge(b, a) for b, a in both), *below.items[len(above.items) :], *above.items[len(below.items) :])
        return Sequence(items, above.span, above.style, above.indent, above.tag)
    return above
