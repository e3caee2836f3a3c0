"""A mapping template as a tree."""

from __future__ import annotations

from msgspec import Struct


class Unsupported(Exception):  # noqa: N818 - it names a state of the template
    """The template uses what is not modelled. The message is a phrase that names it."""


class Literal(Struct, frozen=True):
    """Text of the template, or a constant of an expression."""

    value: str | int | bool | None


class Interpolated(Struct, frozen=True):
    """A double-quoted text: a template of its own."""

    parts: tuple[Node, ...]


class Member(Struct, frozen=True):
    """`.name`, or `.name(arguments)` when `arguments` is not None."""

    name: str
    arguments: tuple[Expression, ...] | None


class Index(Struct, frozen=True):
    """`[expression]`."""

    at: Expression


class Reference(Struct, frozen=True):
    """`$name.member.member(…)[index]`. `source` is how the template writes it; `quiet`: `$!`."""

    name: str
    members: tuple[Member | Index, ...]
    source: str
    quiet: bool


class Operation(Struct, frozen=True):
    """An operator with one or two operands."""

    operator: str
    operands: tuple[Expression, ...]


class Assignment(Struct, frozen=True):
    """`#set($target = value)`."""

    target: Reference
    value: Expression


class Branch(Struct, frozen=True):
    """One `#if` or `#elseif` with what follows it."""

    condition: Expression
    body: tuple[Node, ...]


class Condition(Struct, frozen=True):
    """`#if … #elseif … #else … #end`."""

    branches: tuple[Branch, ...]
    otherwise: tuple[Node, ...]


class Loop(Struct, frozen=True):
    """`#foreach($variable in items) … #end`."""

    variable: str
    items: Expression
    body: tuple[Node, ...]


class Definition(Struct, frozen=True):
    """`#define($name) … #end`: a block that is rendered wherever `$name` stands."""

    name: str
    body: tuple[Node, ...]


Expression = Literal | Interpolated | Reference | Operation
Node = Literal | Reference | Assignment | Condition | Loop | Definition
