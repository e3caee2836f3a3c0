"""The first words of a reference: `var.x`, `local.x`, `each.key`, `module.x`, `data.type.name`, `type.name`."""

from __future__ import annotations

from corsmith.readers.nodes import Node

from .scope import Scope
from .syntax import Attr, Index, Name
from .terms import text, unknown


def reference(first: Name, steps: list[Attr | Index], scope: Scope) -> tuple[Node, int]:
    """Return what the first words name, and how many of the steps they take."""
    if first.name in scope.names:
        return scope.names[first.name], 0
    names = _names(steps)
    place = scope.place
    world = place.world
    if first.name == "path" and names:
        folders = {"module": place.path, "root": ".", "cwd": "."}
        path = folders.get(names[0])
        return (text(path, steps[0].span) if path else unknown(f"path.{names[0]} is no path", steps[0].span)), 1
    if first.name in ("terraform", "tofu") and names:
        return world.workspace(steps[0].span), 1
    if first.name == "data" and len(names) > 1:
        return world.resource(place, f"data.{names[0]}.{names[1]}", steps[1].span), 2
    if not names:
        return unknown(f"{first.name} is nothing that can be told here", first.span), 0
    span = steps[0].span
    if first.name == "var":
        return world.variable(place, names[0], span), 1
    if first.name == "local":
        return world.local(place, names[0], span), 1
    if first.name == "module":
        return world.call(place, names[0], span), 1
    if first.name in ("each", "count", "self"):
        return unknown(f"{first.name}.{names[0]} has no meaning here", span), 1
    return world.resource(place, f"{first.name}.{names[0]}", span), 1


def _names(steps: list[Attr | Index]) -> list[str]:
    found: list[str] = []
    for each in steps[:2]:
        if not isinstance(each, Attr):
            break
        found.append(each.name)
    return found
