"""How large values are: what refers to one list twice, again and again, would grow without end.

A value is shared by all that refer to it, so that it costs nothing to make such a thing, but no one could look through it.
"""

from __future__ import annotations

from corsmith.readers.nodes import Node, Scalar, Sequence

HEAVIEST = 100_000
"""The most parts that a value may have; a text counts as one part for each 20 characters."""


class Weights:
    """The weights of the values met, each worked out once."""

    __slots__ = ("_known",)

    def __init__(self) -> None:
        # The node is kept, so that its identity stays its own.
        self._known: dict[int, tuple[Node, int]] = {}

    def of(self, node: Node) -> int:
        """Return how many parts a value has."""
        if isinstance(node, Scalar):
            return 1 + len(node.text) // 20
        known = self._known.get(id(node))
        if known is not None:
            return known[1]
        children = node.items if isinstance(node, Sequence) else tuple(entry.value for entry in node.entries)
        weight = 1 + sum(self.of(child) for child in children)
        self._known[id(node)] = (node, weight)
        return weight
