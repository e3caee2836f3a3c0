"""The events of payload formats 2.0 and 1.0 that HTTP APIs send, and the 2.0 event of a Function URL.

Sources: API Gateway developer guide, "Create AWS Lambda proxy integrations for HTTP APIs"; Lambda developer guide,
"Invoking Lambda function URLs". In 2.0 header names are in lower case, repeated values are joined by commas, and what
is empty has no key at all.
"""

from __future__ import annotations

from typing import Any

from ..address import ACCOUNT, Place, api_host, identifier
from ..asks import Event, Granted
from ..call import Call
from .parts import base64_text, body_text, clock, forwarded, is_plain_text, user_agent
from .rest import request as rest_request


def version_2(api: str, call: Call, place: Place, route_key: str, path_parameters: dict[str, str]) -> Event:
    """Return the event of an HTTP API's route, without an authorizer's context."""
    host = call.host if place.custom_domain else api_host(api)
    context = {"accountId": ACCOUNT, "apiId": identifier(api), "domainName": host}
    event = _version_2(call, call.path, call.path, route_key, place.name, context)
    # The Cookie header moves to `cookies`.
    event["headers"].pop("cookie", None)
    if path_parameters:
        event["pathParameters"] = path_parameters
    return event


def function_url(name: str, host: str, call: Call) -> Event:
    """Return the event of the Function URL called `name`.

    `requestContext.http.path` drops a trailing slash that `rawPath` keeps, and Cookie stays among the headers (both
    reported: aws/aws-lambda-web-adapter#121 for the latter).
    """
    short = call.path.rstrip("/") or "/"
    context = {"accountId": "anonymous", "apiId": identifier(name, 32), "domainName": host}
    return _version_2(call, call.path, short, "$default", "$default", context)


def _version_2(call: Call, raw_path: str, path: str, route_key: str, stage: str, context: dict[str, Any]) -> Event:
    circumstances = call.circumstances
    headers = call.headers()
    headers.setdefault("host", call.host)
    for name, value in forwarded(call):
        headers[name.lower()] = value
    event: Event = {
        "version": "2.0",
        "routeKey": route_key,
        "rawPath": raw_path,
        "rawQueryString": call.query,
        "headers": headers,
        "requestContext": {
            **context,
            "domainPrefix": context["domainName"].partition(".")[0],
            "http": {
                "method": call.method,
                "path": path,
                "protocol": circumstances.protocol,
                "sourceIp": circumstances.source_ip,
                "userAgent": user_agent(call),
            },
            "requestId": circumstances.request_id,
            "routeKey": route_key,
            "stage": stage,
            "time": clock(circumstances.time_ms),
            "timeEpoch": circumstances.time_ms,
        },
        "isBase64Encoded": False,
    }
    if call.query:
        event["queryStringParameters"] = {name: ",".join(values) for name, values in call.queries().items()}
    cookie = call.header("cookie")
    if cookie is not None:
        event["cookies"] = [each.strip() for each in cookie.split(";")]
    body = call.request.body
    if body:
        plain = is_plain_text(call.header("content-type"), body)
        event["body"] = body.decode("utf-8") if plain else base64_text(body)
        event["isBase64Encoded"] = not plain
    return event


def authorized_2(event: Event, kind: str, granted: Granted) -> Event:
    """Return `event` with what an authorizer of that kind hands on: under `lambda`, `jwt` or `iam`."""
    key = {"jwt": "jwt", "iam": "iam"}.get(kind, "lambda")
    return {**event, "requestContext": {**event["requestContext"], "authorizer": {key: _handed_on(kind, granted)}}}


def authorized_1(event: Event, kind: str, granted: Granted) -> Event:
    """Return `event`, of format 1.0, with what an authorizer of that kind hands on."""
    return {**event, "requestContext": {**event["requestContext"], "authorizer": _handed_on(kind, granted)}}


def _handed_on(kind: str, granted: Granted) -> dict[str, Any]:
    content = dict(granted.context)
    return {"claims": content, "scopes": None} if kind == "jwt" else content


def version_1(api: str, call: Call, place: Place, resource: str, path_parameters: dict[str, str]) -> Event:
    """Return the event under payload format 1.0: a REST API's event with a version, `path` with its stage."""
    event = rest_request(api, call, place, resource, path_parameters)
    event["path"] = event["requestContext"]["path"]
    body = call.request.body or b""
    plain = is_plain_text(call.header("content-type"), body)
    event["body"] = body_text(call) if plain else base64_text(body)
    event["isBase64Encoded"] = not plain
    return {"version": "1.0", **event}
