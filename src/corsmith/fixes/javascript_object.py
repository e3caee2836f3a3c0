"""Edits to object literals of JavaScript and TypeScript: an entry added, an entry removed, in the layout that the literal has."""

from __future__ import annotations

import re
from typing import Any

from msgspec import Struct

from corsmith.api.fix import Edit
from corsmith.api.span import Span

from .javascript_syntax import Syntax, syntax

_COMMENT = re.compile(r"(,?)([ \t]*//[^\r\n]*)")
_IDENTIFIER = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*")
FILES = (".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx")


class Entry(Struct, frozen=True):
    """One entry. `name` is None for spreads and computed keys; `value` is the whole entry for shorthands and methods."""

    name: str | None
    whole: Span
    value: Span
    kind: str
    """The syntax tree's name of the value: "identifier", "object", "shorthand" …"""


class Literal(Struct, frozen=True):
    """An object literal and its entries, in order."""

    span: Span
    entries: tuple[Entry, ...]

    def entry(self, name: str) -> Entry | None:
        """Return the entry called `name`, whatever its case."""
        return next(
            (each for each in self.entries if each.name is not None and each.name.lower() == name.lower()), None
        )


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
    code = syntax(file, text)
    literals: list[Literal] = []
    constants: list[tuple[str, Span]] = []
    for node in code.nodes:
        if node.type == "object":
            literals.append(_literal(code, node))
        elif node.type == "variable_declarator" and _at_top(node):
            name, value = node.child_by_field_name("name"), node.child_by_field_name("value")
            if name is not None and value is not None and name.type == "identifier":
                constants.append((code.text(name), code.span(_bare(value))))
    return Script(file, text, tuple(literals), tuple(constants))


def add_entries(of: Script, literal: Literal, entries: tuple[tuple[str, str], ...], after: str | None = None) -> Edit:
    """Return the edit that adds `entries` (name, expression) to `literal`: behind the entry `after`, else at its end."""
    written = [f"{_key(of, name)}: {expression}" for name, expression in entries]
    if not literal.entries:
        return Edit(of.file, literal.span.start, literal.span.end, "{ " + ", ".join(written) + " }")
    behind = literal.entry(after) if after is not None else None
    last = (behind or literal.entries[-1]).whole.end
    first = literal.entries[0].whole
    if of.text.count("\n", literal.span.start, first.start):
        indent = _indent(of.text, first.start)
        joiner = ("\r\n" if "\r\n" in of.text else "\n") + indent
        comment = _COMMENT.match(of.text, last)
        if comment is None:
            return Edit(of.file, last, last, "".join(f",{joiner}{each}" for each in written))
        # The comment stays beside the entry that it is about.
        added = f",{joiner}".join(written)
        return Edit(of.file, last, comment.end(), f",{comment[2]}{joiner}{added}{comment[1]}")
    return Edit(of.file, last, last, "".join(f", {each}" for each in written))


def remove_entry(of: Script, literal: Literal, entry: Entry) -> Edit:
    """Return the edit that takes an entry out of `literal`, its comma and its line with it."""
    index, text = literal.entries.index(entry), of.text
    comma = _past(text, entry.whole.end, " \t")
    comma = comma + 1 if text[comma : comma + 1] == "," else entry.whole.end
    line = text.rfind("\n", 0, entry.whole.start) + 1
    rest = _past(text, comma, " \t\r")
    if comma > entry.whole.end and not text[line : entry.whole.start].strip() and text[rest : rest + 1] == "\n":
        return Edit(of.file, line, rest + 1, "")
    if index > 0:
        # The comma behind the entry becomes the one behind its neighbour.
        return Edit(of.file, literal.entries[index - 1].whole.end, entry.whole.end, "")
    return Edit(of.file, entry.whole.start, _past(text, comma, " \t") if len(literal.entries) > 1 else comma, "")


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


def _past(text: str, place: int, characters: str) -> int:
    while place < len(text) and text[place] in characters:
        place += 1
    return place


def _indent(text: str, place: int) -> str:
    line = text.rfind("\n", 0, place) + 1
    return text[line : _past(text, line, " \t")]
