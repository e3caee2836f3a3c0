"""Decorators of classes and methods, read where they stand: TypeScript code registers with them."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node as Tree

from ...decisions import Value
from ...machine import Frame, Machine
from ...store import Record
from ..lowering import Lowering, parts_of, text
from ..source import Source
from ..values import Kind


def node_of(kind: Kind) -> Tree | None:
    """Return the syntax tree of a class."""
    source: Source = kind.source
    node = source.tree.root_node.descendant_for_byte_range(kind.node.start, kind.node.end)
    while node is not None and node.type not in {"class_declaration", "class"}:
        node = node.parent if node.type != "export_statement" else node.child_by_field_name("declaration")
    return node


def decorators(nodes: list[Tree]) -> Iterator[tuple[str, list[Tree]]]:
    """Yield the names of decorators and their arguments."""
    for node in nodes:
        inner = node.named_children[0] if node.named_children else None
        if inner is None:
            continue
        if inner.type == "call_expression":
            name, given = inner.child_by_field_name("function"), inner.child_by_field_name("arguments")
            yield text(name), parts_of(given) if given is not None else []
        else:
            yield text(inner), []


def of_class(kind: Kind) -> dict[str, list[Tree]]:
    """Return the decorators of a class, with their arguments."""
    node = node_of(kind)
    if node is None:
        return {}
    around = node.parent
    nodes = [child for child in node.children if child.type == "decorator"]
    if around is not None and around.type == "export_statement":
        nodes += [child for child in around.children if child.type == "decorator"]
    return dict(decorators(nodes))


def evaluated(machine: Machine, kind: Kind, tree: Tree) -> Value:
    """Evaluate a decorator's argument where the class stands."""
    outside = machine.frame
    scope = machine.store.add(Record("scope", {}))
    machine.parents[scope] = kind.scope
    module = kind.scope
    while machine.parents.get(module) is not None:
        module = machine.parents[module]
    machine.frame = Frame(kind.source, scope, module, (), variables=scope)
    value = machine.evaluate(Lowering(kind.source).expression(tree))
    machine.frame = outside
    return value


def members(kind: Kind) -> Iterator[tuple[Tree, str, list[Tree]]]:
    """Yield the methods of a class, each with its name and the nodes of its decorators."""
    node = node_of(kind)
    body = node.child_by_field_name("body") if node is not None else None
    waiting: list[Tree] = []
    for member in body.named_children if body is not None else ():
        if member.type == "decorator":
            waiting.append(member)
            continue
        name = member.child_by_field_name("name")
        if member.type == "method_definition" and name is not None:
            yield member, text(name), waiting
        waiting = []
