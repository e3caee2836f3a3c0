"""Where expressions stand: in a module called from somewhere, within loops."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from msgspec import Struct, field

from corsmith.api.span import Span
from corsmith.readers import nodes

from .source import Module
from .syntax import Block

if TYPE_CHECKING:
    from .world import World

Input = Callable[[], nodes.Node]
"""A value given to a variable, worked out when it is asked for."""


class Place(Struct, eq=False):
    """A module where it is used. `address`: "" for the root, else `module.shop` or `module.shop["eu"]`.

    `path`: its folder as `path.module` gives it. `inputs`: the variables that its caller gives. `above`: the folders of the
    modules around it.
    """

    world: World
    address: str
    path: str
    module: Module
    inputs: Mapping[str, Input] = field(default_factory=dict)
    above: tuple[str, ...] = ()

    def within(self, name: str) -> str:
        """Return the address of something in the module."""
        return f"{self.address}.{name}" if self.address else name


class Scope(Struct, frozen=True, eq=False):
    """Where an expression stands. `names`: `each`, `count`, `self`, and the variables of loops around it."""

    place: Place
    names: Mapping[str, nodes.Node] = field(default_factory=dict)

    def with_names(self, **names: nodes.Node) -> Scope:
        """Return the scope within a loop."""
        return Scope(self.place, {**self.names, **names})


class Instance(Struct, eq=False):
    """A resource or data source, one of those that its block makes.

    `block` and `scope` where it is written in a file; `given` where its arguments are known by themselves (a plan, what a
    public module makes).
    """

    address: str
    type: str
    span: Span
    origin: str
    block: Block | None = None
    scope: Scope | None = None
    given: nodes.Mapping | None = None
    about: tuple[str, ...] = ()
    """Resources that it depends on, where they are known without expressions."""
