"""The routes of a load balancer's listener: what each rule that forwards to a function serves."""

from __future__ import annotations

import pytest

from corsmith.api.alb import Alb, AlbRule, AlbTarget, Elsewhere, FixedResponse
from corsmith.api.outcome import HandlerSummary
from corsmith.api.span import Span
from corsmith.api.value import Known, Unknown, known_texts
from corsmith.project.routes import function_of, routes

HERE = Span("t.yaml", 0, 1)
TARGET = AlbTarget(Known("F"), HERE)
OTHER = AlbTarget(Known("G"), HERE)
CLOSED = FixedResponse(Known("404"), span=HERE)


def rule(priority: int, action: AlbTarget | FixedResponse = TARGET, **conditions: tuple[str, ...]) -> AlbRule:
    settings = {name: known_texts(*values) for name, values in conditions.items()}
    return AlbRule(Known(priority), action, HERE, **settings)


def listed(
    *rules: AlbRule,
    default: AlbTarget | FixedResponse | Elsewhere = CLOSED,
    serves: tuple[tuple[str, str], ...] = (),
    asked: tuple[str, ...] = (),
) -> list[tuple[str, str | None]]:
    listener = Alb("L", HERE, rules, default)
    summary = HandlerSummary((), HERE, serves=serves)
    found = routes(listener, lambda name: summary if name == "F" else None, asked)
    return [(route.label, function_of(route.declared)) for route in found]


@pytest.mark.parametrize(
    ("rules", "labels"),
    [
        ((rule(1, paths=("/shop/*",)),), ["GET /shop/1", "POST /shop/1"]),
        ((rule(1, paths=("/a?c", "/x")),), ["GET /a1c", "POST /a1c"]),
        ((rule(1, methods=("PUT", "OPTIONS")),), ["PUT /"]),
        ((rule(1, methods=("OPTIONS",)),), []),
        ((rule(1, CLOSED),), []),
        ((rule(1, CLOSED, paths=("/",)), rule(2)), ["GET /1", "POST /1"]),
        ((rule(1, CLOSED, methods=("GET",)), rule(2)), ["POST /"]),
        ((rule(2, paths=("/shop/*",)), rule(1, CLOSED)), []),
        ((rule(1, CLOSED, hosts=("b.example",)), rule(2)), ["GET /", "POST /"]),
    ],
)
def test_each_rule_has_its_routes(rules: tuple[AlbRule, ...], labels: list[str]) -> None:
    assert listed(*rules) == [(label, "F") for label in labels]


def test_the_default_action_serves_what_no_rule_takes() -> None:
    assert listed(rule(1, paths=("/",)), default=OTHER) == [
        ("GET /", "F"), ("POST /", "F"), ("GET /1", "G"), ("POST /1", "G")
    ]  # fmt: skip
    assert listed(default=Elsewhere("servers")) == []
    assert listed(default=AlbTarget(Unknown("a sign-in"), HERE)) == [("GET /", None), ("POST /", None)]


def test_a_router_tells_the_paths_and_methods_that_a_rule_lets_through() -> None:
    serves = (("GET", "/shop/{id}"), ("DELETE", "/shop/{id}"), ("OPTIONS", "/shop/{id}"), ("GET", "/other"))
    assert listed(rule(1, paths=("/shop/*",)), serves=serves) == [("GET /shop/1", "F"), ("DELETE /shop/1", "F")]
    assert listed(rule(1, paths=("/shop/*",), methods=("DELETE",)), serves=serves) == [("DELETE /shop/1", "F")]
    assert listed(rule(1, paths=("/none/*",)), serves=serves) == [("GET /none/1", "F"), ("DELETE /none/1", "F")]
    assert listed(rule(1, methods=("PUT",)), serves=serves) == [("PUT /", "F")]


def test_what_is_asked_for() -> None:
    assert listed(rule(1, paths=("/a",)), asked=("PUT",)) == [("PUT /a", "F")]
    assert listed(rule(1, methods=("GET",)), asked=("PUT",)) == []


def test_conditions_that_are_not_known_leave_the_route() -> None:
    unsure = AlbRule(Known(1), TARGET, HERE, paths=Unknown("a parameter"))
    assert listed(unsure) == [("GET /", "F"), ("POST /", "F")]
