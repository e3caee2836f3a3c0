"""The MOCK integration: the request template yields `{"statusCode": n}`, and n selects an integration response.

Ways to break, each a 500: no template for the content type (415 where passthrough forbids it), a template that yields no
object with a whole number, no integration response that fits, and a body that counts as binary.
"""

from __future__ import annotations

from functools import lru_cache

from corsmith.api.exchange import Response
from corsmith.api.rest_api import Mock

from .lenient_json import MalformedError, read
from .rest_call import RestCall, accepted, media_type
from .rest_errors import API_CONFIGURATION_ERROR, UNSUPPORTED_MEDIA_TYPE
from .rest_integration_response import respond, select
from .rest_templates import chosen, passed_through, rendered
from .vtl.evaluate import Rendered


def mock(served: RestCall, integration: Mock) -> Response:
    """Return the response of a MOCK. Raises `Undecided`."""
    if _counts_as_binary(served, integration):
        return served.error(API_CONFIGURATION_ERROR)
    body = (served.call.request.body or b"").decode("utf-8", "replace")
    template = chosen(integration.request_templates, media_type(served.call))
    if template is None and not passed_through(integration.request_templates, integration.passthrough.get()):
        return served.error(UNSUPPORTED_MEDIA_TYPE)
    asked = Rendered() if template is None else rendered(template, served, body)
    status = _status(body if template is None else asked.text)
    response = None if status is None else select(integration.responses, str(status))
    if response is None:
        return served.error(API_CONFIGURATION_ERROR)
    return respond(served, response, asked, "", "mock")


def _counts_as_binary(served: RestCall, integration: Mock) -> bool:
    if not served.binary_types() or not served.is_binary((media_type(served.call), accepted(served.call))):
        return False
    handling = integration.content_handling
    if handling is None or handling.get() != "CONVERT_TO_TEXT":
        return True
    on_response = any(response.content_handling is not None for response in integration.responses)
    return not on_response and not served.call.assumptions.rest_text_conversion_suffices


@lru_cache(maxsize=512)
def _status(text: str) -> int | None:
    try:
        value = read(text)
    except MalformedError:
        return None
    status = value.get("statusCode") if isinstance(value, dict) else None
    return status if isinstance(status, int) else None
