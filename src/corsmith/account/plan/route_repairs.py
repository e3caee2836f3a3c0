"""Repairs of an HTTP API's routes: preflights that a route with an authorizer takes.

Two ways (API Gateway developer guide, "Configuring CORS for an HTTP API"): name the verbs, so that no route takes OPTIONS
and the gateway answers by its CORS settings; or give OPTIONS a route of its own without the authorizer, which the function
then has to answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from corsmith.account.snapshot import HttpApiState

from . import cors_block
from .call import Json, Thing
from .case import Cannot, Case, Change

_VERBS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD")
_NAMES = "The route key that the code sees names the verb then, not ANY."
_BY_CODE = "The function gets the preflights then, and has to answer them with a 2xx status."
_ROUTE_ARN = re.compile(r"/routes/([^/]+)$")


def repair(case: Case) -> Iterator[Change | Cannot]:
    """Yield what lets preflights past the authorizers that refuse them, the surest first."""
    door = case.unit.door
    assert isinstance(door, HttpApiState)
    routes = {id_: None for each in case.blocked if (id_ := _route_id(case, each)) is not None}
    taking = [each for each in door.routes if each["RouteId"] in routes]
    own = [each for each in taking if each["RouteKey"].startswith("OPTIONS ")]
    if own:
        freed = tuple((_thing(door, each), _open(each)) for each in own)
        yield Change("Take the authorizer off the OPTIONS route", freed, _BY_CODE)
    catching = [each for each in taking if each not in own]
    if not catching:
        return
    named = _named(door, catching)
    if named:
        yield Change("Name the verbs, so that CORS settings answer OPTIONS", named, _NAMES)
        thing = cors_block.block_thing(case)
        block = cors_block.with_methods(case, tuple(_verb(own) for _, own in named if own is not None))
        if isinstance(block, Cannot):
            yield block
        elif thing is not None:
            title = "Name the verbs, and let CORS settings answer OPTIONS for them"
            yield Change(title, (*named, (thing, block)), _NAMES)
    added = tuple(each for route in catching for each in _beside(door, route))
    if added:
        yield Change("Add OPTIONS routes without the authorizer", added, _BY_CODE)


def _named(door: HttpApiState, routes: list[Json]) -> tuple[tuple[Thing, Json | None], ...]:
    """Return a route for each verb in the place of ANY; `$default` takes every path, which no verb's route does alone."""
    have = {each["RouteKey"] for each in door.routes}
    found: list[tuple[Thing, Json | None]] = []
    for route in routes:
        method, _, path = route["RouteKey"].partition(" ")
        free = [verb for verb in _VERBS if f"{verb} {path}" not in have]
        if method != "ANY" or not free:
            return ()
        found += ((_new(door, f"{verb} {path}"), _copied(route, f"{verb} {path}")) for verb in free[1:])
        found.append((_thing(door, route), {**route, "RouteKey": f"{free[0]} {path}"}))
    return tuple(found)


def _verb(route: Json) -> str:
    return str(route["RouteKey"]).partition(" ")[0]


def _beside(door: HttpApiState, route: Json) -> Iterator[tuple[Thing, Json | None]]:
    """Yield the OPTIONS routes that take preflights from a route; `/{proxy+}` does not take the root."""
    _, _, path = route["RouteKey"].partition(" ")
    have = {each["RouteKey"] for each in door.routes}
    for each in (path,) if path else ("/{proxy+}", "/"):
        key = f"OPTIONS {each}"
        if key not in have:
            yield _new(door, key), _open(_copied(route, key))


def _copied(route: Json, key: str) -> Json:
    names = ("Target", "AuthorizationType", "AuthorizerId", "AuthorizationScopes", "ApiKeyRequired")
    return {"RouteKey": key, **{name: route[name] for name in names if route.get(name)}}


def _open(route: Json) -> Json:
    kept = {name: each for name, each in route.items() if name not in ("AuthorizerId", "AuthorizationScopes")}
    return {**kept, "AuthorizationType": "NONE"}


def _route_id(case: Case, blocked: object) -> str | None:
    at = case.at(getattr(getattr(blocked, "takes", None), "span", None))
    found = _ROUTE_ARN.search(at.arn) if at is not None else None
    return found[1] if found is not None else None


def _thing(door: HttpApiState, route: Json) -> Thing:
    label = f"route {route['RouteKey']} of HTTP API {door.name} ({door.id})"
    return Thing(door.place, "route", door.id, (route["RouteId"],), label)


def _new(door: HttpApiState, key: str) -> Thing:
    return Thing(door.place, "new-route", door.id, (key,), f"route {key} of HTTP API {door.name} ({door.id})")
