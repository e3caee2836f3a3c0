"""Repairs of a REST API's own errors: gateway responses that carry the CORS headers."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from corsmith.account.snapshot import RestApiState
from corsmith.browser import parse_origin
from corsmith.fixes.rest import error_headers

from . import mock
from .call import Json, Thing
from .case import NO_ORIGIN, Cannot, Case, Change, find

_ORIGIN = "gatewayresponse.header.access-control-allow-origin"


def gateway_responses(case: Case) -> Iterator[Change | Cannot]:
    """Give API Gateway's own errors the headers: the two defaults, and each type that is customised by itself."""
    door = case.unit.door
    assert isinstance(door, RestApiState)
    if not case.need.origins:
        yield Cannot(NO_ORIGIN)
        return
    headers = error_headers(case.need)
    if headers is None:
        yield Cannot("a gateway response says one origin, and pages of several call with credentials")
        return
    types = {"DEFAULT_4XX": None, "DEFAULT_5XX": None}
    types |= {row["responseType"]: None for row in door.gateway_responses if not row.get("defaultResponse")}
    wanted: list[tuple[Thing, Json | None]] = []
    others: list[str] = []
    for type_ in types:
        thing = gateway_thing(door, type_)
        before = find(case.unit, thing)
        had = (before or {}).get("responseParameters") or {}
        spelt = {name.lower(): name for name in had}
        said = str(had.get(spelt.get(_ORIGIN, ""), ""))
        if is_anothers(case, said):
            others.append(str(mock.unquoted(said)))
            continue
        parameters = {**had, **{spelt.get(name.lower(), name): value for name, value in headers.items()}}
        if parameters != had:
            wanted.append((thing, {"responseType": type_, **(before or {}), "responseParameters": parameters}))
    if wanted:
        yield Change("Send the CORS headers with API Gateway's own errors", tuple(wanted))
    if others:
        yield Cannot(another(others[0]))


def gateway_thing(door: RestApiState, type_: str) -> Thing:
    """Return a gateway response of a REST API."""
    return Thing(
        door.place,
        "gateway-response",
        door.id,
        (type_,),
        f"gateway response {type_} of REST API {door.name} ({door.id})",
    )


def is_anothers(case: Case, value: str) -> bool:
    """Say whether a literal is the origin of other pages: not one with the host of a page that is named."""
    text = mock.unquoted(value)
    parsed = parse_origin(text) if text is not None else None
    if parsed is None or str(parsed) != text:
        return False
    host = urlsplit(text).hostname
    return all(host != urlsplit(each).hostname for each in case.need.origins)


def another(origin: str) -> str:
    """Say why the origin of other pages is left."""
    return f"it says {origin}, which pages may need: name that origin, too, with --origin"
