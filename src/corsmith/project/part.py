"""One route, checked for all who call it: the piece of a project that a change is checked again by."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from corsmith.api.caller import Caller
from corsmith.api.cell import Cell, Route
from corsmith.api.tree import Tree
from corsmith.api.wanted import Wanted
from corsmith.gateways import match
from corsmith.rules import Admitted, Blocked

from .behaviours import Behaviours
from .judge import Behaviour, Judge
from .routes import function_of
from .security import admitted
from .situations import Situation, spellings

RouteKey = tuple[str, str, str]
"""Template, front door, and "POST /items"."""


class Asked(Struct, frozen=True):
    """What is asked of a route.

    `situations`: how its front door can refuse, and what a cache may hold; `mishaps`: what can happen to any call, where
    this is the route that stands for all. `strangers`: whether they are tried. `wanted`: what all calls to the front door
    need together.
    """

    key: RouteKey
    route: Route
    who: tuple[Caller, ...]
    situations: tuple[Situation, ...]
    mishaps: tuple[Situation, ...]
    strangers: bool
    wanted: Wanted


class Part(Struct, frozen=True):
    """A route with its cells, those of them that are blocked, and the strangers that it lets in."""

    asked: Asked
    cells: tuple[Cell, ...]
    blocked: tuple[Blocked, ...]
    admitted: tuple[Admitted, ...]

    def functions(self) -> frozenset[str]:
        """Return the names of the functions whose code has a say in it."""
        behind = function_of(self.asked.route.declared)
        names = {each.function.name for each in self.blocked if each.function is not None}
        return frozenset(names if behind is None else {behind, *names})

    def blocked_in(self, tree: Tree) -> tuple[Blocked, ...]:
        """Return the blocked cells with the text that they are looked at in."""
        return tuple([each if each.tree is tree else replace(each, tree=tree) for each in self.blocked])


def part(asked: Asked, judge: Judge, behaviours: Behaviours) -> Part:
    """Return a route, checked. The same front door and the same code as before give the very same cells as before."""
    route = asked.route
    behaviour = behaviours.behind(route)
    situations = (*asked.situations, *spellings(behaviour.summary), *asked.mishaps)
    cells: list[Cell] = []
    for caller in asked.who:
        cells += _cells(judge, behaviours, asked, caller, behaviour, situations)
    blocked = [each for each in cells if each.verdict is not None and not each.verdict.allowed]
    return Part(
        asked,
        tuple(cells),
        tuple([_blocked(cell, asked.wanted, behaviours) for cell in blocked]),
        _admitted(judge, behaviours, asked, behaviour) if asked.strangers else (),
    )


def _cells(
    judge: Judge,
    behaviours: Behaviours,
    asked: Asked,
    caller: Caller,
    behaviour: Behaviour,
    situations: tuple[Situation, ...],
) -> tuple[Cell, ...]:
    route, names = asked.route, tuple([each.name for each in situations])
    key = ("cells", id(route.front_door), route.label, caller, id(behaviour.summary), names)
    return behaviours.memory.recall(
        key,
        behaviours.tree,
        lambda tree: judge.cells(route, caller, behaviour, situations),
        of=(route.front_door, behaviour.summary),
    )


def _admitted(judge: Judge, behaviours: Behaviours, asked: Asked, behaviour: Behaviour) -> tuple[Admitted, ...]:
    route, who = asked.route, asked.who
    key = ("strangers", id(route.front_door), route.label, who, id(behaviour.summary))
    return behaviours.memory.recall(
        key,
        behaviours.tree,
        lambda tree: tuple(admitted(judge, route, who, behaviour)),
        of=(route.front_door, behaviour.summary),
    )


def _blocked(cell: Cell, wanted: Wanted, behaviours: Behaviours) -> Blocked:
    last = cell.route.last
    takes = match(last.front_door, "OPTIONS", last.path)
    preflight = bool(cell.exchanges) and cell.exchanges[-1].kind == "preflight"
    name = function_of(takes if preflight else cell.route.declared)
    return Blocked(
        cell,
        wanted,
        behaviours.tree,
        takes,
        behaviours.functions.get(name) if name else None,
        behaviours.summary(name) if name else None,
    )
