"""Events as API Gateway sends them."""

from __future__ import annotations

from typing import Any


def event(
    method: str = "GET",
    path: str = "/items",
    headers: dict[str, str] | None = None,
    body: str | None = None,
    payload: str = "2.0",
    query: dict[str, str] | None = None,
) -> dict[str, Any]:
    """Return an event as an HTTP API sends it, in payload format 1.0 or 2.0."""
    sent = {"host": "abc.example.com", "user-agent": "test", **(headers or {})}
    if payload == "1.0":
        return {
            "resource": path,
            "path": path,
            "httpMethod": method,
            "headers": sent,
            "multiValueHeaders": {name: [value] for name, value in sent.items()},
            "queryStringParameters": query,
            "multiValueQueryStringParameters": query and {name: [value] for name, value in query.items()},
            "pathParameters": {"id": "1"},
            "stageVariables": None,
            "requestContext": {
                "httpMethod": method,
                "path": path,
                "resourcePath": path,
                "stage": "Prod",
                "requestId": "1",
            },
            "body": body,
            "isBase64Encoded": False,
        }
    made: dict[str, Any] = {
        "version": "2.0",
        "routeKey": f"{method} {path}",
        "rawPath": path,
        "rawQueryString": "",
        "headers": {name.lower(): value for name, value in sent.items()},
        "pathParameters": {"id": "1"},
        "requestContext": {
            "http": {"method": method, "path": path, "sourceIp": "1.2.3.4", "protocol": "HTTP/1.1"},
            "routeKey": f"{method} {path}",
            "stage": "$default",
            "requestId": "1",
            "domainName": "abc.example.com",
        },
        "isBase64Encoded": False,
    }
    if body is not None:
        made["body"] = body
    if query is not None:
        made["queryStringParameters"] = query
    return made


def is_idle(sent: dict[str, Any]) -> bool:
    """Say whether an event is OPTIONS without an Origin, which no page sends: under lambda-cors it is not followed."""
    method = sent.get("httpMethod") or sent["requestContext"]["http"]["method"]
    return method == "OPTIONS" and "origin" not in sent["headers"]
