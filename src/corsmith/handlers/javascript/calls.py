"""Calls: functions of the project are run where they are called; what is handed to other code is run as it may be."""

from __future__ import annotations

from collections.abc import Callable

from ..decisions import FALSE, TRUE, Case, Value, leaves
from ..machine import Attempt, Exit, Frame, Machine, Spot
from ..store import Record
from ..turns import settle
from ..values import (
    BuiltinMethod,
    Const,
    External,
    HeaderValue,
    Made,
    MadeCall,
    MadeMethod,
    Opaque,
    Place,
    Ref,
    SomeText,
)
from . import syntax as js
from .binding import bind_parameters
from .copies import array
from .failing import fail
from .scopes import hoist
from .values import (
    MORE,
    UNDEFINED,
    Bound,
    Closure,
    Kind,
    More,
    Native,
    Promise,
    Rejected,
    Run,
    Stream,
)
from .writing import set_leaf

_DEEPEST_CALL = 16
_SAME_AT_MOST = 2

# What these packages are given is registered, and looked at when the application is: it is not run where it is given.
REGISTERING = (
    "express", "koa", "@koa/router", "koa-router", "fastify", "hono", "@middy/core", "middy", "lambda-api",
    "@codegenie/serverless-express", "@vendia/serverless-express", "aws-serverless-express", "serverless-http",
    "@aws-lambda-powertools/event-handler", "@fastify/aws-lambda", "aws-lambda-fastify", "@hono/zod-openapi",
    "restify", "@hapi/hapi", "@trpc/server", "@apollo/server", "apollo-server-lambda", "@nestjs/core",
    "itty-router", "find-my-way", "lambda-cors",
)  # fmt: skip
_PASS_THROUGH = (
    "@sentry/", "datadog-lambda-js", "@lumigo/tracer", "aws-xray-sdk", "@thundra/core", "epsagon", "newrelic",
    "@newrelic/", "@opentelemetry/", "lambda-log", "@baselime/", "serverless-plugin-warmup", "thundra", "iopipe",
    "@aws/durable-execution-sdk-js", "source-map-support",
)  # fmt: skip
_GIVEN_TOOLS = ("aws-embedded-metrics.metricScope",)
"""These are given a function that gives the handler, for a tool that they bring."""


def define(machine: Machine, node: js.FunctionNode, name: str = "") -> Closure:
    """Return the function that a node makes here."""
    return Closure(node.name or name, node, machine.frame.source, machine.frame.scope, machine.store.next_number())


def call(machine: Machine, function: Value, this: Value, arguments: list[Value], place: Place | None) -> Value:
    """Return what calling a leaf gives."""
    if isinstance(function, Closure):
        return _call_closure(machine, function, this, arguments, place)
    if isinstance(function, Bound):
        return call(machine, function.function, function.this, [*function.arguments, *arguments], place)
    if isinstance(function, Native):
        return function.act(machine, this, arguments, place)
    if isinstance(function, BuiltinMethod):
        from .methods import call_method

        return call_method(machine, function.owner, function.name, arguments, place)
    if isinstance(function, External):
        return call_external(machine, function.name, arguments, place)
    if isinstance(function, MadeMethod):
        return _made_method(machine, function, arguments, place)
    if isinstance(function, Made):
        return _call_made(machine, function, arguments, place)
    if isinstance(function, Opaque):
        hand_over(machine, arguments, place)
        machine.may_fail(place)
        return Opaque(function.because, place, parsed="")
    if isinstance(function, (SomeText, Kind)):
        return Opaque("what a call of it gives", place)
    fail(machine, "TypeError", place)
    return UNDEFINED


def call_any(machine: Machine, function: Value, this: Value, arguments: list[Value], place: Place | None) -> Value:
    """Return what calling a value gives."""
    return machine.each(function, lambda leaf: call(machine, leaf, this, arguments, place))


def call_external(machine: Machine, name: str, arguments: list[Value], place: Place | None) -> Value:
    """Return what calling something outside the project gives."""
    from .builtins import FUNCTIONS, QUIET, is_global

    function = FUNCTIONS.get(name)
    if function is not None:
        return function(machine, UNDEFINED, arguments, place)
    if name.startswith(_PASS_THROUGH):
        inner = next((each for each in arguments if isinstance(each, (Closure, Made, Native))), None)
        if inner is not None:
            return inner
    if name in _GIVEN_TOOLS and arguments:
        return call(machine, arguments[0], UNDEFINED, [Opaque("a tool", truthy=True)], place)
    if name.split(".")[0] in QUIET:
        return UNDEFINED
    if not registers(name):
        hand_over(machine, arguments, place)
    machine.may_fail(place)
    if is_global(name):
        return Opaque(f"what {name}() gives", place)
    made = Made(name, tuple(arguments), {}, place)
    machine.made.append(made)
    return made


def registers(name: str) -> bool:
    """Say whether a package only registers the functions it is given."""
    return any(name == each or name.startswith((each + ".", each + "/")) for each in REGISTERING)


def _made_method(machine: Machine, method: MadeMethod, arguments: list[Value], place: Place | None) -> Value:
    owner = method.owner
    if registers(owner.name):
        machine.may_fail(place)
        owner.calls.append(MadeCall(method.name, tuple(arguments), {}, place))
        return (
            owner
            if method.name not in _LEAVING
            else Made(f"{owner.name}.{method.name}()", (owner, *arguments), {}, place)
        )
    hand_over(machine, arguments, place)
    machine.may_fail(place)
    return Made(f"{owner.name}.{method.name}()", (owner, *arguments), {}, place)


# Methods of applications that give something else than the application.
_LEAVING = {
    "run", "fetch", "request", "inject", "callback", "resolve", "listen",
    "startServerAndCreateLambdaHandler", "ready", "routes", "proxy",
}  # fmt: skip


def _call_made(machine: Machine, made: Made, arguments: list[Value], place: Place | None) -> Value:
    if not registers(made.name):
        hand_over(machine, arguments, place)
    machine.may_fail(place)
    if made.name.startswith(_PASS_THROUGH):
        inner = next((each for each in arguments if isinstance(each, (Closure, Made))), None)
        if inner is not None:
            return inner
    return Made(made.name if made.name.endswith("()") else f"{made.name}()", (made, *arguments), {}, place)


def hand_over(machine: Machine, arguments: list[Value], place: Place | None) -> None:
    """Run the functions among `arguments`, as code outside the project would: with arguments that are not known.

    A response stream that is handed over, as to `pipeline`, is written to and ended there.
    """
    for each in arguments:
        if isinstance(each, Stream):
            from .streams import piped

            piped(machine, each, place)
    functions = [each for each in arguments if isinstance(each, (Closure, Bound))]
    if not functions or len(machine.active) >= _DEEPEST_CALL:
        return
    own: Run = machine.own
    own.deferred = True

    def run(function: Value) -> Value:
        with own.aside():
            call(machine, function, UNDEFINED, [MORE], place)
        return UNDEFINED

    for function in functions:
        if len(functions) == 1:
            condition = machine.condition
            run(function)
            machine.condition = condition
        else:
            there = machine.opaque("called", machine.store.next_number())
            machine.branch(there, lambda function=function: run(function), lambda: UNDEFINED)  # type: ignore[misc]


def _call_closure(
    machine: Machine, function: Closure, this: Value, arguments: list[Value], place: Place | None
) -> Value:
    active = machine.active
    if len(active) >= _DEEPEST_CALL or active.count(function.node) >= _SAME_AT_MOST:
        machine.may_fail(place)
        return Opaque(f"{function.name or 'a function'} calls itself", place)
    if function.node.generator and not function.node.asynchronous:
        return Opaque("what a generator gives", place)
    if function.node.asynchronous:
        return catching(machine, lambda: run_body(machine, function, this, arguments, place))
    return run_body(machine, function, this, arguments, place)


def catching(machine: Machine, run: Callable[[], Value]) -> Promise:
    """Return the promise of what `run` gives; where it throws, the promise is rejected."""
    if machine.condition is FALSE:
        return Promise(UNDEFINED)
    attempt = Attempt(quiet=True)
    machine.attempts.append(attempt)
    value = run()
    machine.attempts.pop()
    exits: list[Exit] = []
    exits += [
        Exit(each.condition, Rejected(each), each.store, None) for each in attempt.failures if each.reached is not FALSE
    ]
    if machine.condition is not FALSE:
        exits.append(Exit(machine.condition, settled(machine, value), machine.store, None))
    if not exits:
        return Promise(UNDEFINED)
    return Promise(machine.merge(exits))


def settled(machine: Machine, value: Value) -> Value:
    """Return what a promise of `value` comes to: promises within are taken apart."""
    return machine.decisions.change(value, lambda leaf: leaf.value if isinstance(leaf, Promise) else leaf)


def run_body(machine: Machine, function: Closure, this: Value, arguments: list[Value], place: Place | None) -> Value:
    """Return what a function's body gives."""
    outside, decisions, own = machine.condition, machine.decisions, machine.own
    if outside is FALSE:
        return UNDEFINED
    attempt = machine.attempts[-1] if machine.attempts else machine.uncaught
    failed_before, read_before, answered_before = len(attempt.failures), len(machine.json_read), len(own.answers)
    machine.condition = TRUE
    frame = start(machine, function, this, arguments, place)
    for failure in attempt.failures[failed_before:]:
        failure.reached = decisions.both(outside, failure.reached)
    for answer in own.answers[answered_before:]:
        answer.condition = decisions.both(outside, answer.condition)
    machine.json_read[read_before:] = [decisions.both(outside, each) for each in machine.json_read[read_before:]]
    if not frame.returns:
        machine.condition = FALSE
        return UNDEFINED
    value = machine.merge(frame.returns)
    if isinstance(value, Case) and any(isinstance(leaf, HeaderValue) for leaf in leaves(value)):
        value = settle(decisions, value)
    machine.condition = decisions.both(outside, machine.condition)
    if not function.node.parts()[1].encloses:
        machine.store.records.pop(frame.scope, None)
    return value


def start(machine: Machine, function: Closure, this: Value, arguments: list[Value], place: Place | None) -> Frame:
    """Run a function's body and return its frame, which holds the returns."""
    node: js.FunctionNode = function.node
    parameters, body = node.parts()
    fields: dict[str, Value] = dict.fromkeys(body.variables, UNDEFINED)
    if not node.arrow:
        fields["this"] = this
        if function.home is not None:
            fields["%home"] = function
        if node.uses_arguments:
            known = [each for each in arguments if not isinstance(each, More)]
            rest = Opaque("arguments that are not known") if len(known) < len(arguments) else None
            fields["arguments"] = array(machine, known, place, rest)
    scope = machine.store.add(Record("scope", fields))
    machine.parents[scope] = function.scope
    caller = machine.frame
    module = _module_of(machine, function.scope)
    frame = Frame(function.source, scope, module, (), variables=scope)
    machine.frame = frame
    machine.active.append(node)
    bind_parameters(machine, parameters, arguments, this, place)
    hoist(machine, body.statements)
    machine.execute(body.statements)
    if machine.condition is not FALSE:
        frame.returns.append(Exit(machine.condition, UNDEFINED, machine.store, Spot(function.source, node)))
    machine.active.pop()
    machine.frame = caller
    return frame


def _module_of(machine: Machine, scope: int) -> int:
    while machine.parents.get(scope) is not None:
        scope = machine.parents[scope]
    return scope


# Classes


def construct(machine: Machine, kind: Value, arguments: list[Value], place: Place | None) -> Value:
    """Return `new kind(arguments)` of a leaf."""
    if isinstance(kind, (Kind, Closure)):
        record = Record("error" if _is_error(kind) else "dict", {}, place)
        record.type = kind
        made = machine.new(record)
        returned = build(machine, kind, made, arguments, place)
        return machine.decisions.change(returned, lambda leaf: leaf if isinstance(leaf, Ref) else made)
    if isinstance(kind, Bound):
        return construct(machine, kind.function, [*kind.arguments, *arguments], place)
    if isinstance(kind, External):
        from .builtins import CONSTRUCTORS

        make = CONSTRUCTORS.get(kind.name)
        if make is not None:
            return make(machine, UNDEFINED, arguments, place)
        return call_external(machine, kind.name, arguments, place)
    if isinstance(kind, MadeMethod):
        return Made(f"{kind.owner.name}.{kind.name}", tuple(arguments), {}, place)
    machine.may_fail(place)
    return Opaque("what a class that is not known makes", place)


def _is_error(kind: Value) -> bool:
    while isinstance(kind, Kind):
        if kind.base is None:
            return False
        kind = kind.base
    return isinstance(kind, External) and kind.name.endswith("Error")


def build(machine: Machine, kind: Value, made: Ref, arguments: list[Value], place: Place | None) -> Value:
    """Run the constructor of `kind` for the new object `made`; return what it returns."""
    if isinstance(kind, Closure):
        return _call_closure(machine, kind, made, arguments, place)
    if isinstance(kind, External):
        _build_external(machine, kind, made, arguments, place)
        return UNDEFINED
    if not isinstance(kind, Kind):
        machine.store.writable(made.number).rest = Opaque("what a class that is not known sets", place)
        return UNDEFINED
    constructor = machine.store.records[kind.prototype].fields.get("%constructor")
    if kind.base is None:
        _fields(machine, kind, made)
    if isinstance(constructor, Closure):
        return _call_closure(machine, constructor, made, arguments, place)
    if kind.base is not None:
        machine.each(kind.base, lambda base: build(machine, base, made, arguments, place))
        _fields(machine, kind, made)
    return UNDEFINED


def call_super(machine: Machine, arguments: list[Value], place: Place | None) -> Value:
    """Run `super(…)` in a constructor."""
    this, home = machine.read("this"), machine.read("%home")
    kind = home.home if isinstance(home, Closure) else None
    if isinstance(this, Ref) and isinstance(kind, Kind):
        if kind.base is not None:
            machine.each(kind.base, lambda base: build(machine, base, this, arguments, place))
        _fields(machine, kind, this)
    return UNDEFINED


def _build_external(machine: Machine, kind: External, made: Ref, arguments: list[Value], place: Place | None) -> None:
    record = machine.store.writable(made.number)
    if kind.name.endswith("Error"):
        record.fields["message"] = arguments[0] if arguments and not isinstance(arguments[0], More) else Const("")
        record.fields["name"] = Const("Error")
    else:
        record.rest = Opaque(f"what {kind.name} sets", place)


def _fields(machine: Machine, kind: Kind, made: Ref) -> None:
    """Set the fields that a class gives each new object."""
    members = [each for each in kind.node.members if each.kind == "value" and not each.static]
    if not members:
        return
    outside = machine.frame
    scope = machine.store.add(Record("scope", {"this": made}))
    machine.parents[scope] = kind.scope
    machine.frame = Frame(kind.source, scope, _module_of(machine, kind.scope), (), variables=scope)
    for member in members:
        value = UNDEFINED if member.value is None else machine.evaluate(member.value)
        set_leaf(machine, made, machine.evaluate(member.key), value, machine.spot(member))
    machine.frame = outside
