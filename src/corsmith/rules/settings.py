"""Where a CORS header of an answer was set: in the template, or in the code."""

from __future__ import annotations

from collections.abc import Iterator

from corsmith.api.function_url import FunctionUrl
from corsmith.api.http_api import HttpApi
from corsmith.api.outcome import Node
from corsmith.api.rest_api import Mock, RestApi, RestMethod
from corsmith.api.span import Span
from corsmith.api.value import Known, Text, Texts

from .answers import headers, leaves
from .blocked import Blocked

FIELDS = {
    "access-control-allow-origin": "allow_origins",
    "access-control-allow-methods": "allow_methods",
    "access-control-allow-headers": "allow_headers",
    "access-control-expose-headers": "expose_headers",
    "access-control-allow-credentials": "allow_credentials",
    "access-control-max-age": "max_age",
}
"""A CORS header's name to the setting that makes it, for front doors with CORS settings of their own."""


def set_at(blocked: Blocked, name: str) -> tuple[Span, ...]:
    """Return where the values of the header `name` in the deciding answer stand, the nearest to edit first."""
    spans: dict[Span, None] = {}
    for value in _sources(blocked, name):
        span = getattr(value, "span", None)
        if span is not None:
            spans.setdefault(span)
    return tuple(spans)


def _sources(blocked: Blocked, name: str) -> Iterator[Text | Texts | Node | object]:
    front_door = blocked.front_door
    if isinstance(front_door, HttpApi | FunctionUrl):
        cors = front_door.cors.value if isinstance(front_door.cors, Known) else None
        setting = getattr(cors, FIELDS[name]) if cors is not None else None
        if setting is not None:
            if isinstance(setting, Known) and isinstance(setting.value, tuple):
                yield from setting.value
            yield setting
    if isinstance(front_door, RestApi) and isinstance(blocked.takes, RestMethod) and blocked.at_preflight:
        integration = blocked.takes.integration
        if isinstance(integration, Mock):
            for response in integration.responses:
                for header, value in response.parameters:
                    if header.lower() == name:
                        yield value
    if blocked.outcome is not None and not (isinstance(front_door, HttpApi) and blocked.made_by == "gateway"):
        for header, node, _ in headers(blocked.outcome):
            if header.lower() == name:
                yield from leaves(node)


def cors_settings(blocked: Blocked) -> Span | None:
    """Return where the front door's CORS settings stand, None where it has none."""
    front_door = blocked.front_door
    if isinstance(front_door, RestApi):
        if isinstance(blocked.takes, RestMethod):
            return blocked.takes.span
        return front_door.cors_span
    if not isinstance(front_door, HttpApi | FunctionUrl):
        return None
    cors = front_door.cors.value if isinstance(front_door.cors, Known) else None
    return cors.span if cors is not None else None
