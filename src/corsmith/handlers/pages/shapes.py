"""Parts of a script's syntax tree: parameters, patterns, members, returns."""

from __future__ import annotations

from tree_sitter import Node

from ..javascript.literals import text_of_string
from .modules import FUNCTIONS, enclosing, said


def inside_name(node: Node, name: str) -> str:
    """Return the name under which the other module exports what an import calls `name`."""
    clause = next((child for child in node.named_children if child.type == "import_clause"), None)
    for part in clause.named_children if clause is not None else ():
        if part.type == "identifier" and said(part) == name:
            return "default"
        if part.type == "namespace_import":
            return "*"
        for each in part.named_children if part.type == "named_imports" else ():
            inside = each.child_by_field_name("name")
            outside = each.child_by_field_name("alias") or inside
            if inside is not None and outside is not None and said(outside) == name:
                return said(inside)
    return "default"


def parameters_of(function: Node) -> list[Node]:
    """Return the parameters of a function."""
    single = function.child_by_field_name("parameter")
    if single is not None:
        return [single]
    found = function.child_by_field_name("parameters")
    return [each for each in found.named_children if each.type != "comment"] if found is not None else []


def pattern_of(parameter: Node) -> tuple[Node | None, Node | None]:
    """Return the pattern of a parameter, and its default."""
    if parameter.type in {"required_parameter", "optional_parameter"}:
        pattern = parameter.child_by_field_name("pattern")
        return (None if pattern is None else pattern_of(pattern)[0]), parameter.child_by_field_name("value")
    if parameter.type in {"assignment_pattern", "object_assignment_pattern"}:
        return parameter.child_by_field_name("left"), parameter.child_by_field_name("right")
    if parameter.type == "rest_pattern":
        return None, None
    return parameter, None


def member_path(node: Node) -> list[str] | None:
    """Return `a.b["c"]` as its names; None for anything else."""
    if node.type in {"identifier", "this"}:
        return [said(node)]
    inner = node.child_by_field_name("object")
    before = member_path(inner) if inner is not None else None
    if before is None:
        return None
    if node.type == "member_expression":
        name = node.child_by_field_name("property")
        return None if name is None else [*before, said(name)]
    if node.type == "subscript_expression":
        index = node.child_by_field_name("index")
        return [*before, text_of_string(index)] if index is not None and index.type == "string" else None
    return None


def returns_of(body: Node) -> list[Node]:
    """Return the values that a function's body returns, inner functions left out."""
    found: list[Node] = []
    waiting = [body]
    while waiting:
        node = waiting.pop()
        if node.type == "return_statement":
            found += [child for child in node.named_children if child.type != "comment"][:1]
        elif node.type not in FUNCTIONS:
            waiting += reversed(node.named_children)
    return found


def enclosing_function(node: Node) -> Node | None:
    """Return the function that a node stands in."""
    return enclosing(node, FUNCTIONS)
