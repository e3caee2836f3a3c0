"""Non-proxy integrations: the backend's own headers stay behind, only what the project maps leaves.

A Lambda function's success takes the default integration response; its error is matched against the patterns by its
message (API Gateway developer guide, "Set up an integration response using the API Gateway console").
"""

from __future__ import annotations

import json
from collections.abc import Generator

from corsmith.api.exchange import Response
from corsmith.api.rest_api import IntegrationResponse, Mapped
from corsmith.api.value import Known, Undecided, Unknown

from .asks import (
    Ask,
    Event,
    Failed,
    Invoke,
    Payload,
    RawPayload,
    Slow,
    Streamed,
    Throttled,
    TimedOut,
    Told,
    Unread,
)
from .limits import limit
from .rest_call import RestCall, media_type
from .rest_errors import (
    API_CONFIGURATION_ERROR,
    INTEGRATION_TIMEOUT,
    LAMBDA_REFUSED,
    UNSUPPORTED_MEDIA_TYPE,
)
from .rest_integration_response import respond, select
from .rest_templates import chosen, passed_through, rendered
from .vtl.evaluate import Rendered

_TIMED_OUT = "2026-01-01T00:00:00.000Z Task timed out after 3.00 seconds"
_EXITED = "RequestId: 0 Process exited before completing request"


def mapped(served: RestCall, integration: Mapped) -> Generator[Ask, Told, Response]:
    """Return the response of a non-proxy integration. Raises `Undecided`."""
    template = chosen(integration.request_templates, media_type(served.call))
    if template is None and not passed_through(integration.request_templates, integration.passthrough.get()):
        return served.error(UNSUPPORTED_MEDIA_TYPE)
    if not isinstance(integration.function, Known):
        return _concluded(served, integration, Unread(Unknown(integration.function.because, integration.span)))
    if served.call.circumstances.not_permitted:
        return served.error(API_CONFIGURATION_ERROR)
    body = (served.call.request.body or b"").decode("utf-8", "replace")
    text = body if template is None else rendered(template, served, body).text
    told = yield Invoke(integration.function.value, _event(text), limit(integration.timeout_ms, 29_000))
    return _concluded(served, integration, told)


def _event(text: str) -> Event:
    try:
        value = json.loads(text or "{}")
    except ValueError:
        value = {}
    return value if isinstance(value, dict) else {"body": value}


def _concluded(served: RestCall, integration: Mapped, told: Told) -> Response:
    if isinstance(told, Slow):
        return served.error(INTEGRATION_TIMEOUT)
    if isinstance(told, Throttled):
        return served.error(LAMBDA_REFUSED)
    response = _selected(integration, told)
    if response is None:
        return served.error(API_CONFIGURATION_ERROR)
    return respond(served, response, Rendered(), _body(told), "unknown" if isinstance(told, Unread) else "gateway")


def _selected(integration: Mapped, told: Told) -> IntegrationResponse | None:
    responses = integration.responses
    if isinstance(told, Unread):
        # Another AWS service, or an HTTP server: the patterns are for the status of its answer.
        return select(responses, "200")
    if isinstance(told, TimedOut):
        return select(responses, _TIMED_OUT)
    if not isinstance(told, Failed):
        # Success has no message: an expression that admits the empty text would not be a pattern for errors.
        return select(tuple(each for each in responses if each.selection_pattern.get() in ("", "default")), "")
    if told.message is not None:
        return select(responses, told.message)
    if told.kind == "exit":
        return select(responses, _EXITED)
    return _for_any_message(responses)


def _for_any_message(responses: tuple[IntegrationResponse, ...]) -> IntegrationResponse | None:
    """Return the response to an error whose message is not known, where all messages come to the same headers."""
    candidates = {response.parameters: response for response in reversed(responses)}
    if len(candidates) > 1:
        raise Undecided(Unknown("which integration response applies depends on the error's message"))
    return next(iter(candidates.values()), None)


def _body(told: Told) -> str:
    if isinstance(told, Payload):
        return json.dumps(told.value)
    if isinstance(told, Failed):
        return json.dumps({"errorMessage": told.message, "errorType": told.kind})
    return told.body.decode("utf-8", "replace") if isinstance(told, RawPayload | Streamed) else ""
