"""Calls of functions: those that read files, those that need care for what is unknown, and the plain ones."""

from __future__ import annotations

from collections.abc import Callable

from corsmith.api.span import Span
from corsmith.api.tree import Unreadable
from corsmith.readers.nodes import Mapping, Node, Scalar, Sequence

from .file_functions import FILES, Special
from .list_functions import LISTS
from .scope import Scope
from .syntax import Call, Expression
from .terms import (
    EITHER,
    UNKNOWN,
    Open,
    as_json,
    either,
    from_plain,
    join,
    listed,
    options_of,
    plain,
    plain_text,
    reason,
    text,
    unknown,
)
from .text_functions import PLAIN, applied

Evaluate = Callable[[Expression, Scope], Node]
_CHOICES = 8


def called(call: Call, scope: Scope, evaluate: Evaluate) -> Node:
    """Return what a call gives."""
    if call.name in ("try", "can"):
        return _tried(call, scope, evaluate)
    given = [evaluate(each, scope) for each in call.arguments]
    if call.spread and given:
        last = given.pop()
        if not isinstance(last, Sequence) or last.tag:
            return unknown(reason(last) or "what is spread is no list", call.span, last, *given)
        given += last.items
    return _spread_choices(call, given, scope, evaluate)


def _spread_choices(call: Call, given: list[Node], scope: Scope, evaluate: Evaluate) -> Node:
    """Work a call out for each value of an argument that is one of several."""
    at = next((i for i, each in enumerate(given) if isinstance(each, Sequence) and each.tag == EITHER), None)
    if at is None or call.name in ("jsonencode", "sensitive", "nonsensitive"):
        return _once(call, given, scope, evaluate)
    results = []
    for option in options_of(given[at]):
        results.append(_spread_choices(call, [*given[:at], option, *given[at + 1 :]], scope, evaluate))
        if len(results) > _CHOICES:
            return unknown(reason(given[at]), call.span, *given)
    return either(results, reason(given[at]), call.span)


def _once(call: Call, given: list[Node], scope: Scope, evaluate: Evaluate) -> Node:
    name = call.name.rpartition("::")[2] if call.name.startswith("core::") else call.name
    try:
        if name in LISTS:
            return LISTS[name](call.span, *given)
        if name in _SPECIAL:
            return _SPECIAL[name](call.span, given, scope, evaluate)
        if name in PLAIN:
            return _plain(name, call.span, given)
    except Open as error:
        return unknown(error.because, call.span, *given)
    except (TypeError, ValueError, IndexError):
        return unknown(f"{name} is called with other arguments than it takes", call.span, *given)
    return unknown(f"{call.name} is not worked out here", call.span, *given)


def _plain(name: str, span: Span, given: list[Node]) -> Node:
    if name == "join" and len(given) == 2 and reason(given[1]):
        return _joined(span, given)
    if name == "format" and any(reason(each) for each in given[1:]):
        return _formatted(span, given)
    via = next((each.via for each in given if isinstance(each, Scalar) and each.via), ())
    return from_plain(applied(name, [plain(each) for each in given]), span, via)


def _joined(span: Span, given: list[Node]) -> Node:
    """`join` of texts of which some are not known: what is known of the text stays."""
    separator, items = text(plain_text(given[0]), given[0].span), given[1]
    if not isinstance(items, Sequence) or items.tag:
        raise Open(reason(items))
    parts: list[Node] = []
    for item in items.items:
        parts += (separator, item) if parts else (item,)
    return join(parts, span)


def _formatted(span: Span, given: list[Node]) -> Node:
    """`format` of texts of which some are not known, where the pattern takes them as they are."""
    pieces = plain_text(given[0]).split("%s")
    if len(pieces) != len(given) or any("%" in piece for piece in pieces):
        raise Open(next((why for each in given if (why := reason(each))), ""))
    parts: list[Node] = [text(pieces[0], given[0].span)]
    for piece, value in zip(pieces[1:], given[1:], strict=True):
        parts += (value, text(piece, given[0].span))
    return join(parts, span)


def _tried(call: Call, scope: Scope, evaluate: Evaluate) -> Node:
    """`try` gives the first argument that is no error; what is merely not known yet is no error."""
    found: Node | None = None
    for argument in call.arguments:
        node = evaluate(argument, scope)
        if call.name == "can":
            return from_plain(not _is_error(node), call.span) if not reason(node) or _is_error(node) else node
        if not _is_error(node):
            return node
        found = node
    return found if found is not None else unknown("try is given nothing", call.span)


def _is_error(node: Node) -> bool:
    """Say whether an expression fails: it asks for what is not there."""
    because = reason(node) if isinstance(node, Sequence) and node.tag == UNKNOWN else ""
    return because.startswith(("there is no ", "the list has ", "a list has no ", "the list is empty", "no such file"))


def _split(span: Span, given: list[Node], scope: Scope, evaluate: Evaluate) -> Node:
    """`split`: each part stands at its own place, where the text is written out."""
    separator, whole = plain_text(given[0]), plain_text(given[1])
    pieces = applied("split", [separator, whole])
    node = given[1]
    start = _inside(node, whole, scope)
    via = node.via if isinstance(node, Scalar) else ()
    if start is None or not separator:
        return from_plain(pieces, span, via)
    found: list[Node] = []
    at = start
    for piece in pieces:
        found.append(text(piece, Span(node.span.file, at, at + len(piece)), via))
        at += len(piece) + len(separator)
    return listed(found, span)


def _inside(node: Node, whole: str, scope: Scope) -> int | None:
    """Return where a text begins that its file holds as it is; None where it was put together."""
    try:
        written = scope.place.world.tree.read(node.span.file)
    except Unreadable:
        return None
    for start in (node.span.start + 1, node.span.start):
        if written[start : start + len(whole)] == whole and start + len(whole) <= node.span.end:
            return start
    return None


def _json(span: Span, given: list[Node], scope: Scope, evaluate: Evaluate) -> Node:
    (value,) = given
    return as_json(value, span)


def _parsed(span: Span, given: list[Node], scope: Scope, evaluate: Evaluate) -> Node:
    """`yamldecode` and `jsondecode`: what was encoded here comes out as it went in, with its places."""
    (value,) = given
    if isinstance(value, Sequence) and value.tag == "!Json":
        return value.items[0]
    from corsmith.readers.document import parse

    written = plain_text(value)
    whole = value.span
    in_file = (
        whole.start == 0 and not isinstance(value, Mapping) and isinstance(value, Scalar) and value.style == "file"
    )
    root = parse(written, whole.file).root
    if root is None:
        raise Open("the text can be decoded neither as YAML nor as JSON")
    if in_file:
        return root
    from .terms import at

    return at(root, span)


_SPECIAL: dict[str, Special] = {
    **FILES,
    "jsondecode": _parsed,
    "jsonencode": _json,
    "split": _split,
    "yamldecode": _parsed,
    "yamlencode": _json,
}
"""Functions that keep what is not known, or the places of what is."""
