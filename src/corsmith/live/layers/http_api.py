"""Marks of HTTP APIs (API Gateway v2).

`apigw-requestid` on every answer, and no `x-amzn-requestid` unless what is behind sent one (measured). The texts are
documented: API Gateway developer guide, "Routes for HTTP APIs", "Lambda authorizers", "JWT authorizers".
"""

from __future__ import annotations

from .clues import HIGH, MEDIUM, Clues, Mark

FRONT_DOOR = "http_api"
_ALLOW_ORIGIN = "access-control-allow-origin"


def is_http(clues: Clues) -> bool:
    """Whether an HTTP API answered or passed the answer on."""
    return clues.has("apigw-requestid")


MARKS = (
    Mark(
        lambda c: c.has("x-amz-apigw-id") or c.has("x-amzn-errortype"),
        "handler",
        MEDIUM,
        "apigw-requestid with x-amz-apigw-id: an HTTP API in front of another AWS service",
    ),
    Mark(
        lambda c: c.status == 401 and c.get("www-authenticate").startswith("Bearer") and c.message == "Unauthorized",
        "authorizer",
        HIGH,
        "401 with www-authenticate: Bearer is how a JWT authorizer refuses",
    ),
    Mark(
        lambda c: (c.status, c.text) == (401, '{"message":"Unauthorized"}'),
        "authorizer",
        HIGH,
        "an HTTP API's own text where an authorizer finds no valid token",
    ),
    Mark(
        lambda c: (c.status, c.text) == (403, '{"message":"Forbidden"}'),
        "authorizer",
        HIGH,
        "an HTTP API's own text where an authorizer refuses",
    ),
    Mark(
        lambda c: (c.status, c.text) == (404, '{"message":"Not Found"}'),
        "gateway",
        HIGH,
        "an HTTP API's own text where no route takes the method and path",
    ),
    Mark(
        lambda c: (c.status, c.text) == (500, '{"message":"Internal Server Error"}'),
        "gateway",
        HIGH,
        "an HTTP API's own text where the function failed or may not be invoked",
    ),
    Mark(
        lambda c: (c.status, c.text) == (503, '{"message":"Service Unavailable"}'),
        "gateway",
        HIGH,
        "an HTTP API's own text after 30 s, or where the function is throttled",
    ),
    Mark(
        lambda c: c.status == 429 and c.message in ("Too Many Requests", "Limit Exceeded"),
        "gateway",
        HIGH,
        "an HTTP API's own text for a throttled call",
    ),
    Mark(
        lambda c: c.status == 413 and c.message in ("Request Entity Too Large", "Payload Too Large"),
        "gateway",
        MEDIUM,
        "an HTTP API's own text for more than 10 MB",
    ),
    Mark(
        lambda c: c.preflight and c.status == 204 and c.has(_ALLOW_ORIGIN) and not c.has("content-type"),
        "gateway",
        MEDIUM,
        "204 with CORS headers and no content type: the HTTP API's CORS configuration answered",
    ),
    Mark(
        lambda c: c.preflight and c.status == 204 and not c.has("content-type"),
        "gateway",
        MEDIUM,
        "204 without CORS headers: the HTTP API has a CORS configuration, and this call is not in it",
    ),
    Mark(lambda _: True, "handler", MEDIUM, "apigw-requestid, and none of the HTTP API's own answers"),
)
