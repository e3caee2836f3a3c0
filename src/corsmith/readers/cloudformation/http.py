"""AWS::ApiGatewayV2::* resources: HTTP APIs with a Body, or with Routes and Integrations."""

from __future__ import annotations

from corsmith.api.front_door import Authorizer, HttpProxy, LambdaProxy, Stage
from corsmith.api.http_api import HttpApi, HttpApiCors
from corsmith.api.value import Known, Unknown, Value
from corsmith.readers.intrinsics import logical_id
from corsmith.readers.nodes import Mapping, Node
from corsmith.readers.openapi.body import Body, body_of
from corsmith.readers.openapi.integrations import HTTP_LIMIT, proxy
from corsmith.readers.openapi.schemes import split
from corsmith.readers.operations import ANY, Operation, Paths, Security, http_routes, normal
from corsmith.readers.permissions import Grants, permit
from corsmith.readers.reading import Reading, mentioned
from corsmith.readers.stage_settings import base_paths, http_throttled
from corsmith.readers.template import Resource
from corsmith.readers.web_acls import mutual_tls


def http_api(reading: Reading, resource: Resource, given: Grants) -> HttpApi:
    """Return the HTTP API of an AWS::ApiGatewayV2::Api."""
    own = resource.properties
    root = reading.supposed(own.get("Body"))
    body = body_of(reading, root, HTTP_LIMIT) if root is not None else Body(Paths())
    add_routes(reading, resource.name, body.paths, body.schemes)
    if own.get("Target") is not None:
        _quick_create(reading, resource, body.paths)
    permit(body.paths, resource.name, given)
    cors = own.get("CorsConfiguration")
    return HttpApi(
        resource.name,
        resource.span,
        http_routes(body.paths, body.schemes),
        cors_of(reading, cors) if cors is not None else Known(body.cors),
        stages(reading, resource.name),
        mutual_tls(reading, resource.name, own),
    )


def is_http(reading: Reading, resource: Resource) -> bool:
    """Say whether an AWS::ApiGatewayV2::Api is an HTTP API, not a WebSocket API."""
    kind = reading.text(resource.properties.get("ProtocolType"))
    return not (isinstance(kind, Known) and kind.value.upper() == "WEBSOCKET")


def cors_of(reading: Reading, node: Node | None) -> Value[HttpApiCors | None]:
    """Return the CorsConfiguration under `node`."""
    return reading.built(node, lambda own, span: _cors(reading, own))


def _cors(reading: Reading, own: object) -> HttpApiCors | None:
    if not isinstance(own, Mapping):
        return None
    return HttpApiCors(
        own.span,
        reading.texts(own.get("AllowOrigins")),
        reading.texts(own.get("AllowMethods")),
        reading.texts(own.get("AllowHeaders")),
        reading.texts(own.get("ExposeHeaders")),
        reading.number(own.get("MaxAge")),
        reading.switch(own.get("AllowCredentials")),
    )


def add_routes(reading: Reading, api: str, paths: Paths, schemes: dict[str, Authorizer]) -> None:
    """Add the Route resources of `api` to `paths`, and the authorizers they use to `schemes`."""
    for resource in reading.of_type("AWS::ApiGatewayV2::Authorizer"):
        if logical_id(resource.properties.get("ApiId")) == api:
            schemes[resource.name] = _authorizer(reading, resource)
    for resource in reading.of_type("AWS::ApiGatewayV2::Route"):
        if logical_id(resource.properties.get("ApiId")) == api:
            _route(reading, resource, paths, schemes)


def _route(reading: Reading, resource: Resource, paths: Paths, schemes: dict[str, Authorizer]) -> None:
    own = resource.properties
    key = reading.text(own.get("RouteKey"))
    if not isinstance(key, Known):
        return
    method, _, path = key.value.partition(" ")
    if key.value.strip() == "$default":
        method, path = ANY, "$default"
    security: list[Security] = []
    node = own.get("AuthorizationType")
    kind = reading.text(node)
    if node is not None and isinstance(kind, Known) and kind.value == "AWS_IAM":
        schemes.setdefault("AWS_IAM", Authorizer("AWS_IAM", "iam"))
        security.append(Security("AWS_IAM", node.span))
    elif node is not None and isinstance(kind, Known) and kind.value in ("JWT", "CUSTOM"):
        name = logical_id(own.get("AuthorizerId")) or "an authorizer of another stack"
        unnamed = Authorizer(name, "jwt" if kind.value == "JWT" else "lambda_request", resource.span)
        schemes.setdefault(name, unnamed)
        security.append(Security(name, node.span))
    target = _integration(reading, own.get("Target"))
    made, by_role = target if target is not None else (None, False)
    paths.add(Operation(path, normal(method), resource.span, made, tuple(security), by_role=by_role))


def _integration(reading: Reading, target: Node | None) -> tuple[LambdaProxy | HttpProxy | None, bool] | None:
    for name in mentioned(target) if target is not None else ():
        resource = reading.template.resources.get(name)
        if resource is not None and resource.type == "AWS::ApiGatewayV2::Integration":
            own = resource.properties
            kind = reading.text(own.get("IntegrationType"))
            version = reading.text(own.get("PayloadFormatVersion")) or Known("1.0")
            if isinstance(kind, Known) and kind.value in ("AWS_PROXY", "HTTP_PROXY"):
                limit = reading.number(own.get("TimeoutInMillis")) or HTTP_LIMIT
                made = proxy(reading, kind.value, own, own.get("IntegrationUri"), limit, version)
                return made, own.get("CredentialsArn") is not None
    return None


def _quick_create(reading: Reading, resource: Resource, paths: Paths) -> None:
    """`Target` makes one catch-all route, or the one that `RouteKey` names."""
    own = resource.properties
    key = reading.text(own.get("RouteKey"))
    method, path = ANY, "$default"
    if isinstance(key, Known) and " " in key.value:
        method, _, path = key.value.partition(" ")
    target = own.get("Target")
    function = reading.function(target)
    made: LambdaProxy | HttpProxy = LambdaProxy(function, resource.span, Known("2.0"), Known(30_000))
    address = reading.text(target)
    if isinstance(address, Known) and address.value.startswith("http"):
        made = HttpProxy(address, resource.span, Known(30_000))
    role = own.get("CredentialsArn") is not None
    paths.add(Operation(path, normal(method), resource.span, made, by_role=role))


def _authorizer(reading: Reading, resource: Resource) -> Authorizer:
    own = resource.properties
    kind = reading.text(own.get("AuthorizerType"))
    sources = split(reading.texts(own.get("IdentitySource")))
    if isinstance(kind, Known) and kind.value == "JWT":
        jwt = reading.mapping(own.get("JwtConfiguration"))
        return Authorizer(
            resource.name,
            "jwt",
            resource.span,
            sources,
            issuer=reading.text(reading.at(jwt, "Issuer")) or Unknown("the authorizer names no issuer", resource.span),
            audience=reading.texts(reading.at(jwt, "Audience")) or Known(()),
        )
    return Authorizer(
        resource.name,
        "lambda_request",
        resource.span,
        sources,
        reading.function(own.get("AuthorizerUri")),
        payload_format=reading.text(own.get("AuthorizerPayloadFormatVersion")) or Known("1.0"),
        simple_responses=reading.switch(own.get("EnableSimpleResponses")) or Known(False),
    )


def stages(reading: Reading, api: str) -> tuple[Stage, ...]:
    """Return the stages of an API."""
    found: list[Stage] = []
    for resource in reading.of_type("AWS::ApiGatewayV2::Stage"):
        own = resource.properties
        name = reading.text(own.get("StageName"))
        if logical_id(own.get("ApiId")) == api and name is not None:
            found.append(
                Stage(
                    name,
                    resource.span,
                    reading.switch(own.get("AutoDeploy")) or Known(False),
                    http_throttled(reading, own),
                    base_paths(reading, api, own),
                    deployed="fixed" if own.get("DeploymentId") is not None else "nothing",
                )
            )
    return tuple(found) or (Stage(Known("$default")),)
