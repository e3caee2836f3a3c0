"""The ids and ARNs of a state: by them its resources name each other."""

from __future__ import annotations

import re
from collections.abc import Iterable

from msgspec import structs

from corsmith.readers.nodes import Entry, Mapping, Node, Scalar, Sequence

from .scope import Instance
from .terms import attribute, join, text

_OWN = frozenset(
    {"id", "arn", "invoke_arn", "qualified_arn", "qualified_invoke_arn", "execution_arn", "root_resource_id"}
)
_ARN = re.compile(r"arn:aws[a-z-]*:(?:lambda|execute-api):[^/]+")
_SHORTEST = 6
"""Characters of an id that is one: shorter ones may be words."""


class Identities:
    """The resources of a state by what names them."""

    __slots__ = ("_by_text",)

    def __init__(self, instances: Iterable[Instance]) -> None:
        self._by_text: dict[str, tuple[str, str]] = {}
        for instance in instances:
            for entry in instance.given.entries if instance.given is not None else ():
                name, value = entry.key.text, entry.value
                if name not in _OWN or not isinstance(value, Scalar) or len(value.text) < _SHORTEST:
                    continue
                # A function's id is its name, which is told by name.
                if name != "id" or instance.type != "aws_lambda_function":
                    self._by_text.setdefault(value.text, (instance.address, name))

    def linked(self, instance: Instance) -> Mapping:
        """Return a resource's arguments, references in place of the ids and ARNs of others."""
        given = instance.given
        if given is None:
            return Mapping((), instance.span)
        entries = tuple(
            entry
            if entry.key.text in _OWN
            else Entry(entry.key, self._linked(entry.value, instance.address), entry.end)
            for entry in given.entries
        )
        return structs.replace(given, entries=entries)

    def _linked(self, node: Node, own: str) -> Node:
        if isinstance(node, Sequence):
            return structs.replace(node, items=tuple(self._linked(item, own) for item in node.items))
        if isinstance(node, Mapping):
            entries = tuple(Entry(e.key, self._linked(e.value, own), e.end) for e in node.entries)
            return structs.replace(node, entries=entries)
        if node.kind != "str" or len(node.text) < _SHORTEST:
            return node
        found = self._by_text.get(node.text) or self._by_text.get(node.text.rpartition("/")[2])
        if found is not None and found[0] != own:
            name = "RootResourceId" if found[1] == "root_resource_id" else found[1]
            return attribute(found[0], name, node.span)
        match = _ARN.search(node.text)
        named = self._by_text.get(match.group()) if match is not None else None
        if match is None or named is None or named[0] == own:
            return node
        before, after = node.text[: match.start()], node.text[match.end() :]
        if named[1] == "execution_arn":
            # The API's id is the last part of its ARN, and what tells which API it is.
            before += match.group().rpartition(":")[0] + ":"
        parts = (text(before, node.span), attribute(named[0], named[1], node.span), text(after, node.span))
        return join(parts, node.span)
