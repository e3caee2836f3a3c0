"""Reads a Python handler: runs its module and the handler abstractly, and lists the ways out."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from corsmith.api.outcome import HandlerSummary
from corsmith.api.span import Span
from corsmith.api.tree import Tree
from corsmith.api.value import Text

from ..decisions import FALSE, TRUE, TooMany, Value, leaves
from ..loaded import sharing
from ..machine import Exhausted, Frame, Machine
from ..remembered import Remembered, Watched
from ..store import Record
from ..summing import distinct, finished, raised_way, summary_of
from ..values import Bound, Decorator, EventPart, Function, Made, Opaque, Place
from ..ways import Way
from . import frameworks
from .calls import call, shape_of, start
from .expressions import EXPRESSIONS
from .imports import load
from .modules import Finder
from .source import Source
from .statements import STATEMENTS

_EVENT, _CONTEXT = EventPart(()), Opaque("the context", truthy=True)

_OWN_WRAPPER = ("lambda_cors.cors", "lambda_cors.wrapper.cors")
"""The names of this project's own wrapper; what it does is loaded when a handler has it."""


def read(
    tree: Tree, roots: tuple[str, ...], module: tuple[str, ...], entry: str, environment: Mapping[str, Text], span: Span
) -> HandlerSummary:
    """Return the summary of the function `entry` of a module. `span` is where the function is defined in a template."""
    key = (roots, module, entry, tuple(environment.items()), span)
    return _REMEMBERED.summary(key, tree, lambda watched: _fresh(watched, roots, module, entry, environment, span))


_REMEMBERED = Remembered()


def _fresh(
    tree: Watched,
    roots: tuple[str, ...],
    module: tuple[str, ...],
    entry: str,
    environment: Mapping[str, Text],
    span: Span,
) -> HandlerSummary:
    reason = ""
    for coarse in (False, True):
        machine = Machine(Finder(tree, roots), environment, EXPRESSIONS, STATEMENTS, coarse=coarse)
        try:
            with sharing(machine):
                return _read(machine, module, entry, span)
        except TooMany:
            reason = "it depends on too many conditions at once"
        except (Exhausted, RecursionError) as error:
            reason = str(error) if isinstance(error, Exhausted) else "it nests too deeply"
            break
    machine.say_unread(f"the code of {'.'.join(module)}.{entry} is not followed to its end: {reason}", None)
    return summary_of(machine, (), span, ())


def _read(machine: Machine, module: tuple[str, ...], entry: str, span: Span) -> HandlerSummary:
    found = load(machine, module)
    if found is None:
        if not machine.problems:
            machine.say_unread(f"no file for the module {'.'.join(module)} in {', '.join(machine.finder.roots)}", None)
        return summary_of(machine, (), span, ())
    ways = [raised_way(failure) for failure in machine.uncaught.failures]
    machine.uncaught.failures.clear()
    value = machine.store.records[found.scope].fields.get(entry)
    if machine.condition is FALSE:
        return finished(machine, ways, span)
    if value is None:
        machine.say_unread(f"{found.name} does not define {entry}", None)
        return summary_of(machine, (), span, ())
    for leaf in leaves(value):
        machine.condition = TRUE
        ways += _invoked(machine, leaf, _definition(leaf) or span)
    return finished(machine, ways, _definition(next(leaves(value))) or span)


def _definition(value: Value) -> Span | None:
    function = value.function if isinstance(value, Bound) else value
    if isinstance(function, Function):
        source: Source = function.source
        return source.span(function.code)
    return None


def _invoked(machine: Machine, value: Value, span: Span) -> list[Way]:
    """Return the ways out of calling the handler with an event, those of frameworks included."""
    ways: list[Way] = []
    if isinstance(value, Made) and value.name in _OWN_WRAPPER and value.arguments:
        from .frameworks import lambda_cors

        inner = _invoked(machine, value.arguments[-1], span)
        return lambda_cors.ways(machine, value, TRUE, span, inner) or _unknown_framework(machine, value, TRUE, span)
    partial = isinstance(value, Made) and value.name == "functools.partial"
    if isinstance(value, (Made, Decorator)) and not partial:
        return _framework(machine, value, TRUE, span)
    for way in _called(machine, value, span):
        if way.value is None:
            ways.append(way)
            continue
        foreign = [leaf for leaf in leaves(way.value) if isinstance(leaf, (Made, Decorator))]
        if not foreign:
            ways.append(way)
            continue
        for leaf, condition in machine.decisions.parts(way.value, way.condition):
            if leaf in foreign:
                machine.store = way.store.fork()
                ways += _framework(machine, leaf, condition, way.span)
            else:
                ways.append(replace(way, condition=condition, value=leaf))
    return ways


def _framework(machine: Machine, value: Value, condition: Value, span: Span) -> list[Way]:
    machine.frame = machine.frame or _outermost(machine)
    made = frameworks.ways(machine, value, condition, span)
    return _unknown_framework(machine, value, condition, span) if made is None else made


def _unknown_framework(machine: Machine, value: Value, condition: Value, span: Span) -> list[Way]:
    """What something unknown makes of the event can be anything."""
    name = frameworks.name_of(value)
    machine.frameworks[name] = None
    because = f"the response comes from {name}, which is not followed"
    machine.say_unread(because, getattr(value, "place", None))
    return [Way(condition, Opaque(because, getattr(value, "place", None)), machine.store.fork(), span, made_by=name)]


def _called(machine: Machine, value: Value, span: Span) -> list[Way]:
    """Return the ways out of calling the handler's own code."""
    function, arguments = value, [_EVENT, _CONTEXT]
    if isinstance(value, Bound):
        function, arguments = value.function, [value.owner, _EVENT, _CONTEXT]
    if isinstance(function, Function) and not _pending(function):
        frame = start(machine, function, arguments, {}, None)
        ways = [
            Way(way.condition, way.value, way.store, _place(way.place, span), after_exception=way.after_exception)
            for way in frame.returns
        ]
    else:
        machine.frame = machine.frame or _outermost(machine)
        returned = call(machine, value, arguments, {}, None)
        ways = [] if machine.condition is FALSE else [Way(machine.condition, returned, machine.store, span)]
    ways += [raised_way(failure) for failure in distinct(machine, machine.uncaught.failures)]
    machine.uncaught.failures.clear()
    return ways


def _pending(function: Function) -> bool:
    return type(function.code).__name__ == "AsyncFunctionDef" or shape_of(function.code).generator


def _outermost(machine: Machine) -> Frame:
    scope = machine.store.add(Record("scope", {}))
    return Frame(Source("", "", None), scope, scope, ())  # type: ignore[arg-type]


def _place(place: Place | None, otherwise: Span) -> Span:
    return otherwise if place is None else place.span()
