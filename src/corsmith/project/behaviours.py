"""What the functions of one template do, each read once."""

from __future__ import annotations

from typing import Any

from msgspec import Struct, field

from corsmith.api.cell import Route
from corsmith.api.function import Function
from corsmith.api.model import Problem
from corsmith.api.outcome import HandlerSummary
from corsmith.api.span import locate
from corsmith.api.tree import Tree
from corsmith.api.value import Known, Unknown
from corsmith.handlers import summarise
from corsmith.readers import source_of

from .judge import Behaviour
from .memory import Memory
from .moved import moved, placed, unplaced
from .routes import function_of

CODE = "code"
"""The kind of key under which `Memory` keeps what was read of a function."""


class Behaviours(Struct):
    """The functions of one template by name. `problems`: what could not be read of those that were asked for."""

    tree: Tree
    functions: dict[str, Function]
    memory: Memory
    problems: list[Problem] = field(default_factory=list)
    _seen: dict[str, HandlerSummary | None] = field(default_factory=dict)

    def summary(self, name: str) -> HandlerSummary | None:
        """Return what was read of a function; None where the template has none of that name."""
        if name not in self._seen:
            function = self.functions.get(name)
            if function is None:
                self._seen[name] = None
            else:
                self._seen[name], problems = code_of(self.memory, self.tree, function)
                self.problems += problems
        return self._seen[name]

    def behind(self, route: Route) -> Behaviour:
        """Return what is known of the function behind a route."""
        name = function_of(route.declared)
        if name is None:
            return Behaviour(
                None, Unknown("what answers this route is no function of this template", route.declared.span)
            )
        summary = self.summary(name)
        why = summary.unread[0] if summary is not None and summary.unread else Unknown(f"no code of {name} was read")
        return Behaviour(summary, why)


def code_of(memory: Memory, tree: Tree, function: Function) -> tuple[HandlerSummary, tuple[Problem, ...]]:
    """Return what was read of a function's code, and what could not be.

    The same code with the same settings is read once, wherever in a template the settings stand.
    """
    first, summary, problems = memory.recall(code_key(function), tree, lambda watched: _read(watched, function))
    if first is not function and first != function:
        summary = _placed(memory, tree, summary, first, function)
    if not isinstance(function.code, Known) or not isinstance(function.handler, Known):
        return summary, problems
    missing = memory.recall(("missing", id(first)), tree, lambda watched: _missing(watched, first), (first,))
    return summary, problems if missing is None else (*problems, _not_found(tree, function, missing))


def _placed(memory: Memory, tree: Tree, summary: HandlerSummary, first: Function, function: Function) -> HandlerSummary:
    """Return what was read of the code with the places in the template as they are for `function`."""
    held = memory.recall(("placed", id(summary)), tree, lambda _: placed(summary, first.span.file), (summary,))
    if not held.places:
        return summary
    key = ("moved", id(summary), first, function)
    found: HandlerSummary = memory.recall(key, tree, lambda _: moved(held, first, function), (summary,))
    return found


def code_key(function: Function) -> tuple[Any, ...]:
    """Return under which key `Memory` keeps what was read of a function: all that decides it, but not where it stands.

    Code that stands in the template itself is that of its place alone: its lines move with it.
    """
    return CODE, unplaced(function) if function.inline is None else function


def _read(tree: Tree, function: Function) -> tuple[Function, HandlerSummary, tuple[Problem, ...]]:
    summary = summarise(tree, function)
    return function, summary, summary.problems


def _missing(tree: Tree, function: Function) -> str | None:
    """Return why the handler of a function has no file, None where it has one."""
    source = source_of(tree, function)
    return source.because if source.path is None else None


def _not_found(tree: Tree, function: Function, because: str) -> Problem:
    place = locate(function.handler.span or function.span, tree.read(function.span.file))
    return Problem(place.file, place.line, place.column, f"the handler of {function.name} cannot be found: {because}")
