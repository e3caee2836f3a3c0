"""NestJS on Express: controllers, and `enableCors`, which is the `cors` package in front of everything else.

Measured with @nestjs/core 12.5: every answer passes `enableCors`, 404 and exceptions too; an OPTIONS request is answered
by it with 204, and without it with 404; POST is answered with 201 unless `@HttpCode` says otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct
from tree_sitter import Node as Tree

from corsmith.api.span import Span

from ...decisions import Value
from ...machine import Machine, Spot
from ...store import Record
from ...values import NOTHING, Const, Made, MadeCall, Opaque, Place, Ref
from ...ways import Way
from ..calls import call
from ..copies import items_of
from ..objects import get
from ..promises import awaited
from ..values import UNDEFINED, Bound, Closure, Kind, Native
from . import express
from .decorators import decorators, evaluated, members, of_class
from .options import Options, texts
from .routes import join_paths

CREATE = "@nestjs/core.NestFactory.create"
_VERBS = {
    "Get": "get",
    "Post": "post",
    "Put": "put",
    "Delete": "delete",
    "Patch": "patch",
    "Options": "options",
    "Head": "head",
    "All": "all",
}
_MODULES_DEEP = 8


def ways(machine: Machine, app: Made, condition: Value, span: Span, *, lists: bool) -> list[Way] | None:
    """Return the ways out of an application behind an adapter; None where it is not built on Express."""
    adapter = app.arguments[1] if len(app.arguments) > 1 else UNDEFINED
    if isinstance(adapter, Made) and "Express" not in adapter.name:
        return None
    settings = adapter if isinstance(adapter, Ref) else app.arguments[2] if len(app.arguments) > 2 else UNDEFINED
    machine.condition = condition
    made = Made("express", (), {}, app.place)
    _cors(machine, app, settings, made)
    prefix = ""
    for each in app.calls:
        if each.method == "use":
            made.calls.append(each)
        elif each.method == "setGlobalPrefix" and each.arguments:
            prefix = (texts(machine, each.arguments[0]) or ("",))[0]
    for kind in _controllers(machine, app.arguments[0] if app.arguments else UNDEFINED, 0):
        _controller(machine, kind, prefix, made)
    made.calls.append(_call("use", (Native("not found", _not_found),), app.place))
    return express.ways(machine, made, condition, span, lists=lists, made_by="NestJS")


def _call(method: str, arguments: tuple[Value, ...], place: Place | None) -> MadeCall:
    return MadeCall(method, arguments, {}, place)


def _cors(machine: Machine, app: Made, settings: Value, made: Made) -> None:
    """`enableCors(options)`, or `cors` among the options of `create`."""
    given = Options(machine, settings, known=True, place=app.place).get("cors")
    if isinstance(given, Ref):
        made.calls.append(_call("use", (Made("cors", (given,), {}, app.place),), app.place))
    elif isinstance(given, Const) and given.value is True:
        made.calls.append(_call("use", (Made("cors", (), {}, app.place),), app.place))
    for each in app.calls:
        if each.method == "enableCors":
            made.calls.append(_call("use", (Made("cors", each.arguments, {}, each.place),), each.place))


def _not_found(machine: Machine, this: Value, arguments: list[Value], place: Place | None) -> Value:
    return _sends(machine, arguments[1], Const(404), place)


def _sends(machine: Machine, response: Value, status: Value, place: Place | None) -> Value:
    assert isinstance(response, Ref)
    machine.store.writable(response.number).fields["statusCode"] = status
    send = machine.record(response).fields["send"]
    return call(machine, send, UNDEFINED, [UNDEFINED], place)


def _controllers(machine: Machine, module: Value, deep: int) -> Iterator[Kind]:
    """Yield the controllers of a module, and of those that it imports."""
    if not isinstance(module, Kind) or deep > _MODULES_DEEP:
        return
    given = of_class(module).get("Module")
    settings = evaluated(machine, module, given[0]) if given else UNDEFINED
    if not isinstance(settings, Ref):
        return
    for name in ("controllers", "imports"):
        for each in items_of(machine, get(machine, settings, Const(name), None)) or ():
            if isinstance(each, Kind):
                if name == "controllers":
                    yield each
                else:
                    yield from _controllers(machine, each, deep + 1)


def _controller(machine: Machine, kind: Kind, prefix: str, made: Made) -> None:
    given = of_class(kind).get("Controller", [])
    base = evaluated(machine, kind, given[0]) if given else UNDEFINED
    if isinstance(base, Ref) and machine.record(base).kind == "dict":
        base = get(machine, base, Const("path"), None)
    for member, name, nodes in members(kind):
        named = dict(decorators(nodes))
        for one in texts(machine, base) or ("",):
            _route(machine, kind, name, member, named, join_paths(prefix, one), made)


def _route(
    machine: Machine, kind: Kind, name: str, member: Tree, named: dict[str, list[Tree]], base: str, made: Made
) -> None:
    for decorator, method in _VERBS.items():
        if decorator not in named:
            continue
        paths = texts(machine, evaluated(machine, kind, named[decorator][0])) if named[decorator] else ("",)
        place = Spot(kind.source, _Range(member.start_byte, member.end_byte))
        handler = _handler(machine, kind, name, member, named, "post" if method == "post" else "")
        for path in paths or ("",):
            arguments = (Const(join_paths(base, path)), handler)
            made.calls.append(_call(method, arguments, place))


class _Range(Struct, frozen=True):
    start: int
    end: int


def _handler(
    machine: Machine, kind: Kind, name: str, member: Tree, named: dict[str, list[Tree]], method: str
) -> Native:
    """Return a route's function: it runs the method, and sends what it returns, unless the method sends itself."""
    status = evaluated(machine, kind, named["HttpCode"][0]) if named.get("HttpCode") else UNDEFINED
    headers = [
        tuple(evaluated(machine, kind, each) for each in given) for key, given in named.items() if key == "Header"
    ]
    parameters = member.child_by_field_name("parameters")
    sends = [_takes_response(each) for each in (parameters.named_children if parameters is not None else ())]

    def act(machine: Machine, this: Value, arguments: list[Value], place: Place | None) -> Value:
        response = arguments[1]
        assert isinstance(response, Ref)
        for one in headers:
            if len(one) == 2:
                call(machine, machine.record(response).fields["set"], UNDEFINED, list(one), place)
        function = machine.store.records[kind.prototype].fields.get(name, NOTHING)
        instance = Record("dict", {})
        instance.type = kind
        instance.rest = Opaque("what is injected")
        given = [response if sent else Opaque("a parameter of a route", truthy=True) for sent in sends]
        if isinstance(function, (Closure, Bound)):
            awaited(machine, call(machine, function, machine.new(instance), list(given), place), place)
        code = status if status is not UNDEFINED else Const(201 if method == "post" else 200)
        if not any(sends):
            return _sends(machine, response, code, place)
        return UNDEFINED

    return Native(name, act)


def _takes_response(parameter: Tree) -> bool:
    found = [name for name, _ in decorators([child for child in parameter.named_children if child.type == "decorator"])]
    return "Res" in found or "Response" in found
