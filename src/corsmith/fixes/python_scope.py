"""What a name means at a place of a Python file, and whether an expression means the same at another place.

Only expressions whose value the code has settled before any request comes are moved: constants, environment variables, names
that are bound once. Nothing that a call's arguments or the event decide.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from msgspec import Struct

from .python_dict import PythonSource

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_SCOPES = (*_FUNCTIONS, *_COMPREHENSIONS, ast.ClassDef)
_TEXT_METHODS = frozenset(
    ("rstrip", "lstrip", "strip", "lower", "upper", "removesuffix", "removeprefix", "replace", "get")
)
_CHANGES = frozenset(("update", "append", "extend", "insert", "pop", "clear", "setdefault", "remove"))


class Scopes(Struct, frozen=True):
    """The nodes that stand around each node of a file."""

    source: PythonSource
    above: dict[int, ast.AST]

    def around(self, node: ast.AST) -> Iterator[ast.AST]:
        """Yield the nodes around `node`, the innermost first."""
        while (outer := self.above.get(id(node))) is not None:
            yield outer
            node = outer

    def owner(self, name: str, at: ast.AST) -> ast.AST | None:
        """Return the scope whose `name` is meant at `at`; None where the file binds none."""
        scopes = [each for each in self.around(at) if isinstance(each, _SCOPES)]
        for depth, scope in enumerate(scopes):
            # What a class binds, its methods do not see.
            if (depth == 0 or not isinstance(scope, ast.ClassDef)) and any(self.bindings(name, scope)):
                return scope
        return self.source.module if any(self.bindings(name, self.source.module)) else None

    def bindings(self, name: str, scope: ast.AST) -> Iterator[ast.AST]:
        """Yield what binds `name` in `scope` itself."""
        return (node for node in _within(scope) if name in _bound_by(node))

    def moves(self, expression: ast.expr, to: ast.AST) -> bool:
        """Say whether `expression` is settled, and means at `to` what it means where it stands."""
        if isinstance(expression, ast.Constant):
            return True
        if isinstance(expression, ast.Name):
            return self._same(expression, to)
        if isinstance(expression, ast.Call):
            arguments = [*expression.args, *(each.value for each in expression.keywords)]
            return self._plain(expression.func, to) and all(self.moves(each, to) for each in arguments)
        if isinstance(expression, ast.Attribute):
            return self.moves(expression.value, to)
        parts = _parts(expression)
        return parts is not None and all(self.moves(each, to) for each in parts)

    def _plain(self, called: ast.expr, to: ast.AST) -> bool:
        """Say whether a call of `called` reads the environment, or changes a text."""
        if isinstance(called, ast.Name):
            return called.id == "getenv" and self.moves(called, to)
        if not isinstance(called, ast.Attribute) or not self.moves(called.value, to):
            return False
        return called.attr in _TEXT_METHODS or (called.attr == "getenv" and self.source.cut(called.value) == "os")

    def _same(self, name: ast.Name, to: ast.AST) -> bool:
        owner = self.owner(name.id, name)
        if owner is None or owner is not self.owner(name.id, to) or self._is_changed(name.id):
            return False
        made = list(self.bindings(name.id, owner))
        if owner is not self.source.module:
            if len(made) == 1 and isinstance(made[0], ast.alias):
                return self._is_reached_first(made[0], to)
            value = self.bound_to(name)
            return value is not None and self._is_reached_first(made[0], to) and self.moves(value, to)
        if any(isinstance(each, _FUNCTIONS) for each in self.around(to)):
            return True
        # What the module itself runs needs the name before.
        here = self.source.span(_placed(to)).start
        return all(self.source.span(_placed(each)).end <= here for each in made)

    def bound_to(self, name: ast.Name) -> ast.expr | None:
        """Return what a name was bound to before it stands there, where that is done in one place, by an assignment of it."""
        owner = self.owner(name.id, name)
        made = list(self.bindings(name.id, owner)) if owner is not None else []
        statement = self.above.get(id(made[0])) if len(made) == 1 else None
        if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
            target: ast.expr = statement.targets[0]
        elif isinstance(statement, ast.AnnAssign):
            target = statement.target
        else:
            return None
        before = self.source.span(statement).end <= self.source.span(name).start
        return statement.value if before and target is made[0] else None

    def _is_reached_first(self, made: ast.AST, to: ast.AST) -> bool:
        """Say whether the statement that binds `made` was run wherever `to` is reached."""
        statement = self.above[id(made)]
        block = _block(self.above[id(statement)], statement)
        later = block[block.index(statement) + 1 :] if isinstance(statement, ast.stmt) and block else ()
        return any(each in later for each in self.around(to) if isinstance(each, ast.stmt))

    def _is_changed(self, name: str) -> bool:
        """Say whether something writes to what `name` holds, or binds it anew from inside of a function."""
        for node in ast.walk(self.source.module):
            if isinstance(node, ast.Global | ast.Nonlocal) and name in node.names:
                return True
            if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name) and node.target.id == name:
                return True
            written = isinstance(node, ast.Subscript | ast.Attribute) and not isinstance(node.ctx, ast.Load)
            changes = isinstance(node, ast.Attribute) and node.attr in _CHANGES
            if isinstance(node, ast.Subscript | ast.Attribute) and (written or changes) and _is_name(node.value, name):
                return True
        return False


def scopes(source: PythonSource) -> Scopes:
    """Return the scopes of a file."""
    above = {id(child): node for node in ast.walk(source.module) for child in ast.iter_child_nodes(node)}
    return Scopes(source, above)


def _is_name(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _placed(node: ast.AST) -> ast.expr | ast.stmt:
    assert isinstance(node, ast.expr | ast.stmt | ast.alias)
    return node  # type: ignore[return-value]


def _parts(expression: ast.expr) -> list[ast.expr] | None:
    """Return what an expression without effects is made of; None for others."""
    if isinstance(expression, ast.Subscript):
        return [expression.value, expression.slice]
    if isinstance(expression, ast.BoolOp | ast.JoinedStr):
        return list(expression.values)
    if isinstance(expression, ast.IfExp):
        return [expression.test, expression.body, expression.orelse]
    if isinstance(expression, ast.BinOp) and isinstance(expression.op, ast.Add | ast.Mod):
        return [expression.left, expression.right]
    if isinstance(expression, ast.Compare):
        return [expression.left, *expression.comparators]
    return [expression.value] if isinstance(expression, ast.FormattedValue) else None


def _block(holder: ast.AST | None, statement: ast.AST) -> list[ast.stmt]:
    """Return the list of statements of `holder` that `statement` is in."""
    for name in ("body", "orelse", "finalbody"):
        block = getattr(holder, name, None)
        if isinstance(block, list) and statement in block:
            return block
    return []


def _within(scope: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes of a scope, without those of the scopes in it."""
    waiting = list(ast.iter_child_nodes(scope))
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, _SCOPES):
            waiting += ast.iter_child_nodes(node)


def _bound_by(node: ast.AST) -> tuple[str, ...]:
    if isinstance(node, ast.Name):
        return () if isinstance(node.ctx, ast.Load) else (node.id,)
    if isinstance(node, ast.arg):
        return (node.arg,)
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return (node.name,)
    if isinstance(node, ast.alias):
        return ((node.asname or node.name).partition(".")[0],)
    if isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar):
        return (node.name,) if node.name is not None else ()
    return (node.rest,) if isinstance(node, ast.MatchMapping) and node.rest is not None else ()
