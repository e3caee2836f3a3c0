"""A Lambda function as the project defines it."""

from __future__ import annotations

from msgspec import Struct

from .span import Span
from .value import Known, Text, Unknown, Value


class Function(Struct, frozen=True):
    """A Lambda function. `name` is its logical id; `code` the folder or file in the tree that holds its source."""

    name: str
    span: Span
    runtime: Text = Unknown("the template states no Runtime")
    handler: Text = Unknown("the template states no Handler")
    code: Text = Unknown("the template states no code location")
    environment: tuple[tuple[str, Text], ...] = ()
    timeout: Value[int] = Known(3)
    layers: tuple[Text, ...] = ()
    linked_by_search: bool = False
    """The code was not given as a path in the tree, but found there by the handler's module: medium confidence."""
    inline: Text | None = None
    """The source itself, where it stands in the template (`ZipFile`, `InlineCode`): AWS makes it index.py or index.js."""
