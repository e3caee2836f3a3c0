"""Small Terraform projects in memory."""

from __future__ import annotations

from corsmith.api.model import Api
from corsmith.api.span import Span
from corsmith.api.tree import Memory, Tree
from corsmith.readers import Settings, read
from corsmith.readers.nodes import Node
from corsmith.readers.terraform.world import World


def api_of(main: str, files: dict[str, str] | None = None, settings: Settings | None = None) -> Api:
    """The Api of a root module whose main.tf is `main`."""
    tree = Tree(Memory({"main.tf": main, **(files or {})}))
    api = read(tree, "main.tf", settings or Settings())
    assert api is not None
    return api


def local(main: str, name: str = "x", files: dict[str, str] | None = None, settings: Settings | None = None) -> Node:
    """What the local value `name` of a root module comes to."""
    tree = Tree(Memory({"main.tf": main, **(files or {})}))
    world = World(tree, settings or Settings(), ".")
    return world.local(world.root(), name, Span("main.tf", 0, 0))
