"""The HTTP API of a service: `httpApi` events and `provider.httpApi`. Source: the guide "HTTP API (API Gateway v2)"."""

from __future__ import annotations

from corsmith.readers.nodes import Mapping, Node

from . import naming
from .defaults import HEADERS
from .http_authorizers import add_authorizers, authorization
from .http_routes import METHODS, Route, routes_of
from .parts import (
    Unresolved,
    as_list,
    attribute,
    get,
    is_on,
    listed,
    made,
    on,
    record,
    ref,
    turned_on,
    unresolved,
    word,
)
from .permissions import add_permission
from .service import Service, Stack

TIMEOUT = "30000"


def add_http_api(service: Service, stack: Stack) -> None:
    """Add the HTTP API that the events of a service make."""
    found = routes_of(service, stack)
    if not found:
        return
    config = service.provider("httpApi")
    elsewhere = get(config, "id")
    span = config.span if isinstance(config, Mapping) else found[0].event.span
    cors = get(config, "cors")
    if elsewhere is not None and cors is not None and is_on(cors):
        message = "provider.httpApi.cors has no effect on an HTTP API of another stack (provider.httpApi.id)."
        stack.refuse("misplaced", cors.span, message, api=naming.HTTP_API, key="cors")
    settings = (
        unresolved("the CORS configuration is that of an HTTP API of another stack", elsewhere.span)
        if elsewhere is not None
        else _cors(cors, found)
    )
    stack.add(
        naming.HTTP_API,
        "AWS::ApiGatewayV2::Api",
        span,
        [("ProtocolType", word("HTTP", span)), ("CorsConfiguration", settings)],
    )
    if elsewhere is None:
        stage = made("$default", span, "httpApi")
        api = ref(naming.HTTP_API, span)
        own: list[tuple[str, Node | None]] = [("ApiId", api), ("StageName", stage), ("AutoDeploy", on(span))]
        stack.add("HttpApiStage", "AWS::ApiGatewayV2::Stage", span, own)
    names = add_authorizers(service, config, stack)
    for route in found:
        _endpoint(service, route, names, elsewhere, stack)


def _cors(cors: Node | None, routes: tuple[Route, ...]) -> Node | None:
    if cors is None or not is_on(cors):
        return None
    if isinstance(cors, Unresolved):
        return cors
    span = cors.span
    credentials, age = get(cors, "allowCredentials"), get(cors, "maxAge")
    exposed = get(cors, "exposedResponseHeaders")
    entries = [
        ("AllowOrigins", _listed(cors, "allowedOrigins", ("*",))),
        ("AllowHeaders", _listed(cors, "allowedHeaders", HEADERS)),
        ("AllowMethods", _listed(cors, "allowedMethods", _methods(routes))),
        ("ExposeHeaders", as_list(exposed) if exposed is not None and is_on(exposed) else None),
        ("AllowCredentials", turned_on(credentials)),
        ("MaxAge", age),
    ]
    return Mapping(record(span, entries).entries, span, getattr(cors, "style", "made"), getattr(cors, "indent", 0))


def _listed(cors: Node, key: str, default: tuple[str, ...]) -> Node:
    written = get(cors, key)
    if written is not None and is_on(written):
        return as_list(written)
    return listed(cors.span, (made(item, cors.span, "cors") for item in default))


def _methods(routes: tuple[Route, ...]) -> tuple[str, ...]:
    """Return what Serverless lists where nobody does: OPTIONS and the methods of the routes."""
    found = dict.fromkeys(("OPTIONS",))
    for route in routes:
        found |= dict.fromkeys(METHODS[1:] if route.method == "ANY" else (route.method,))
    return tuple(found)


def _endpoint(service: Service, route: Route, names: dict[str, str], elsewhere: Node | None, stack: Stack) -> None:
    function, span = route.event.function, route.event.span
    integration = "HttpApiIntegration" + naming.normal(function.name)
    api = ref(naming.HTTP_API, span)
    # The integration and the permission are the function's, whichever of its events comes first.
    if integration not in stack.resources:
        payload = get(function.body, "httpApi", "payload") or service.provider("httpApi", "payload")
        stack.add(
            integration,
            "AWS::ApiGatewayV2::Integration",
            span,
            [
                ("ApiId", api),
                ("IntegrationType", word("AWS_PROXY", span)),
                ("IntegrationUri", attribute(function.id, "Arn", span)),
                ("PayloadFormatVersion", payload or made("2.0", span, "no payload")),
                ("TimeoutInMillis", made(TIMEOUT, span, "httpApi")),
            ],
        )
        add_permission(
            stack, function.id, naming.normal(function.name) + "LambdaPermissionHttpApi", span, naming.HTTP_API, "/*"
        )
    key = "$default" if route.key == "*" else route.key
    own: list[tuple[str, Node | None]] = [
        ("ApiId", api),
        ("RouteKey", word(key, span)),
        ("Target", ref(integration, span)),
    ]
    own += authorization(route, names, elsewhere, stack)
    stack.add(naming.route(route.key), "AWS::ApiGatewayV2::Route", span, own)
