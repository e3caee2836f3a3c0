"""The syntax of Terraform's language: blocks, attributes and expressions, each with its place.

Source: the Terraform language documentation, "Syntax" and "Expressions".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from msgspec import Struct

from corsmith.api.span import Span
from corsmith.readers.nodes import Scalar


class Literal(Struct, frozen=True, gc=False):
    """A number, a truth value, null, or a text without anything to fill in."""

    node: Scalar

    @property
    def span(self) -> Span:
        """Where it stands."""
        return self.node.span


class Filled(Struct, frozen=True, gc=False):
    """A text with parts to fill in. `raw`: where the text between its quotes or heredoc marks stands, as it is written."""

    parts: tuple[Expression, ...]
    span: Span
    raw: Span | None = None


class ListOf(Struct, frozen=True, gc=False):
    """A list."""

    items: tuple[Expression, ...]
    span: Span


class ObjectOf(Struct, frozen=True, gc=False):
    """An object: pairs of key and value."""

    entries: tuple[tuple[Expression, Expression], ...]
    span: Span


class Name(Struct, frozen=True, gc=False):
    """The first word of a reference: `var`, `aws_lambda_function`, a loop's variable."""

    name: str
    span: Span


class Attr(Struct, frozen=True, gc=False):
    """`of.name`."""

    of: Expression
    name: str
    span: Span


class Index(Struct, frozen=True, gc=False):
    """`of[key]`."""

    of: Expression
    key: Expression
    span: Span


class Splat(Struct, frozen=True, gc=False):
    """`of[*]` with what follows: `each` is what follows, for the item that `EACH` names."""

    of: Expression
    each: Expression
    span: Span


class Call(Struct, frozen=True, gc=False):
    """A function's call. `spread`: the last argument is a list of arguments."""

    name: str
    arguments: tuple[Expression, ...]
    span: Span
    spread: bool = False


class Choice(Struct, frozen=True, gc=False):
    """`test ? yes : no`."""

    test: Expression
    yes: Expression
    no: Expression
    span: Span


class Operation(Struct, frozen=True, gc=False):
    """`left sign right`; one operand alone for `!x` and `-x`."""

    sign: str
    operands: tuple[Expression, ...]
    span: Span


class Loop(Struct, frozen=True, gc=False):
    """A `for` expression. `name` is the key of an object's entry, None for a list; `joined`: the items make one text."""

    over: Expression
    key: str
    value: str
    result: Expression
    span: Span
    name: Expression | None = None
    test: Expression | None = None
    grouped: bool = False
    joined: bool = False


class Bad(Struct, frozen=True, gc=False):
    """What could not be read."""

    because: str
    span: Span


Expression = Literal | Filled | ListOf | ObjectOf | Name | Attr | Index | Splat | Call | Choice | Operation | Loop | Bad
EACH = "*"
"""The name of a splat's item."""


class Attribute(Struct, frozen=True, gc=False):
    """`name = expression`; `key` is where the name stands."""

    name: str
    key: Span
    expression: Expression


class Block(Struct, eq=False):
    """A block. `header`: from its kind to its last label. The body is read when it is asked for: most never are."""

    kind: str
    labels: tuple[str, ...]
    header: Span
    span: Span
    load: Callable[[], Body]
    _body: Body | None = None

    @property
    def body(self) -> Body:
        """Return what stands between the braces."""
        if self._body is None:
            self._body = self.load()
        return self._body


class Body(Struct, eq=False):
    """Attributes and blocks, in order."""

    span: Span
    attributes: tuple[Attribute, ...] = ()
    blocks: tuple[Block, ...] = ()
    _by_name: dict[str, Attribute] | None = None
    _names: frozenset[str] | None = None

    @property
    def names(self) -> frozenset[str]:
        """The names of its attributes, and the kinds of its blocks, dynamic ones among them."""
        if self._names is None:
            kinds = [
                block.labels[0] if block.kind == "dynamic" and block.labels else block.kind for block in self.blocks
            ]
            self._names = frozenset([*(attribute.name for attribute in self.attributes), *kinds])
        return self._names

    def attribute(self, name: str) -> Attribute | None:
        """Return the attribute of that name."""
        if self._by_name is None:
            self._by_name = {attribute.name: attribute for attribute in self.attributes}
        return self._by_name.get(name)

    def of_kind(self, kind: str) -> Iterator[Block]:
        """Yield the blocks of that kind, and the dynamic ones that make some."""
        for block in self.blocks:
            if block.kind == kind or (block.kind == "dynamic" and block.labels == (kind,)):
                yield block
