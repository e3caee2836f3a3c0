"""What the modules of a page's scripts import and export."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tree_sitter import Node

from ..javascript.literals import text_of_string
from .modules import Module, said
from .shapes import inside_name, member_path
from .values import (
    UNKNOWN,
    Client,
    Entry,
    Function,
    Name,
    Object,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from .evaluating import Evaluator

_DEEPEST = 4


def imported(evaluator: Evaluator, name: str, node: Node, module: Module) -> Value:
    """Return what an import binds `name` to."""
    source = node.child_by_field_name("source")
    if source is None:
        return Unknown(name)
    path = text_of_string(source)
    inside = inside_name(node, name)
    other = evaluator.modules.imported(path, module.path)
    if other is None:
        package = path.removeprefix("npm:")
        if path.startswith((".", "@/", "~/", "/")):
            return Unknown(name)
        package = "axios" if re.fullmatch(r"https?://.*/axios[^/]*(/.*)?", package) else package
        return Name(package if inside in {"default", "*"} else f"{package}.{inside}")
    return exported(evaluator, inside, other)


def exported(evaluator: Evaluator, name: str, module: Module, deep: int = 0) -> Value:
    """Return what a module exports under `name`."""
    from .naming import named, of_declaration

    root = module.source.tree.root_node
    if name == "*":
        return Object(
            {
                key: Entry(exported(evaluator, key, module, deep), module.span(node))
                for key, node in module.names(root).items()
            }
        )
    for child in root.named_children:
        if child.type != "export_statement":
            continue
        value = child.child_by_field_name("value")
        declaration = child.child_by_field_name("declaration")
        if name == "default" and any(part.type == "default" for part in child.children):
            if value is not None:
                found = evaluator.value(value, module, {})
                return (
                    Client(found.library, found.settings, found.made or f"{module.path}:default")
                    if isinstance(found, Client)
                    else found
                )
            return Function(declaration, module) if declaration is not None else UNKNOWN
        source = child.child_by_field_name("source")
        clause = next((part for part in child.named_children if part.type == "export_clause"), None)
        for each in clause.named_children if clause is not None else ():
            inside = each.child_by_field_name("name")
            outside = each.child_by_field_name("alias") or inside
            if inside is None or outside is None or said(outside) != name:
                continue
            if source is None:
                return named(evaluator, said(inside), child, module, {})
            return _elsewhere(evaluator, said(inside), source, module, deep)
        if source is not None and clause is None and deep < _DEEPEST:
            found = _elsewhere(evaluator, name, source, module, deep)
            if not isinstance(found, Unknown):
                return found
    declared = module.names(root).get(name)
    return Unknown(name) if declared is None else of_declaration(evaluator, name, declared, module, {})


def _elsewhere(evaluator: Evaluator, name: str, source: Node, module: Module, deep: int) -> Value:
    other = evaluator.modules.imported(text_of_string(source), module.path)
    return UNKNOWN if other is None else exported(evaluator, name, other, deep + 1)


def of_commonjs(evaluator: Evaluator, module: Module) -> Value:
    """Return what a module assigns to `module.exports` and `exports`."""
    entries: dict[str, Entry] = {}
    for each in module.assignments:
        left, right = each.child_by_field_name("left"), each.child_by_field_name("right")
        path = member_path(left) if left is not None else None
        if path == ["module", "exports"]:
            return evaluator.value(right, module, {})
        if path is not None and path[:-1] in (["exports"], ["module", "exports"]):
            entries[path[-1]] = Entry(evaluator.value(right, module, {}), module.span(each))
    return Object(entries)
