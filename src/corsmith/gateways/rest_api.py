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
from .routing import PathTable, segments

_LARGEST_BODY = 10_485_760


class _Index:
    """What is looked up by name: methods by path, gateway responses by type."""

    __slots__ = ("errors", "methods")

    def __init__(self, api: RestApi) -> None:
        self.methods: PathTable[RestMethod] = PathTable((each.verb, each.path, each) for each in api.methods)
        self.errors: dict[str, GatewayResponse] = {each.type: each for each in api.gateway_responses}


_index = Remembered(_Index)


def match(api: RestApi, method: str, path: str) -> RestMethod | None:
    """Return the method that takes `method` on `path`; a trailing slash makes no difference."""
    return _index(api).methods.find(method, _row(path))


def _row(path: str) -> list[str]:
    return segments(path[:-1] if len(path) > 1 and path[-1] == "/" else path)


def answer(api: RestApi, call: Call) -> Generator[Ask, Told, Answered]:
    """Return the response of `api`. Raises `Undecided`."""
    index = _index(api)
    place = locate(api.stages, call)
    served = RestCall(api, call, index.errors, place)
    if place is None or call.circumstances.client_certificate_missing:
        return call.answered(served.error(WRONG_ADDRESS))
    refused = _in_front(call, place)
    if refused is not None:
        return call.answered(served.error(refused))
    # API Gateway honours this header as it stands.
    verb = call.header("x-http-method-override") or call.method
    row = _row(place.path)
    method = index.methods.find(verb, row)
    if method is None:
        return call.answered(served.error(MISSING_AUTHENTICATION_TOKEN))
    served.take(method, row)
    policy = policy_refusal(served)
    if policy is not None:
        return call.answered(policy)
    return (yield from _admitted(served, method))


def _in_front(call: Call, place: Place) -> GatewayError | None:
    if call.circumstances.waf_blocks:
        return WAF_FILTERED
    if call.circumstances.throttled or place.stage.throttled.get():
        return THROTTLED
    return REQUEST_TOO_LARGE if len(call.request.body or b"") > _LARGEST_BODY else None


def _admitted(served: RestCall, method: RestMethod) -> Generator[Ask, Told, Answered]:
    call = served.call
    authorizer = method.authorizer.get()
    if authorizer is not None:
        refused = yield from authorized(served, authorizer)
        if refused is not None:
            return call.answered(served.error(refused))
    refused = _key_refusal(served, method)
    if refused is not None:
        return call.answered(served.error(refused))
    problem = invalid(served, method)
    if problem == "body":
        return call.answered(served.error(BAD_REQUEST_BODY))
    if problem:
        return call.answered(served.error(BAD_REQUEST_PARAMETERS, problem))
    response = yield from _integrated(served, method)
    return call.answered(response)


def _key_refusal(served: RestCall, method: RestMethod) -> GatewayError | None:
    if not method.api_key_required.get():
        return None
    key = served.call.header("x-api-key")
    valid = served.call.circumstances.api_keys
    if not key or (valid is not None and key not in valid):
        return INVALID_API_KEY
    return QUOTA_EXCEEDED if served.call.circumstances.quota_exceeded else None


def _integrated(served: RestCall, method: RestMethod) -> Generator[Ask, Told, Response]:
    integration = method.integration
    if isinstance(integration, Mock):
        return mock(served, integration)
    if isinstance(integration, LambdaProxy):
        return (yield from proxied(served, integration))
    if isinstance(integration, Mapped):
        return (yield from mapped(served, integration))
    if integration is None:
        raise Undecided(Unknown("AWS refuses to deploy a method without an integration", method.span))
    raise Undecided(Unknown("another HTTP server answers, and no template tells what", integration.span))
