"""This project's own wrapper for Python: `@cors(Policy(...))`.

The policy's arguments are evaluated as far as they are known and judged by `lambda_cors` itself: what it refuses fails
when the module is loaded. Every response leaves with the policy's headers, written over the handler's own; preflights are
answered with 204; an exception becomes a 500 with the headers.
"""

from __future__ import annotations

import re
from typing import Any

from lambda_cors import Policy, PolicyError

from corsmith.api.origin_test import OriginTest
from corsmith.api.outcome import PreflightGuard
from corsmith.api.span import Span

from ...decisions import Rank, Value, leaves
from ...machine import Machine
from ...requests import admitted, echo_where, method_condition
from ...store import Record, numbered
from ...values import NOTHING, Const, Made, Opaque, Ref, SomeText
from ...ways import Way
from ..iteration import items_of
from .replies import Ways, reply, span_of
from .settings import plain, texts

_LISTS = ("origins", "methods", "request_headers", "response_headers")
_SAFELISTED = ("GET", "HEAD", "POST")
_SAFE_HEADERS = ("accept", "accept-language", "content-language", "content-type", "range")


def policy_of(machine: Machine, made: Made) -> Policy | PolicyError | None:
    """Return the policy, or what is wrong with it; None where its arguments are not known."""
    given = made.arguments[0] if len(made.arguments) > 1 else made.keywords.get("policy")
    if not isinstance(given, Made) or given.name.rpartition(".")[2] != "Policy" or given.arguments:
        return None
    settings: dict[str, Any] = {}
    for name, value in given.keywords.items():
        if name in _LISTS:
            items = texts(machine, value)
            if items.items is None:
                return None
            settings[name] = items.items if not isinstance(value, Const) else value.value
        else:
            settings[name] = plain(value)
            if isinstance(settings[name], Value):
                return None
    try:
        return Policy(**settings)
    except PolicyError as error:
        return error
    except TypeError:
        return None


def ways(machine: Machine, made: Made, condition: Value, span: Span, inner: list[Way]) -> list[Way] | None:
    """Return the ways out of a wrapped handler whose own ways out are `inner`."""
    if plain(made.keywords.get("owner"), "function") != "function":
        return None
    policy = policy_of(machine, made)
    if policy is None:
        return None
    return governed(machine, policy, condition, span_of(made.place, span), inner, "lambda_cors")


def governed(
    machine: Machine, policy: Policy | PolicyError, condition: Value, span: Span, inner: list[Way], made_by: str
) -> list[Way]:
    """Return the ways out under a policy, in any language; one that is refused fails when the module is loaded."""
    found = Ways(machine, made_by, span)
    if isinstance(policy, PolicyError):
        found.raises(condition, "PolicyError")
        return found.found
    decisions = machine.decisions
    found.found += preflights(machine, policy, condition, span, made_by)
    goes_on = passed(machine)
    for way in inner:
        here = decisions.both(way.condition, goes_on)
        if way.value is None:
            found.add(here, crashed(machine, policy), way.span, unusual=True)
            continue
        machine.store, kept = way.store.fork(), machine.store
        for leaf, where in decisions.parts(way.value, here):
            unusual, unnamed = way.unusual, way.unnamed_path
            answer = covered(machine, policy, leaf)
            found.add(where, answer, way.span, store=machine.store, unusual=unusual, unnamed=unnamed)
        machine.store = kept
    return found.found


def preflights(machine: Machine, policy: Policy, condition: Value, span: Span, made_by: str) -> list[Way]:
    """Return the ways out of a policy's answers to preflights."""
    decisions = machine.decisions
    asked = decisions.when(decisions.atom(Rank.OPAQUE, ("header", "access-control-request-method")))
    options, present = method_condition(machine, ("OPTIONS",)), admitted(machine, [OriginTest("any")])
    found = Ways(machine, made_by, span)
    preflight = decisions.both(decisions.both(options, present), asked)
    _preflights(found, decisions.both(condition, preflight), policy, admitted(machine, _tests(policy)))
    return found.found


def passed(machine: Machine) -> Value:
    """Return the condition that a request goes on to what is wrapped.

    OPTIONS is taken to be a preflight: what other OPTIONS get is nothing that a page reads, and would be taken for an
    answer to preflights where nothing in the code tells them apart.
    """
    return machine.decisions.negate(method_condition(machine, ("OPTIONS",)))


def crashed(machine: Machine, policy: Policy) -> Ref:
    """Return the 500 that stands for an exception."""
    return reply(machine, Const(500), {"content-type": Const("application/json"), **_headers(machine, policy)})


def covered(machine: Machine, policy: Policy, leaf: Value) -> Value:
    """Return a handler's response with the policy's headers in place of its own."""
    return _covered(machine, leaf, _headers(machine, policy))


def _tests(policy: Policy) -> list[OriginTest]:
    exact = tuple(origin for origin in policy.origins if "*" not in origin)
    patterns = tuple(_pattern(origin) for origin in policy.origins if "*" in origin and origin != "*")
    if "*" in policy.origins:
        return [OriginTest("any")]
    tests = [OriginTest("list", exact)] if exact else []
    return [*tests, OriginTest("regex", patterns, "full")] if patterns else tests


def _pattern(origin: str) -> str:
    """`https://*.example.com`: one or more labels; `http://localhost:*`: any port or none."""
    host, _, port = origin.partition("://")[2].partition(":")
    scheme = origin.partition("://")[0]
    labels = r"(?:[a-z0-9_-]+\.)+" if host.startswith("*.") else ""
    ports = r"(?::[0-9]+)?" if port == "*" else f":{port}" if port else ""
    return re.escape(scheme) + "://" + labels + re.escape(host.removeprefix("*.")) + ports


def _headers(machine: Machine, policy: Policy) -> dict[str, Value]:
    decisions = machine.decisions
    if "*" in policy.origins:
        return {name: Const(value) for name, value in policy.headers_for(None).items()}
    shown, allowed = policy.headers_for(_sample(policy)), admitted(machine, _tests(policy))
    headers: dict[str, Value] = {"Access-Control-Allow-Origin": echo_where(machine, allowed)}
    for name, value in shown.items():
        if name != "Access-Control-Allow-Origin":
            headers[name] = Const(value) if name == "Vary" else decisions.choose(allowed, Const(value), NOTHING)
    return headers


def _sample(policy: Policy) -> str:
    first = policy.origins[0]
    return first.replace("//*.", "//a.").replace(":*", ":1")


def _preflights(found: Ways, condition: Value, policy: Policy, allowed: Value) -> None:
    machine, decisions = found.machine, found.machine.decisions
    methods = None if "*" in policy.methods else frozenset((*_SAFELISTED, *policy.methods))
    names = None if "*" in policy.request_headers else frozenset((*_SAFE_HEADERS, *policy.request_headers))
    shown = policy.preflight_headers_for(_sample(policy), "GET", None)
    headers = {name: Const(value) for name, value in shown.items()}
    if "*" not in policy.origins:
        headers["Access-Control-Allow-Origin"] = echo_where(machine, allowed)  # type: ignore[assignment]
    vary: dict[str, Value] = {name: Const(value) for name, value in shown.items() if name == "Vary"}
    granted, refused = (PreflightGuard(granted, methods, names) for granted in (True, False))
    found.add(decisions.both(condition, allowed), _bare(machine, dict(headers)), preflight=granted)
    found.add(decisions.both(condition, allowed), _bare(machine, vary), preflight=refused)
    found.add(decisions.both(condition, decisions.negate(allowed)), _bare(machine, vary))


def _bare(machine: Machine, headers: dict[str, Value]) -> Ref:
    single = machine.new(Record("dict", headers))
    return machine.new(Record("dict", {"statusCode": Const(204), "headers": single, "body": Const("")}))


def _covered(machine: Machine, leaf: Value, headers: dict[str, Value]) -> Value:
    if (
        not isinstance(leaf, Ref)
        or machine.record(leaf).kind != "dict"
        or "statusCode" not in machine.record(leaf).fields
    ):
        return reply(machine, Const(200), {"content-type": Const("application/json"), **headers})
    made = machine.record(leaf).copy()
    single, listed = (made.fields.get(name, NOTHING) for name in ("headers", "multiValueHeaders"))
    # Adapters write one or the other, by the payload's version.
    as_lists = listed is not NOTHING and NOTHING in leaves(single)
    vary = SomeText("Vary with Origin among the handler's own")

    def merged(part: Value) -> Value:
        if as_lists and part is NOTHING:
            return part
        record = Record("dict", {}, made.place)
        if isinstance(part, Ref) and machine.record(part).kind == "dict":
            record = machine.record(part).copy()
            for name in [each for each in record.fields if str(each).lower().startswith("access-control-")]:
                del record.fields[name]
        elif not (isinstance(part, Const) and part.value is None) and part is not NOTHING:
            record.rest = Opaque("headers that are not known")
        own = [record.fields.pop(each) for each in [*record.fields] if str(each).lower() == "vary"]
        record.fields.update(headers)
        if own:
            record.fields["Vary"] = _with(own, headers.get("Vary")) or vary
        return machine.new(record)

    def stripped(part: Value) -> Value:
        if not isinstance(part, Ref) or machine.record(part).kind != "dict":
            return part
        record = machine.record(part).copy()
        for name in [each for each in record.fields if str(each).lower().startswith("access-control-")]:
            del record.fields[name]
        if as_lists:
            own = [record.fields.pop(each) for each in [*record.fields] if str(each).lower() == "vary"]
            lines = [line for each in own for line in items_of(machine, each) or (vary,)]
            more = {**headers, **({"Vary": _with(lines, headers.get("Vary")) or vary} if lines else {})}
            record.fields.update((name, machine.new(Record("list", numbered([value])))) for name, value in more.items())
        return machine.new(record)

    made.fields["headers"] = machine.decisions.change(single, merged)
    if listed is not NOTHING:
        made.fields["multiValueHeaders"] = machine.decisions.change(listed, stripped)
    made.fields["body"] = SomeText("the body")
    return machine.new(made)


def _with(own: list[Value], added: Value | None) -> Value | None:
    """Vary with all that each says; None where it is not known."""
    every = [*own, *([] if added is None else [added])]
    if not all(isinstance(each, Const) and isinstance(each.value, str) for each in every):
        return None
    said = [each.value for each in every if isinstance(each, Const)]
    names = {name.strip().lower(): name.strip() for line in said for name in line.split(",") if name.strip()}
    return Const("*" if "*" in names else ", ".join(names.values()))
