"""The routes of a front door as people read them."""

from __future__ import annotations

from collections.abc import Iterator

from corsmith.api.front_door import HttpProxy, LambdaProxy
from corsmith.api.function_url import FunctionUrl
from corsmith.api.http_api import HttpApi
from corsmith.api.model import FrontDoor
from corsmith.api.rest_api import Mapped, Mock, RestApi, RestMethod
from corsmith.api.value import Known, Text, Value

from .authorize import local_keys

KINDS = {"http_api": "HTTP API", "rest_api": "REST API", "function_url": "Function URL"}


def listing(front_door: FrontDoor) -> tuple[str, ...]:
    """Return a line for each route: method, path, what answers, who may call."""
    rows = list(_rows(front_door))
    widths = [max(len(row[column]) for row in rows) for column in range(3)] if rows else [0, 0, 0]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, (*widths, 0), strict=True)) for row in rows]
    if isinstance(front_door, RestApi) and any(_is(method.api_key_required) for method in front_door.methods):
        lines.append(f"x-api-key: {' or '.join(sorted(local_keys(front_door))) or '(no key is defined)'}")
    return tuple(line.rstrip() for line in lines)


def _rows(front_door: FrontDoor) -> Iterator[tuple[str, str, str, str]]:
    if isinstance(front_door, HttpApi):
        for route in front_door.routes:
            path = "(any)" if route.path == "$default" else route.path
            who = "" if route.authorizer is None else f"authorizer {route.authorizer.name}"
            yield route.method, path, _integration(route.integration), who
        if not isinstance(front_door.cors, Known) or front_door.cors.value is not None:
            yield "OPTIONS", "(any)", "CORS configuration", ""
    elif isinstance(front_door, RestApi):
        for method in front_door.methods:
            yield method.verb, method.path, _integration(method.integration), _who(method)
    else:
        yield from _url(front_door)


def _url(front_door: FunctionUrl) -> Iterator[tuple[str, str, str, str]]:
    who = "IAM" if _text(front_door.auth_type) == "AWS_IAM" else ""
    yield "ANY", "(any)", _text(front_door.function), who
    if isinstance(front_door.cors, Known) and front_door.cors.value is not None:
        yield "OPTIONS", "(any)", "Cors of the URL", ""


def _integration(integration: LambdaProxy | HttpProxy | Mock | Mapped | None) -> str:
    if integration is None:
        return "(nothing)"
    if isinstance(integration, Mock):
        return "MOCK"
    if isinstance(integration, HttpProxy):
        return _text(integration.uri)
    return _text(integration.function)


def _who(method: RestMethod) -> str:
    authorizer = method.authorizer
    named = [f"authorizer {authorizer.value.name}"] if isinstance(authorizer, Known) and authorizer.value else []
    return ", ".join([*named, *(["API key"] if _is(method.api_key_required) else [])])


def _is(value: Value[bool]) -> bool:
    return isinstance(value, Known) and value.value


def _text(value: Text) -> str:
    return str(value.value) if isinstance(value, Known) else f"? ({value.because})"
