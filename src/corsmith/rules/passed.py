"""An allowed cell as rules look at it: its answers, and where its front door's CORS settings stand."""

from __future__ import annotations

from corsmith.api.cell import Cell
from corsmith.api.exchange import Response, values
from corsmith.api.front_door import Stage
from corsmith.api.function_url import FunctionUrl, FunctionUrlCors
from corsmith.api.http_api import HttpApi, HttpApiCors
from corsmith.api.rest_api import Mock, RestApi, RestMethod
from corsmith.api.span import Span
from corsmith.api.value import Known
from corsmith.browser.verdict import Verdict
from corsmith.gateways import match
from corsmith.gateways.remembered import Remembered


def answer(cell: Cell) -> Response:
    """Return the response that the page reads."""
    return cell.exchanges[-1].response


def preflight_answer(cell: Cell) -> Response | None:
    """Return what the preflight was answered with, None where the call needs none."""
    first = cell.exchanges[0]
    return first.response if first.kind == "preflight" else None


def listed(response: Response, name: str) -> tuple[str, ...]:
    """Return the items of the header `name`, in lower case."""
    items = (item.strip().lower() for value in values(response.headers, name) for item in value.split(","))
    return tuple(item for item in items if item)


def remarks(cell: Cell) -> dict[str, str]:
    """Return what the browser's rules say of a call that they let pass: a code and a text each."""
    return _remarks(cell.verdict)


def _told(verdict: Verdict) -> dict[str, str]:
    return {each.code: each.text for each in verdict.advice}


_remarks = Remembered(_told, 16)
"""Several rules ask for them, one after the other."""


def settings(cell: Cell) -> HttpApiCors | FunctionUrlCors | None:
    """Return the CORS settings of a front door that answers by itself, None where it has none or they are not known."""
    front_door = cell.route.last.front_door
    if isinstance(front_door, HttpApi | FunctionUrl) and isinstance(front_door.cors, Known):
        return front_door.cors.value
    return None


def mock(cell: Cell) -> RestMethod | None:
    """Return the method of a REST API whose MOCK takes the preflight."""
    door = cell.route.last.front_door
    takes = match(door, "OPTIONS", cell.route.last.path) if isinstance(door, RestApi) else None
    return takes if isinstance(takes, RestMethod) and isinstance(takes.integration, Mock) else None


def settings_place(cell: Cell) -> Span:
    """Return where one would add to the settings of CORS: where they stand, else the front door itself."""
    front_door, own = cell.route.last.front_door, settings(cell)
    if isinstance(front_door, RestApi):
        method = mock(cell)
        return front_door.cors_span or (method.span if method is not None else front_door.span)
    return own.span if own is not None and own.span is not None else front_door.span


def stages(cell: Cell) -> tuple[Stage, ...]:
    """Return the stages of an API."""
    front_door = cell.route.last.front_door
    return front_door.stages if isinstance(front_door, HttpApi | RestApi) else ()
