"""What names in a page's scripts stand for: parameters, declarations, fields, and what is assigned to them later."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tree_sitter import Node

from .importing import imported
from .modules import FUNCTIONS, Module, bound_names, enclosing, is_block, said
from .shapes import member_path, parameters_of, pattern_of
from .values import (
    UNKNOWN,
    Arguments,
    Client,
    Entry,
    Function,
    Name,
    Object,
    Parameter,
    Text,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from .evaluating import Evaluator


def named(evaluator: Evaluator, name: str, node: Node, module: Module, given: Arguments) -> Value:
    """Return what a name stands for at `node`."""
    at = node.parent
    while at is not None:
        if at.type in FUNCTIONS:
            found = _parameter(evaluator, name, at, module, given)
            if found is not None:
                return found
        elif is_block(at):
            declared = module.names(at).get(name)
            if declared is not None:
                value = of_declaration(evaluator, name, declared, module, given)
                return _with_later(evaluator, name, value, at, module, given)
        at = at.parent
    return Unknown(name) if name == "undefined" else Name(name)


def _parameter(evaluator: Evaluator, name: str, function: Node, module: Module, given: Arguments) -> Value | None:
    for position, parameter in enumerate(parameters_of(function)):
        pattern, default = pattern_of(parameter)
        if pattern is None or name not in bound_names(pattern):
            continue
        arguments = given.get(function.id)
        if arguments is None:
            whole: Value = Parameter(f"{position}")
        else:
            whole = arguments[position] if position < len(arguments) else UNKNOWN
        if whole is UNKNOWN and default is not None:
            whole = evaluator.value(default, module, given)
        found = _taken(evaluator, name, pattern, whole, module, given)
        return Unknown(name) if found is UNKNOWN else found
    return None


def _taken(evaluator: Evaluator, name: str, pattern: Node, whole: Value, module: Module, given: Arguments) -> Value:
    """Return what a pattern binds `name` to."""
    if pattern.type in {"identifier", "this"}:
        return whole
    taken: set[str] = set()
    for child in pattern.named_children:
        if child.type == "shorthand_property_identifier_pattern":
            taken.add(said(child))
            if said(child) == name:
                return evaluator.member_of(whole, name)
        elif child.type == "object_assignment_pattern":
            left = child.child_by_field_name("left")
            if left is not None and said(left) == name:
                found = evaluator.member_of(whole, name)
                if isinstance(found, (Unknown, Parameter)) and not isinstance(found, Parameter):
                    return evaluator.value(child.child_by_field_name("right"), module, given)
                return found
        elif child.type == "pair_pattern":
            key, value = child.child_by_field_name("key"), child.child_by_field_name("value")
            if key is not None and value is not None and name in bound_names(value):
                return _taken(
                    evaluator, name, pattern_of(value)[0] or value, evaluator.member_of(whole, said(key)), module, given
                )
        elif child.type == "rest_pattern" and name in bound_names(child):
            if isinstance(whole, Object):
                return Object({key: entry for key, entry in whole.entries.items() if key not in taken})
            return whole
    return UNKNOWN


def of_declaration(evaluator: Evaluator, name: str, node: Node, module: Module, given: Arguments) -> Value:
    """Return what a declaration gives `name`."""
    if node.type == "import_statement":
        return imported(evaluator, name, node, module)
    if node.type in {"function_declaration", "generator_function_declaration"}:
        return Function(node, module)
    if node.type == "class_declaration":
        return Function(node, module)
    target, value = node.child_by_field_name("name"), node.child_by_field_name("value")
    if target is None or value is None:
        return Unknown(name)
    found = evaluator.value(value, module, given)
    if target.type != "identifier":
        found = _taken(evaluator, name, target, found, module, given)
    if isinstance(found, Client):
        return Client(found.library, found.settings, found.made or f"{module.path}:{name}")
    return Unknown(name) if found is UNKNOWN else found


def _with_later(evaluator: Evaluator, name: str, value: Value, block: Node, module: Module, given: Arguments) -> Value:
    """Add what the code assigns to members of an object, or sets on Headers, after it has made it."""
    if not isinstance(value, Object):
        return value
    added: dict[str, Entry] = {}
    for each in module.assignments:
        left = each.child_by_field_name("left")
        if left is None or not block.start_byte <= each.start_byte < block.end_byte:
            continue
        path = member_path(left)
        if path is not None and path[0] == name and len(path) > 1:
            right = each.child_by_field_name("right")
            _put(evaluator, value, added, path[1:], evaluator.value(right, module, given), module, each)
    for call in module.calls:
        callee = call.child_by_field_name("function")
        path = member_path(callee) if callee is not None else None
        if path is None or path[0] != name or len(path) < 2 or path[-1] not in {"set", "append"}:
            continue
        if block.start_byte <= call.start_byte < block.end_byte:
            arguments = evaluator.arguments(call, module, given)
            key = arguments[0] if arguments else UNKNOWN
            if isinstance(key, Text) and key.plain is not None:
                second = arguments[1] if len(arguments) > 1 else UNKNOWN
                _put(evaluator, value, added, [*path[1:-1], key.plain], second, module, call)
    return Object({**value.entries, **added}) if added else value


def _put(
    evaluator: Evaluator,
    owner: Object,
    added: dict[str, Entry],
    path: list[str],
    value: Value,
    module: Module,
    node: Node,
) -> None:
    entry = Entry(value, module.span(node))
    if len(path) == 1:
        added[path[0]] = entry
        return
    inner = added[path[0]].value if path[0] in added else owner.get(path[0])
    if len(path) == 2:
        before = inner.entries if isinstance(inner, Object) else {}
        added[path[0]] = Entry(Object({**before, path[1]: entry}), module.span(node))


def own_field(evaluator: Evaluator, name: str, node: Node, module: Module, given: Arguments) -> Value:
    """`this.name`: a field or method of the class around, or what its constructor assigns."""
    body = enclosing(node, frozenset({"class_body", "object"}))
    for member in body.named_children if body is not None else ():
        label = member.child_by_field_name("name") or member.child_by_field_name("property")
        if label is None or said(label).lstrip("#") != name.lstrip("#"):
            continue
        if member.type == "method_definition":
            return Function(member, module)
        value = member.child_by_field_name("value")
        if value is not None:
            return evaluator.value(value, module, given)
    injected = _injected(evaluator, name, body, module)
    if injected is not None:
        return injected
    for each in module.assignments:
        left = each.child_by_field_name("left")
        inside = body is not None and body.start_byte <= each.start_byte < body.end_byte
        if inside and left is not None and said(left) == f"this.{name}":
            found = evaluator.value(each.child_by_field_name("right"), module, given)
            return Unknown(name) if isinstance(found, Parameter) else found
    return Unknown(name)


def _injected(evaluator: Evaluator, name: str, body: Node | None, module: Module) -> Value | None:
    """`constructor(private name: Kind)` and `name: Kind` in a class: an instance of that class of the project."""
    for member in body.named_children if body is not None else ():
        label = member.child_by_field_name("name")
        typed = member if label is not None and said(label) == name else None
        if member.type == "method_definition" and label is not None and said(label) == "constructor":
            found = member.child_by_field_name("parameters")
            for parameter in found.named_children if found is not None else ():
                pattern = parameter.child_by_field_name("pattern")
                if pattern is not None and said(pattern) == name:
                    typed = parameter
        annotation = typed.child_by_field_name("type") if typed is not None else None
        kind = annotation.named_children[0] if annotation is not None and annotation.named_children else None
        if kind is not None and kind.type == "type_identifier":
            value = named(evaluator, said(kind), kind, module, {})
            if isinstance(value, Function) and value.node.type == "class_declaration":
                return Function(value.node, value.module, made=True)
    return None
