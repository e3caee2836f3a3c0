"""`authorizer` of http events. Source: the guide "REST API (API Gateway v1)", "HTTP Endpoints with Custom Authorizers"."""

from __future__ import annotations

import re

from msgspec import Struct

from corsmith.api.span import Span
from corsmith.readers.nodes import Mapping, Node

from . import naming
from .parts import Unresolved, attribute, get, is_on, link, made, record, term, text_of, word
from .permissions import add_permission
from .rest_calls import Call
from .service import Service, Stack

_COGNITO = re.compile(r"arn:[a-zA-Z-]*:cognito-idp")
_HEADER = "method.request.header.Authorization"


class Asked(Struct, frozen=True):
    """An authorizer that an event asks for. `arn` names a function or a user pool; None where it has an id."""

    kind: str
    span: Span
    name: str = ""
    arn: Node | None = None
    id: Node | None = None
    own: str | None = None
    """The function of this service that it is."""

    @property
    def logical(self) -> str:
        """The logical id of the authorizer that Serverless makes."""
        return naming.normal(self.name) + "ApiGatewayAuthorizer"


def asked(service: Service, call: Call, stack: Stack) -> Asked | None:
    """Return the authorizer of an event, None where it has none."""
    node = call.settings.get("authorizer")
    if node is None or not is_on(node):
        return None
    span = node.span
    if isinstance(node, Unresolved):
        return Asked("TOKEN", span, "Unknown", node)
    written = text_of(node)
    kind = (text_of(get(node, "type")) or "").upper()
    if kind == "AWS_IAM" or (written is not None and written.upper() == "AWS_IAM"):
        return Asked("AWS_IAM", span)
    identity, arn, name = get(node, "authorizerId"), get(node, "arn"), text_of(get(node, "name"))
    if kind and identity is not None:
        return Asked(kind, span, id=identity)
    if written is not None and ":" in written:
        arn = node
    if arn is not None:
        address = text_of(arn)
        cognito = kind == "COGNITO_USER_POOLS" or (address is not None and _COGNITO.match(address))
        last = (address or "").rpartition(":")[2].rpartition("-")[2]
        return Asked("COGNITO_USER_POOLS" if cognito else kind or "TOKEN", span, name or last or "Unknown", arn)
    name = written if written is not None else name
    if name is None:
        message = f"The authorizer of {call.method.upper()} /{call.path} needs a name or an arn."
        stack.refuse("authorizer", span, message, api=naming.REST_API)
        return None
    if service.function(name) is None:
        message = f"The service has no function {name} to be the authorizer of {call.method.upper()} /{call.path}."
        stack.refuse("authorizer", span, message, api=naming.REST_API, key=name)
        return None
    return Asked(kind or "TOKEN", span, name, attribute(naming.function(name), "Arn", span), own=name)


def authorization(service: Service, call: Call, stack: Stack) -> list[tuple[str, Node | None]]:
    """Return the authorization settings of a method."""
    who = asked(service, call, stack)
    if who is None:
        return [("AuthorizationType", term("NONE"))]
    if who.kind == "AWS_IAM":
        return [("AuthorizationType", made("AWS_IAM", who.span, "authorizer"))]
    kind = "COGNITO_USER_POOLS" if who.kind == "COGNITO_USER_POOLS" else "CUSTOM"
    named = who.id if who.id is not None else record(who.span, [("Ref", word(who.logical, who.span))])
    return [("AuthorizationType", word(kind, who.span)), ("AuthorizerId", named)]


def add_authorizer(service: Service, call: Call, stack: Stack) -> None:
    """Add the authorizer of an event, and the permission for its function."""
    who = asked(service, call, stack)
    if who is None or who.arn is None:
        return
    node = call.settings.get("authorizer")
    span = who.span
    settings = node if isinstance(node, Mapping) else None
    source = get(settings, "identitySource")
    lasting = text_of(get(settings, "resultTtlInSeconds"))
    if source is None and not (who.kind == "REQUEST" and lasting == "0"):
        source = made(_HEADER, span, "authorizer")
    own: list[tuple[str, Node | None]] = [
        ("IdentitySource", source),
        ("IdentityValidationExpression", get(settings, "identityValidationExpression")),
        ("RestApiId", link(naming.REST_API)),
        ("Type", term(who.kind)),
        ("AuthorizerUri", who.arn if who.kind != "COGNITO_USER_POOLS" else None),
    ]
    # Events that ask for authorizers of one name share one: what the last of them says counts.
    stack.add(who.logical, "AWS::ApiGateway::Authorizer", span, own)
    permission = naming.normal(who.name) + "LambdaPermissionApiGateway"
    if who.own is not None and permission not in stack.resources:
        add_permission(stack, naming.function(who.own), permission, span, naming.REST_API, "/*/*")
