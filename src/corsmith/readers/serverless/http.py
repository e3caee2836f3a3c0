"""The HTTP API of a service: `httpApi` events and `provider.httpApi`. Source: the guide "HTTP API (API Gateway v2)"."""

from __future__ import annotations

import re

from msgspec import Struct, field

from corsmith.api.span import Span
from corsmith.readers.nodes import Mapping, Node

from . import naming
from .functions import HEADERS, as_list
from .parts import (
    Unresolved,
    attribute,
    entries_of,
    get,
    is_on,
    listed,
    made,
    on,
    record,
    ref,
    text_of,
    unresolved,
    word,
)
from .service import Event, Service, Stack

METHODS = ("ANY", "GET", "POST", "PUT", "PATCH", "OPTIONS", "HEAD", "DELETE")
_SHORT = re.compile(rf"({'|'.join(METHODS)}) (/\S*)$", re.IGNORECASE)
TIMEOUT = "30000"


class Route(Struct, frozen=True):
    """A route: its method ("ANY" for all), its path, and its key, "*" for the default route."""

    event: Event
    method: str
    path: str
    authorizer: Node | None = None

    @property
    def key(self) -> str:
        """The route's key as Serverless spells it."""
        return "*" if self.path == "*" else f"{self.method} {self.path}"


class _Routes(Struct):
    found: dict[str, Route] = field(default_factory=dict)

    def add(self, route: Route, stack: Stack) -> None:
        before = self.found.get(route.key)
        if before is not None and route.key != "*":
            names = f"{before.event.function.name} and {route.event.function.name}"
            message = f"The route {route.key} is declared by two events, of {names}."
            stack.refuse("conflict", route.event.span, message, api=naming.HTTP_API)
        self.found[route.key] = route


def add_http_api(service: Service, stack: Stack) -> None:
    """Add the HTTP API that the events of a service make."""
    routes = _Routes()
    for event in service.events("httpApi", stack):
        route = _route(event, stack)
        if route is not None:
            routes.add(route, stack)
    found = tuple(routes.found.values())
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
    names = _authorizers(service, config, stack)
    for route in found:
        _endpoint(service, route, names, elsewhere, stack)


def _route(event: Event, stack: Stack) -> Route | None:
    node, name = event.value, event.function.name
    if isinstance(node, Mapping):
        method, path = get(node, "method"), get(node, "path")
        for each in (method, path):
            if isinstance(each, Unresolved):
                stack.unread(each, f"an httpApi event of {name}")
                return None
        verb, where, authorizer = text_of(method), text_of(path), get(node, "authorizer")
    else:
        written = (text_of(node) or "").strip()
        match = _SHORT.match(written)
        verb, where = (match.group(1), match.group(2)) if match else (None, "*" if written == "*" else None)
        authorizer = None
    if where is None:
        message = f"An httpApi event of {name} must be '*', 'METHOD /path', or have a path."
        stack.refuse("missing", event.span, message, api=naming.HTTP_API, key="path")
        return None
    if where == "*":
        if verb not in (None, "*"):
            message = f"The httpApi event of {name} has a method, which the path '*' cannot have."
            stack.refuse("invalid-value", event.span, message, api=naming.HTTP_API, key="path")
        return Route(event, "ANY", "*", authorizer)
    if verb is None:
        message = f"The httpApi event {where} of {name} has no method."
        stack.refuse("missing", event.span, message, api=naming.HTTP_API, key="method")
        return None
    verb = "ANY" if verb == "*" else verb.upper()
    if verb not in METHODS:
        message = f"{verb} is no method of an httpApi event; they are {', '.join(METHODS)}."
        stack.refuse("invalid-value", event.span, message, api=naming.HTTP_API, key="method")
        return None
    return Route(event, verb, where, authorizer)


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
        ("AllowCredentials", credentials if is_on(credentials) else None),
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


def _authorizers(service: Service, config: Node | None, stack: Stack) -> dict[str, str]:
    """Add the authorizers, and return their logical ids by the names that events use."""
    found: dict[str, str] = {}
    for entry in entries_of(get(config, "authorizers")):
        body, span = entry.value, entry.span
        name = text_of(get(body, "name")) or entry.key.text
        logical = "HttpApiAuthorizer" + naming.normal(name)
        found[entry.key.text] = logical
        source = get(body, "identitySource")
        own: list[tuple[str, Node | None]] = [
            ("ApiId", ref(naming.HTTP_API, span)),
            ("IdentitySource", as_list(source) if source is not None else None),
        ]
        if text_of(get(body, "type")) == "request":
            own += _request(service, entry.key.text, body, span, stack)
        else:
            audience = get(body, "audience")
            jwt = [
                ("Audience", as_list(audience) if audience is not None else None),
                ("Issuer", get(body, "issuerUrl")),
            ]
            own += [("AuthorizerType", word("JWT", span)), ("JwtConfiguration", record(span, jwt))]
        stack.add(logical, "AWS::ApiGatewayV2::Authorizer", span, own)
    return found


def _request(service: Service, key: str, body: Node, span: Span, stack: Stack) -> list[tuple[str, Node | None]]:
    named, arn = get(body, "functionName"), get(body, "functionArn")
    name = text_of(named)
    if (named is None) == (arn is None):
        message = f"The authorizer {key} needs either functionName or functionArn."
        stack.refuse("authorizer", span, message, api=naming.HTTP_API, key="functionName")
    if named is not None and name is not None:
        if service.function(name) is None:
            message = f"The authorizer {key} names the function {name}, which the service does not have."
            stack.refuse("authorizer", named.span, message, api=naming.HTTP_API, key="functionName")
        arn = attribute(naming.function(name), "Arn", named.span)
    version = get(body, "payloadVersion") or made("2.0", span, "no payloadVersion")
    return [
        ("AuthorizerType", word("REQUEST", span)),
        ("EnableSimpleResponses", get(body, "enableSimpleResponses")),
        ("AuthorizerPayloadFormatVersion", version),
        ("AuthorizerUri", arn),
    ]


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
    own += _authorization(route, names, elsewhere, stack)
    stack.add(naming.route(route.key), "AWS::ApiGatewayV2::Route", span, own)


def _authorization(route: Route, names: dict[str, str], elsewhere: Node | None, stack: Stack) -> list[tuple[str, Node]]:
    asked = route.authorizer
    if asked is None or not is_on(asked):
        return []
    span = asked.span
    named = get(asked, "name") if isinstance(asked, Mapping) else asked
    kind, identity = text_of(get(asked, "type")), get(asked, "id")
    if kind == "aws_iam":
        return [("AuthorizationType", made("AWS_IAM", span, "authorizer"))]
    if identity is not None:
        if elsewhere is None:
            message = "An authorizer is named by its id only where the HTTP API is that of another stack (provider.httpApi.id)."
            stack.refuse("authorizer", span, message, api=naming.HTTP_API, key="id")
        return [("AuthorizationType", word("CUSTOM" if kind == "request" else "JWT", span)), ("AuthorizerId", identity)]
    name = text_of(named)
    if isinstance(named, Unresolved):
        return [("AuthorizationType", word("JWT", span)), ("AuthorizerId", named)]
    if name is None or name not in names:
        known = ", ".join(names) or "none"
        what = f"authorizer {name}" if name else "authorizer without a name or an id"
        stack.refuse(
            "authorizer", span, f"provider.httpApi has no {what}; it has {known}.", api=naming.HTTP_API, key=name or ""
        )
        return []
    body = stack.resources[names[name]].value
    request = text_of(get(body, "Properties", "AuthorizerType")) == "REQUEST"
    node = record(span, [("Ref", word(names[name], span))])
    return [("AuthorizationType", word("CUSTOM" if request else "JWT", span)), ("AuthorizerId", node)]


def add_permission(stack: Stack, function: str, name: str, span: Span, api: str, rest: str) -> None:
    """Add the permission for an API to invoke a function; `rest` is the part of its ARN after the API."""
    source = record(span, [("Fn::Sub", word("arn:aws:execute-api:*:*:${" + api + "}" + rest, span))])
    stack.add(
        name,
        "AWS::Lambda::Permission",
        span,
        [
            ("FunctionName", attribute(function, "Arn", span)),
            ("Action", word("lambda:InvokeFunction", span)),
            ("Principal", word("apigateway.amazonaws.com", span)),
            ("SourceArn", source),
        ],
    )
