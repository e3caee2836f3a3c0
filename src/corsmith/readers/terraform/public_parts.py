"""What calls of public modules come to, being put together."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct, field

from corsmith.api.span import Span
from corsmith.readers.nodes import Mapping, Node, Scalar

from .scope import Instance
from .syntax import Block
from .terms import is_null, listed, mapping, text


class Made(Struct):
    """What a module makes, being put together."""

    address: str
    block: Block
    found: list[Instance] = field(default_factory=list)

    def add(self, kind: str, name: str, given: Iterable[tuple[str, Node | None]], span: Span | None = None) -> str:
        """Add a resource; return its address."""
        at = f"{self.address}.{kind}.{name}"
        pairs = [(Scalar(key, value.span), value) for key, value in given if value is not None and not is_null(value)]
        own = mapping(pairs, self.block.span)
        self.found.append(Instance(at, kind, span or self.block.header, self.address, given=own))
        return at

    def text(self, value: str) -> Scalar:
        """Return a text that the module makes."""
        return text(value, self.block.header)


def is_off(node: Node | None) -> bool:
    """Say whether a switch is known to be off."""
    return isinstance(node, Scalar) and not node.tag and node.text == "false"


def is_on(node: Node | None) -> bool:
    """Say whether a switch is known to be on."""
    return isinstance(node, Scalar) and not node.tag and node.text == "true"


def as_block(given: Node | None) -> Node | None:
    """An object as the block that the module makes of it; an empty one makes none."""
    if isinstance(given, Mapping):
        return listed((given,) if given.entries else (), given.span)
    return given
