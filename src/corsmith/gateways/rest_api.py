"""What leaves a REST API.

Theory of operation: the address names a stage, a web ACL and the throttle may refuse, the resource tree is searched,
then come resource policy, authorizer, API key and validator, and at last the integration. Whatever API Gateway refuses
or breaks itself becomes a gateway response; nothing adds CORS headers but what the project maps, and the function.
"""

from __future__ import annotations

from collections.abc import Generator

from corsmith.api.exchange import Response
from corsmith.api.front_door import LambdaProxy
from corsmith.api.rest_api import GatewayResponse, Mapped, Mock, RestApi, RestMethod
from corsmith.api.value import Undecided, Unknown

from .address import Place, locate
from .asks import Answered, Ask, Told
from .call import Call
from .remembered import Remembered
from .rest_call import RestCall
from .rest_errors import (
    BAD_REQUEST_BODY,
    BAD_REQUEST_PARAMETERS,
    INVALID_API_KEY,
    MISSING_AUTHENTICATION_TOKEN,
    QUOTA_EXCEEDED,
    REQUEST_TOO_LARGE,
    THROTTLED,
    WAF_FILTERED,
    WRONG_ADDRESS,
    GatewayError,
)
from .rest_gates import authorized, invalid, policy_refusal
from .rest_mapped import mapped
from .rest_mock import mock
from .rest_proxy import proxied
from .routing import PathTable, parameters, segments

_LARGEST_BODY = 10_485_760
_REMEMBERED = 4096


Lead = tuple[RestMethod, dict[str, str]]
"""The method that takes a request, and its path parameters."""


class _Index:
    """What is looked up by name: methods by path, gateway responses by type.

    Where an address leads is remembered for the latest few thousand: a call and its preflight come again and again.
    """

    __slots__ = ("_led", "api", "errors", "methods")

    def __init__(self, api: RestApi) -> None:
        self.api = api
        self.methods: PathTable[RestMethod] = PathTable((each.verb, each.path, each) for each in api.methods)
        self.errors: dict[str, GatewayResponse] = {each.type: each for each in api.gateway_responses}
        self._led: dict[tuple[str, str, str, str | None], tuple[Place, Lead]] = {}

    def lead(self, call: Call) -> tuple[Place | None, Lead | None]:
        """Return the place that a call's address names, and what takes the call there."""
        # API Gateway honours this header as it stands.
        verb = call.header("x-http-method-override") or call.method
        key = (verb, call.host, call.path, call.circumstances.stage)
        led = self._led.get(key)
        if led is not None:
            return led
        place = locate(self.api.stages, call)
        found = None if place is None else self.find(verb, place.path)
        if place is not None and found is not None:
            if len(self._led) >= _REMEMBERED:
                self._led.clear()
            self._led[key] = (place, found)
        return place, found

    def find(self, verb: str, path: str) -> Lead | None:
        """Return what takes `verb` on `path`; a trailing slash makes no difference."""
        row = segments(path[:-1] if len(path) > 1 and path[-1] == "/" else path)
        method = self.methods.find(verb, row)
        return None if method is None else (method, parameters(method.path, row))


_index = Remembered(_Index)


def match(api: RestApi, method: str, path: str) -> RestMethod | None:
    """Return the method that takes `method` on `path`."""
    found = _index(api).find(method, path)
    return None if found is None else found[0]


def answer(api: RestApi, call: Call) -> Generator[Ask, Told, Answered]:
    """Return the response of `api`. Raises `Undecided`."""
    index = _index(api)
    place, found = index.lead(call)
    served = RestCall(api, call, index.errors, place)
    method = _admitted(served, found)
    if not isinstance(method, RestMethod):
        return call.answered(method)
    authorizer = method.authorizer.get()
    if authorizer is not None:
        refused = yield from authorized(served, authorizer)
        if refused is not None:
            return call.answered(served.error(refused))
    objection = _objection(served, method)
    if objection is not None:
        return call.answered(objection)
    integration = method.integration
    if isinstance(integration, LambdaProxy):
        return call.answered((yield from proxied(served, integration)))
    if isinstance(integration, Mock):
        return call.answered(mock(served, integration))
    if isinstance(integration, Mapped):
        return call.answered((yield from mapped(served, integration)))
    if integration is None:
        raise Undecided(Unknown("AWS refuses to deploy a method without an integration", method.span))
    raise Undecided(Unknown("another HTTP server answers, and no template tells what", integration.span))


def _admitted(served: RestCall, found: Lead | None) -> RestMethod | Response:
    """Return the method that takes the call, or what is answered before anyone asks who calls."""
    call, place = served.call, served.place
    if place is None or call.circumstances.client_certificate_missing:
        return served.error(WRONG_ADDRESS)
    refused = _in_front(call, place)
    if refused is not None:
        return served.error(refused)
    if found is None:
        return served.error(MISSING_AUTHENTICATION_TOKEN)
    method, path_parameters = found
    served.take(method, dict(path_parameters))
    return policy_refusal(served) or method


def _in_front(call: Call, place: Place) -> GatewayError | None:
    if call.circumstances.waf_blocks:
        return WAF_FILTERED
    if call.circumstances.throttled or place.stage.throttled.get():
        return THROTTLED
    return REQUEST_TOO_LARGE if len(call.request.body or b"") > _LARGEST_BODY else None


def _objection(served: RestCall, method: RestMethod) -> Response | None:
    """Return the refusal of a call without a valid API key, or of one that the validator objects to."""
    refused = _key_refusal(served, method)
    if refused is not None:
        return served.error(refused)
    problem = invalid(served, method)
    if not problem:
        return None
    return served.error(BAD_REQUEST_BODY) if problem == "body" else served.error(BAD_REQUEST_PARAMETERS, problem)


def _key_refusal(served: RestCall, method: RestMethod) -> GatewayError | None:
    if not method.api_key_required.get():
        return None
    key = served.call.header("x-api-key")
    valid = served.call.circumstances.api_keys
    if not key or (valid is not None and key not in valid):
        return INVALID_API_KEY
    return QUOTA_EXCEEDED if served.call.circumstances.quota_exceeded else None
