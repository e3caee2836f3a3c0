"""The methods of a REST API that a repair changes, and the headers that they are to answer with."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from corsmith.account.snapshot import RestApiState
from corsmith.api.rest_api import RestApi, RestMethod
from corsmith.api.wanted import Wanted
from corsmith.gateways import match
from corsmith.rules import Blocked

from . import mock
from .call import Json, Thing
from .case import NO_ORIGIN, Cannot, Case, Change, find

SEVERAL = "a MOCK says one origin, and pages of several call with credentials: let the function answer OPTIONS"
NOT_A_MOCK = "what answers is no MOCK: its headers are in the code, or at another server"
_VERBS = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")
_METHOD_ARN = re.compile(r"/resources/([^/]+)/methods/([^/]+)$")


def method_thing(door: RestApiState, resource: str, verb: str) -> Thing:
    """Return a method of a REST API. `resource` is the resource's id."""
    path = next((str(each.get("path")) for each in door.resources if each["id"] == resource), resource)
    return Thing(door.place, "method", door.id, (resource, verb), f"{verb} {path} of REST API {door.name} ({door.id})")


def preflight_headers(case: Case, path: str) -> dict[str, str] | Cannot:
    """Return the headers that answer a preflight on a path for all that pages need of the API."""
    door = case.unit.door
    assert isinstance(door, RestApiState)
    return headers_for(case.need, methods_on(door, path))


def headers_for(need: Wanted, methods: tuple[str, ...]) -> dict[str, str] | Cannot:
    """Return the headers that answer preflights for `methods`."""
    origins = need.origins
    if not origins:
        return Cannot(NO_ORIGIN)
    if len(origins) > 1 and need.credentials:
        return Cannot(SEVERAL)
    said = {mock.ORIGIN: origins[0] if len(origins) == 1 else "*", mock.METHODS: ",".join(methods)}
    if need.headers:
        said[mock.HEADERS] = ",".join(need.headers)
    if need.credentials:
        said[mock.CREDENTIALS] = "true"
    if any("'" in value for value in said.values()):
        return Cannot("a value holds a single quote, which ends a literal")
    return said


def methods_on(door: RestApiState, path: str) -> tuple[str, ...]:
    """Return the verbs that a path takes, OPTIONS among them."""
    verbs: set[str] = set()
    for each in door.resources:
        if each.get("path") == path:
            verbs |= set(each.get("resourceMethods") or {})
    found = set(_VERBS) if "ANY" in verbs else verbs | {"OPTIONS"}
    return tuple(sorted(found))


def unfinished(door: RestApiState) -> Iterator[tuple[Json, Json]]:
    """Yield resource and method of each OPTIONS that has no integration: while one is there, nothing can be deployed."""
    for resource in door.resources:
        method = (resource.get("resourceMethods") or {}).get("OPTIONS")
        if method is not None and not method.get("methodIntegration"):
            yield resource, method


def each_method(
    case: Case, change: Callable[[Json, str], Json | Cannot], title: str, note: str = ""
) -> Iterator[Change | Cannot]:
    """Yield a change of every method that gave a deciding answer."""
    wanted: dict[Thing, Json | None] = {}
    for each in case.blocked:
        thing = taking(case, each)
        if thing is None or thing in wanted:
            continue
        before = find(case.unit, thing)
        if before is None or not before.get("methodIntegration"):
            continue
        path = (
            each.takes.path
            if isinstance(each.takes, RestMethod) and each.at_preflight
            else each.cell.route.last.declared.path
        )
        now = change(before, path)
        if isinstance(now, Cannot):
            yield now
            return
        if now != before:
            wanted[thing] = now
    if wanted:
        yield Change(title, tuple(wanted.items()), note)
    else:
        yield Cannot(NOT_A_MOCK)


def taking(case: Case, blocked: Blocked) -> Thing | None:
    """Return the method that gave the deciding answer."""
    door, front_door = case.unit.door, blocked.front_door
    if not isinstance(door, RestApiState) or not isinstance(front_door, RestApi):
        return None
    declared = blocked.takes if blocked.at_preflight else blocked.cell.route.last.declared
    if blocked.at_preflight and declared is None:
        declared = match(front_door, "OPTIONS", blocked.cell.route.last.path)
    at = case.at(declared.span) if isinstance(declared, RestMethod) else None
    found = _METHOD_ARN.search(at.arn) if at is not None else None
    return method_thing(door, found[1], found[2]) if found is not None else None
