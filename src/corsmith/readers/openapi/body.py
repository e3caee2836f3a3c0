"""What an OpenAPI definition with API Gateway's extensions says: operations, schemes, gateway responses, CORS.

Source: the API Gateway developer guide, "OpenAPI extensions for API Gateway".
"""

from __future__ import annotations

from msgspec import Struct, field

from corsmith.api.front_door import Authorizer
from corsmith.api.http_api import HttpApiCors
from corsmith.api.rest_api import GatewayResponse, MethodResponse, PolicyRefusal
from corsmith.api.span import Span
from corsmith.api.value import Known, Texts
from corsmith.readers.nodes import Mapping, Sequence
from corsmith.readers.operations import API_KEY, Operation, Paths, Security, normal
from corsmith.readers.policies import refusals
from corsmith.readers.reading import Reading, pairs

from .cors import cors_of
from .integrations import REST_LIMIT, integration
from .schemes import Schemes, schemes_of
from .validators import validates

_METHODS = frozenset({"get", "put", "post", "delete", "options", "head", "patch", "x-amazon-apigateway-any-method"})


class Body(Struct):
    """A definition. `inline` False: SAM sees only where it is, and adds nothing to it."""

    paths: Paths
    schemes: dict[str, Authorizer] = field(default_factory=dict)
    gateway_responses: tuple[GatewayResponse, ...] = ()
    binary_media_types: Texts | None = None
    refusals: tuple[PolicyRefusal, ...] = ()
    cors: HttpApiCors | None = None
    inline: bool = True
    has_paths: bool = True
    in_project: bool = True
    span: Span | None = None


def body_of(reading: Reading, root: Mapping, limit: Known[int] = REST_LIMIT) -> Body:
    """Return what a definition says. What is malformed is left out, as an import with warnings would.

    `limit`: an integration's timeout where none is set, milliseconds.
    """
    schemes = schemes_of(reading, root)
    return Body(
        _paths(reading, root, schemes, limit),
        schemes.authorizers,
        _gateway_responses(reading, root),
        reading.texts(root.get("x-amazon-apigateway-binary-media-types")),
        refusals(reading, root.get("x-amazon-apigateway-policy")),
        cors_of(reading, root.get("x-amazon-apigateway-cors")),
        span=root.span,
        has_paths=reading.supposed(root.get("paths")) is not None,
    )


def _paths(reading: Reading, root: Mapping, schemes: Schemes, limit: Known[int]) -> Paths:
    found = Paths()
    declared = reading.supposed(root.get("paths"))
    for path in declared.entries if declared is not None else ():
        item = reading.supposed(path.value)
        name = path.key.text
        if item is None and reading.value(path.value) is None:
            continue
        found.items.setdefault(name, {})
        for entry in item.entries if item is not None else ():
            method = normal(entry.key.text)
            if method not in _METHODS:
                found.extra[name] = (*found.extra.get(name, ()), entry.key.text)
                continue
            definition = reading.supposed(entry.value)
            if definition is not None:
                operation = Operation(name, method, entry.span)
                _fill(reading, operation, definition, schemes, limit)
                operation.validates = validates(reading, root, item, definition)
                found.add(operation)
    return found


def _fill(reading: Reading, operation: Operation, definition: Mapping, schemes: Schemes, limit: Known[int]) -> None:
    made = reading.supposed(definition.get("x-amazon-apigateway-integration"))
    operation.integration = integration(reading, made, limit) if made is not None else None
    operation.by_role = made is not None and made.get("credentials") is not None
    operation.security = _security(reading, definition, schemes)
    operation.responses = _responses(reading, definition)


def _security(reading: Reading, definition: Mapping, schemes: Schemes) -> tuple[Security, ...] | None:
    listed = definition.get("security")
    if not isinstance(listed, Sequence):
        return None
    found: list[Security] = []
    for item in listed.items:
        requirement = reading.mapping(item)
        for entry in requirement.entries if requirement is not None else ():
            name = API_KEY if entry.key.text in schemes.keys else entry.key.text
            found.append(Security(name, entry.key.span))
    return tuple(found)


def _responses(reading: Reading, definition: Mapping) -> tuple[MethodResponse, ...]:
    declared = reading.mapping(definition.get("responses"))
    found: list[MethodResponse] = []
    for entry in declared.entries if declared is not None else ():
        headers = reading.mapping(reading.at(declared, entry.key.text, "headers"))
        names = headers.keys() if headers is not None else ()
        found.append(MethodResponse(Known(entry.key.text, entry.key.span), names, entry.span))
    return tuple(found)


def _gateway_responses(reading: Reading, root: Mapping) -> tuple[GatewayResponse, ...]:
    declared = reading.mapping(root.get("x-amazon-apigateway-gateway-responses"))
    found: list[GatewayResponse] = []
    for entry in declared.entries if declared is not None else ():
        own = reading.mapping(entry.value)
        if own is not None:
            parameters = pairs(reading, own.get("responseParameters"), "gatewayresponse.header.")
            templates = pairs(reading, own.get("responseTemplates"))
            status = reading.text(own.get("statusCode"))
            found.append(GatewayResponse(entry.key.text, parameters, status, templates, entry.span))
    return tuple(found)
