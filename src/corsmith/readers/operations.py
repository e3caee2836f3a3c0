"""The methods of an API while its definition is put together: an OpenAPI body, what events add, what defaults change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct, field

from corsmith.api.front_door import Authorizer
from corsmith.api.http_api import HttpRoute
from corsmith.api.rest_api import Integration, Mapped, MethodResponse, Mock, RestMethod
from corsmith.api.span import Span
from corsmith.api.value import Known, Unknown, Value

ANY = "x-amazon-apigateway-any-method"
API_KEY = "api_key"


class Security(Struct, frozen=True):
    """One requirement of an operation: the name of a scheme, and where it was asked for."""

    name: str
    span: Span | None = None


class Operation(Struct):
    """A method of a path. `security` None: the definition says nothing. `method` as in OpenAPI, lower case."""

    path: str
    method: str
    span: Span
    integration: Integration | None = None
    security: tuple[Security, ...] | None = None
    responses: tuple[MethodResponse, ...] = ()
    validates: tuple[str, ...] = ()
    by_tool: bool = False
    by_event: bool = False
    by_role: bool = False
    """The integration assumes a role: the function needs no permission for API Gateway."""


class Paths(Struct):
    """The paths of a definition, in order, each with its operations by method.

    `extra` holds the keys of a path that are no methods ("parameters", "summary"): SAM lists them in Allow-Methods.
    """

    items: dict[str, dict[str, Operation]] = field(default_factory=dict)
    extra: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def get(self, path: str, method: str) -> Operation | None:
        """Return an operation."""
        return self.items.get(path, {}).get(method)

    def add(self, operation: Operation) -> None:
        """Put an operation in, in place of one that is there."""
        self.items.setdefault(operation.path, {})[operation.method] = operation

    def __iter__(self) -> Iterator[Operation]:
        for methods in self.items.values():
            yield from methods.values()


def normal(method: str) -> str:
    """Return a method's name as OpenAPI keys spell it: lower case, API Gateway's own name for any."""
    lower = method.lower()
    return ANY if lower == "any" else lower


def verb(method: str) -> str:
    """Return the verb of an OpenAPI key: upper case, "ANY" for any."""
    return "ANY" if method == ANY else method.upper()


def rest_methods(paths: Paths, schemes: Mapping[str, Authorizer]) -> tuple[RestMethod, ...]:
    """Return the methods of a REST API. Operations without an integration are left out by API Gateway's import."""
    return tuple(_rest_method(op, schemes) for op in paths)


def _rest_method(operation: Operation, schemes: Mapping[str, Authorizer]) -> RestMethod:
    authorizer: Value[Authorizer | None] = Known(None)
    key: Value[bool] = Known(False)
    for security in operation.security or ():
        if security.name == API_KEY:
            key = Known(True, security.span)
        elif security.name in schemes:
            authorizer = Known(schemes[security.name], security.span)
        elif security.name != "NONE":
            authorizer = Unknown(f"the authorizer {security.name} is not defined in this template", security.span)
    return RestMethod(
        _path(operation.path),
        verb(operation.method),
        operation.integration,
        operation.span,
        authorizer,
        key,
        operation.responses,
        operation.validates,
        operation.by_tool,
    )


def http_routes(paths: Paths, schemes: Mapping[str, Authorizer]) -> tuple[HttpRoute, ...]:
    """Return the routes of an HTTP API: proxy integrations only, the others are ignored by its import."""
    routes: list[HttpRoute] = []
    for operation in paths:
        integration = operation.integration
        if isinstance(integration, Mock | Mapped):
            continue
        security = next((each for each in operation.security or () if each.name in schemes), None)
        authorizer = schemes[security.name] if security is not None else None
        path = "$default" if operation.path in ("$default", "/$default") else operation.path
        where = security.span if security is not None else None
        routes.append(HttpRoute(verb(operation.method), path, integration, operation.span, authorizer, where))
    return tuple(routes)


def _path(path: str) -> str:
    return path.rstrip("/") or "/"
