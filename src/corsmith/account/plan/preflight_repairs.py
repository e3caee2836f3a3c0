"""Repairs of a REST API's preflights: OPTIONS methods that lack, that ask for credentials, or whose MOCK fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from corsmith.account.snapshot import RestApiState
from corsmith.api.rest_api import RestMethod

from . import mock
from .call import Json, Thing
from .case import Cannot, Case, Change, find
from .rest_methods import each_method, headers_for, method_thing, preflight_headers, taking


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
        thing = taking(case, each)
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
    yield from each_method(case, lambda method, path: mock.working(method), "Let the MOCK answer")
    yield from _with_headers(case, mock.working, "Let the MOCK answer, with the CORS headers")


def take_as_text(case: Case) -> Iterator[Change | Cannot]:
    """Let the MOCK take the preflight's body as text."""
    yield from each_method(case, lambda method, path: mock.as_text(method), "Let the MOCK take its body as text")
    yield from _with_headers(case, mock.as_text, "Let the MOCK take its body as text, and answer with the CORS headers")


def _with_headers(case: Case, change: Callable[[Json], Json], title: str) -> Iterator[Change | Cannot]:
    """Yield a change after which the method answers with the CORS headers, too: alone it may bring a browser no further."""

    def both(method: Json, path: str) -> Json | Cannot:
        said = preflight_headers(case, path)
        return said if isinstance(said, Cannot) else mock.answering(change(method), said)

    yield from each_method(case, both, title)


def map_headers(case: Case) -> Iterator[Change | Cannot]:
    """Map the CORS headers in the answer to preflights."""

    def mapped(method: Json, path: str) -> Json | Cannot:
        said = preflight_headers(case, path)
        return said if isinstance(said, Cannot) else mock.answering(method, said)

    yield from each_method(case, mapped, "Map the CORS headers")


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

    yield from each_method(case, mapped, "Map Access-Control-Allow-Origin")


def _without(own: Json, name: str) -> Json:
    return {key: value for key, value in own.items() if key != name}
