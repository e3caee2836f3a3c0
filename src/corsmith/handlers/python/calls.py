"""Calls of the project's own functions and classes: their bodies are run where they are called."""

from __future__ import annotations

import ast
from functools import lru_cache

from msgspec import Struct

from ..decisions import FALSE, TRUE, Value
from ..machine import Exit, Frame, Machine, Spot
from ..store import Record
from ..values import (
    NOTHING,
    Bound,
    BuiltinMethod,
    Class,
    Const,
    Decorator,
    External,
    Function,
    Made,
    MadeCall,
    MadeMethod,
    Opaque,
    Pending,
    Place,
    Ref,
    Tuple,
)
from .iteration import items_of
from .library import call_external, pass_through
from .lookups import class_attribute
from .methods import call_method
from .patterns import compiled_match

_DEEPEST_CALL = 16
_SAME_AT_MOST = 2

# Decorators of these only note the function; it stays what it is.
_REGISTERING = ("fastapi.", "starlette.", "flask.", "chalice.", "aws_lambda_powertools.event_handler.")

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
_ENCLOSED = frozenset((ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef))
_OUTER = frozenset((ast.Global, ast.Nonlocal))


class Shape(Struct, frozen=True):
    """What has to be known of a function before it runs."""

    outer: frozenset[str]
    generator: bool
    encloses: bool


@lru_cache(maxsize=4096)
def shape_of(node: FunctionNode) -> Shape:
    """Return the names a function declares global or nonlocal, and whether it yields or encloses functions."""
    outer: set[str] = set()
    generator = encloses = False
    waiting: list[ast.AST] = list(node.body) if isinstance(node.body, list) else [node.body]
    while waiting:
        part = waiting.pop()
        kind = type(part)
        if kind in _ENCLOSED:
            encloses = True
            waiting += getattr(part, "decorator_list", ())
            continue
        if kind in _OUTER:
            outer.update(part.names)  # type: ignore[attr-defined]
        elif kind is ast.Yield or kind is ast.YieldFrom:
            generator = True
        # As `ast.iter_child_nodes`, which takes three times as long.
        for value in part.__dict__.values():
            if type(value) is list:
                waiting += [each for each in value if isinstance(each, ast.AST)]
            elif isinstance(value, ast.AST):
                waiting.append(value)
    return Shape(frozenset(outer), generator, encloses)


def define(machine: Machine, name: str, node: FunctionNode, arguments: ast.arguments) -> Function:
    """Return the function that a `def` or `lambda` makes."""
    defaults = tuple(machine.evaluate(default) for default in arguments.defaults)
    named = {
        parameter.arg: machine.evaluate(default)
        for parameter, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
        if default is not None
    }
    scope = machine.frame.closes_over or machine.frame.scope
    return Function(name, node, machine.frame.source, scope, defaults, named)


def spread_items(machine: Machine, nodes: list[ast.expr]) -> tuple[list[Value], Opaque | None]:
    """Return the items of a display, starred ones spread, and why there may be more."""
    items: list[Value] = []
    rest: Opaque | None = None
    for node in nodes:
        if not isinstance(node, ast.Starred):
            items.append(machine.evaluate(node))
            continue
        more = items_of(machine, machine.evaluate(node.value))
        if more is None:
            rest = Opaque("items that are not known", machine.spot(node))
        else:
            items += more
    return items, rest


def call(
    machine: Machine, function: Value, arguments: list[Value], keywords: dict[str, Value], node: ast.AST | None
) -> Value:
    """Return what calling a leaf gives."""
    place = machine.spot(node) if node is not None else None
    if isinstance(function, Function):
        return _call_function(machine, function, arguments, keywords, place)
    if isinstance(function, Bound):
        return _call_function(machine, function.function, [function.owner, *arguments], keywords, place)
    if isinstance(function, BuiltinMethod):
        return call_method(machine, function.owner, function.name, arguments, keywords, place)
    if isinstance(function, External):
        return call_external(machine, function.name, arguments, keywords, place)
    if isinstance(function, Class):
        return _instance(machine, function, arguments, keywords, place)
    if isinstance(function, MadeMethod):
        return _made_method(machine, function, arguments, keywords, place)
    if isinstance(function, Decorator):
        return _decorate(machine, function, arguments, place)
    if isinstance(function, Made) and function.name == "functools.partial" and function.arguments:
        first, *given = function.arguments
        return call(machine, first, [*given, *arguments], {**function.keywords, **keywords}, node)
    if isinstance(function, Made):
        return _call_made(machine, function, arguments, place)
    if isinstance(function, Ref):
        method = class_attribute(machine, machine.record(function).type or NOTHING, "__call__")
        if isinstance(method, Function):
            return _call_function(machine, method, [function, *arguments], keywords, place)
    machine.may_fail(place)
    because = function.because if isinstance(function, Opaque) else "what a call of it gives"
    return Opaque(because, place)


def _made_method(
    machine: Machine, method: MadeMethod, arguments: list[Value], keywords: dict[str, Value], place: Place | None
) -> Value:
    if method.owner.name == "re.compile":
        matched = compiled_match(machine, method.owner, method.name, arguments, place)
        if matched is not None:
            return matched
    if (
        len(arguments) == 1
        and isinstance(arguments[0], Function)
        and pass_through(f"{method.owner.name}.{method.name}")
    ):
        return arguments[0]
    machine.may_fail(place)
    if method.name == "run_until_complete" and arguments and method.owner.name.startswith("asyncio."):
        return call_external(machine, "asyncio.run", arguments, keywords, place)
    made = MadeCall(method.name, tuple(arguments), keywords, place)
    method.owner.calls.append(made)
    if len(arguments) == 1 and isinstance(arguments[0], Function) and method.owner.name.startswith(_REGISTERING):
        return arguments[0]
    return Decorator(made, method.owner)


def _decorate(machine: Machine, decorator: Decorator, arguments: list[Value], place: Place | None) -> Value:
    machine.may_fail(place)
    if len(arguments) == 1 and isinstance(arguments[0], (Function, Class, Bound, Made, Decorator)):
        decorator.call.decorated.append(arguments[0])
        name = f"{decorator.owner.name}.{decorator.call.method}"
        if name.startswith(_REGISTERING) or pass_through(name):
            return arguments[0]
        return Made(name, (arguments[0],), dict(decorator.call.keywords), place)
    return Made(f"{decorator.owner.name}.{decorator.call.method}()", (decorator, *arguments), {}, place)


def _call_made(machine: Machine, made: Made, arguments: list[Value], place: Place | None) -> Value:
    machine.may_fail(place)
    if len(arguments) == 1 and isinstance(arguments[0], (Function, Bound, Made)):
        if pass_through(made.name):
            return arguments[0]
        return Made(made.name, (*made.arguments, arguments[0]), made.keywords, place)
    return Made(f"{made.name}()", (made, *arguments), {}, place)


def _instance(
    machine: Machine, kind: Class, arguments: list[Value], keywords: dict[str, Value], place: Place | None
) -> Value:
    record = Record("dict" if _is_dict(kind) else "instance", {}, place)
    record.type = kind
    made = machine.new(record)
    start = class_attribute(machine, kind, "__init__")
    if isinstance(start, Function):
        _call_function(machine, start, [made, *arguments], keywords, place)
        return made
    names = _fields(machine, kind)
    fields = machine.store.writable(made.number).fields
    if record.kind == "instance":
        fields.update(zip(names, arguments, strict=False))
        fields.update({name: value for name, value in keywords.items() if name != "**"})
        for position, value in enumerate(arguments):
            fields[("argument", position)] = value
    return made


def _is_dict(kind: Value) -> bool:
    if isinstance(kind, Class):
        return any(_is_dict(base) for base in kind.bases)
    return isinstance(kind, External) and kind.name in {"builtins.dict", "collections.OrderedDict"}


def _fields(machine: Machine, kind: Class) -> list[str]:
    """The annotated names of a class body, as dataclasses and named tuples take their arguments."""
    names: list[str] = []
    for base in kind.bases:
        if isinstance(base, Class):
            names += _fields(machine, base)
    annotated = machine.store.records[kind.scope].fields.get("__annotated__")
    if isinstance(annotated, Tuple):
        names += [str(item.value) for item in annotated.items if isinstance(item, Const)]
    return names


def _call_function(
    machine: Machine, function: Function, arguments: list[Value], keywords: dict[str, Value], place: Place | None
) -> Value:
    node = function.code
    active = machine.active
    if len(active) >= _DEEPEST_CALL or active.count(node) >= _SAME_AT_MOST:
        machine.may_fail(place)
        return Opaque(f"{function.name} calls itself", place)

    def run() -> Value:
        return _run(machine, function, arguments, keywords, place)

    if isinstance(node, ast.AsyncFunctionDef):
        return Pending("async generator" if shape_of(node).generator else "coroutine", run, place)
    if shape_of(node).generator:
        return Pending("generator", run, place)
    return run()


def _run(
    machine: Machine, function: Function, arguments: list[Value], keywords: dict[str, Value], place: Place | None
) -> Value:
    outside, decisions = machine.condition, machine.decisions
    if outside is FALSE:
        return Opaque("it is never reached", place)
    attempt = machine.attempts[-1] if machine.attempts else machine.uncaught
    failed_before, read_before = len(attempt.failures), len(machine.json_read)
    machine.condition = TRUE
    frame = start(machine, function, arguments, keywords, place)
    for failure in attempt.failures[failed_before:]:
        failure.reached = decisions.both(outside, failure.reached)
    machine.json_read[read_before:] = [decisions.both(outside, each) for each in machine.json_read[read_before:]]
    if not frame.returns:
        machine.condition = FALSE
        return Opaque("it never returns", place)
    value = machine.merge(frame.returns)
    machine.condition = decisions.both(outside, machine.condition)
    if not shape_of(function.code).encloses:
        machine.store.records.pop(frame.scope, None)
    return value


def start(
    machine: Machine, function: Function, arguments: list[Value], keywords: dict[str, Value], place: Place | None
) -> Frame:
    """Run a function's body and return its frame, which holds the returns."""
    node = function.code
    fields = _bound_arguments(machine, function, arguments, keywords, place)
    scope = machine.store.add(Record("scope", fields))
    machine.parents[scope] = function.scope
    module = _module_of(machine, function.scope)
    caller = machine.frame
    frame = Frame(function.source, scope, module, machine.packages.get(module, ()), shape_of(node).outer)
    machine.frame = frame
    machine.active.append(node)
    if isinstance(node, ast.Lambda):
        value = machine.evaluate(node.body)
        if machine.condition is not FALSE:
            frame.returns.append(Exit(machine.condition, value, machine.store, Spot(function.source, node)))
    else:
        machine.execute(node.body)
        if machine.condition is not FALSE:
            nothing = Const(None, Spot(function.source, node))
            frame.returns.append(Exit(machine.condition, nothing, machine.store, nothing.place))
    machine.active.pop()
    machine.frame = caller
    return frame


def _module_of(machine: Machine, scope: int) -> int:
    while machine.parents.get(scope) is not None:
        scope = machine.parents[scope]
    return scope


def _bound_arguments(
    machine: Machine, function: Function, arguments: list[Value], keywords: dict[str, Value], place: Place | None
) -> dict[str, Value]:
    node: ast.arguments = function.code.args
    parameters = [parameter.arg for parameter in (*node.posonlyargs, *node.args)]
    fields: dict[str, Value] = dict(zip(parameters, arguments, strict=False))
    given = {name: value for name, value in keywords.items() if name != "**"}
    named = {parameter.arg for parameter in node.kwonlyargs} | set(parameters)
    fields.update({name: value for name, value in given.items() if name in named})
    if "**" in keywords:
        for name in named - set(fields):
            fields[name] = Opaque("an argument that is not known", place)
    for name, default in zip(parameters[len(parameters) - len(function.defaults) :], function.defaults, strict=True):
        fields.setdefault(name, default)
    for name, default in function.keyword_defaults.items():
        fields.setdefault(name, default)
    missing = [name for name in named if name not in fields]
    many = len(arguments) > len(parameters) and node.vararg is None
    if missing or many or (node.kwarg is None and set(given) - named):
        machine.fail(TRUE, "builtins.TypeError", place)
        fields.update({name: Opaque("an argument that is missing", place) for name in missing})
    if node.vararg is not None:
        fields[node.vararg.arg] = Tuple(tuple(arguments[len(parameters) :]))
    if node.kwarg is not None:
        extra = Record("dict", {name: value for name, value in given.items() if name not in named})
        if "**" in keywords:
            extra.rest = Opaque("arguments that are not known", place)
        fields[node.kwarg.arg] = machine.new(extra)
    return fields
