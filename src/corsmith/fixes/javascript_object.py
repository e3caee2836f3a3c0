"""Edits to object literals of JavaScript and TypeScript: an entry added, an entry removed, in the layout that the literal has."""

from __future__ import annotations

import re
from typing import Any

from msgspec import Struct

from corsmith.api.fix import Edit
from corsmith.api.span import Span

from .javascript_syntax import Syntax, syntax
from .literal import Entry, Literal, add, remove

_COMMENT = re.compile(r"(,?)([ \t]*//[^\r\n]*)")
_IDENTIFIER = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*")
FILES = (".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx")


class Script(Struct, frozen=True):
    """A parsed file and its object literals."""

    file: str
    text: str
    literals: tuple[Literal, ...]
    constants: tuple[tuple[str, Span], ...]
    """Names of the module's own variables, and where their values stand."""

    def at(self, span: Span) -> Literal | None:
        """Return the literal that stands exactly at `span`."""
        return next((each for each in self.literals if each.span == span), None)

    def cut(self, span: Span) -> str:
        """Return the text at `span`."""
        return self.text[span.start : span.end]

    @property
    def quote(self) -> str:
        """The quotation mark that this file uses."""
        return '"' if self.text.count('"') > self.text.count("'") else "'"

    def quoted(self, text: str) -> str:
        """Return `text` as a string of this file. It holds no quotation mark and no backslash."""
        return f"{self.quote}{text}{self.quote}"


def script(file: str, text: str) -> Script:
    """Return the parsed file. What does not parse is left out."""
    return script_of(syntax(file, text))


def script_of(code: Syntax) -> Script:
    """Return the object literals and constants of a parsed file."""
    literals: list[Literal] = []
    constants: list[tuple[str, Span]] = []
    for node in code.nodes:
        if node.type == "object":
            literals.append(_literal(code, node))
        elif node.type == "variable_declarator" and _at_top(node):
            name, value = node.child_by_field_name("name"), node.child_by_field_name("value")
            if name is not None and value is not None and name.type == "identifier":
                constants.append((code.text(name), code.span(_bare(value))))
    return Script(code.source.path, code.source.text, tuple(literals), tuple(constants))


def add_entries(of: Script, literal: Literal, entries: tuple[tuple[str, str], ...], after: str | None = None) -> Edit:
    """Return the edit that adds `entries` (name, expression) to `literal`: behind the entry `after`, else at its end."""
    written = [f"{_key(of, name)}: {expression}" for name, expression in entries]
    if not literal.entries:
        return Edit(of.file, literal.span.start, literal.span.end, "{ " + ", ".join(written) + " }")
    return add(of.text, literal, written, literal.entry(after) if after is not None else None, _COMMENT)


def remove_entry(of: Script, literal: Literal, entry: Entry) -> Edit:
    """Return the edit that takes an entry out of `literal`, its comma and its line with it."""
    return remove(of.text, literal, entry)


def _literal(code: Syntax, node: Any) -> Literal:
    entries = []
    for child in node.named_children:
        whole = code.span(child)
        if child.type == "pair":
            key, value = child.child_by_field_name("key"), child.child_by_field_name("value")
            entries.append(Entry(_name(code, key), whole, code.span(value), value.type))
        elif child.type == "shorthand_property_identifier":
            entries.append(Entry(code.text(child), whole, whole, "shorthand"))
        elif child.type in ("spread_element", "method_definition"):
            entries.append(Entry(None, whole, whole, child.type))
    return Literal(code.span(node), tuple(entries))


def _name(code: Syntax, key: Any) -> str | None:
    if key is None or key.type == "computed_property_name":
        return None
    text = code.text(key)
    return text[1:-1] if key.type == "string" else text


def _key(of: Script, name: str) -> str:
    return name if _IDENTIFIER.fullmatch(name) else of.quoted(name)


def _at_top(node: Any) -> bool:
    above = node.parent.parent if node.parent is not None else None
    return above is not None and above.type in ("program", "export_statement")


def _bare(node: Any) -> Any:
    """Return an expression without TypeScript's `as const`, `satisfies` and parentheses around it."""
    while node.type in ("as_expression", "satisfies_expression", "parenthesized_expression") and node.named_children:
        node = node.named_children[0]
    return node
