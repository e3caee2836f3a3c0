"""What a name means at a place of a JavaScript file, and whether an expression means the same at another place.

Only expressions whose value the code has settled before any request comes are moved: constants, environment variables, names
that are bound once. Nothing that a call's arguments or the event decide.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from .javascript_syntax import Syntax

_FUNCTIONS = (
    "arrow_function",
    "function_declaration",
    "function_expression",
    "generator_function",
    "generator_function_declaration",
    "method_definition",
)
_BLOCKS = ("program", "statement_block", "switch_body", "for_statement", "for_in_statement", "catch_clause")
_DECLARED = ("function_declaration", "generator_function_declaration", "class_declaration", "enum_declaration")
_NAMES = ("identifier", "shorthand_property_identifier_pattern")
_LITERALS = ("string", "number", "true", "false", "null", "undefined")
_TEXT_METHODS = frozenset(
    ("replace", "trim", "trimEnd", "trimStart", "toLowerCase", "toUpperCase", "concat", "toString")
)
BARE = ("parenthesized_expression", "as_expression", "satisfies_expression", "non_null_expression")


class Binding(Struct, frozen=True, eq=False):
    """What binds a name: its own node, the scope, and the node that declares it."""

    scope: Any
    by: Any


class Scopes(Struct, frozen=True):
    """The names that a file binds, and those that it binds anew or whose content it writes to."""

    code: Syntax
    bound: dict[str, tuple[Binding, ...]]
    changed: frozenset[str]

    def binding(self, name: str, at: Any) -> Binding | None:
        """Return what binds the `name` that is meant at `at`; None where nothing does, or more than one place."""
        found = self.bound.get(name, ())
        for outer in around(at):
            here = [each for each in found if each.scope.id == outer.id]
            if here:
                return here[0] if len(here) == 1 else None
        return None

    def is_free(self, name: str) -> bool:
        """Say whether no place of the file binds `name`."""
        return name not in self.bound

    def moves(self, node: Any, to: Any) -> bool:
        """Say whether the expression `node` is settled, and means at `to` what it means where it stands."""
        if node.type in _LITERALS:
            return True
        if node.type == "identifier":
            return self._same(node, to)
        if node.type == "member_expression":
            return self.moves(node.child_by_field_name("object"), to)
        if node.type == "call_expression":
            called, given = node.child_by_field_name("function"), node.child_by_field_name("arguments")
            return self._changes_text(called, to) and all(self.moves(each, to) for each in given.named_children)
        if node.type == "template_string":
            filled = (each for each in node.named_children if each.type == "template_substitution")
            return all(self.moves(each.named_children[0], to) for each in filled)
        if node.type in BARE:
            return self.moves(node.named_children[0], to)
        if node.type in ("subscript_expression", "binary_expression", "ternary_expression"):
            parts = (each for each in node.named_children if each.type != "optional_chain")
            return all(self.moves(each, to) for each in parts)
        return False

    def _changes_text(self, called: Any, to: Any) -> bool:
        if called is None or called.type != "member_expression":
            return False
        name = called.child_by_field_name("property")
        return name is not None and self.code.text(name) in _TEXT_METHODS and self.moves(called, to)

    def _same(self, node: Any, to: Any) -> bool:
        name = self.code.text(node)
        if self.is_free(name):
            return name in ("process", "globalThis", "undefined")
        here, there = self.binding(name, node), self.binding(name, to)
        if here is None or here is not there or name in self.changed:
            return False
        # A function that runs later finds what the module has bound; other places need it before.
        if here.scope.type == "program" and any(each.type in _FUNCTIONS for each in around(to)):
            return True
        if here.by.type == "import_statement":
            return True
        lexical = here.by.type == "variable_declarator" and here.by.parent.type == "lexical_declaration"
        if not lexical or here.scope.type == "switch_body" or here.by.end_byte > to.start_byte:
            return False
        if here.scope.type == "program":
            return True
        value = self.bound_to(node)
        return value is not None and self.moves(value, to)

    def bound_to(self, node: Any) -> Any | None:
        """Return what the name at `node` was declared with before it stands there; None where that is not plain."""
        binding = self.binding(self.code.text(node), node)
        if binding is None or binding.by.type != "variable_declarator" or binding.by.end_byte > node.start_byte:
            return None
        named = binding.by.child_by_field_name("name")
        return binding.by.child_by_field_name("value") if named is not None and named.type == "identifier" else None

    def taken_from(self, node: Any) -> str | None:
        """Return the text of what the name at `node` is a property of, `const { name } = …`; None for other names."""
        binding = self.binding(self.code.text(node), node)
        named = binding.by.child_by_field_name("name") if binding is not None else None
        value = binding.by.child_by_field_name("value") if binding is not None else None
        if named is None or value is None or named.type != "object_pattern":
            return None
        plain = (self.code.text(each) for each in named.named_children if each.type == _NAMES[1])
        return self.code.text(value) if self.code.text(node) in plain else None


def around(node: Any) -> Iterator[Any]:
    """Yield the nodes around `node`, the innermost first."""
    while (node := node.parent) is not None:
        yield node


def scopes(code: Syntax) -> Scopes:
    """Return the scopes of a file."""
    bound: dict[str, list[Binding]] = {}
    changed: set[str] = set()
    for node in code.nodes:
        for name, scope in _bindings(code, node):
            bound.setdefault(name, []).append(Binding(scope, node))
        changed.update(_changes(code, node))
    return Scopes(code, {name: tuple(each) for name, each in bound.items()}, frozenset(changed))


def _bindings(code: Syntax, node: Any) -> Iterator[tuple[str, Any]]:
    """Yield the names that `node` binds, each with its scope."""
    if node.type == "variable_declarator":
        own = node.parent.type == "lexical_declaration"
        yield from _named(code, node.child_by_field_name("name"), _scope(node, _BLOCKS if own else ("program",)))
    elif node.type == "formal_parameters":
        for each in node.named_children:
            yield from _named(code, each, node.parent)
    elif node.type in ("arrow_function", "catch_clause"):
        yield from _named(code, node.child_by_field_name("parameter"), node)
    elif node.type == "for_in_statement":
        yield from _named(code, node.child_by_field_name("left"), node)
    elif node.type in _DECLARED:
        yield from _named(code, node.child_by_field_name("name"), _scope(node, _BLOCKS))
    elif node.type == "function_expression" and node.child_by_field_name("name") is not None:
        yield from _named(code, node.child_by_field_name("name"), node)
    elif node.type == "import_statement":
        for each in _descendants(node):
            if each.type == "identifier" and not _is_renamed(each):
                yield code.text(each), node.parent


def _named(code: Syntax, pattern: Any, scope: Any) -> Iterator[tuple[str, Any]]:
    """Yield the names of a pattern; defaults' names among them, which are then taken for bound."""
    for each in _descendants(pattern):
        if each.type in _NAMES or each.type == "type_identifier":
            yield code.text(each), scope


def _scope(node: Any, blocks: tuple[str, ...]) -> Any:
    return next(each for each in around(node) if each.type in blocks or (len(blocks) == 1 and each.type in _FUNCTIONS))


def _is_renamed(node: Any) -> bool:
    """Say whether `node` is the name that an import gives another name to."""
    above = node.parent
    other = above.child_by_field_name("alias") if above.type == "import_specifier" else None
    return other is not None and other.id != node.id


def _changes(code: Syntax, node: Any) -> Iterator[str]:
    """Yield the name that `node` binds anew, or whose content it writes to."""
    if node.type in ("assignment_expression", "augmented_assignment_expression", "for_in_statement"):
        target = node.child_by_field_name("left")
    elif node.type == "update_expression":
        target = node.child_by_field_name("argument")
    elif node.type == "call_expression" and code.text(node).startswith("Object.assign("):
        target = next(iter(node.child_by_field_name("arguments").named_children), None)
    else:
        return
    while target is not None and target.type in ("member_expression", "subscript_expression"):
        target = target.child_by_field_name("object")
    for each in _descendants(target):
        if each.type in _NAMES:
            yield code.text(each)


def _descendants(node: Any) -> Iterator[Any]:
    waiting = [node] if node is not None else []
    while waiting:
        each = waiting.pop()
        yield each
        waiting += each.named_children
