"""What functions of Python's library and of well-known packages give. All others give something unknown."""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from ..decisions import TRUE, Value
from ..environment import getenv
from ..event import METHOD
from ..machine import Machine
from ..values import (
    NOTHING,
    Bound,
    Class,
    Const,
    External,
    Function,
    LowerHeaders,
    Made,
    Opaque,
    Pending,
    Place,
)
from .builtin_calls import (
    collection,
    copied,
    deep_copied,
    first_of,
    is_instance,
    length,
    make_bool,
    make_dict,
    make_text,
    number,
    quantified,
    status_of,
)
from .json_calls import dumps, loads
from .patterns import pattern_call

Arguments = list[Value]
Keywords = dict[str, Value]
Call = Callable[[Machine, Arguments, Keywords, Place | None], Value]

_PASS_THROUGH = (
    "aws_lambda_powertools.Tracer", "aws_lambda_powertools.tracing", "aws_lambda_powertools.Logger",
    "aws_lambda_powertools.logging", "aws_lambda_powertools.Metrics", "aws_lambda_powertools.metrics",
    "aws_lambda_powertools.utilities.idempotency", "aws_durable_execution_sdk_python",
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
    if name == "aws_embedded_metrics.metric_scope" and len(arguments) == 1 and isinstance(arguments[0], Function):
        # It brings the handler's last argument.
        return replace(arguments[0], defaults=(*arguments[0].defaults, Opaque("metrics", truthy=True)))
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
    return collection("list")(machine, arguments[:1], {}, place)


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


def external_value(name: str, place: Place | None) -> Value:
    """Return something outside the project by its dotted name, as a known value where it has one."""
    if name in _OF_THE_REQUEST:
        return _OF_THE_REQUEST[name]
    status = status_of(name)
    return External(name) if status is None else Const(status, place)


_OF_THE_REQUEST: dict[str, Value] = {
    "flask.request.method": METHOD,
    "flask.request.headers": LowerHeaders(),
}


_FUNCTIONS: dict[str, Call] = {
    "asyncio.run": _run_coroutine,
    "builtins.all": quantified(every=True),
    "builtins.any": quantified(every=False),
    "builtins.bool": make_bool,
    "builtins.dict": make_dict,
    "builtins.exit": _exit,
    "builtins.float": number(float),
    "builtins.frozenset": collection("set"),
    "builtins.getattr": _getattr,
    "builtins.int": number(int),
    "builtins.isinstance": is_instance,
    "builtins.iter": _first,
    "builtins.len": length,
    "builtins.list": collection("list"),
    "builtins.next": first_of,
    "builtins.quit": _exit,
    "builtins.set": collection("set"),
    "builtins.sorted": _ordered_copy,
    "builtins.str": make_text,
    "builtins.tuple": collection("tuple"),
    "collections.OrderedDict": make_dict,
    "copy.copy": copied,
    "copy.deepcopy": deep_copied,
    "flask.abort": _abort,
    "flask.request.get_json": _request_json,
    "functools.wraps": _wraps,
    "json.dumps": dumps,
    "json.loads": loads,
    "orjson.loads": loads,
    "os._exit": _exit,
    "os.environ.get": getenv,
    "os.getenv": getenv,
    "re.fullmatch": pattern_call("full"),
    "re.match": pattern_call("start"),
    "re.search": pattern_call("none"),
    "simplejson.dumps": dumps,
    "simplejson.loads": loads,
    "sys.exit": _exit,
    "typing.cast": lambda machine, arguments, keywords, place: arguments[-1] if arguments else NOTHING,
    "types.MappingProxyType": _first,
    "ujson.loads": loads,
}
