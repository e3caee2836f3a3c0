"""Strangers tried: for each route whose answer may depend on who asks, pages that nobody meant to allow."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from corsmith.api.caller import Caller
from corsmith.api.cell import Cell, Route
from corsmith.api.function_url import FunctionUrl
from corsmith.api.http_api import HttpApi
from corsmith.api.outcome import HandlerSummary, Returned
from corsmith.api.rest_api import Mapped, Mock, RestMethod
from corsmith.api.span import Span
from corsmith.api.value import Known
from corsmith.rules import Admitted, strangers
from corsmith.rules.admitted import depends_on_origin
from corsmith.rules.answers import headers, leaves

from .judge import Behaviour, Judge

_ORIGIN = "access-control-allow-origin"
_CREDENTIALS = "access-control-allow-credentials"


def admitted(judge: Judge, route: Route, callers: tuple[Caller, ...], behaviour: Behaviour) -> Iterator[Admitted]:
    """Yield the calls of strangers that pass, the worst first: one that passes for anybody ends the search."""
    wildcard, credentials, varies = _settings(route, behaviour.summary)
    if not (varies or (wildcard and credentials)):
        return
    meant = tuple(dict.fromkeys(caller.origin for caller in callers))
    for caller in callers:
        for stranger in strangers(caller.origin):
            if stranger.origin in meant:
                continue
            call = replace(caller, origin=stranger.origin, credentials="include" if credentials else "same-origin")
            cell = _passing(judge, route, replace(call, headers=()), behaviour)
            if cell is None:
                continue
            yield Admitted(cell, stranger, wildcard, meant)
            if stranger.kind == "any":
                return


def _passing(judge: Judge, route: Route, caller: Caller, behaviour: Behaviour) -> Cell | None:
    for cell in judge.cells(route, caller, behaviour, ()):
        normal = cell.outcome is None or not cell.outcome.error
        if normal and cell.verdict is not None and cell.verdict.allowed:
            return cell
    return None


def _settings(route: Route, summary: HandlerSummary | None) -> tuple[tuple[Span, ...], bool, bool]:
    """Return where `*` is set, whether credentials are allowed, and whether the answer depends on the origin."""
    wildcard: list[Span] = []
    credentials = varies = False
    front_door = route.last.front_door
    if isinstance(front_door, HttpApi | FunctionUrl) and isinstance(front_door.cors, Known) and front_door.cors.value:
        cors = front_door.cors.value
        items = cors.allow_origins.value if isinstance(cors.allow_origins, Known) else ()
        for item in items:
            varies = True
            if isinstance(item, Known) and item.value in ("*", "https://*", "http://*"):
                wildcard.append(item.span or front_door.span)
        credentials = isinstance(cors.allow_credentials, Known) and cors.allow_credentials.value is True
    if isinstance(route.declared, RestMethod) and isinstance(route.declared.integration, Mock | Mapped):
        varies = varies or any(response.templates for response in route.declared.integration.responses)
    for outcome in summary.outcomes if summary is not None else ():
        if not isinstance(outcome.result, Returned) or outcome.error:
            continue
        varies = varies or bool(outcome.origins)
        wildcard += outcome.wildcard
        for name, node, _ in headers(outcome):
            if name.lower() == _ORIGIN:
                varies = varies or depends_on_origin(node)
            elif name.lower() == _CREDENTIALS:
                true = (str(leaf.value).lower() == "true" for leaf in leaves(node) if isinstance(leaf, Known))
                credentials = credentials or any(true)
    return tuple(dict.fromkeys(wildcard)), credentials, varies
