"""Who and what a REST API turns away before the integration: resource policy, authorizers, validators."""

from __future__ import annotations

import json
from collections.abc import Generator

from corsmith.api.exchange import Response
from corsmith.api.front_door import Authorizer
from corsmith.api.rest_api import RestMethod

from .asks import Ask, Authorize, AuthorizerBroken, Denied, Event, Granted, Told
from .events.authorizer import arn, rest_request, rest_token
from .events.rest import authorized as authorized_context
from .identity import identity, token_fits
from .patterns import fits
from .rest_call import RestCall, media_type
from .rest_errors import (
    ACCESS_DENIED,
    AUTHORIZER_CONFIGURATION_ERROR,
    AUTHORIZER_FAILURE,
    INVALID_SIGNATURE,
    MISSING_AUTHENTICATION_TOKEN,
    UNAUTHORIZED,
    GatewayError,
)


def policy_refusal(served: RestCall) -> Response | None:
    """Return the 403 of a resource policy that refuses this call, else None."""
    if not served.api.refusals:
        return None
    verb, path = served.call.method, served.found.path
    for refusal in served.api.refusals:
        if any(fits(each, verb) for each in refusal.verbs) and any(fits(each, path) for each in refusal.paths):
            return _policy_answer(served)
    return None


def _policy_answer(served: RestCall) -> Response:
    resource = arn(served.api.name, served.call, served.found)
    body = f"User: anonymous is not authorized to perform: execute-api:Invoke on resource: {resource}"
    denied = GatewayError(
        ACCESS_DENIED.type, 403, ACCESS_DENIED.error_type, json.dumps({"Message": body}).encode(), "gateway"
    )
    return served.error(denied)


def authorized(served: RestCall, authorizer: Authorizer) -> Generator[Ask, Told, GatewayError | None]:
    """Let `authorizer` decide; return its refusal, or None when the caller passes. Raises `Undecided`."""
    shown = identity(authorizer, served.call)
    if shown is None:
        return MISSING_AUTHENTICATION_TOKEN if authorizer.kind == "iam" else UNAUTHORIZED
    if authorizer.kind == "lambda_token" and not token_fits(authorizer, shown[0]):
        return UNAUTHORIZED
    told = yield Authorize(authorizer, _event(served, authorizer, shown), shown)
    if isinstance(told, Granted):
        served.authorizer = authorized_context(authorizer.kind, told)
        return None
    if isinstance(told, Denied):
        return ACCESS_DENIED
    if isinstance(told, AuthorizerBroken):
        return AUTHORIZER_FAILURE if told.kind == "failure" else AUTHORIZER_CONFIGURATION_ERROR
    return INVALID_SIGNATURE if authorizer.kind == "iam" else UNAUTHORIZED


def _event(served: RestCall, authorizer: Authorizer, shown: tuple[str, ...]) -> Event | None:
    if authorizer.kind == "lambda_token":
        return rest_token(served.api.name, served.call, served.found, shown[0])
    if authorizer.kind == "lambda_request":
        return rest_request(served.api.name, served.call, served.found, served.resource, served.path_parameters)
    return None


def invalid(served: RestCall, method: RestMethod) -> str:
    """Return what the validator objects to: "body", the missing parameters joined by commas, or ""."""
    if not method.validates:
        return ""
    missing = tuple(name for name in method.validates if name != "body" and not _present(served, name))
    if missing:
        return ", ".join(name.partition(" ")[2] for name in missing)
    return "body" if "body" in method.validates and _body_is_bad(served) else ""


def _present(served: RestCall, required: str) -> bool:
    place, _, name = required.partition(" ")
    if place == "header":
        return served.call.header(name.lower()) is not None
    if place == "path":
        return name in served.path_parameters
    return name in served.call.queries()


def _body_is_bad(served: RestCall) -> bool:
    """A model is for JSON: its schema is not read here, so `body_invalid` says what a valid JSON text comes to."""
    if served.call.circumstances.body_invalid:
        return True
    if media_type(served.call) != "application/json":
        return False
    try:
        json.loads(served.call.request.body or b"")
    except ValueError:
        return True
    return False
