"""Where a Python file's responses take their allowed origin from: expressions that another response can take it from, too."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from corsmith.api.wanted import Wanted

from .python_dict import PythonSource, entry
from .python_module import bound
from .python_scope import Scopes, scopes
from .settings_given import Given, Reused

ORIGIN = "Access-Control-Allow-Origin"
CREDENTIALS = "Access-Control-Allow-Credentials"
_MOST = 3
"""How many different expressions are tried: each costs a proof."""


def reused(source: PythonSource, to: ast.AST, wanted: Wanted, given: Given) -> Iterator[Reused]:
    """Yield what a response at `to` can take its origin from, the most usual in this file first, then the environment."""
    known = scopes(source)
    found: dict[str, list[Reused]] = {}
    for sent, holder in _sent(source):
        expression = _moved(known, sent, to)
        if expression is not None and given.serves(_value(known, expression, given), wanted):
            beside = tuple(_beside(known, holder, to)) if holder is not None else ()
            found.setdefault(source.cut(expression), []).append(Reused(source.cut(expression), beside))
    usual = sorted(found.values(), key=len, reverse=True)
    yield from (each[0] for each in usual[:_MOST])
    for variable in given.holding_origin(wanted):
        read = _read(known, variable, to)
        if read is not None and read.origin not in found:
            yield read


def _sent(source: PythonSource) -> Iterator[tuple[ast.expr, ast.Dict | None]]:
    """Yield what Access-Control-Allow-Origin is set to, with the dict that it stands in."""
    for node in ast.walk(source.module):
        if isinstance(node, ast.Dict):
            found = entry(node, ORIGIN)
            if found is not None:
                yield found[1], node
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Subscript):
            if _names_origin(node.targets[0].slice):
                yield node.value, None
        elif isinstance(node, ast.Call) and len(node.args) == 2 and _names_origin(node.args[0]):
            yield node.args[1], None


def _names_origin(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.lower() == ORIGIN.lower()


def _moved(known: Scopes, sent: ast.expr, to: ast.AST) -> ast.expr | None:
    """Return the expression that means at `to` what `sent` is: itself, or what its local was set to; None for a text."""
    if isinstance(sent, ast.Constant) or "\n" in known.source.cut(sent) or "\r" in known.source.cut(sent):
        return None
    if known.moves(sent, to):
        return sent
    owner = known.owner(sent.id, sent) if isinstance(sent, ast.Name) else None
    if not isinstance(sent, ast.Name) or owner is None or owner is known.source.module:
        return None
    value = known.bound_to(sent)
    return _moved(known, value, to) if value is not None else None


def _beside(known: Scopes, holder: ast.Dict, to: ast.AST) -> Iterator[tuple[str, str]]:
    """Yield Allow-Credentials and Vary as the headers in `holder` have them."""
    for name in (CREDENTIALS, "Vary"):
        found = entry(holder, name)
        value = found[1] if found is not None else None
        is_text = isinstance(value, ast.Constant) and isinstance(value.value, str)
        if value is not None and (is_text or _moved(known, value, to) is value):
            yield name, known.source.cut(value)


def _read(known: Scopes, variable: str, to: ast.AST) -> Reused | None:
    """Return how the environment variable is read at `to`: by the module's own name for it, else from os.environ."""
    source = known.source
    for name, statement in bound(source).items():
        value = getattr(statement, "value", None)
        if (
            isinstance(statement, ast.Assign | ast.AnnAssign)
            and isinstance(value, ast.expr)
            and _variable(value) == (variable, None)
        ):
            target = statement.targets[0] if isinstance(statement, ast.Assign) else statement.target
            if isinstance(target, ast.Name) and known.moves(target, to):
                return Reused(name)
    owner = known.owner("os", to)
    if owner is None and not any(isinstance(node, ast.Name) and node.id == "os" for node in ast.walk(source.module)):
        return Reused(f'os.environ["{variable}"]', needs_os=True)
    statement_ = bound(source).get("os")
    plain = isinstance(statement_, ast.Import) and any(each.name == "os" for each in statement_.names)
    return Reused(f'os.environ["{variable}"]') if owner is source.module and plain else None


def _variable(value: ast.expr) -> tuple[str, ast.expr | None] | None:
    """Return the name of the environment variable that `value` reads, and the default that it has."""
    default = None
    if isinstance(value, ast.Subscript):
        holder, key = value.value, value.slice
    elif isinstance(value, ast.Call) and value.args:
        reads = isinstance(value.func, ast.Attribute) and value.func.attr == "get"
        holder, key = value.func.value if isinstance(value.func, ast.Attribute) and reads else value.func, value.args[0]
        default = value.args[1] if len(value.args) > 1 else None
    else:
        return None
    named = holder.attr if isinstance(holder, ast.Attribute) else holder.id if isinstance(holder, ast.Name) else ""
    if named not in ("environ", "getenv") or not isinstance(key, ast.Constant) or not isinstance(key.value, str):
        return None
    return key.value, default


def _value(known: Scopes, expression: ast.expr, given: Given) -> str | None:
    """Return the text that an expression comes to; None where that is not plain."""
    if isinstance(expression, ast.Constant):
        return expression.value if isinstance(expression.value, str) else None
    read = _variable(expression)
    if read is not None:
        return given.variable(read[0], _value(known, read[1], given) if read[1] is not None else None)
    if isinstance(expression, ast.Name):
        value = known.bound_to(expression)
        return _value(known, value, given) if value is not None else None
    if isinstance(expression, ast.JoinedStr):
        parts = [
            _value(known, each.value if isinstance(each, ast.FormattedValue) else each, given)
            for each in expression.values
        ]
        return None if None in parts else "".join(part or "" for part in parts)
    if isinstance(expression, ast.BoolOp) and isinstance(expression.op, ast.Or):
        texts = (_value(known, each, given) for each in expression.values)
        return next((text for text in texts if text != ""), None)
    return None
