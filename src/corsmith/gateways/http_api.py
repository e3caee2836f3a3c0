"""What leaves an HTTP API.

Theory of operation: the address names a stage; the stage's routes are searched; an authorizer may refuse; the function
runs and its result is shaped by the payload format. The CORS configuration then lies over whatever came out, the
gateway's own errors included. A preflight that no route takes is answered by the gateway alone.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable
from typing import Any

from corsmith.api.exchange import Headers, Response
from corsmith.api.front_door import Authorizer, HttpProxy, LambdaProxy
from corsmith.api.http_api import HttpApi, HttpApiCors, HttpRoute
from corsmith.api.value import Known, OneOf, Undecided, Unknown

from .address import Place, locate
from .asks import (
    Answered,
    Ask,
    Authorize,
    Denied,
    Event,
    Granted,
    Invoke,
    Payload,
    Slow,
    Throttled,
    Told,
    Unauthorized,
    Unread,
)
from .call import Call
from .events import authorizer as authorizer_events
from .events import http as events
from .http_cors import configured, overlaid
from .identity import identity
from .limits import limit
from .payload_1_0 import Reading
from .payload_1_0 import shape as shape_1_0
from .payload_2_0 import shape as shape_2_0
from .remembered import Remembered
from .routing import PathTable, parameters, segments
from .shaped import Shaped
from .streamed import collected

_ERRORS = {
    401: b'{"message":"Unauthorized"}',
    403: b'{"message":"Forbidden"}',
    404: b'{"message":"Not Found"}',
    413: b'{"message":"Request Entity Too Large"}',
    429: b'{"message":"Too Many Requests"}',
    500: b'{"message":"Internal Server Error"}',
    503: b'{"message":"Service Unavailable"}',
    504: b'{"message":"Gateway Timeout"}',
}
_LARGEST_BODY = 10_485_760
_DEFAULT_TYPE = "text/plain; charset=utf-8"


def _table(api: HttpApi) -> tuple[PathTable[HttpRoute], HttpRoute | None]:
    """Return the routes by their paths, and the one that takes what no path takes."""
    named: Iterable[HttpRoute] = (route for route in api.routes if route.path != "$default")
    default = next((route for route in api.routes if route.path == "$default"), None)
    return PathTable((route.method, route.path, route) for route in named), default


_tables = Remembered(_table)


def match(api: HttpApi, method: str, path: str) -> HttpRoute | None:
    """Return the route that takes `method` on `path`: exact, then greedy, then `$default`."""
    table, default = _tables(api)
    found = table.find(method, segments(path))
    return default if found is None else found


def answer(api: HttpApi, call: Call) -> Generator[Ask, Told, Answered]:
    """Return the response of `api`. Raises `Undecided`."""
    place = locate(api.stages, call)
    if call.circumstances.client_certificate_missing:
        return call.answered(_error(403, call))
    if place is None:
        # No stage, no configuration: nothing could add CORS headers.
        return call.answered(_error(404, call))
    cors = api.cors.get()
    route = match(api, call.method, place.path)
    if place.stage.throttled.get() or call.circumstances.throttled:
        return _own(429, cors, call)
    if len(call.request.body or b"") > _LARGEST_BODY:
        return _own(413, cors, call)
    if route is None:
        return _unrouted(api, place, cors, call)
    return (yield from _routed(api, route, place, cors, call))


def _unrouted(api: HttpApi, place: Place, cors: HttpApiCors | None, call: Call) -> Answered:
    if cors is None or call.method != "OPTIONS":
        return _own(404, cors, call)
    if not call.is_preflight():
        return _bare_options(call)
    known = _tables(api)[0].knows(segments(place.path))
    if not known and call.assumptions.http_preflight_of_missing_path == "not-found":
        return _own(404, cors, call)
    return _preflight(cors, call)


def _preflight(cors: HttpApiCors, call: Call) -> Answered:
    headers = configured(cors, call)
    if not headers and call.assumptions.http_preflight_of_other_origin == "forbidden":
        return call.answered(_error(403, call))
    status = call.assumptions.http_preflight_status
    return call.answered(Response(status, _ids(call) + headers, b"", "gateway"))


def _bare_options(call: Call) -> Answered:
    return call.answered(Response(call.assumptions.http_bare_options_status, _ids(call), b"", "gateway"))


def _routed(
    api: HttpApi, route: HttpRoute, place: Place, cors: HttpApiCors | None, call: Call
) -> Generator[Ask, Told, Answered]:
    granted = None
    if route.authorizer is not None:
        decision = yield from _authorize(api, route, route.authorizer, place, call)
        if isinstance(decision, Response):
            lines = () if cors is None else configured(cors, call)
            carried = lines if lines and call.assumptions.http_refusals_carry_cors else ()
            return call.answered(_with(decision, carried))
        granted = decision
    elif cors is not None and call.is_preflight():
        who = call.assumptions.http_options_route
        if who == "gateway":
            return _preflight(cors, call)
        cors = None if who == "bypassed" else cors
    return (yield from _integrated(api, route, place, granted, cors, call))


def _authorize(
    api: HttpApi, route: HttpRoute, authorizer: Authorizer, place: Place, call: Call
) -> Generator[Ask, Told, Granted | Response]:
    shown = identity(authorizer, call)
    if shown is None:
        return _refusal(authorizer, "Bearer", call)
    event = None
    if authorizer.kind.startswith("lambda"):
        event = _authorizer_event(api, route, authorizer, place, call, shown)
    told = yield Authorize(authorizer, event, shown)
    if isinstance(told, Granted):
        return told
    if isinstance(told, Denied):
        return _error(403, call, "authorizer")
    if isinstance(told, Unauthorized):
        return _refusal(authorizer, 'Bearer scope="" error="invalid_token"', call)
    return _error(500, call, "authorizer")


def _refusal(authorizer: Authorizer, challenge: str, call: Call) -> Response:
    refused = _error(403 if authorizer.kind == "iam" else 401, call, "authorizer")
    if authorizer.kind != "jwt":
        return refused
    return _with(refused, (("www-authenticate", challenge),))


def _authorizer_event(
    api: HttpApi, route: HttpRoute, authorizer: Authorizer, place: Place, call: Call, shown: tuple[str, ...]
) -> Event:
    found = parameters(route.path, segments(place.path))
    if authorizer.payload_format.get() == "2.0":
        return authorizer_events.http_2(api.name, call, place, route_key(route), found, shown)
    return authorizer_events.http_1(api.name, call, place, route.path, found, shown)


def route_key(route: HttpRoute) -> str:
    """Return the route key as AWS writes it: `GET /items/{id}` or `$default`."""
    return route.path if route.path == "$default" else f"{route.method} {route.path}"


def _integrated(
    api: HttpApi, route: HttpRoute, place: Place, granted: Granted | None, cors: HttpApiCors | None, call: Call
) -> Generator[Ask, Told, Answered]:
    integration = route.integration
    if integration is None:
        raise Undecided(Unknown(f"what {route_key(route)} calls cannot be read", route.span))
    if isinstance(integration, HttpProxy):
        why = Unknown("another HTTP server answers, and no template tells what", integration.span)
        return _unread(why, cors, call)
    if call.circumstances.not_permitted or not integration.permitted.get():
        return _own(500, cors, call)
    function = integration.function
    if not isinstance(function, Known):
        return _unread(function, cors, call)
    event = _event(api, route, integration, place, granted, call)
    told = yield Invoke(function.value, event, limit(integration.timeout_ms, 30_000))
    return _concluded(told, integration, cors, call)


def _event(
    api: HttpApi, route: HttpRoute, integration: LambdaProxy, place: Place, granted: Granted | None, call: Call
) -> Event:
    found = parameters(route.path, segments(place.path))
    first = integration.payload_format.get() == "1.0"
    if first:
        event = events.version_1(api.name, call, place, route.path, found)
    else:
        event = events.version_2(api.name, call, place, route_key(route), found)
    if granted is None or route.authorizer is None:
        return event
    authorized = events.authorized_1 if first else events.authorized_2
    return authorized(event, route.authorizer.kind, granted)


def _concluded(told: Told, integration: LambdaProxy, cors: HttpApiCors | None, call: Call) -> Answered:
    if isinstance(told, Unread):
        return _unread(told.why, cors, call)
    if isinstance(told, Slow | Throttled):
        return _own(503, cors, call)
    shaped = _shaped(told, integration, call)
    if shaped is None:
        return _own(500, cors, call)
    headers = tuple((name.lower(), value) for name, value in shaped.headers)
    return _laid_over(Response(shaped.status, headers + _ids(call), shaped.body, "handler"), cors, call)


def _shaped(told: Told, integration: LambdaProxy, call: Call) -> Shaped | None:
    told = collected(told)
    if not isinstance(told, Payload):
        return None
    if integration.payload_format.get() == "1.0":
        return shape_1_0(told.value, Reading(strict=False, binary=True), call)
    return shape_2_0(told.value, _DEFAULT_TYPE, lambda: call.assumptions.http_header_values == "refused")


def _unread(why: Unknown | OneOf[Any], cors: HttpApiCors | None, call: Call) -> Answered:
    """Answer for a backend that nobody can read: with CORS configured, only a preflight's status depends on it."""
    if cors is None or call.method == "OPTIONS":
        raise Undecided(why)
    return _laid_over(Response(200, _ids(call), b"", "unknown"), cors, call)


def _own(status: int, cors: HttpApiCors | None, call: Call) -> Answered:
    """Answer with an error of the gateway's own."""
    lines = () if cors is None else configured(cors, call)
    carried = lines if lines and call.assumptions.http_errors_carry_cors else ()
    return call.answered(_with(_error(status, call), carried))


def _with(response: Response, lines: Headers) -> Response:
    return Response(response.status, response.headers + lines, response.body, response.made_by)


def _laid_over(response: Response, cors: HttpApiCors | None, call: Call) -> Answered:
    if cors is None:
        return call.answered(response)
    headers = overlaid(response.headers, cors, call)
    return call.answered(Response(response.status, headers, response.body, response.made_by))


def _error(status: int, call: Call, made_by: str = "gateway") -> Response:
    headers = (("content-type", "application/json"), *_ids(call))
    return Response(status, headers, _ERRORS[status], made_by)


def _ids(call: Call) -> Headers:
    return (("apigw-requestid", call.circumstances.request_id[:15] + "="),)
