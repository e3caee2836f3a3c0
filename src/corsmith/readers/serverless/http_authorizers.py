"""The authorizers of an HTTP API. Source: the guide "HTTP API (API Gateway v2)", "JWT Authorizers" and the following."""

from __future__ import annotations

from corsmith.api.span import Span
from corsmith.readers.nodes import Mapping, Node

from . import naming
from .http_routes import Route
from .parts import Unresolved, as_list, attribute, entries_of, get, is_on, made, record, ref, text_of, word
from .service import Service, Stack


def add_authorizers(service: Service, config: Node | None, stack: Stack) -> dict[str, str]:
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


def authorization(route: Route, names: dict[str, str], elsewhere: Node | None, stack: Stack) -> list[tuple[str, Node]]:
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
