"""A request header taken out of the call that a page's script makes: out of its literal, or with the statement that sets it."""

from __future__ import annotations

from typing import Any

from corsmith.api.fix import Edit
from corsmith.api.span import Span
from corsmith.api.tree import Tree, Unreadable
from corsmith.handlers.pages.scripts import script_of as parsed

from .javascript_module import remove_statement
from .javascript_object import Script, remove_entry, script_of
from .javascript_syntax import Syntax
from .literal import Literal

_SETS = (".setRequestHeader(", ".append(", ".set(")


def without_header(tree: Tree, place: Span, name: str) -> tuple[Edit, ...]:
    """Return the edit that takes the header `name`, set at `place`, out of its call; none where its form is another."""
    try:
        source = parsed(place.file, tree.read(place.file))
    except Unreadable:
        return ()
    if source is None or name.lower() not in source.text.lower():
        return ()
    code = Syntax(source)
    of = script_of(code)
    for literal in reversed(of.literals):
        for entry in literal.entries:
            if entry.name is not None and entry.name.lower() == name.lower() and _holds(entry.whole, place):
                return _out_of(code, of, literal, place)
    return _with_statement(code, place, name)


def _out_of(code: Syntax, of: Script, literal: Literal, place: Span) -> tuple[Edit, ...]:
    """Take an entry out; where it is the only one, what holds the literal alone goes with it."""
    entry = next(each for each in literal.entries if _holds(each.whole, place))
    if len(literal.entries) > 1:
        return (remove_entry(of, literal, entry),)
    held = ((other, each) for other in of.literals for each in other.entries if each.value == literal.span)
    holder = next(held, None)
    if holder is None:
        return (Edit(of.file, literal.span.start, literal.span.end, "{}"),)
    outer, own = holder
    if len(outer.entries) > 1:
        return (remove_entry(of, outer, own),)
    return _argument(code, outer) or (Edit(of.file, outer.span.start, outer.span.end, "{}"),)


def _argument(code: Syntax, literal: Literal) -> tuple[Edit, ...]:
    """Take a call's last argument out, its comma with it."""
    for node in code.of_type("arguments"):
        given = node.named_children
        if len(given) > 1 and code.span(given[-1]) == literal.span:
            return (Edit(literal.span.file, code.span(given[-2]).end, literal.span.end, ""),)
    return ()


def _with_statement(code: Syntax, place: Span, name: str) -> tuple[Edit, ...]:
    """Take out the statement that does nothing but set the header."""
    around = [each for each in code.of_type("expression_statement") if _holds(code.span(each), place)]
    if not around:
        return ()
    statement = around[-1]
    said = _name_of(code, statement.named_children[0]) if statement.named_children else None
    return (remove_statement(code, statement),) if said is not None and said.lower() == name.lower() else ()


def _name_of(code: Syntax, expression: Any) -> str | None:
    """Return which header `headers["x"] = …` or `call.setRequestHeader("x", …)` sets."""
    if expression.type == "assignment_expression":
        left = expression.child_by_field_name("left")
        index = left.child_by_field_name("index") if left is not None else None
        return code.text(index).strip("'\"`") if index is not None else None
    if expression.type == "call_expression":
        function, given = expression.child_by_field_name("function"), expression.child_by_field_name("arguments")
        if function is None or given is None or not f"{code.text(function)}(".endswith(_SETS):
            return None
        return code.text(given.named_children[0]).strip("'\"`") if given.named_children else None
    return None


def _holds(outer: Span, inner: Span) -> bool:
    return outer.file == inner.file and outer.start <= inner.start and inner.end <= outer.end
