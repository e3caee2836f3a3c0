"""The Lambda proxy integration of a REST API: what the function returns becomes the response, or a 502.

Measured: an unhandled exception and a malformed result are 502, a missing invoke permission and a throttled function
500, an integration over its limit 504. Some header names are renamed on the way out.
"""

from __future__ import annotations

from collections.abc import Generator

from corsmith.api.exchange import Headers, Response
from corsmith.api.front_door import LambdaProxy
from corsmith.api.value import Known, Undecided

from .asks import Ask, Invoke, Payload, Slow, Streamed, Throttled, Told, Unread
from .events.parts import TRACE
from .limits import limit
from .payload_1_0 import Reading, shape
from .rest_call import RestCall, accepted
from .rest_errors import API_CONFIGURATION_ERROR, INTEGRATION_TIMEOUT, LAMBDA_REFUSED, MALFORMED, ids
from .shaped import Shaped
from .streamed import collected, with_prelude

_REMAPPED = frozenset(("connection", "content-length", "date", "server", "www-authenticate"))
_DROPPED = frozenset(("transfer-encoding",))
_SPECIAL = _REMAPPED | _DROPPED
_AS_TEXT, _DECODED = Reading(strict=True, binary=False), Reading(strict=True, binary=True)


def proxied(served: RestCall, integration: LambdaProxy) -> Generator[Ask, Told, Response]:
    """Return the response of a Lambda proxy integration. Raises `Undecided`."""
    if served.call.circumstances.not_permitted or not integration.permitted.get():
        return served.error(API_CONFIGURATION_ERROR)
    streams = integration.streams.get()
    function = integration.function
    name, unknown = (function.value, None) if isinstance(function, Known) else ("", function)
    told = yield Invoke(name, served.event(), limit(integration.timeout_ms, 29_000), streams, unknown=unknown)
    if isinstance(told, Unread):
        raise Undecided(told.why)
    if isinstance(told, Slow):
        return served.error(INTEGRATION_TIMEOUT)
    if isinstance(told, Throttled):
        return served.error(LAMBDA_REFUSED)
    shaped = _shaped(served, told if streams else collected(told))
    if shaped is None:
        return served.error(MALFORMED)
    own = (*ids(served.call), ("X-Amzn-Trace-Id", TRACE))
    return Response(shaped.status, own + _leaving(shaped.headers), shaped.body, "handler")


def _shaped(served: RestCall, told: Told) -> Shaped | None:
    if isinstance(told, Streamed):
        return with_prelude(told, lambda: served.call.assumptions.rest_header_values == "refused")
    if not isinstance(told, Payload):
        return None
    binary = isinstance(told.value, dict) and told.value.get("isBase64Encoded") is True
    decodes = binary and served.is_binary((accepted(served.call),))
    return shape(told.value, _DECODED if decodes else _AS_TEXT, served.call)


def _leaving(headers: Headers) -> Headers:
    if _SPECIAL.isdisjoint([name.lower() for name, _ in headers]):
        return headers
    return tuple(
        (f"x-amzn-Remapped-{name}" if name.lower() in _REMAPPED else name, value)
        for name, value in headers
        if name.lower() not in _DROPPED
    )
