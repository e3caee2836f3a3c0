"""A mapping template as a tree."""

from __future__ import annotations

from dataclasses import dataclass


class Unsupported(Exception):  # noqa: N818 - it names a state of the template
    """The template uses what is not modelled. The message is a phrase that names it."""


@dataclass(frozen=True, slots=True)
class Literal:
    """Text of the template, or a constant of an expression."""

    value: str | int | bool | None


@dataclass(frozen=True, slots=True)
class Interpolated:
    """A double-quoted text: a template of its own."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Member:
    """`.name`, or `.name(arguments)` when `arguments` is not None."""

    name: str
    arguments: tuple[Expression, ...] | None


@dataclass(frozen=True, slots=True)
class Index:
    """`[expression]`."""

    at: Expression


@dataclass(frozen=True, slots=True)
class Reference:
    """`$name.member.member(…)[index]`. `source` is how the template writes it; `quiet`: `$!`."""

    name: str
    members: tuple[Member | Index, ...]
    source: str
    quiet: bool


@dataclass(frozen=True, slots=True)
class Operation:
    """An operator with one or two operands."""

    operator: str
    operands: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Assignment:
    """`#set($target = value)`."""

    target: Reference
    value: Expression


@dataclass(frozen=True, slots=True)
class Branch:
    """One `#if` or `#elseif` with what follows it."""

    condition: Expression
    body: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Condition:
    """`#if … #elseif … #else … #end`."""

    branches: tuple[Branch, ...]
    otherwise: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Loop:
    """`#foreach($variable in items) … #end`."""

    variable: str
    items: Expression
    body: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Definition:
    """`#define($name) … #end`: a block that is rendered wherever `$name` stands."""

    name: str
    body: tuple[Node, ...]


Expression = Literal | Interpolated | Reference | Operation
Node = Literal | Reference | Assignment | Condition | Loop | Definition
