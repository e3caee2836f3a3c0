"""Routers: which functions a request goes through, for each method and path that the code names."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from corsmith.api.span import Span

from ...decisions import FALSE, Rank, Value, leaves
from ...event import second
from ...machine import Machine
from ...requests import method_condition
from ...store import Record, numbered
from ...values import NOTHING, Const, Opaque, Place, Ref, SomeText
from ...ways import Way

NOT_NAMED = "ANY"
"""Stands for the methods that the code does not name."""


class Registered(Struct, frozen=True):
    """What was registered: its methods (None: all), its pattern, its functions. `endpoint`: it is a route."""

    methods: tuple[str, ...] | None
    pattern: str
    functions: tuple[Value, ...]
    endpoint: bool
    place: Place | None = None

    def takes(self, method: str, path: str | None) -> bool:
        """Say whether a request of `method` for the pattern `path` goes through it; None: a path that no route has."""
        if self.methods is not None and method not in self.methods:
            return False
        return self.pattern_takes(path)

    def pattern_takes(self, path: str | None) -> bool:
        """Say whether a path goes through it."""
        pattern = self.pattern.rstrip("/") or "/"
        if pattern in {"*", "/*", "{*}"} or (not self.endpoint and pattern == "/"):
            return True
        if path is None:
            return False
        if pattern == path:
            return True
        if pattern.endswith("*"):
            return path.startswith(pattern.rstrip("*")) or path == pattern.rstrip("*").rstrip("/")
        return not self.endpoint and path.startswith(pattern + "/")


class Case(Struct, frozen=True):
    """One kind of request, and all that it goes through, in order."""

    condition: Value
    method: str
    path: str | None
    chain: tuple[Value, ...]
    missed: bool
    """No route takes it."""
    place: Place | None


def named(path: str) -> str:
    """Return a route's path as API Gateway writes it: ":id" as "{id}"."""
    parts = path.split("/")
    return "/".join("{" + part[1:].rstrip("?") + "}" if part.startswith(":") else part for part in parts)


def join_paths(base: str, path: str) -> str:
    """Return a path below another."""
    whole = base.rstrip("/") + "/" + path.lstrip("/")
    return whole.rstrip("/") or "/"


def cases(machine: Machine, registered: list[Registered], condition: Value) -> Iterator[Case]:
    """Yield the kinds of requests that the code tells apart."""
    decisions = machine.decisions
    endpoints = [each for each in registered if each.endpoint]
    paths = dict.fromkeys(each.pattern for each in endpoints if "*" not in each.pattern)
    elsewhere = condition
    for path in paths:
        at_path = decisions.when(decisions.atom(Rank.PATH, path))
        elsewhere = decisions.both(elsewhere, decisions.negate(at_path))
        yield from _at(machine, registered, decisions.both(condition, at_path), path)
    yield from _at(machine, registered, elsewhere, None)


def _at(machine: Machine, registered: list[Registered], condition: Value, path: str | None) -> Iterator[Case]:
    named_here = dict.fromkeys(
        method
        for each in registered
        if each.endpoint and each.methods is not None and each.pattern_takes(path)
        for method in each.methods
    )
    methods = tuple(dict.fromkeys([*named_here, "OPTIONS"]))
    for method in methods:
        here = machine.decisions.both(condition, method_condition(machine, (method,)))
        yield _case(registered, here, method, path)
    rest = machine.decisions.both(condition, machine.decisions.negate(method_condition(machine, methods)))
    yield _case(registered, rest, NOT_NAMED, path)


def _case(registered: list[Registered], condition: Value, method: str, path: str | None) -> Case:
    taken = [each for each in registered if each.takes(method, path)]
    chain = tuple(function for each in taken for function in each.functions)
    # Without any route the functions that see every request are the application.
    routed = any(each.endpoint for each in registered)
    missed = routed and not any(each.endpoint for each in taken)
    place = next((each.place for each in taken if each.endpoint), None)
    return Case(condition, method, path, chain, missed, place)


def reply(machine: Machine, status: Value, headers: Ref, *, lists: bool, body: Value | None = None) -> Ref:
    """Return a response. `lists`: under payload 1.0 the headers go to `multiValueHeaders`, as lists."""
    place = status.place if isinstance(status, Const) else None
    fields: dict[str, Value] = {"statusCode": status, "headers": headers, "body": body or SomeText("the body")}
    if lists:
        decisions, newer = machine.decisions, second(machine.decisions)
        record = machine.record(headers)
        several = Record("dict", {}, record.place)
        several.rest = record.rest
        for name, value in record.fields.items():
            several.fields[name] = decisions.change(
                value, lambda leaf: leaf if leaf is NOTHING else machine.new(Record("list", numbered([leaf])))
            )
        fields["headers"] = decisions.choose(newer, headers, NOTHING)
        fields["multiValueHeaders"] = decisions.choose(newer, NOTHING, machine.new(several))
    return machine.new(Record("dict", fields, place))


def span_of(machine: Machine, value: Value, otherwise: Place | None, last: Span) -> Span:
    """Return where a response is made in the code."""
    for leaf in leaves(value):
        record = machine.store.records.get(leaf.number) if isinstance(leaf, Ref) else None
        if record is not None and record.place is not None:
            return record.place.span()
    return last if otherwise is None else otherwise.span()


def way(machine: Machine, case: Case, value: Value, span: Span, made_by: str, *, caused: bool = False) -> Way | None:
    """Return the way out that answers the requests of a case; None where nothing reaches it."""
    if machine.condition is FALSE:
        return None
    unnamed = case.path is None and case.missed
    unusual = case.missed and case.method != "OPTIONS"
    return Way(
        machine.condition, value, machine.store.fork(), span, after_exception=caused, made_by=made_by,
        unusual=unusual, unnamed_path=unnamed,
    )  # fmt: skip


def unknown_headers(machine: Machine, headers: Ref, because: str) -> None:
    """Say that there may be more headers, or other ones."""
    machine.store.writable(headers.number).rest = Opaque(because)
