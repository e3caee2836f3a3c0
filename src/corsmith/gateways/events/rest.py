"""The event of a REST API's Lambda proxy integration, and the request object of its Lambda authorizers.

Source: API Gateway developer guide, "Input format of a Lambda function for proxy integration". Header names keep the
client's case; a repeated header or parameter keeps its last value in the single map and all of them in the other.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from urllib.parse import unquote

from ..address import ACCOUNT, Place, api_host, identifier
from ..asks import Event, Granted
from ..call import Call
from .parts import authorizer_context_as_text, base64_text, body_text, clock, forwarded, user_agent


def proxy(api: str, call: Call, place: Place, resource: str, path_parameters: dict[str, str]) -> Event:
    """Return the event for a method on `resource`. The body is text; `with_binary_body` replaces it."""
    event = request(api, call, place, resource, path_parameters)
    event["body"] = body_text(call)
    event["isBase64Encoded"] = False
    return event


def authorized(kind: str, granted: Granted) -> dict[str, Any]:
    """Return what an authorizer of that kind hands on: claims of a user pool, else principal and context, all as text."""
    context = authorizer_context_as_text(dict(granted.context))
    return {"claims": context} if kind == "cognito" else {"principalId": granted.principal, **context}


def with_binary_body(event: Event, body: bytes) -> Event:
    """Return `event` with `body` in base64."""
    return {**event, "body": base64_text(body), "isBase64Encoded": True}


def request(api: str, call: Call, place: Place, resource: str, path_parameters: dict[str, str]) -> Event:
    """Return what proxy and authorizer events share."""
    headers, multiple = _headers(call)
    queries = call.queries() if call.query else {}
    full_path = place.prefix + place.path
    return {
        "resource": resource,
        "path": unquote(full_path if place.custom_domain else place.path),
        "httpMethod": call.method,
        "headers": headers,
        "multiValueHeaders": multiple,
        "queryStringParameters": {name: values[-1] for name, values in queries.items()} or None,
        "multiValueQueryStringParameters": queries or None,
        "pathParameters": path_parameters or None,
        "stageVariables": None,
        "requestContext": _context(api, call, place, resource, full_path),
    }


def _headers(call: Call) -> tuple[dict[str, str], dict[str, list[str]]]:
    named = () if call.header("host") is not None else (("Host", call.host),)
    lines = (*call.request.headers, *named, *forwarded(call))
    single = dict(lines)
    if len(single) == len(lines):
        return single, {name: [value] for name, value in lines}
    multiple: dict[str, list[str]] = {}
    for name, value in lines:
        multiple.setdefault(name, []).append(value)
    return single, multiple


_NOBODY = dict.fromkeys(
    (
        "cognitoIdentityPoolId",
        "accountId",
        "cognitoIdentityId",
        "caller",
        "sourceIp",
        "principalOrgId",
        "accessKey",
        "cognitoAuthenticationType",
        "cognitoAuthenticationProvider",
        "userArn",
        "userAgent",
        "user",
    )
)


def _context(api: str, call: Call, place: Place, resource: str, full_path: str) -> dict[str, Any]:
    circumstances = call.circumstances
    return {
        **_names(api, resource),
        "httpMethod": call.method,
        "extendedRequestId": identifier(circumstances.request_id, 15) + "=",
        "requestTime": clock(circumstances.time_ms),
        "path": full_path,
        "protocol": circumstances.protocol,
        "stage": place.name,
        "domainPrefix": call.host.partition(".")[0],
        "requestTimeEpoch": circumstances.time_ms,
        "requestId": circumstances.request_id,
        "identity": {**_NOBODY, "sourceIp": circumstances.source_ip, "userAgent": user_agent(call)},
        "domainName": call.host if place.custom_domain else api_host(api),
    }


@lru_cache(maxsize=1024)
def _names(api: str, resource: str) -> dict[str, str]:
    return {
        "resourceId": identifier(resource, 6),
        "resourcePath": resource,
        "accountId": ACCOUNT,
        "deploymentId": identifier(api + "deployment", 6),
        "apiId": identifier(api),
    }
