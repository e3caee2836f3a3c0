"""Which statements of a file matter: declarations that nothing uses are left out, as in the bundles of build tools.

A declaration without effects (a function, a class, a literal) is needed where one of its names stands in a statement
that is needed. All other statements are.
"""

from __future__ import annotations

import re

from tree_sitter import Node as Tree

_WORD = re.compile(rb"[A-Za-z_$][\w$]*")
_PLAIN = {"function_declaration", "generator_function_declaration", "class_declaration", "abstract_class_declaration"}
_VALUES = {"arrow_function", "function_expression", "generator_function", "string", "number", "true", "false", "null"}
_WORTH_IT = 200


def needed(trees: list[Tree]) -> list[Tree]:
    """Return the statements that are needed, in their order."""
    if len(trees) < _WORTH_IT:
        return trees
    declared: dict[bytes, list[int]] = {}
    optional: dict[int, set[bytes]] = {}
    for number, tree in enumerate(trees):
        names = _declared(tree)
        if names is not None:
            optional[number] = names
            for name in names:
                declared.setdefault(name, []).append(number)
    waiting = [number for number in range(len(trees)) if number not in optional]
    kept = set(waiting)
    while waiting:
        for word in set(_WORD.findall(trees[waiting.pop()].text or b"")):
            for number in declared.pop(word, ()):
                if number not in kept:
                    kept.add(number)
                    waiting.append(number)
    return [tree for number, tree in enumerate(trees) if number in kept]


def _declared(tree: Tree) -> set[bytes] | None:
    """Return the names of a declaration without effects; None for all other statements."""
    if tree.type in _PLAIN:
        name, body = tree.child_by_field_name("name"), tree.child_by_field_name("body")
        static = tree.type not in _PLAIN - {"class_declaration", "abstract_class_declaration"} and (
            body is None or b"static" in (body.text or b"") or any(child.type == "decorator" for child in tree.children)
        )
        return None if static or name is None else {name.text or b""}
    if tree.type not in {"lexical_declaration", "variable_declaration"}:
        return None
    names: set[bytes] = set()
    for each in tree.named_children:
        name, value = each.child_by_field_name("name"), each.child_by_field_name("value")
        if each.type != "variable_declarator" or name is None or name.type != "identifier" or value is None:
            return None
        if value.type not in _VALUES and (value.type not in {"object", "array"} or b"(" in (value.text or b"(")):
            return None
        names.add(name.text or b"")
    return names
