"""Front doors and calls in few words, and a driver that answers their asks from a script."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec import Struct, field

from corsmith.api.exchange import Headers, Request, values
from corsmith.api.front_door import Authorizer, LambdaProxy, Stage
from corsmith.api.function_url import FunctionUrl, FunctionUrlCors
from corsmith.api.http_api import HttpApi, HttpApiCors, HttpRoute
from corsmith.api.model import FrontDoor
from corsmith.api.rest_api import GatewayResponse, IntegrationResponse, Mock, RestApi, RestMethod
from corsmith.api.span import Span
from corsmith.api.value import Known, known_texts
from corsmith.gateways import (
    Answered,
    Ask,
    Assumptions,
    Authorize,
    Circumstances,
    Invoke,
    Payload,
    Told,
    answer,
    base_url,
)

HERE = Span("template.yaml", 0, 1)
APP = "https://app.example.com"
OTHER = "https://other.example.net"
OK = Payload({"statusCode": 200, "body": "ok"})
ORIGIN: Headers = (("origin", APP),)


def preflight(method: str = "PUT", headers: str = "", origin: str = APP) -> Headers:
    """The headers of a preflight."""
    asked = (("access-control-request-headers", headers),) if headers else ()
    return (("origin", origin), ("access-control-request-method", method), *asked)


class Seen(Struct, dict=True):
    """A response, taken apart, and what the front door asked on the way."""

    answered: Answered
    asks: list[Ask] = field(default_factory=list)

    @property
    def status(self) -> int:
        return self.answered.response.status

    @property
    def body(self) -> bytes:
        return self.answered.response.body

    @property
    def made_by(self) -> str:
        return self.answered.response.made_by

    @property
    def relied(self) -> tuple[str, ...]:
        return self.answered.relied

    @property
    def headers(self) -> Headers:
        return self.answered.response.headers

    @property
    def invoked(self) -> list[Invoke]:
        return [each for each in self.asks if isinstance(each, Invoke)]

    @property
    def asked(self) -> list[Authorize]:
        return [each for each in self.asks if isinstance(each, Authorize)]

    @property
    def event(self) -> dict[str, Any]:
        return self.invoked[0].event

    def all(self, name: str) -> tuple[str, ...]:
        return values(self.headers, name)

    @property
    def cors(self) -> dict[str, tuple[str, ...]]:
        """The CORS response headers: short name to all values."""
        prefix = "access-control-"
        names = {name.lower() for name, _ in self.headers if name.lower().startswith(prefix)}
        return {name.removeprefix(prefix): self.all(name) for name in names}


Script = Told | Callable[[Ask], Told]


def call(
    front_door: FrontDoor,
    method: str = "GET",
    path: str = "/items",
    headers: Headers = (),
    *told: Script,
    body: bytes | None = None,
    url: str | None = None,
    **situation: Any,
) -> Seen:
    """Send a request to `front_door`; `told` answers its asks in order. Other names go to Circumstances or Assumptions."""
    assumed = {name: situation.pop(name) for name in list(situation) if hasattr(Assumptions(), name)}
    request = Request(method, url or base_url(front_door) + path, headers, body)
    running = answer(front_door, request, Circumstances(**situation), Assumptions(**assumed))
    script = list(told)
    asks: list[Ask] = []
    try:
        ask = next(running)
        while True:
            asks.append(ask)
            reply = script.pop(0)
            ask = running.send(reply(ask) if callable(reply) else reply)
    except StopIteration as stop:
        assert not script, "not everything was asked for"
        return Seen(stop.value, asks)


def cors(kind: type, **settings: Any) -> Known[Any]:
    """A CORS configuration; lists are given as tuples of text, the rest as it is."""
    found = {
        name: known_texts(*value) if isinstance(value, tuple) else Known(value) for name, value in settings.items()
    }
    return Known(kind(HERE, **found))


def function(name: str = "Items", **settings: Any) -> LambdaProxy:
    return LambdaProxy(Known(name), HERE, **{key: Known(value) for key, value in settings.items()})


def route(key: str, authorizer: Authorizer | None = None, payload_format: str = "2.0", **settings: Any) -> HttpRoute:
    """A route of an HTTP API, from its key."""
    method, _, path = key.rpartition(" ")
    target = function(payload_format=payload_format, **settings)
    return HttpRoute(method or "ANY", path, target, HERE, authorizer)


def http_api(
    *routes: HttpRoute | str, stages: tuple[Stage, ...] = (Stage(Known("$default")),), **settings: Any
) -> HttpApi:
    made = tuple(route(each) if isinstance(each, str) else each for each in routes)
    return HttpApi("Http", HERE, made, cors(HttpApiCors, **settings) if settings else Known(None), stages)


def function_url(
    *, auth_type: str = "NONE", invoke_mode: str = "BUFFERED", may_invoke: bool = True, **settings: Any
) -> FunctionUrl:
    return FunctionUrl(
        "Url",
        HERE,
        Known("Items"),
        Known(auth_type),
        Known(invoke_mode),
        cors(FunctionUrlCors, **settings) if settings else Known(None),
        Known(True),
        Known(may_invoke),
    )


def parameters(**headers: str) -> tuple[tuple[str, Known[str]], ...]:
    """Header mappings; `_` stands for `-`."""
    return tuple((name.replace("_", "-"), Known(value)) for name, value in headers.items())


STAR = parameters(Access_Control_Allow_Origin="'*'")


def response(status: str = "200", pattern: str = "", mapped: Any = STAR, **settings: Any) -> IntegrationResponse:
    return IntegrationResponse(Known(status), Known(pattern), mapped, span=HERE, **settings)


def mock(template: str | None = '{"statusCode": 200}', *responses: IntegrationResponse, **settings: Any) -> Mock:
    templates = () if template is None else (("application/json", Known(template)),)
    return Mock(templates, responses or (response(),), span=HERE, **settings)


def method(key: str, integration: Any = None, authorizer: Authorizer | None = None, **settings: Any) -> RestMethod:
    """A method of a REST API, from "VERB /path"; a function stands behind it unless told otherwise."""
    verb, _, path = key.partition(" ")
    return RestMethod(path, verb, integration or function(), HERE, Known(authorizer), **settings)


def rest_api(*methods: RestMethod | str, **settings: Any) -> RestApi:
    made = tuple(method(each) if isinstance(each, str) else each for each in methods)
    if "binary" in settings:
        settings["binary_media_types"] = known_texts(*settings.pop("binary"))
    return RestApi("Rest", HERE, made, **settings)


def gateway_response(kind: str, mapped: Any = STAR, **settings: Any) -> GatewayResponse:
    return GatewayResponse(kind, mapped, span=HERE, **settings)


def authorizer(kind: str, *sources: str, **settings: Any) -> Authorizer:
    return Authorizer("Gate", kind, HERE, known_texts(*sources), Known("Gatekeeper"), **settings)


JWT = authorizer("jwt", "$request.header.Authorization")
BEARER: Headers = (("origin", APP), ("authorization", "Bearer a.b.c"))
