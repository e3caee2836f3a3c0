"""The events that Lambda authorizers are sent.

Sources: API Gateway developer guide, "Input to an API Gateway Lambda authorizer" and "Working with AWS Lambda
authorizers for HTTP APIs".
"""

from __future__ import annotations

from ..address import ACCOUNT, REGION, Place, identifier
from ..asks import Event
from ..call import Call
from .http import version_1, version_2
from .rest import request


def arn(api: str, call: Call, place: Place) -> str:
    """Return the ARN of the method or route that is called."""
    return f"arn:aws:execute-api:{REGION}:{ACCOUNT}:{identifier(api)}/{place.name}/{call.method}{place.path}"


def rest_token(api: str, call: Call, place: Place, token: str) -> Event:
    """Return the event of a TOKEN authorizer."""
    return {"type": "TOKEN", "methodArn": arn(api, call, place), "authorizationToken": token}


def rest_request(api: str, call: Call, place: Place, resource: str, path_parameters: dict[str, str]) -> Event:
    """Return the event of a REQUEST authorizer of a REST API. Maps that are empty are objects, not null."""
    event = request(api, call, place, resource, path_parameters)
    for name in ("queryStringParameters", "multiValueQueryStringParameters", "pathParameters", "stageVariables"):
        event[name] = event[name] or {}
    return {"type": "REQUEST", "methodArn": arn(api, call, place), **event}


def http_2(
    api: str, call: Call, place: Place, route_key: str, path_parameters: dict[str, str], identity: tuple[str, ...]
) -> Event:
    """Return the event of an HTTP API's authorizer under format 2.0."""
    event = version_2(api, call, place, route_key, path_parameters)
    for name in ("body", "isBase64Encoded"):
        event.pop(name, None)
    own = {"type": "REQUEST", "routeArn": arn(api, call, place), "identitySource": list(identity) or None}
    return {"version": event.pop("version"), **own, **event}


def http_1(
    api: str, call: Call, place: Place, resource: str, path_parameters: dict[str, str], identity: tuple[str, ...]
) -> Event:
    """Return the event of an HTTP API's authorizer under format 1.0."""
    event = version_1(api, call, place, resource, path_parameters)
    for name in ("body", "isBase64Encoded"):
        del event[name]
    joined = ",".join(identity) or None
    own = {"type": "REQUEST", "methodArn": arn(api, call, place), "identitySource": joined}
    return {"version": event.pop("version"), **own, "authorizationToken": joined, **event}
