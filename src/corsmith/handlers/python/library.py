"""What functions of Python's library and of well-known packages give. All others give something unknown."""

from __future__ import annotations

import re
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from corsmith.api.origin_test import OriginTest
from corsmith.api.value import Known, OneOf, Step

from ..decisions import FALSE, TRUE, Value
from ..event import METHOD
from ..store import Record, numbered
from ..values import (
    NOTHING,
    Bound,
    Class,
    Const,
    EventPart,
    External,
    Function,
    HeaderText,
    Joined,
    LowerHeaders,
    Made,
    Method,
    Opaque,
    Origin,
    PathText,
    Pending,
    Place,
    Ref,
    SomeText,
    Tuple,
)
from .arithmetic import text_of
from .iteration import items_of
from .machine import Machine
from .operators import UNKNOWN_TEST, as_value, origin_test, truth

Arguments = list[Value]
Keywords = dict[str, Value]
Call = Callable[[Machine, Arguments, Keywords, Place | None], Value]

_PASS_THROUGH = (
    "aws_lambda_powertools.Tracer", "aws_lambda_powertools.tracing", "aws_lambda_powertools.Logger",
    "aws_lambda_powertools.logging", "aws_lambda_powertools.Metrics", "aws_lambda_powertools.metrics",
    "aws_xray_sdk", "functools.wraps", "functools.lru_cache", "functools.cache", "datadog_lambda", "newrelic",
    "sentry_sdk", "epsagon", "thundra", "lumigo_tracer", "retrying", "tenacity", "typing", "builtins.staticmethod",
    "builtins.classmethod", "builtins.property", "contextlib.contextmanager", "atexit.register", "dataclasses", "abc",
)  # fmt: skip
_QUIET = {"print", "isinstance", "hasattr", "callable", "id", "len", "repr", "type", "super"}


def pass_through(name: str) -> bool:
    """Say whether a decorator leaves what a handler returns as it is."""
    return name.startswith(_PASS_THROUGH)


def call_external(machine: Machine, name: str, arguments: Arguments, keywords: Keywords, place: Place | None) -> Value:
    """Return what calling something outside the project gives."""
    function = _FUNCTIONS.get(name)
    if function is not None:
        return function(machine, arguments, keywords, place)
    if pass_through(name) and len(arguments) == 1 and isinstance(arguments[0], (Function, Bound, Class)):
        return arguments[0]
    short = name.removeprefix("builtins.")
    if name.startswith("builtins.") and short in _QUIET:
        return Opaque(f"what {short}() gives", place)
    if not name.startswith(("logging.", "builtins.Exception")):
        machine.may_fail(place)
    made = Made(name, tuple(arguments), dict(keywords), place)
    machine.made.append(made)
    return made


# Environment


def _environ(machine: Machine, key: Value, default: Value | None, place: Place | None) -> Value:
    if not isinstance(key, Const):
        return Opaque("an environment variable whose name is not known", place)
    given = machine.environment.get(str(key.value))
    step = Step(f"environment variable {key.value}", place.span() if place is not None else None)
    if isinstance(given, Known):
        return _known(given, step)
    if isinstance(given, OneOf):
        chosen: Value = _known(given.options[-1], step) if given.options else Opaque(given.because, place)
        for number, option in enumerate(given.options[:-1]):
            chosen = machine.decisions.choose(
                machine.opaque("environment", key.value, number), _known(option, step), chosen
            )
        return chosen
    if given is not None:
        return SomeText(given.because, place)
    if default is not None:
        return default
    return SomeText(f"the environment variable {key.value} is not set in the template", place)


def _known(given: Known[str], step: Step) -> Const:
    return Const(given.value, None if given.span is None else _At(given.span), (step, *given.via))


class _At:
    """A place whose span is known."""

    __slots__ = ("_span",)

    def __init__(self, span: Any) -> None:
        self._span = span

    def span(self) -> Any:
        """Return the span."""
        return self._span


def environment_item(machine: Machine, key: Value, place: Place | None) -> Value:
    """Return `os.environ[key]`."""
    return machine.decisions.change(key, lambda leaf: _environ(machine, leaf, None, place))


def _getenv(machine: Machine, arguments: Arguments, keywords: Keywords, place: Place | None) -> Value:
    default = arguments[1] if len(arguments) > 1 else keywords.get("default", Const(None, place))
    # Without a template that sets it, and without a default in the code, nothing is known.
    explicit = len(arguments) > 1 or "default" in keywords
    return machine.each(
        arguments[0] if arguments else keywords.get("key", Opaque("a name")),
        lambda leaf: _environ(machine, leaf, default if explicit else None, place),
    )


# JSON


def _dumps(machine: Machine, arguments: Arguments, keywords: Keywords, place: Place | None) -> Value:
    machine.may_fail(place)
    return SomeText("JSON text", place)


def _loads(machine: Machine, arguments: Arguments, keywords: Keywords, place: Place | None) -> Value:
    source = arguments[0] if arguments else Opaque("a text")

    def one(leaf: Value) -> Value:
        if isinstance(leaf, Const):
            return _loaded_constant(machine, leaf, place)
        body = isinstance(leaf, EventPart) and leaf.path == ("body",)
        if body or _is_body_text(leaf):
            machine.json_read.append(machine.condition)
        machine.may_fail(place, "json.JSONDecodeError", from_input=body or _is_body_text(leaf))
        return Opaque("what the request's body holds" if body else "parsed JSON", place, parsed=True)

    return machine.each(source, one)


def _is_body_text(leaf: Value) -> bool:
    return isinstance(leaf, SomeText) and leaf.because == "the body"


def _loaded_constant(machine: Machine, leaf: Const, place: Place | None) -> Value:
    import json

    if leaf.value is None:
        machine.fail(TRUE, "builtins.TypeError", place, from_input=True)
        return Opaque("it never returns", place)
    try:
        return _from_json(machine, json.loads(leaf.value), leaf, place)
    except (ValueError, TypeError, RecursionError):
        machine.fail(TRUE, "json.JSONDecodeError", place)
        return Opaque("it never returns", place)


def _from_json(machine: Machine, value: Any, leaf: Const, place: Place | None) -> Value:
    if isinstance(value, dict):
        fields = {key: _from_json(machine, item, leaf, place) for key, item in value.items()}
        return machine.new(Record("dict", fields, place))
    if isinstance(value, list):
        return machine.new(Record("list", numbered(_from_json(machine, item, leaf, place) for item in value), place))
    return Const(value, leaf.place, leaf.via)


# Regular expressions


def _pattern_call(anchored: str) -> Call:
    def matched(machine: Machine, arguments: Arguments, keywords: Keywords, place: Place | None) -> Value:
        if len(arguments) < 2:
            return Opaque("a match", place)
        decisions = machine.decisions
        flags = bool(arguments[2:] or keywords)
        found = decisions.change_two(
            arguments[0], arguments[1], lambda pattern, text: _matches(machine, anchored, pattern, text, flags=flags)
        )
        return decisions.choose(found, Opaque("a match", place, truthy=True), Const(None, place))

    return matched


def _matches(machine: Machine, anchored: str, pattern: Value, text: Value, *, flags: bool) -> Value:
    compiled = pattern.arguments[0] if isinstance(pattern, Made) and pattern.arguments else pattern
    flags = flags or (isinstance(pattern, Made) and (len(pattern.arguments) > 1 or bool(pattern.keywords)))
    if isinstance(text, Origin):
        known = isinstance(compiled, Const) and isinstance(compiled.value, str)
        if not known or flags:
            ignoring = known and flags and _only_ignores_case(pattern)
            test = OriginTest("regex", (f"(?i:{compiled.value})",), anchored) if ignoring else UNKNOWN_TEST  # type: ignore[attr-defined]
            return origin_test(machine, text, test)
        return origin_test(machine, text, OriginTest("regex", (compiled.value,), anchored))  # type: ignore[attr-defined]
    if isinstance(text, Const) and isinstance(compiled, Const) and not flags:
        try:
            how = {"full": re.fullmatch, "start": re.match, "none": re.search}[anchored]
            return TRUE if how(compiled.value, text.value) else FALSE
        except (re.error, TypeError):
            return machine.opaque("match", compiled.value, text)
    return machine.opaque("match", pattern, text)


def _only_ignores_case(pattern: Value) -> bool:
    if not isinstance(pattern, Made) or len(pattern.arguments) != 2 or pattern.keywords:
        return False
    flag = pattern.arguments[1]
    return isinstance(flag, External) and flag.name in {"re.I", "re.IGNORECASE"}


def compiled_match(
    machine: Machine, pattern: Made, method: str, arguments: Arguments, place: Place | None
) -> Value | None:
    """Return what a method of a compiled pattern gives; None for methods that do not match."""
    anchored = {"match": "start", "fullmatch": "full", "search": "none"}.get(method)
    if anchored is None:
        return None
    return _pattern_call(anchored)(machine, [pattern, *arguments], {}, place)


# Builtins


def _dict(machine: Machine, arguments: Arguments, keywords: Keywords, place: Place | None) -> Value:
    from .expressions import update

    made = machine.new(Record("dict", {}, place))
    for argument in arguments[:1]:
        pairs = (
            items_of(machine, argument)
            if isinstance(argument, Ref) and machine.record(argument).kind != "dict"
            else None
        )
        if pairs is not None and all(isinstance(pair, Tuple) and len(pair.items) == 2 for pair in pairs):
            from .lookups import set_item

            for pair in pairs:
                set_item(machine, made, pair.items[0], pair.items[1], place)  # type: ignore[attr-defined]
        else:
            update(machine, made, argument)
    if keywords:
        update(machine, made, machine.new(Record("dict", {k: v for k, v in keywords.items() if k != "**"}, place)))
    if "**" in keywords:
        update(machine, made, keywords["**"])
    return made


def _collection(kind: str) -> Call:
    def collected(machine: Machine, arguments: Arguments, keywords: Keywords, place: Place | None) -> Value:
        if not arguments:
            return Tuple((), place) if kind == "tuple" else machine.new(Record(kind, {}, place))

        def one(leaf: Value) -> Value:
            items = items_of(machine, leaf)
            if items is not None and kind == "tuple":
                return Tuple(tuple(items), place)
            record = Record("list" if kind == "tuple" else kind, numbered(items or ()), place)
            if items is None:
                record.rest = Opaque("items that are not known", place)
            return machine.new(record)

        return machine.each(arguments[0], one)

    return collected


def _str(machine: Machine, arguments: Arguments, keywords: Keywords, place: Place | None) -> Value:
    return text_of(machine, arguments[0]) if arguments else Const("", place)


def _bool(machine: Machine, arguments: Arguments, keywords: Keywords, place: Place | None) -> Value:
    return as_value(machine, truth(machine, arguments[0])) if arguments else Const(value=False, place=place)


def _number(convert: Callable[[Any], Any]) -> Call:
    def converted(machine: Machine, arguments: Arguments, keywords: Keywords, place: Place | None) -> Value:
        def one(leaf: Value) -> Value:
            if isinstance(leaf, Const):
                try:
                    return Const(convert(leaf.value), leaf.place or place, leaf.via)
                except (ValueError, TypeError):
                    machine.fail(TRUE, "builtins.ValueError", place, from_input=True)
                    return Opaque("it never returns", place)
            if isinstance(leaf, External):
                status = _status(leaf.name)
                if status is not None:
                    return Const(status, place)
            from_request = isinstance(leaf, (SomeText, HeaderText, EventPart)) or (
                isinstance(leaf, Opaque) and leaf.parsed
            )
            request = from_request and "request" in getattr(leaf, "because", "the request")
            machine.may_fail(place, "builtins.ValueError", from_input=request)
            return Opaque("a number", place)

        return machine.each(arguments[0], one) if arguments else Const(convert(), place)  # type: ignore[call-arg]

    return converted


def _quantified(*, every: bool) -> Call:
    def quantified(machine: Machine, arguments: Arguments, keywords: Keywords, place: Place | None) -> Value:
        items = items_of(machine, arguments[0]) if arguments else None
        if items is None:
            return as_value(machine, machine.opaque("all", arguments[0] if arguments else place))
        decisions = machine.decisions
        result: Value = TRUE if every else FALSE
        for item in items:
            there = decisions.change(item, lambda leaf: FALSE if leaf is NOTHING else TRUE)
            this = truth(machine, item)
            if every:
                result = decisions.both(result, decisions.either(decisions.negate(there), this))
            else:
                result = decisions.either(result, decisions.both(there, this))
        return as_value(machine, result)

    return quantified


def _next(machine: Machine, arguments: Arguments, keywords: Keywords, place: Place | None) -> Value:
    if not arguments:
        return Opaque("what next() gives", place)
    items = items_of(machine, arguments[0])
    if items is None:
        machine.may_fail(place, "builtins.StopIteration")
        return Opaque("what next() gives", place)
    chosen: Value = NOTHING
    for item in reversed(items):
        chosen = machine.decisions.change(item, lambda leaf, rest=chosen: rest if leaf is NOTHING else leaf)  # type: ignore[misc]
    if len(arguments) > 1:
        return machine.decisions.change(chosen, lambda leaf: arguments[1] if leaf is NOTHING else leaf)
    machine.fail(
        machine.decisions.change(chosen, lambda leaf: TRUE if leaf is NOTHING else FALSE),
        "builtins.StopIteration",
        place,
    )
    return chosen


def _len(machine: Machine, arguments: Arguments, keywords: Keywords, place: Place | None) -> Value:
    def one(leaf: Value) -> Value:
        if isinstance(leaf, Const) and isinstance(leaf.value, (str, bytes)):
            return Const(len(leaf.value), place)
        items = items_of(machine, leaf) if isinstance(leaf, (Ref, Tuple)) else None
        if items is not None and not any(type(item).__name__ in {"Case", "Nothing"} for item in items):
            return Const(len(items), place)
        return Opaque("a length", place)

    return machine.each(arguments[0], one) if arguments else Opaque("a length", place)


def _isinstance(machine: Machine, arguments: Arguments, keywords: Keywords, place: Place | None) -> Value:
    if len(arguments) != 2:
        return Opaque("an isinstance test", place)
    value, kind = arguments
    return as_value(machine, machine.decisions.change_two(value, kind, lambda one, of: _is_a(machine, one, of)))


def _is_a(machine: Machine, leaf: Value, kind: Value) -> Value:
    kinds = kind.items if isinstance(kind, Tuple) else (kind,)
    names = {each.name.removeprefix("builtins.") for each in kinds if isinstance(each, External)}
    if len(names) == len(kinds) and names <= {"str", "dict", "list", "int", "bool", "float", "tuple", "set", "bytes"}:
        mine = _kind_name(machine, leaf)
        if mine is not None:
            return TRUE if names & mine else FALSE
    return machine.opaque("isinstance", leaf, *kinds)


def _kind_name(machine: Machine, leaf: Value) -> set[str] | None:
    if isinstance(leaf, Const):
        return {base.__name__ for base in type(leaf.value).__mro__}
    if isinstance(leaf, (SomeText, HeaderText, Origin, Method, PathText, Joined)):
        return {"str"}
    if isinstance(leaf, Ref):
        kind = machine.record(leaf).kind
        return {kind} if kind != "instance" else None
    if isinstance(leaf, Tuple):
        return {"tuple"}
    if isinstance(leaf, LowerHeaders) or (
        isinstance(leaf, EventPart) and leaf.path in {(), ("headers",), ("requestContext",)}
    ):
        return {"dict"}
    if isinstance(leaf, EventPart) and leaf.path == ("body",):
        return {"str"}
    return {"function"} if isinstance(leaf, Function) else None


def _copied(machine: Machine, arguments: Arguments, keywords: Keywords, place: Place | None) -> Value:
    def one(leaf: Value) -> Value:
        if not isinstance(leaf, Ref):
            return leaf
        made = machine.record(leaf).copy()
        return machine.new(made)

    return machine.each(arguments[0], one) if arguments else Opaque("a copy", place)


def _deep_copied(machine: Machine, arguments: Arguments, keywords: Keywords, place: Place | None) -> Value:
    def one(leaf: Value) -> Value:
        if not isinstance(leaf, Ref) or machine.record(leaf).kind == "instance":
            return leaf
        made = machine.record(leaf).copy()
        for key, field in made.fields.items():
            made.fields[key] = machine.decisions.change(field, one)
        return machine.new(made)

    return machine.each(arguments[0], one) if arguments else Opaque("a copy", place)


def _exit(machine: Machine, arguments: Arguments, keywords: Keywords, place: Place | None) -> Value:
    machine.fail(TRUE, "builtins.SystemExit", place)
    return Opaque("it never returns", place)


def _run_coroutine(machine: Machine, arguments: Arguments, keywords: Keywords, place: Place | None) -> Value:
    return machine.each(arguments[0], run_pending) if arguments else Opaque("a coroutine's value", place)


def run_pending(leaf: Value) -> Value:
    """Return the value that a coroutine comes to."""
    return leaf.run() if isinstance(leaf, Pending) and leaf.what == "coroutine" else Opaque("what is awaited")


def _getattr(machine: Machine, arguments: Arguments, keywords: Keywords, place: Place | None) -> Value:
    from .expressions import attribute

    if len(arguments) > 1 and isinstance(arguments[1], Const):
        name = str(arguments[1].value)
        return machine.each(arguments[0], lambda leaf: attribute(machine, leaf, name, place))
    return Opaque("an attribute whose name is not known", place)


def _ordered_copy(machine: Machine, arguments: Arguments, keywords: Keywords, place: Place | None) -> Value:
    return _collection("list")(machine, arguments[:1], {}, place)


def _wraps(machine: Machine, arguments: Arguments, keywords: Keywords, place: Place | None) -> Value:
    return External("functools.wraps()")


def _first(machine: Machine, arguments: Arguments, keywords: Keywords, place: Place | None) -> Value:
    return arguments[0] if arguments else Opaque("nothing", place)


def _request_json(machine: Machine, arguments: Arguments, keywords: Keywords, place: Place | None) -> Value:
    machine.json_read.append(machine.condition)
    return Opaque("what the request's body holds", place)


def _abort(machine: Machine, arguments: Arguments, keywords: Keywords, place: Place | None) -> Value:
    machine.fail(TRUE, "werkzeug.exceptions.HTTPException", place, Made("flask.abort", tuple(arguments), {}, place))
    return Opaque("it never returns", place)


def _status(name: str) -> int | None:
    """HTTPStatus.NOT_FOUND, HTTPStatus.NOT_FOUND.value"""
    parts = name.removeprefix("http.").split(".")
    if parts[0] == "HTTPStatus" and len(parts) > 1 and parts[1] in HTTPStatus.__members__:
        return HTTPStatus[parts[1]].value if parts[2:] in ([], ["value"]) else None
    return None


def external_value(name: str, place: Place | None) -> Value:
    """Return something outside the project by its dotted name, as a known value where it has one."""
    if name in _OF_THE_REQUEST:
        return _OF_THE_REQUEST[name]
    status = _status(name)
    return External(name) if status is None else Const(status, place)


_OF_THE_REQUEST: dict[str, Value] = {
    "flask.request.method": METHOD,
    "flask.request.headers": LowerHeaders(),
}


_FUNCTIONS: dict[str, Call] = {
    "asyncio.run": _run_coroutine,
    "builtins.all": _quantified(every=True),
    "builtins.any": _quantified(every=False),
    "builtins.bool": _bool,
    "builtins.dict": _dict,
    "builtins.exit": _exit,
    "builtins.float": _number(float),
    "builtins.frozenset": _collection("set"),
    "builtins.getattr": _getattr,
    "builtins.int": _number(int),
    "builtins.isinstance": _isinstance,
    "builtins.iter": _first,
    "builtins.len": _len,
    "builtins.list": _collection("list"),
    "builtins.next": _next,
    "builtins.quit": _exit,
    "builtins.set": _collection("set"),
    "builtins.sorted": _ordered_copy,
    "builtins.str": _str,
    "builtins.tuple": _collection("tuple"),
    "collections.OrderedDict": _dict,
    "copy.copy": _copied,
    "copy.deepcopy": _deep_copied,
    "flask.abort": _abort,
    "flask.request.get_json": _request_json,
    "functools.wraps": _wraps,
    "json.dumps": _dumps,
    "json.loads": _loads,
    "orjson.loads": _loads,
    "os._exit": _exit,
    "os.environ.get": _getenv,
    "os.getenv": _getenv,
    "re.fullmatch": _pattern_call("full"),
    "re.match": _pattern_call("start"),
    "re.search": _pattern_call("none"),
    "simplejson.dumps": _dumps,
    "simplejson.loads": _loads,
    "sys.exit": _exit,
    "typing.cast": lambda machine, arguments, keywords, place: arguments[-1] if arguments else NOTHING,
    "types.MappingProxyType": _first,
    "ujson.loads": _loads,
}
