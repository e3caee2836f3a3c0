"""Repairs of headers that a REST API's mappings make: wrong values, misspelt names, literals without quotes."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from corsmith.account.snapshot import RestApiState
from corsmith.rules.rest_unquoted_cors_value import is_expression
from corsmith.rules.spelling import header_meant

from . import mock
from .call import Json, Thing
from .case import NARROWED, NO_ORIGIN, Cannot, Case, Change
from .cors_block import asked_headers
from .gateway_response_repairs import another, gateway_thing, is_anothers
from .rest_methods import NOT_A_MOCK, SEVERAL, each_method, method_thing

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
        others = tuple(_others(case, method)) if mock.ORIGIN in edits else ()
        return Cannot(another(others[0])) if others else _with_values(method, edits)

    narrows = case.rule == "wildcard-with-credentials"
    yield from each_method(case, edited, "Change what the mapping answers", NARROWED if narrows else "")


def _others(case: Case, method: Json) -> Iterator[str]:
    """Yield the origins that a method answers to pages of which nothing is said: they may be somebody's."""
    for response in ((method.get("methodIntegration") or {}).get("integrationResponses") or {}).values():
        for name, value in (response.get("responseParameters") or {}).items():
            if name.lower() == (mock.HEADER + mock.ORIGIN).lower() and is_anothers(case, value):
                yield str(mock.unquoted(value))


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
        return Cannot(SEVERAL if need.credentials else "a mapping says one origin, and several pages call")
    return {mock.ORIGIN: lambda text: need.origins[0]}


def _names_for_wildcards(case: Case) -> dict[str, Edit] | Cannot:
    need = case.need
    if len(need.origins) > 1:
        return Cannot(SEVERAL)
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

    yield from each_method(case, renamed, "Spell the header's name as browsers look for it")


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
            wanted.append((gateway_thing(door, row["responseType"]), {**row, "responseParameters": parameters}))
    if wanted:
        yield Change("Put the values into single quotes", tuple(wanted))


def _quoted(name: str, value: str) -> str:
    cors = name.rpartition(".")[2].lower().startswith("access-control-")
    return value if not cors or is_expression(value) else mock.quoted(value)
