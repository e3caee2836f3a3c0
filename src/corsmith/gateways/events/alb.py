"""The event that an Application Load Balancer sends to a Lambda function.

Source: Elastic Load Balancing user guide, "Use Lambda functions as targets of an Application Load Balancer". Header
names are in lower case, query parameters stay percent-encoded, and with multi-value headers on there is no `headers`.
"""

from __future__ import annotations

from ..address import ACCOUNT, REGION, identifier
from ..asks import Event
from ..call import Call
from .parts import base64_text, forwarded, is_plain_text


def load_balancer(name: str, call: Call, *, multi_value: bool) -> Event:
    """Return the event of the listener called `name`."""
    headers: dict[str, list[str]] = {}
    for key, value in (*call.request.headers, *forwarded(call)):
        headers.setdefault(key.lower(), []).append(value)
    headers.setdefault("host", [call.host])
    queries = _raw_queries(call.query)
    group = f"arn:aws:elasticloadbalancing:{REGION}:{ACCOUNT}:targetgroup/{identifier(name)}/{identifier(name, 16)}"
    event: Event = {
        "requestContext": {"elb": {"targetGroupArn": group}},
        "httpMethod": call.method,
        "path": call.path,
    }
    if multi_value:
        event["multiValueQueryStringParameters"] = queries
        event["multiValueHeaders"] = headers
    else:
        event["queryStringParameters"] = {key: values[-1] for key, values in queries.items()}
        event["headers"] = {key: values[-1] for key, values in headers.items()}
    body = call.request.body or b""
    plain = is_plain_text(call.header("content-type"), body)
    event["body"] = body.decode("utf-8") if plain else base64_text(body)
    event["isBase64Encoded"] = not plain
    return event


def _raw_queries(query: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for part in query.split("&") if query else ():
        name, _, value = part.partition("=")
        found.setdefault(name, []).append(value)
    return found
