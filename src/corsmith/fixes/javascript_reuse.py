"""Where a JavaScript file's responses take their allowed origin from: expressions that another can take it from, too."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from corsmith.api.span import Span
from corsmith.api.wanted import Wanted

from .javascript_scope import BARE, Scopes, scopes
from .javascript_syntax import Syntax, syntax
from .settings_given import Given, Reused

ORIGIN = "Access-Control-Allow-Origin"
CREDENTIALS = "Access-Control-Allow-Credentials"
_TYPED = (".ts", ".mts", ".cts", ".tsx")
_MOST = 3
"""How many different expressions are tried: each costs a proof."""


def reused(file: str, text: str, to: Span, wanted: Wanted, given: Given) -> Iterator[Reused]:
    """Yield what a response at `to` can take its origin from, the most usual in this file first, then the environment."""
    code = syntax(file, text)
    place = next((each for each in code.of_type("object") if code.span(each) == to), None)
    if place is not None:
        yield from reused_at(code, place, wanted, given)


def reused_at(code: Syntax, place: Any, wanted: Wanted, given: Given) -> Iterator[Reused]:
    """Yield the same for what is written before or in the place of the node `place`."""
    known = scopes(code)
    found: dict[str, list[Reused]] = {}
    for sent, holder in _sent(code):
        expression = _moved(known, sent, place)
        if expression is not None and given.serves(_value(known, expression, given), wanted):
            beside = tuple(_beside(known, holder, place)) if holder is not None else ()
            found.setdefault(code.text(expression), []).append(Reused(code.text(expression), beside))
    usual = sorted(found.values(), key=len, reverse=True)
    yield from (each[0] for each in usual[:_MOST])
    for variable in given.holding_origin(wanted):
        read = _read(known, variable, place)
        if read is not None and read not in found and read.rstrip("!") not in found:
            yield Reused(read)


def _sent(code: Syntax) -> Iterator[tuple[Any, Any | None]]:
    """Yield what Access-Control-Allow-Origin is set to, with the object that it stands in."""
    for node in code.nodes:
        if node.type == "pair" and _names(code, node.child_by_field_name("key"), ORIGIN):
            yield node.child_by_field_name("value"), node.parent
        elif node.type == "assignment_expression":
            left = node.child_by_field_name("left")
            index = left.child_by_field_name("index") if left.type == "subscript_expression" else None
            if index is not None and _names(code, index, ORIGIN):
                yield node.child_by_field_name("right"), None
        elif node.type == "arguments" and len(node.named_children) == 2:
            name, value = node.named_children
            if _names(code, name, ORIGIN):
                yield value, None


def _names(code: Syntax, node: Any, name: str) -> bool:
    return node is not None and code.text(node).strip("'\"`").lower() == name.lower()


def _moved(known: Scopes, sent: Any, to: Any) -> Any | None:
    """Return the expression that means at `to` what `sent` is: itself, or what its local was set to; None for a text."""
    text = known.code.text(sent)
    if sent.type in ("string", "object", "array") or "\n" in text or "\r" in text:
        return None
    if sent.type == "template_string" and not sent.named_children:
        return None
    if known.moves(sent, to):
        return sent
    value = known.bound_to(sent) if sent.type == "identifier" else None
    return _moved(known, value, to) if value is not None else None


def _beside(known: Scopes, holder: Any, to: Any) -> Iterator[tuple[str, str]]:
    """Yield Allow-Credentials and Vary as the headers in `holder` have them."""
    for name in (CREDENTIALS, "Vary"):
        for pair in holder.named_children:
            value = pair.child_by_field_name("value") if pair.type == "pair" else None
            if value is None or not _names(known.code, pair.child_by_field_name("key"), name):
                continue
            if value.type == "string" or _moved(known, value, to) is value:
                yield name, known.code.text(value)
                break


def _read(known: Scopes, variable: str, to: Any) -> str | None:
    """Return how the environment variable is read at `to`: by the module's own name for it, else from process.env."""
    if not known.is_free("process"):
        return None
    for declared in known.code.of_type("variable_declarator"):
        name, value = declared.child_by_field_name("name"), declared.child_by_field_name("value")
        if value is None or declared.parent.parent.type not in ("program", "export_statement"):
            continue
        reads = name.type == "identifier" and _variable(known.code, _bare(value)) == variable
        if reads and known.moves(name, to):
            return known.code.text(name)
    typed = known.code.source.path.endswith(_TYPED)
    return f"process.env.{variable}{'!' if typed else ''}"


def _variable(code: Syntax, node: Any) -> str | None:
    """Return the name of the environment variable that `node` reads."""
    holder = node.child_by_field_name("object") if node.type in ("member_expression", "subscript_expression") else None
    if holder is None or code.text(holder) != "process.env":
        return None
    name = node.child_by_field_name("property") or node.child_by_field_name("index")
    return code.text(name).strip("'\"`") if name.type in ("property_identifier", "string") else None


def _bare(node: Any) -> Any:
    """Return an expression without TypeScript's assertions and parentheses around it."""
    while node.type in BARE:
        node = node.named_children[0]
    return node


def _value(known: Scopes, expression: Any, given: Given) -> str | None:
    """Return the text that an expression comes to; None where that is not plain."""
    node, code = _bare(expression), known.code
    variable = _variable(code, node)
    if variable is not None:
        return given.variable(variable, None)
    if node.type == "string":
        return code.text(node)[1:-1]
    if node.type == "identifier":
        if known.taken_from(node) == "process.env":
            return given.variable(code.text(node), None)
        value = known.bound_to(node)
        return _value(known, value, given) if value is not None else None
    if node.type == "template_string":
        parts = [
            _value(known, each.named_children[0], given) if each.type == "template_substitution" else code.text(each)
            for each in node.named_children
        ]
        return None if None in parts else "".join(part or "" for part in parts)
    operator = node.child_by_field_name("operator") if node.type == "binary_expression" else None
    if operator is not None and code.text(operator) in ("||", "??"):
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        unset = _is_unset(code, _bare(left), given)
        first = None if unset else _value(known, left, given)
        return _value(known, right, given) if unset or first == "" else first
    return None


def _is_unset(code: Syntax, node: Any, given: Given) -> bool:
    """Say whether `node` reads an environment variable that the template does not set."""
    variable = _variable(code, node)
    return variable is not None and all(name != variable for name, _ in given.environment)
