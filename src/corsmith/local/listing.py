"""The routes of a front door as people read them."""

from __future__ import annotations

from collections.abc import Iterator

from corsmith.api.alb import Alb, AlbAction, AlbRedirect, AlbTarget, FixedResponse
from corsmith.api.cloudfront import CacheBehavior, CloudFront
from corsmith.api.front_door import HttpProxy, LambdaProxy
from corsmith.api.function_url import FunctionUrl
from corsmith.api.http_api import HttpApi
from corsmith.api.model import FrontDoor
from corsmith.api.rest_api import Mapped, Mock, RestApi, RestMethod
from corsmith.api.value import Known, Text, Texts, Value

from .authorize import local_keys

KINDS = {
    "alb": "Load balancer listener",
    "cloudfront": "CloudFront distribution",
    "function_url": "Function URL",
    "http_api": "HTTP API",
    "rest_api": "REST API",
}
Row = tuple[str, str, str, str]
"""Method, path, what answers, who may call."""


def listing(front_door: FrontDoor) -> tuple[str, ...]:
    """Return a line for each route: method, path, what answers, who may call."""
    rows = list(_rows(front_door))
    widths = [max((len(row[column]) for row in rows), default=0) for column in range(3)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, (*widths, 0), strict=True)) for row in rows]
    if isinstance(front_door, RestApi) and any(_is(method.api_key_required) for method in front_door.methods):
        keys = " or ".join(sorted(local_keys(front_door)))
        lines.append(f"x-api-key: {keys or '(the template defines none)'}")
    return tuple(line.rstrip() for line in lines)


def _rows(front_door: FrontDoor) -> Iterator[Row]:
    if isinstance(front_door, HttpApi):
        return _http(front_door)
    if isinstance(front_door, RestApi):
        return ((each.verb, each.path, _integration(each.integration), _who(each)) for each in front_door.methods)
    if isinstance(front_door, FunctionUrl):
        return _url(front_door)
    return _alb(front_door) if isinstance(front_door, Alb) else _cloudfront(front_door)


def _http(api: HttpApi) -> Iterator[Row]:
    for route in api.routes:
        path = "(any)" if route.path == "$default" else route.path
        who = "" if route.authorizer is None else f"authorizer {route.authorizer.name}"
        yield route.method, path, _integration(route.integration), who
    if not isinstance(api.cors, Known) or api.cors.value is not None:
        yield "OPTIONS", "(any)", "CORS configuration", ""


def _url(url: FunctionUrl) -> Iterator[Row]:
    yield "ANY", "(any)", _text(url.function), "IAM" if _text(url.auth_type) == "AWS_IAM" else ""
    if isinstance(url.cors, Known) and url.cors.value is not None:
        yield "OPTIONS", "(any)", "Cors of the URL", ""


def _alb(listener: Alb) -> Iterator[Row]:
    for rule in listener.rules:
        yield _any(rule.methods, "ANY"), _any(rule.paths, "(any)"), _action(rule.action), ""
    yield "ANY", "(any)", _action(listener.default), ""


def _cloudfront(distribution: CloudFront) -> Iterator[Row]:
    for behavior in distribution.behaviors:
        yield _any(behavior.allowed_methods, "ANY"), _text(behavior.path_pattern), _target(behavior), ""


def _target(behavior: CacheBehavior) -> str:
    target = behavior.target
    return f"? ({behavior.elsewhere.because})" if target is None else f"{KINDS[target.kind]} {target.name}"


def _action(action: AlbAction) -> str:
    if isinstance(action, AlbTarget):
        return _text(action.function)
    if isinstance(action, FixedResponse):
        return f"fixed response {_text(action.status)}"
    return "redirect" if isinstance(action, AlbRedirect) else f"? ({action.what})"


def _integration(integration: LambdaProxy | HttpProxy | Mock | Mapped | None) -> str:
    if integration is None:
        return "(nothing)"
    if isinstance(integration, Mock):
        return "MOCK"
    return _text(integration.uri if isinstance(integration, HttpProxy) else integration.function)


def _who(method: RestMethod) -> str:
    authorizer = method.authorizer
    named = [f"authorizer {authorizer.value.name}"] if isinstance(authorizer, Known) and authorizer.value else []
    return ", ".join([*named, *(["API key"] if _is(method.api_key_required) else [])])


def _is(value: Value[bool]) -> bool:
    return isinstance(value, Known) and value.value


def _any(values: Texts | None, when_none: str) -> str:
    if values is None:
        return when_none
    return ",".join(map(_text, values.value)) if isinstance(values, Known) else "?"


def _text(value: Text) -> str:
    return str(value.value) if isinstance(value, Known) else f"? ({value.because})"
