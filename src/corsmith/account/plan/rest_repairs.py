"""Repairs of REST APIs: OPTIONS methods and their MOCKs, headers that a mapping makes, gateway responses."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from corsmith.account.snapshot import RestApiState
from corsmith.api.rest_api import RestApi, RestMethod
from corsmith.api.wanted import Wanted
from corsmith.fixes.rest import error_headers
from corsmith.gateways import match
from corsmith.rules import Blocked
from corsmith.rules.rest_unquoted_cors_value import is_expression
from corsmith.rules.spelling import header_meant

from . import mock
from .call import Json, Thing
from .case import NO_ORIGIN, Cannot, Case, Change, find
from .cors_block import asked_headers

_VERBS = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")
_METHOD_ARN = re.compile(r"/resources/([^/]+)/methods/([^/]+)$")
_SEVERAL = "a MOCK says one origin, and pages of several call with credentials: let the function answer OPTIONS"
NOT_A_MOCK = "what answers is no MOCK: its headers are in the code, or at another server"


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
        return Cannot(_SEVERAL)
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


def add_options(case: Case) -> Iterator[Change | Cannot]:
    """Make the OPTIONS methods that the blocked calls lack."""
    yield from _options_on(case, tuple(dict.fromkeys(each.cell.route.last.declared.path for each in case.blocked)))


def _options_on(case: Case, paths: tuple[str, ...]) -> Iterator[Change | Cannot]:
    door = case.unit.door
    assert isinstance(door, RestApiState)
    wanted: list[tuple[Thing, Json | None]] = []
    for path in paths:
        said = preflight_headers(case, path)
        if isinstance(said, Cannot):
            yield said
            return
        lacking = (
            each["id"]
            for each in door.resources
            if each.get("path") == path and "OPTIONS" not in (each.get("resourceMethods") or {})
        )
        wanted += ((method_thing(door, id_, "OPTIONS"), mock.made(said)) for id_ in lacking)
    if wanted:
        yield Change("Add OPTIONS methods that answer preflights", tuple(wanted))


def free_options(case: Case) -> Iterator[Change | Cannot]:
    """Take the authorizer and the API key off OPTIONS; where ANY takes it, give it a method of its own."""
    own: dict[Thing, Json] = {}
    by_any: dict[str, None] = {}
    for each in case.blocked:
        thing = _taking(case, each)
        if thing is None or not isinstance(each.takes, RestMethod):
            continue
        if thing.part[1] == "ANY":
            by_any[each.takes.path] = None
        else:
            before = find(case.unit, thing) or {}
            own[thing] = _free(before)
    changed = {thing: now for thing, now in own.items() if now != find(case.unit, thing)}
    if own and not changed and not by_any:
        yield Cannot("a resource policy refuses the preflight: who may call is for a person to decide")
    if changed:
        yield Change("Let preflights pass without the authorizer and the API key", tuple(changed.items()))
        yield from _with_headers(case, _free, "Let preflights pass, and answer them with the CORS headers")
    if by_any:
        yield from _options_on(case, tuple(by_any))


def _free(method: Json) -> Json:
    return {**_without(method, "authorizerId"), "authorizationType": "NONE", "apiKeyRequired": False}


def mend_mock(case: Case) -> Iterator[Change | Cannot]:
    """Let the MOCK yield a status that it has a response for."""
    yield from _each_method(case, lambda method, path: mock.working(method), "Let the MOCK answer")
    yield from _with_headers(case, mock.working, "Let the MOCK answer, with the CORS headers")


def take_as_text(case: Case) -> Iterator[Change | Cannot]:
    """Let the MOCK take the preflight's body as text."""
    yield from _each_method(case, lambda method, path: mock.as_text(method), "Let the MOCK take its body as text")
    yield from _with_headers(case, mock.as_text, "Let the MOCK take its body as text, and answer with the CORS headers")


def _with_headers(case: Case, change: Callable[[Json], Json], title: str) -> Iterator[Change | Cannot]:
    """Yield a change after which the method answers with the CORS headers, too: alone it may bring a browser no further."""

    def both(method: Json, path: str) -> Json | Cannot:
        said = preflight_headers(case, path)
        return said if isinstance(said, Cannot) else mock.answering(change(method), said)

    yield from _each_method(case, both, title)


def map_headers(case: Case) -> Iterator[Change | Cannot]:
    """Map the CORS headers in the answer to preflights."""

    def mapped(method: Json, path: str) -> Json | Cannot:
        said = preflight_headers(case, path)
        return said if isinstance(said, Cannot) else mock.answering(method, said)

    yield from _each_method(case, mapped, "Map the CORS headers")


def map_origin(case: Case) -> Iterator[Change | Cannot]:
    """Map Access-Control-Allow-Origin in the answers of methods without proxy integration."""
    said = headers_for(case.need, ())
    if isinstance(said, Cannot):
        yield said
        return
    shared = {name: said[name] for name in (mock.ORIGIN, mock.CREDENTIALS) if name in said}

    def mapped(method: Json, path: str) -> Json | Cannot:
        del path
        if not (method["methodIntegration"].get("integrationResponses") or {}):
            return Cannot("the integration has no response that could carry the header: what it answers is not known")
        return mock.answering_always(method, shared)

    yield from _each_method(case, mapped, "Map Access-Control-Allow-Origin")


Edit = Callable[[str], str]


def edit_header(case: Case) -> Iterator[Change | Cannot]:
    """Change the value of the header that the browser refuses, where a mapping makes it."""
    edits = _value_edits(case)
    if isinstance(edits, Cannot):
        yield edits
        return

    def edited(method: Json, path: str) -> Json | Cannot:
        del path
        if "PROXY" in str((method.get("methodIntegration") or {}).get("type")):
            return Cannot(NOT_A_MOCK)
        return _with_values(method, edits)

    yield from _each_method(case, edited, "Change what the mapping answers")


def _value_edits(case: Case) -> dict[str, Edit] | Cannot:
    need, rule = case.need, case.rule
    if rule == "allow-headers-missing-header":
        return {mock.HEADERS: lambda text: _joined(text, asked_headers(case))}
    if rule == "allow-headers-wildcard-authorization":
        return {mock.HEADERS: lambda text: _joined(text, ("authorization",))}
    if rule == "allow-methods-missing":
        return {
            mock.METHODS: lambda text: _joined(
                text, tuple(dict.fromkeys(each.cell.caller.method for each in case.blocked))
            )
        }
    if rule == "origin-trailing-slash":
        return {mock.ORIGIN: lambda text: text.rstrip("/")}
    if not need.origins:
        return Cannot(NO_ORIGIN)
    if rule == "credentials-header-missing" and len(need.origins) == 1:
        return {mock.CREDENTIALS: lambda text: "true"}
    if rule == "wildcard-with-credentials":
        return _names_for_wildcards(case)
    if len(need.origins) > 1:
        return Cannot(_SEVERAL if need.credentials else "a mapping says one origin, and several pages call")
    return {mock.ORIGIN: lambda text: need.origins[0]}


def _names_for_wildcards(case: Case) -> dict[str, Edit] | Cannot:
    need = case.need
    if len(need.origins) > 1:
        return Cannot(_SEVERAL)
    names = {mock.ORIGIN: need.origins[0], mock.METHODS: ",".join(need.methods), mock.HEADERS: ",".join(need.headers)}
    return {name: _for_wildcard(own) for name, own in names.items() if own}


def _for_wildcard(names: str) -> Edit:
    return lambda text: names if "*" in text else text


def _joined(text: str, more: tuple[str, ...]) -> str:
    have = [part.strip() for part in text.split(",") if part.strip()]
    lower = {part.lower() for part in have}
    return ",".join((*have, *(each for each in more if each.lower() not in lower)))


def _with_values(method: Json, edits: dict[str, Edit]) -> Json:
    now = method
    for status, response in ((method.get("methodIntegration") or {}).get("integrationResponses") or {}).items():
        mapped = response.get("responseParameters") or {}
        own = {name.removeprefix(mock.HEADER).lower(): value for name, value in mapped.items()}
        if mock.ORIGIN.lower() not in own:
            continue
        for name, edit in edits.items():
            was = mock.unquoted(str(own.get(name.lower(), "''")))
            if was is not None and edit(was) != was:
                now = mock.with_headers(now, status, {name: edit(was)})
    return now


def rename_headers(case: Case) -> Iterator[Change | Cannot]:
    """Spell the header's name as browsers look for it."""

    def renamed(method: Json, path: str) -> Json | Cannot:
        del path
        names = {
            name: mock.HEADER + proper
            for response in ((method.get("methodIntegration") or {}).get("integrationResponses") or {}).values()
            for name in response.get("responseParameters") or {}
            if (proper := header_meant(name.removeprefix(mock.HEADER))) is not None
        }
        return mock.renamed(method, names) if names else Cannot(NOT_A_MOCK)

    yield from _each_method(case, renamed, "Spell the header's name as browsers look for it")


def quote_values(case: Case) -> Iterator[Change | Cannot]:
    """Put the values that are neither literals nor expressions into single quotes."""
    door = case.unit.door
    assert isinstance(door, RestApiState)
    wanted: list[tuple[Thing, Json | None]] = []
    for resource in door.resources:
        for verb, method in (resource.get("resourceMethods") or {}).items():
            now = mock.mapped_values(method, _quoted)
            if now != method:
                wanted.append((method_thing(door, resource["id"], verb), now))
    for row in door.gateway_responses:
        parameters = {name: _quoted(name, value) for name, value in (row.get("responseParameters") or {}).items()}
        if parameters != (row.get("responseParameters") or {}):
            wanted.append((_gateway_thing(door, row["responseType"]), {**row, "responseParameters": parameters}))
    if wanted:
        yield Change("Put the values into single quotes", tuple(wanted))


def _quoted(name: str, value: str) -> str:
    cors = name.rpartition(".")[2].lower().startswith("access-control-")
    return value if not cors or is_expression(value) else mock.quoted(value)


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
    for type_ in types:
        thing = _gateway_thing(door, type_)
        before = find(case.unit, thing)
        had = (before or {}).get("responseParameters") or {}
        spelt = {name.lower(): name for name in had}
        parameters = {**had, **{spelt.get(name.lower(), name): value for name, value in headers.items()}}
        if parameters != had:
            wanted.append((thing, {"responseType": type_, **(before or {}), "responseParameters": parameters}))
    if wanted:
        yield Change("Send the CORS headers with API Gateway's own errors", tuple(wanted))


def _gateway_thing(door: RestApiState, type_: str) -> Thing:
    return Thing(
        door.place,
        "gateway-response",
        door.id,
        (type_,),
        f"gateway response {type_} of REST API {door.name} ({door.id})",
    )


def _each_method(case: Case, change: Callable[[Json, str], Json | Cannot], title: str) -> Iterator[Change | Cannot]:
    """Yield a change of every method that gave a deciding answer."""
    wanted: dict[Thing, Json | None] = {}
    for each in case.blocked:
        thing = _taking(case, each)
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
        yield Change(title, tuple(wanted.items()))
    else:
        yield Cannot(NOT_A_MOCK)


def _taking(case: Case, blocked: Blocked) -> Thing | None:
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


def _without(own: Json, name: str) -> Json:
    return {key: value for key, value in own.items() if key != name}
