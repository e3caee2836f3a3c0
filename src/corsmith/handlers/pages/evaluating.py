"""What expressions in a page's scripts stand for: addresses, options, headers, and the functions that make them.

Theory. A script is not run. An expression is looked up where it stands: a name leads to its declaration, in this file or
in the one it is imported from; a call of the project's own function leads to what it returns, with the arguments put
in. A parameter of a function that nobody calls here is a `Parameter`; whoever needs more looks at the callers.
"""

from __future__ import annotations

from msgspec import Struct, field
from tree_sitter import Node

from ..javascript.literals import pieces, text_of_string
from .calling import value_of_call
from .modules import FUNCTIONS, Module, Modules, said
from .naming import named, own_field
from .values import (
    UNKNOWN,
    Arguments,
    Entry,
    Function,
    Items,
    Name,
    Object,
    Parameter,
    Plain,
    Text,
    Unknown,
    Value,
    either,
    joined,
)

_DEEPEST = 24
_STEPS_AT_MOST = 1_000_000
"""How many expressions are looked at in all pages together; a real project of a thousand files has some ten thousand."""
_WRAPPING = frozenset(
    {
        "parenthesized_expression", "await_expression", "as_expression", "satisfies_expression", "non_null_expression",
        "type_assertion",
    }
)  # fmt: skip


class Evaluator(Struct):
    """Evaluates expressions of one project."""

    modules: Modules
    depth: int = 0
    calling: list[int] = field(default_factory=list)
    steps: int = 0

    def value(self, node: Node | None, module: Module, given: Arguments) -> Value:
        """Return what an expression stands for."""
        if node is None or self.depth > _DEEPEST or self.steps >= _STEPS_AT_MOST:
            return UNKNOWN
        self.depth += 1
        self.steps += 1
        try:
            return self._value(node, module, given)
        finally:
            self.depth -= 1

    def _value(self, node: Node, module: Module, given: Arguments) -> Value:
        kind = node.type
        if kind in _WRAPPING:
            return self.value(node.named_children[0] if node.named_children else None, module, given)
        if kind == "string":
            return Text((text_of_string(node),))
        if kind == "template_string":
            return self._template(node, module, given)
        if kind in {"true", "false"}:
            return Plain(kind)
        if kind == "number":
            return Plain(said(node))
        if kind in {"identifier", "shorthand_property_identifier"}:
            return named(self, said(node), node, module, given)
        if kind == "object":
            return self._object(node, module, given)
        if kind == "array":
            return Items(tuple(self.value(each, module, given) for each in node.named_children))
        if kind in {"member_expression", "subscript_expression"}:
            return self._member(node, module, given)
        if kind == "binary_expression":
            return self._binary(node, module, given)
        if kind == "ternary_expression":
            first = self.value(node.child_by_field_name("consequence"), module, given)
            return either(first, self.value(node.child_by_field_name("alternative"), module, given))
        if kind in {"call_expression", "new_expression"}:
            return value_of_call(self, node, module, given)
        if kind in FUNCTIONS:
            return Function(node, module)
        if kind == "this":
            return Unknown("this")
        return UNKNOWN

    def _template(self, node: Node, module: Module, given: Arguments) -> Text:
        parts: list[Value] = []
        for piece in pieces(node):
            if isinstance(piece, str):
                parts.append(Text((piece,)))
            else:
                inner = piece.named_children[0] if piece.named_children else None
                parts.append(self.value(inner, module, given))
        return joined(parts)

    def _binary(self, node: Node, module: Module, given: Arguments) -> Value:
        operator = node.child_by_field_name("operator")
        left = self.value(node.child_by_field_name("left"), module, given)
        right = self.value(node.child_by_field_name("right"), module, given)
        sign = operator.type if operator is not None else ""
        if sign == "+":
            return joined([left, right])
        if sign in {"||", "??"}:
            return either(left, right)
        return right if sign == "&&" else UNKNOWN

    def _object(self, node: Node, module: Module, given: Arguments) -> Object:
        entries: dict[str, Entry] = {}
        for child in node.named_children:
            if child.type == "spread_element":
                inner = self.value(child.named_children[0], module, given)
                if isinstance(inner, Object):
                    entries.update(inner.entries)
                elif isinstance(inner, Parameter):
                    entries[f"%{inner.name}"] = Entry(inner, module.span(child))
            elif child.type == "pair":
                key = self._key(child.child_by_field_name("key"), module, given)
                if key is not None:
                    value = self.value(child.child_by_field_name("value"), module, given)
                    entries[key] = Entry(value, module.span(child))
            elif child.type == "shorthand_property_identifier":
                entries[said(child)] = Entry(self.value(child, module, given), module.span(child))
            elif child.type == "method_definition":
                name = child.child_by_field_name("name")
                if name is not None:
                    entries[said(name)] = Entry(Function(child, module), module.span(child))
        return Object(entries)

    def _key(self, node: Node | None, module: Module, given: Arguments) -> str | None:
        if node is None:
            return None
        if node.type == "computed_property_name":
            found = self.value(node.named_children[0], module, given)
            return found.plain if isinstance(found, Text) else None
        return text_of_string(node) if node.type == "string" else said(node)

    def _member(self, node: Node, module: Module, given: Arguments) -> Value:
        inner = node.child_by_field_name("object")
        if node.type == "subscript_expression":
            key = self.value(node.child_by_field_name("index"), module, given)
            name = key.plain if isinstance(key, Text) else None
        else:
            property_ = node.child_by_field_name("property")
            name = said(property_) if property_ is not None else None
        if inner is None or name is None:
            return UNKNOWN
        if inner.type == "this":
            return own_field(self, name, node, module, given)
        if inner.type in {"meta_property"} or said(inner) in {"import.meta.env", "process.env"}:
            return Unknown(name)
        return self.member_of(self.value(inner, module, given), name)

    def member_of(self, owner: Value, name: str) -> Value:
        """Return a member of a value."""
        if isinstance(owner, Object):
            found = owner.get(name)
            return Unknown(name) if found is UNKNOWN else found
        if isinstance(owner, Name):
            whole = f"{owner.name}.{name}"
            return Name(name if owner.name in {"window", "globalThis", "self"} else whole)
        if isinstance(owner, Parameter):
            return Parameter(f"{owner.name}.{name}")
        if isinstance(owner, Function):
            return _of_class(owner, name, self)
        return Unknown(name)

    def arguments(self, node: Node, module: Module, given: Arguments) -> list[Value]:
        """Return the arguments of a call."""
        found = node.child_by_field_name("arguments")
        if found is None:
            return []
        if found.type == "template_string":
            return [self.value(found, module, given)]
        return [
            self.value(each.named_children[0], module, given)
            if each.type == "spread_element"
            else self.value(each, module, given)
            for each in found.named_children
            if each.type != "comment"
        ]


def _of_class(owner: Function, name: str, evaluator: Evaluator) -> Value:
    """A member of a class, or of its instance."""
    body = owner.node.child_by_field_name("body") if owner.node.type == "class_declaration" else None
    for member in body.named_children if body is not None else ():
        label = member.child_by_field_name("name") or member.child_by_field_name("property")
        if label is not None and said(label) == name:
            if member.type == "method_definition":
                return Function(member, owner.module)
            return evaluator.value(member.child_by_field_name("value"), owner.module, {})
    return Unknown(name)
