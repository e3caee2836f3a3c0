"""Functions named by their name or ARN as a text, not by a reference."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from corsmith.readers.nodes import Mapping, Node, Scalar, Sequence
from corsmith.readers.reading import mentioned

from .scope import Instance
from .terms import attribute, is_plain_text, listed, mapping

if TYPE_CHECKING:
    from .world import World

_PROPERTIES = frozenset({"FunctionName", "TargetFunctionArn", "IntegrationUri", "Uri", "Target", "AuthorizerUri"})
_NESTED = frozenset({"Targets", "Integration"})
_FUNCTIONS = frozenset({"aws_lambda_function", "aws_lambda_alias"})
_NAMED = re.compile(r"(?:^|:function:)([A-Za-z0-9_-]+)(?::[A-Za-z0-9_$-]+)?(?:/invocations)?$")


class FunctionNames:
    """The functions of a project by the names that they are given."""

    __slots__ = ("_by_name", "_functions")

    def __init__(self, world: World, instances: tuple[Instance, ...]) -> None:
        self._by_name: dict[str, str] = {}
        self._functions = {each.address for each in instances if each.type in _FUNCTIONS}
        for instance in instances:
            name = world.stated(instance, "function_name") if instance.type == "aws_lambda_function" else None
            if isinstance(name, Scalar) and is_plain_text(name):
                self._by_name.setdefault(name.text, instance.address)

    def named(self, key: str, node: Node) -> Node:
        """Return a property's value; a function's name in it is a reference to the function."""
        if key in _NESTED:
            return self._within(node)
        if key not in _PROPERTIES or any(name in self._functions for name in mentioned(node)):
            return node
        return self._one(node)

    def _within(self, node: Node) -> Node:
        if isinstance(node, Sequence) and not node.tag:
            return listed((self._within(item) for item in node.items), node.span)
        if isinstance(node, Mapping):
            pairs = [
                (entry.key, self.named("Uri" if entry.key.text == "Id" else entry.key.text, entry.value))
                for entry in node.entries
            ]
            return mapping(pairs, node.span)
        return node

    def _one(self, node: Node) -> Node:
        if isinstance(node, Scalar):
            written = node.text
        elif isinstance(node, Sequence) and node.tag == "!Join" and isinstance(node.items[1], Sequence):
            # Only the region and the account of the ARN are not known.
            last = node.items[1].items[-1]
            written = last.text if isinstance(last, Scalar) and ":function:" in last.text else ""
        else:
            return node
        match = _NAMED.search(written)
        address = self._by_name.get(match.group(1)) if match is not None else None
        return attribute(address, "arn", node.span) if address is not None else node
