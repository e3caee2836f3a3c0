"""What a mapping template yields: its text, and what it sets in `$context.responseOverride`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..header_values import status_of
from .methods import member
from .nodes import (
    Assignment,
    Condition,
    Definition,
    Expression,
    Index,
    Interpolated,
    Literal,
    Loop,
    Member,
    Node,
    Operation,
    Unsupported,
)
from .parse import parse

_STATUS = "context.responseOverride.status"
_HEADER = "context.responseOverride.header."


class Rendered:
    """The text of a template and the overrides it set: `status` (None: not set) and `headers` by name."""

    __slots__ = ("headers", "status", "text")

    def __init__(self) -> None:
        self.text = ""
        self.status: int | None = None
        self.headers: dict[str, str] = {}


def render(template: str, scope: dict[str, Any]) -> Rendered:
    """Return what `template` yields where `scope` holds `input`, `context`, `util` and `stageVariables`.

    Raises `Unsupported`.
    """
    rendered = Rendered()
    try:
        rendered.text = _text(parse(template), dict(scope), rendered)
    except RecursionError:
        raise Unsupported("nesting this deep") from None
    return rendered


def _text(nodes: tuple[Node, ...], scope: dict[str, Any], rendered: Rendered) -> str:
    return "".join(_node(node, scope, rendered) for node in nodes)


def _node(node: Node, scope: dict[str, Any], rendered: Rendered) -> str:
    if isinstance(node, Literal):
        return str(node.value)
    if isinstance(node, Assignment):
        _assign(node, scope, rendered)
        return ""
    if isinstance(node, Condition):
        return _text(_chosen(node, scope, rendered), scope, rendered)
    if isinstance(node, Loop):
        return _looped(node, scope, rendered)
    if isinstance(node, Definition):
        scope[node.name] = node
        return ""
    value = _value(node, scope, rendered)
    if value is None:
        return "" if node.quiet else node.source
    return as_text(value)


def _looped(node: Loop, scope: dict[str, Any], rendered: Rendered) -> str:
    items = _value(node.items, scope, rendered)
    if items is None:
        return ""
    if not isinstance(items, list):
        raise Unsupported("a #foreach over a value that is no list")
    outside = {name: scope[name] for name in (node.variable, "foreach") if name in scope}
    parts = []
    for at, item in enumerate(items):
        scope[node.variable] = item
        scope["foreach"] = {"index": at, "count": at + 1, "hasNext": at + 1 < len(items)}
        parts.append(_text(node.body, scope, rendered))
    for name in (node.variable, "foreach"):
        scope.pop(name, None)
    scope.update(outside)
    return "".join(parts)


def _chosen(node: Condition, scope: dict[str, Any], rendered: Rendered) -> tuple[Node, ...]:
    for branch in node.branches:
        if _holds(_value(branch.condition, scope, rendered)):
            return branch.body
    return node.otherwise


def _assign(node: Assignment, scope: dict[str, Any], rendered: Rendered) -> None:
    value = _value(node.value, scope, rendered)
    path = ".".join((node.target.name, *(_step(each) for each in node.target.members)))
    if path == _STATUS:
        rendered.status = _status(value)
    elif path.startswith(_HEADER):
        rendered.headers[path[len(_HEADER) :]] = as_text(value)
    elif node.target.members:
        raise Unsupported(f"setting {node.target.source}")
    elif value is not None:
        # Velocity leaves a variable as it was when the right side is null.
        scope[path] = value


def _step(member: Member | Index) -> str:
    return member.name if isinstance(member, Member) else "[]"


def _status(value: Any) -> int:
    status = status_of(value)
    if status is None:
        raise Unsupported("a status that is no number")
    return status


def _value(node: Expression, scope: dict[str, Any], rendered: Rendered) -> Any:
    if isinstance(node, Literal):
        return node.value
    if isinstance(node, Interpolated):
        return _text(node.parts, scope, rendered)
    if isinstance(node, Operation):
        return _operation(node, scope, rendered)
    value = scope.get(node.name)
    if isinstance(value, Definition):
        # Inside its own block a name means nothing, so that no block renders itself for ever.
        value = _text(value.body, {**scope, node.name: None}, rendered)
    for each in node.members:
        value = _member(value, each, scope, rendered)
    return value


def _member(value: Any, each: Member | Index, scope: dict[str, Any], rendered: Rendered) -> Any:
    if isinstance(each, Index):
        return _at(value, _value(each.at, scope, rendered))
    arguments = each.arguments
    given = None if arguments is None else tuple(_value(argument, scope, rendered) for argument in arguments)
    return member(value, each.name, given)


def _at(value: Any, index: Any) -> Any:
    if isinstance(value, list) and type(index) is int:
        return value[index] if 0 <= index < len(value) else None
    if isinstance(value, dict):
        return value.get(str(index))
    raise Unsupported("an index into a value that is no list")


def _operation(node: Operation, scope: dict[str, Any], rendered: Rendered) -> Any:
    first = _value(node.operands[0], scope, rendered)
    if node.operator == "!":
        return not _holds(first)
    if node.operator == "&&":
        return _holds(first) and _holds(_value(node.operands[1], scope, rendered))
    if node.operator == "||":
        return _holds(first) or _holds(_value(node.operands[1], scope, rendered))
    second = _value(node.operands[1], scope, rendered)
    if node.operator == "+" and isinstance(first, str):
        return first + as_text(second)
    if node.operator in ("==", "!="):
        return (_same(first, second)) is (node.operator == "==")
    if type(first) is int and type(second) is int:
        return _NUMERIC[node.operator](first, second)
    raise Unsupported(f"{node.operator} between values that are no numbers")


_NUMERIC: dict[str, Callable[[int, int], Any]] = {
    "<": lambda first, second: first < second,
    "<=": lambda first, second: first <= second,
    ">": lambda first, second: first > second,
    ">=": lambda first, second: first >= second,
    "+": lambda first, second: first + second,
    "-": lambda first, second: first - second,
}


def _same(first: Any, second: Any) -> bool:
    """Compare as Velocity does: null equals nothing but null, other values by their text."""
    if first is None or second is None:
        return first is second
    return as_text(first) == as_text(second)


def _holds(value: Any) -> bool:
    """Say whether a condition holds: what is neither null nor false does."""
    return value is not None and value is not False


def as_text(value: Any) -> str:
    """Return a value as it is printed."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int):
        return str(value)
    raise Unsupported("printing a value that is no text")
