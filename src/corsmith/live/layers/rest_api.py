"""Marks of REST APIs (API Gateway v1).

`x-amzn-requestid` with `x-amz-apigw-id` on every answer; `x-amzn-errortype` on those that the gateway itself makes
(measured). Error types and texts: API Gateway developer guide, "Gateway response types".
"""

from __future__ import annotations

from .clues import HIGH, LOW, MEDIUM, Clues, Mark

FRONT_DOOR = "rest_api"


def is_rest(clues: Clues) -> bool:
    """Whether a REST API answered or passed the answer on."""
    return clues.has("x-amz-apigw-id") and not clues.has("apigw-requestid")


MARKS = (
    Mark(
        lambda c: c.error_type == "UnauthorizedException",
        "authorizer",
        HIGH,
        "x-amzn-errortype UnauthorizedException: an authorizer found no valid token",
    ),
    Mark(
        lambda c: c.error_type == "AccessDeniedException",
        "authorizer",
        HIGH,
        "x-amzn-errortype AccessDeniedException: an authorizer, IAM or a resource policy refused",
    ),
    Mark(
        lambda c: c.error_type in ("AuthorizerConfigurationException", "AuthorizerFailureException"),
        "authorizer",
        HIGH,
        "x-amzn-errortype says that the authorizer itself failed",
    ),
    Mark(
        lambda c: c.error_type == "MissingAuthenticationTokenException",
        "gateway",
        HIGH,
        "x-amzn-errortype MissingAuthenticationTokenException: no such resource or method, or IAM without a signature",
    ),
    Mark(
        lambda c: c.error_type == "ForbiddenException",
        "gateway",
        HIGH,
        "x-amzn-errortype ForbiddenException: no valid API key, a WAF rule, or a wrong stage or domain",
    ),
    Mark(lambda c: c.has("x-amzn-errortype"), "gateway", HIGH, "x-amzn-errortype: the gateway made this error"),
    Mark(
        lambda c: c.status in (500, 502) and c.text == '{"message": "Internal server error"}',
        "gateway",
        HIGH,
        "API Gateway's own text for a failed integration",
    ),
    Mark(
        lambda c: c.status == 504 and c.message == "Endpoint request timed out",
        "gateway",
        HIGH,
        "API Gateway's own text for an integration that took too long",
    ),
    Mark(
        lambda c: c.status == 429 and c.message in ("Too Many Requests", "Limit Exceeded"),
        "gateway",
        HIGH,
        "API Gateway's own text for a throttled call",
    ),
    Mark(lambda c: c.has("x-amzn-trace-id"), "handler", HIGH, "x-amzn-trace-id: an integration ran"),
    Mark(
        lambda c: c.method == "OPTIONS" and 200 <= c.status < 300,
        "mock",
        MEDIUM,
        "OPTIONS without x-amzn-trace-id: a MOCK integration",
    ),
    Mark(lambda _: True, "unknown", LOW, "x-amz-apigw-id: a REST API passed this on"),
)
