"""A Lambda handler of this process, behind a front door without CORS settings: the code has to do all of it."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

from corsmith.api.alb import Alb, AlbTarget
from corsmith.api.exchange import Request, Response
from corsmith.api.front_door import LambdaProxy
from corsmith.api.function_url import FunctionUrl
from corsmith.api.http_api import HttpApi, HttpRoute
from corsmith.api.model import FrontDoor
from corsmith.api.rest_api import RestApi, RestMethod
from corsmith.api.span import Span
from corsmith.api.value import Known
from corsmith.gateways import Answered, Failed, Granted, Invoke, InvokeResult, Payload, Told, answer, base_url

from .served import crashed

_NOWHERE = Span("", 0, 0)
_NAME = "Function"
_ENDPOINT = "arn:aws:lambda:us-east-1:123456789012:function:Function"


def respond(handler: Any, way: str, request: Request, raised: list[str]) -> Response:
    """Return what leaves the front door `way` for `request`. What the handler raises is noted, and is the front door's error."""
    asking = answer(_door(way), request)
    try:
        ask = next(asking)
        while True:
            told: Told = _invoked(handler, ask.event, raised) if isinstance(ask, Invoke) else Granted()
            ask = asking.send(told)
    except StopIteration as stop:
        answered: Answered = stop.value
        return answered.response


def address_of(way: str) -> str:
    """Return the address of the front door."""
    return base_url(_door(way))


def _door(way: str) -> FrontDoor:
    function = Known(_NAME)
    if way == "rest_api":
        proxy = LambdaProxy(function)
        return RestApi("Api", _NOWHERE, tuple(RestMethod(path, "ANY", proxy, _NOWHERE) for path in ("/", "/{proxy+}")))
    if way == "function_url":
        return FunctionUrl("Url", _NOWHERE, function)
    if way == "alb":
        return Alb("Listener", _NOWHERE, default=AlbTarget(function))
    proxy = LambdaProxy(function, payload_format=Known("2.0"))
    return HttpApi("Api", _NOWHERE, (HttpRoute("ANY", "$default", proxy, _NOWHERE),))


def _invoked(handler: Any, event: dict[str, Any], raised: list[str]) -> InvokeResult:
    """Run the handler as the runtime does: it gets JSON, and what it returns becomes JSON."""
    try:
        result = handler(json.loads(json.dumps(event)), _context())
    except Exception as error:  # noqa: BLE001 - whatever a function raises, the front door answers
        raised.append(crashed(error))
        return Failed(message=str(error))
    try:
        return Payload(json.loads(json.dumps(result)))
    except (TypeError, ValueError, RecursionError) as error:
        raised.append(f"what the handler returned is no JSON: {error}")
        close = getattr(result, "close", None)
        if close is not None:
            close()  # of a coroutine that nobody awaits
        return Failed("marshal", str(error))


def _context() -> SimpleNamespace:
    return SimpleNamespace(
        function_name=_NAME,
        function_version="$LATEST",
        invoked_function_arn=_ENDPOINT,
        memory_limit_in_mb="128",
        aws_request_id="c6af9ac6-7b61-11e6-9a41-93e8deadbeef",
        log_group_name=f"/aws/lambda/{_NAME}",
        log_stream_name="2026/01/01/[$LATEST]0123456789abcdef",
        identity=None,
        client_context=None,
        get_remaining_time_in_millis=lambda: 3000,
    )
