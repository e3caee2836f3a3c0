"""What `terraform show -json` writes of a plan or a state: every value is worked out; references are told apart from them.

Source: the Terraform documentation, "JSON Output Format": `planned_values` or `values`, `prior_state`, `configuration`.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from msgspec import structs

from corsmith.api.model import Api
from corsmith.api.tree import Tree
from corsmith.readers.document import Document
from corsmith.readers.nodes import Mapping, Node, Scalar, Sequence
from corsmith.readers.settings import Settings

from .identities import Identities
from .plan_references import References
from .reader import read_instances
from .scope import Instance
from .world import World

DEEPEST = 20
_ALL = frozenset({"managed", "data"})
_DATA = frozenset({"data"})
_INDEX = re.compile(r"\[[^\]]*\]")


def read_plan(tree: Tree, path: str, document: Document, settings: Settings) -> Api:
    """Return what a plan or a state deploys. References are those of its configuration; a state's are its ids."""
    root = document.root
    world = World(tree, settings, posixpath.dirname(path) or ".")
    if not isinstance(root, Mapping):
        return Api(path, "terraform", problems=document.problems)
    values = root.get("planned_values") or root.get("values")
    before = _at(root, "prior_state", "values")
    found = {instance.address: instance for instance in _instances(_at(before, "root_module"), _DATA)}
    found |= {instance.address: instance for instance in _instances(_at(values, "root_module"), _ALL)}
    references = References(_at(root, "configuration", "root_module"), found)
    identities = Identities(found.values())
    for instance in found.values():
        if instance.given is not None:
            given = identities.linked(instance)
            world.instances[instance.address] = structs.replace(
                instance, given=references.completed(instance, given), about=references.before(instance.origin)
            )
    api = read_instances(world, path, settings, tuple(world.instances.values()))
    return structs.replace(api, problems=(*document.problems, *api.problems))


def _at(node: Node | None, *names: str) -> Mapping | None:
    for name in names:
        node = node.get(name) if isinstance(node, Mapping) else None
    return node if isinstance(node, Mapping) else None


def _instances(module: Mapping | None, modes: frozenset[str], depth: int = 0) -> Iterator[Instance]:
    if module is None or depth > DEEPEST:
        return
    for each in _items(module.get("resources")):
        address, kind, mode = (_text(each.get(name)) for name in ("address", "type", "mode"))
        values = each.get("values")
        if not address or not kind or mode not in modes:
            continue
        named = each.entry("address")
        span = named.value.span if named is not None else each.span
        given = _without_empty(values) if isinstance(values, Mapping) else Mapping((), each.span)
        of = f"data.{kind}" if mode == "data" else kind
        yield Instance(address, of, span, _INDEX.sub("", address), given=given)
    for child in _items(module.get("child_modules")):
        yield from _instances(child, modes, depth + 1)


def _without_empty(values: Mapping) -> Mapping:
    """The provider gives "" for many a setting that is not set."""
    kept = tuple(e for e in values.entries if not (isinstance(e.value, Scalar) and e.value.text == ""))
    return structs.replace(values, entries=kept)


def _items(node: Node | None) -> list[Mapping]:
    return [item for item in node.items if isinstance(item, Mapping)] if isinstance(node, Sequence) else []


def _text(node: Node | None) -> str:
    return node.text if isinstance(node, Scalar) else ""
