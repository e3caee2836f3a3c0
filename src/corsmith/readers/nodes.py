"""The parts of a YAML or JSON document, each with the place it stands at.

They are made from the leaves up and never changed, so that none can lead back to itself: the cycle collector need not
look through them (`gc=False`), and a large document does not slow what comes after it.
"""

from __future__ import annotations

from msgspec import Struct

from corsmith.api.span import Span
from corsmith.api.value import Step


class Scalar(Struct, frozen=True, gc=False):
    """A scalar. `text` is its content as a string.

    `kind`: "str", "int", "float", "bool", "null", "timestamp", as YAML 1.1 resolves a plain scalar. `style`: "plain",
    "single", "double", "literal", "folded". `tag`: a local tag such as "!Ref", "" for none; `span` takes it in. `via`: how
    the text came here, where a dialect's own references were followed before there were nodes.
    """

    text: str
    span: Span
    kind: str = "str"
    style: str = "plain"
    tag: str = ""
    via: tuple[Step, ...] = ()


class Sequence(Struct, frozen=True, gc=False):
    """A sequence. `style`: "block" or "flow". `indent`: the column its items' dashes stand in, from 0; block only."""

    items: tuple[Node, ...]
    span: Span
    style: str = "block"
    indent: int = 0
    tag: str = ""


class Entry(Struct, frozen=True, gc=False):
    """A key and its value. `end`: where the entry ends; the value itself may stand elsewhere, behind an alias."""

    key: Scalar
    value: Node
    end: int

    @property
    def span(self) -> Span:
        """From the key to the end of the entry."""
        return Span(self.key.span.file, self.key.span.start, self.end)


class Mapping(Struct, frozen=True, gc=False):
    """A mapping; every key once. `style`: "block" or "flow". `indent`: the column its keys stand in, from 0; block only."""

    entries: tuple[Entry, ...]
    span: Span
    style: str = "block"
    indent: int = 0
    tag: str = ""

    def entry(self, name: str) -> Entry | None:
        """Return the entry whose key is `name`."""
        for entry in self.entries:
            if entry.key.text == name:
                return entry
        return None

    def get(self, name: str) -> Node | None:
        """Return the value whose key is `name`."""
        for entry in self.entries:
            if entry.key.text == name:
                return entry.value
        return None

    def keys(self) -> tuple[str, ...]:
        """Return the keys, in order."""
        return tuple(entry.key.text for entry in self.entries)


Node = Scalar | Sequence | Mapping
