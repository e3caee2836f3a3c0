"""AWS::ApiGateway::Resource, Method and Authorizer: what they add to the paths of an API."""

from __future__ import annotations

from corsmith.api.front_door import Authorizer
from corsmith.api.rest_api import Integration, Mapped, MethodResponse, Mock
from corsmith.api.value import Known, Unknown
from corsmith.readers.intrinsics import intrinsic, logical_id
from corsmith.readers.nodes import Mapping, Node, Sequence
from corsmith.readers.openapi.integrations import HEADER, REST_LIMIT, listed_responses, proxy, upper
from corsmith.readers.openapi.schemes import split
from corsmith.readers.operations import API_KEY, Operation, Paths, Security, normal
from corsmith.readers.reading import Reading, pairs
from corsmith.readers.template import Resource

_KINDS = {"TOKEN": "lambda_token", "REQUEST": "lambda_request", "COGNITO_USER_POOLS": "cognito"}
DEEPEST = 30


def add_methods(reading: Reading, api: str, paths: Paths, schemes: dict[str, Authorizer]) -> None:
    """Add the Method resources of `api` to `paths`, and the authorizers they use to `schemes`."""
    for resource in reading.of_type("AWS::ApiGateway::Authorizer"):
        if logical_id(resource.properties.get("RestApiId")) == api:
            schemes[resource.name] = _authorizer(reading, resource)
    known: dict[str, str | None] = {}
    for resource in reading.of_type("AWS::ApiGateway::Method"):
        if logical_id(resource.properties.get("RestApiId")) == api:
            operation = _operation(reading, resource, schemes, known)
            if operation is not None:
                paths.add(operation)


def path_of(reading: Reading, node: Node | None, known: dict[str, str | None], depth: int = 0) -> str | None:
    """Return the path of the resource that a ResourceId or ParentId names, None where it cannot be told.

    `known` keeps the paths of resources: many have the same parents.
    """
    if node is None or depth > DEEPEST:
        return None
    used = intrinsic(node)
    if used is not None and used[0] == "Fn::GetAtt":
        attribute = used[1].items[-1] if isinstance(used[1], Sequence) and used[1].items else used[1]
        if getattr(attribute, "text", "").endswith("RootResourceId"):
            return "/"
    name = logical_id(node)
    if name is not None and name not in known:
        resource = reading.template.resources.get(name)
        if resource is None or resource.type != "AWS::ApiGateway::Resource":
            return None
        parent = path_of(reading, resource.properties.get("ParentId"), known, depth + 1)
        part = reading.text(resource.properties.get("PathPart"))
        known[name] = f"{parent.rstrip('/')}/{part.value}" if parent is not None and isinstance(part, Known) else None
    return known[name] if name is not None else None


def _operation(
    reading: Reading, resource: Resource, schemes: dict[str, Authorizer], known: dict[str, str | None]
) -> Operation | None:
    own = {entry.key.text: entry.value for entry in resource.properties.entries}
    path, method = path_of(reading, own.get("ResourceId"), known), reading.text(own.get("HttpMethod"))
    if path is None or not isinstance(method, Known):
        return None
    made = reading.supposed(own.get("Integration"))
    return Operation(
        path,
        normal(method.value),
        resource.span,
        _integration(reading, made) if made is not None else None,
        _security(reading, own, schemes),
        _responses(reading, own),
        _validates(reading, own),
        by_role=made is not None and made.get("Credentials") is not None,
    )


def _security(reading: Reading, own: dict[str, Node], schemes: dict[str, Authorizer]) -> tuple[Security, ...]:
    found: list[Security] = []
    node = own.get("AuthorizationType")
    kind = reading.text(node)
    if node is not None and isinstance(kind, Known) and kind.value.upper() == "AWS_IAM":
        schemes.setdefault("AWS_IAM", Authorizer("AWS_IAM", "iam"))
        found.append(Security("AWS_IAM", node.span))
    elif node is not None and isinstance(kind, Known) and kind.value.upper() in ("CUSTOM", "COGNITO_USER_POOLS"):
        name = logical_id(own.get("AuthorizerId")) or "an authorizer of another stack"
        found.append(Security(name, node.span))
    key = reading.switch(own.get("ApiKeyRequired"))
    if isinstance(key, Known) and key.value:
        found.append(Security(API_KEY, key.span))
    return tuple(found)


def _integration(reading: Reading, own: Mapping) -> Integration | None:
    kind = reading.text(own.get("Type"))
    if not isinstance(kind, Known):
        return None
    name = kind.value.upper()
    if name in ("AWS_PROXY", "HTTP_PROXY"):
        return proxy(
            reading, name, own, own.get("Uri"), reading.number(own.get("TimeoutInMillis")) or REST_LIMIT, Known("1.0")
        )
    responses = listed_responses(reading, own.get("IntegrationResponses"))
    templates = pairs(reading, own.get("RequestTemplates"))
    passthrough = upper(reading.text(own.get("PassthroughBehavior")))
    if name == "MOCK":
        return Mock(templates, responses, passthrough, reading.text(own.get("ContentHandling")), own.span)
    return Mapped(
        responses,
        reading.function(own.get("Uri")) if name == "AWS" else Unknown("the integration is no Lambda function"),
        reading.number(own.get("TimeoutInMillis")) or Known(29_000),
        own.span,
        templates,
        passthrough,
    )


def _responses(reading: Reading, own: dict[str, Node]) -> tuple[MethodResponse, ...]:
    listed = own.get("MethodResponses")
    found: list[MethodResponse] = []
    for item in listed.items if isinstance(listed, Sequence) else ():
        body = reading.mapping(item)
        if body is not None:
            parameters = reading.mapping(body.get("ResponseParameters"))
            names = parameters.keys() if parameters is not None else ()
            status = reading.text(body.get("StatusCode")) or Unknown("StatusCode is not set", body.span)
            headers = tuple(name.removeprefix(HEADER) for name in names if name.startswith(HEADER))
            found.append(MethodResponse(status, headers, body.span))
    return tuple(found)


def _validates(reading: Reading, own: dict[str, Node]) -> tuple[str, ...]:
    name = logical_id(own.get("RequestValidatorId"))
    validator = reading.template.resources.get(name) if name is not None else None
    if validator is None:
        return ()
    # Only a body of a type that the method has a model for is validated (API Gateway developer guide, "Request validation").
    models = reading.mapping(own.get("RequestModels"))
    by_body = reading.is_on(validator.properties.get("ValidateRequestBody"))
    found = ["body"] if by_body and models is not None and models.entries else []
    if reading.is_on(validator.properties.get("ValidateRequestParameters")):
        parameters = reading.mapping(own.get("RequestParameters"))
        for entry in parameters.entries if parameters is not None else ():
            place, _, each = entry.key.text.removeprefix("method.request.").partition(".")
            if place in ("header", "querystring") and reading.is_on(entry.value):
                found.append(f"{place} {each}")
    return tuple(found)


def _authorizer(reading: Reading, resource: Resource) -> Authorizer:
    own = resource.properties
    kind = reading.text(own.get("Type"))
    return Authorizer(
        resource.name,
        _KINDS.get(kind.value.upper(), "lambda_token") if isinstance(kind, Known) else "lambda_token",
        resource.span,
        split(reading.texts(own.get("IdentitySource"))),
        reading.function(own.get("AuthorizerUri")),
        token_validation=reading.text(own.get("IdentityValidationExpression")) or Known(""),
    )
