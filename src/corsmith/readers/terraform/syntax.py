"""The syntax of Terraform's language: blocks, attributes and expressions, each with its place.

Source: the Terraform language documentation, "Syntax" and "Expressions".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from corsmith.api.span import Span
from corsmith.readers.nodes import Scalar


@dataclass(frozen=True, slots=True)
class Literal:
    """A number, a truth value, null, or a text without anything to fill in."""

    node: Scalar

    @property
    def span(self) -> Span:
        """Where it stands."""
        return self.node.span


@dataclass(frozen=True, slots=True)
class Filled:
    """A text with parts to fill in. `raw`: where the text between its quotes or heredoc marks stands, as it is written."""

    parts: tuple[Expression, ...]
    span: Span
    raw: Span | None = None


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list."""

    items: tuple[Expression, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class ObjectOf:
    """An object: pairs of key and value."""

    entries: tuple[tuple[Expression, Expression], ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Name:
    """The first word of a reference: `var`, `aws_lambda_function`, a loop's variable."""

    name: str
    span: Span


@dataclass(frozen=True, slots=True)
class Attr:
    """`of.name`."""

    of: Expression
    name: str
    span: Span


@dataclass(frozen=True, slots=True)
class Index:
    """`of[key]`."""

    of: Expression
    key: Expression
    span: Span


@dataclass(frozen=True, slots=True)
class Splat:
    """`of[*]` with what follows: `each` is what follows, for the item that `EACH` names."""

    of: Expression
    each: Expression
    span: Span


@dataclass(frozen=True, slots=True)
class Call:
    """A function's call. `spread`: the last argument is a list of arguments."""

    name: str
    arguments: tuple[Expression, ...]
    span: Span
    spread: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """`test ? yes : no`."""

    test: Expression
    yes: Expression
    no: Expression
    span: Span


@dataclass(frozen=True, slots=True)
class Operation:
    """`left sign right`; one operand alone for `!x` and `-x`."""

    sign: str
    operands: tuple[Expression, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Loop:
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


@dataclass(frozen=True, slots=True)
class Bad:
    """What could not be read."""

    because: str
    span: Span


Expression = Literal | Filled | ListOf | ObjectOf | Name | Attr | Index | Splat | Call | Choice | Operation | Loop | Bad
EACH = "*"
"""The name of a splat's item."""


@dataclass(frozen=True, slots=True)
class Attribute:
    """`name = expression`; `key` is where the name stands."""

    name: str
    key: Span
    expression: Expression


@dataclass(slots=True)
class Block:
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


@dataclass(frozen=True, slots=True)
class Body:
    """Attributes and blocks, in order."""

    span: Span
    attributes: tuple[Attribute, ...] = ()
    blocks: tuple[Block, ...] = ()
    _by_name: dict[str, Attribute] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        for attribute in self.attributes:
            self._by_name[attribute.name] = attribute

    def attribute(self, name: str) -> Attribute | None:
        """Return the attribute of that name."""
        return self._by_name.get(name)

    def of_kind(self, kind: str) -> Iterator[Block]:
        """Yield the blocks of that kind, and the dynamic ones that make some."""
        for block in self.blocks:
            if block.kind == kind or (block.kind == "dynamic" and block.labels == (kind,)):
                yield block
