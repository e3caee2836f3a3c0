"""Responses as adapters hand them to Lambda, and the ways out that lead to them."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Mapping, Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from corsmith.api.outcome import PreflightGuard
from corsmith.api.span import Span

from ...decisions import FALSE, TRUE, Rank, Value, leaves
from ...event import second
from ...machine import Failure, Machine, short_name
from ...requests import method_condition
from ...store import Record, Store, numbered
from ...values import NOTHING, Bound, Class, Const, External, Function, Made, MadeCall, Opaque, Place, Ref, SomeText
from ...ways import Way
from ..calls import start


class Route(Struct, frozen=True):
    """One route of a router: what it takes, and the function behind it."""

    methods: tuple[str, ...]
    path: str
    function: Value
    place: Place | None
    settings: Mapping[str, Value] = field(default_factory=dict)


def spans_of(*places: Place | None) -> tuple[Span, ...]:
    """Return where settings stand, of those that are written."""
    return tuple(place.span() for place in places if place is not None)


def reply(machine: Machine, status: Value, headers: Mapping[str, Value], *, lists: bool = False) -> Ref:
    """Return a response. `lists`: under payload 1.0 the headers go to `multiValueHeaders`, as lists.

    What adapters add beside status, headers and body decides nothing, and is left out.
    """
    place = status.place if isinstance(status, Const) else None
    decisions, is_second = machine.decisions, second(machine.decisions)
    single = machine.new(Record("dict", dict(headers), place))
    fields: dict[str, Value] = {"statusCode": status, "headers": single, "body": SomeText("the body")}
    if lists:
        several: dict[str, Value] = {
            name: machine.new(Record("list", numbered([value])))
            for name, value in headers.items()
            if value is not NOTHING
        }
        fields["headers"] = decisions.choose(is_second, single, NOTHING)
        fields["multiValueHeaders"] = decisions.choose(is_second, NOTHING, machine.new(Record("dict", several, place)))
    return machine.new(Record("dict", fields, place))


def open_headers(machine: Machine, response: Ref, because: str) -> Ref:
    """Say that a response may have more headers, or other ones, than those that are known."""
    fields = machine.record(response).fields
    for name in ("headers", "multiValueHeaders"):
        for leaf in leaves(fields.get(name, NOTHING)):
            if isinstance(leaf, Ref):
                machine.store.writable(leaf.number).rest = Opaque(because)
    return response


def hooks(calls: Sequence[MadeCall], names: Collection[str]) -> str:
    """Return why responses may have other headers: the code registers something that sees all of them; "" if not."""
    found = next((call.method for call in calls if call.method in names), "")
    return f"what the code registers with .{found}() sees every response, and is not followed" if found else ""


class Ways(Struct):
    """Collects the ways out that a framework makes."""

    machine: Machine
    made_by: str
    span: Span
    found: list[Way] = field(default_factory=list)
    hooked: str = ""
    """Why every response may have other headers than those that are known."""
    wildcard: tuple[Span, ...] = ()
    """Settings that say `*` and credentials, where the framework answers with the Origin itself."""

    def add(
        self,
        condition: Value,
        value: Value,
        span: Span | None = None,
        *,
        unusual: bool = False,
        unnamed: bool = False,
        preflight: PreflightGuard | None = None,
        store: Store | None = None,
    ) -> None:
        """Add a way out that returns `value`."""
        if condition is not FALSE:
            if self.hooked and isinstance(value, Ref):
                open_headers(self.machine, value, self.hooked)
            kept = store or self.machine.store.fork()
            way = Way(
                condition,
                value,
                kept,
                span or self.span,
                made_by=self.made_by,
                preflight=preflight,
                wildcard=self.wildcard,
            )
            self.found.append(replace(way, unusual=unusual or unnamed, unnamed_path=unnamed))

    def raises(self, condition: Value, what: str, span: Span | None = None) -> None:
        """Add a way out that raises."""
        if condition is not FALSE:
            store = self.machine.store.fork()
            self.found.append(Way(condition, None, store, span or self.span, what, made_by=self.made_by, unusual=True))


def route_condition(machine: Machine, route: Route) -> Value:
    """Return the condition that a request goes to `route`."""
    at_path = machine.decisions.when(machine.decisions.atom(Rank.PATH, route.path))
    return machine.decisions.both(method_condition(machine, route.methods), at_path)


class Views(Struct, frozen=True):
    """What a view does: its returns, each with condition, value, store and place, and what it raises."""

    machine: Machine
    returns: tuple[tuple[Value, Value, Store, Place | None], ...]
    failures: tuple[Failure, ...]

    def leaves(self, reached: Value) -> Iterator[tuple[Value, Value, Place | None]]:
        """Yield what the view returns where `reached` holds: leaf, condition, place. The store is as it was then."""
        machine, before = self.machine, self.machine.store
        for condition, value, store, place in self.returns:
            machine.store = store.fork()
            here = machine.decisions.both(reached, condition)
            yield from ((leaf, where, place) for leaf, where in machine.decisions.parts(value, here))
        machine.store = before


def run_view(machine: Machine, function: Value, condition: Value, request: Value | None = None) -> Views:
    """Run a view that is reached where `condition` holds, with `request` first, and arguments that are not known."""
    target = function.function if isinstance(function, Bound) else function
    if not isinstance(target, Function):
        return Views(machine, ((TRUE, Opaque("what the view returns"), machine.store, None),), ())
    arguments: list[Value] = [function.owner] if isinstance(function, Bound) else []
    arguments += [] if request is None else [request]
    parameters = [each.arg for each in (*target.code.args.posonlyargs, *target.code.args.args)][len(arguments) :]
    arguments += [Opaque(f"the parameter {name}") for name in parameters]
    named: dict[str, Value] = {each.arg: Opaque(f"the parameter {each.arg}") for each in target.code.args.kwonlyargs}
    outside, before, read = machine.condition, machine.store, len(machine.json_read)
    if takes_model(machine, target):
        machine.json_read.append(TRUE)
    uncaught, machine.uncaught.failures = machine.uncaught.failures, []
    machine.store, machine.condition = before.fork(), TRUE
    frame = start(machine, target, arguments, named, None)
    failures, machine.uncaught.failures = machine.uncaught.failures, uncaught
    machine.store, machine.condition = before, outside
    machine.json_read[read:] = [machine.decisions.both(condition, each) for each in machine.json_read[read:]]
    return Views(
        machine, tuple((way.condition, way.value, way.store, way.place) for way in frame.returns), tuple(failures)
    )


def takes_model(machine: Machine, function: Function) -> bool:
    """Say whether a parameter is a model, which frameworks fill from a JSON body."""
    node = function.code.args
    for parameter in (*node.posonlyargs, *node.args, *node.kwonlyargs):
        annotation = parameter.annotation
        if isinstance(annotation, ast.Name):
            scope: int | None = function.scope
            while scope is not None:
                kind = machine.store.records[scope].fields.get(annotation.id)
                if isinstance(kind, Class):
                    return _is_model(kind)
                scope = machine.parents.get(scope)
    return False


def _is_model(kind: Value) -> bool:
    if isinstance(kind, External):
        return kind.name in {"pydantic.BaseModel", "sqlmodel.SQLModel"}
    return isinstance(kind, Class) and any(_is_model(base) for base in kind.bases)


def raised_status(failure: Failure, names: Mapping[str, int], keyword: str, position: int) -> Value | None:
    """Return the status of an exception that stands for a response; None for any other exception."""
    name = short_name(failure.kind)
    made = failure.instance
    if not isinstance(made, Made) and not (isinstance(failure.kind, str) and name in names):
        return None
    if name not in names:
        return None
    if isinstance(made, Made) and position >= 0:
        given = made.keywords.get(keyword) or (made.arguments[position] if position < len(made.arguments) else None)
        if given is not None:
            return given
    return Const(names[name])


def span_of(place: Place | None, otherwise: Span) -> Span:
    """Return a place's span."""
    return otherwise if place is None else place.span()
