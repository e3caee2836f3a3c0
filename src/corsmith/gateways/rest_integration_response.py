"""Which integration response applies, and the response it makes: only mapped headers leave."""

from __future__ import annotations

import re

from corsmith.api.exchange import Headers, Response
from corsmith.api.rest_api import IntegrationResponse
from corsmith.api.value import Undecided, Unknown

from .events.parts import TRACE
from .header_values import declared_status
from .rest_call import RestCall, accepted
from .rest_errors import ids
from .rest_expressions import header_lines
from .rest_templates import rendered
from .shaped import has
from .vtl.evaluate import Rendered


def select(responses: tuple[IntegrationResponse, ...], outcome: str) -> IntegrationResponse | None:
    """Return the response whose pattern fits `outcome` (a status or an error message), else the default one.

    An empty pattern, or "default", marks the default. Raises `Undecided`.
    """
    default = None
    for response in responses:
        pattern = response.selection_pattern.get()
        if pattern in ("", "default"):
            default = default or response
        elif _fits(pattern, outcome, response):
            return response
    return default


def _fits(pattern: str, outcome: str, response: IntegrationResponse) -> bool:
    try:
        return re.fullmatch(pattern, outcome) is not None
    except re.error:
        raise Undecided(Unknown(f"the selection pattern {pattern} cannot be read", response.span)) from None


def respond(served: RestCall, response: IntegrationResponse, before: Rendered, body: str, made_by: str) -> Response:
    """Return what leaves through `response`. `before` is what the request template overrode. Raises `Undecided`."""
    yielded = _body(served, response, body)
    # A function has no response headers of its own here; another server's nobody can read.
    headers = header_lines(response.parameters, served.scope(None if made_by == "unknown" else ()))
    headers = _overridden(headers, {**before.headers, **yielded.headers})
    status = yielded.status or before.status or declared_status(response.status)
    content = () if _untyped(status, headers, served) else (("Content-Type", "application/json"),)
    text = yielded.text.encode("utf-8", "replace")
    # A trace id tells that something ran behind the API; a MOCK has none.
    traced = () if made_by == "mock" else (("X-Amzn-Trace-Id", TRACE),)
    return Response(status, (*ids(served.call), *traced, *content, *headers), text, made_by)


def _body(served: RestCall, response: IntegrationResponse, body: str) -> Rendered:
    templates = dict(response.templates)
    if not templates:
        plain = Rendered()
        plain.text = body
        return plain
    kind = accepted(served.call)
    template = templates.get(kind) or templates.get("application/json") or next(iter(templates.values()))
    return rendered(template, served, body)


def _overridden(headers: Headers, overrides: dict[str, str]) -> Headers:
    if not overrides:
        return headers
    names = {name.lower() for name in overrides}
    return tuple(pair for pair in headers if pair[0].lower() not in names) + tuple(overrides.items())


def _untyped(status: int, headers: Headers, served: RestCall) -> bool:
    if has(headers, "content-type"):
        return True
    return status == 204 and not served.call.assumptions.rest_mock_204_has_content_type
