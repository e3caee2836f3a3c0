"""terraform-aws-modules/apigateway-v2/aws: an HTTP API with its routes, integrations, authorizers and stage.

Source: the module's documentation, versions 1 to 5: `integrations` up to 4, `routes` since 5.
"""

from __future__ import annotations

from corsmith.api.span import Span
from corsmith.readers.nodes import Mapping, Node, Scalar

from .public_parts import Made, as_block, is_off
from .terms import attribute, is_null, join, listed, mapping, text, unknown

_API = "aws_apigatewayv2_api.this[0]"


def output_of(address: str, name: str, span: Span) -> Node:
    """Return an output."""
    api = f"{address}.{_API}"
    if name.endswith("execution_arn") and "stage" not in name:
        return join((text("arn:aws:execute-api:region:account:", span), attribute(api, "id", span)), span)
    return attribute(api, name, span)


def make(made: Made, own: Mapping) -> None:
    """Add what the module makes of its arguments."""
    if is_off(own.get("create")) or is_off(own.get("create_api_gateway")):
        return
    api = made.add(
        "aws_apigatewayv2_api",
        "this[0]",
        (
            ("name", own.get("name")),
            ("protocol_type", own.get("protocol_type") or made.text("HTTP")),
            ("cors_configuration", as_block(own.get("cors_configuration"))),
            ("body", own.get("body")),
            ("target", own.get("target")),
            ("route_key", own.get("route_key")),
        ),
    )
    of_api = attribute(api, "id", made.block.header)
    authorizers = _authorizers(own.get("authorizers"), made, of_api)
    routes = own.get("routes") or own.get("integrations")
    for entry in routes.entries if isinstance(routes, Mapping) else ():
        if isinstance(entry.value, Mapping):
            _route(entry.key, entry.value, made, of_api, authorizers)
    if not (is_off(own.get("create_stage")) or is_off(own.get("create_default_stage"))):
        name = own.get("stage_name") or made.text("$default")
        auto = own.get("deploy_stage") or Scalar("true", made.block.header, "bool")
        made.add("aws_apigatewayv2_stage", "this[0]", (("api_id", of_api), ("name", name), ("auto_deploy", auto)))


def _authorizers(node: Node | None, made: Made, api: Node) -> dict[str, str]:
    found: dict[str, str] = {}
    for entry in node.entries if isinstance(node, Mapping) else ():
        own = entry.value
        if not isinstance(own, Mapping):
            continue
        jwt = own.get("jwt_configuration") or mapping(
            [(Scalar(name, value.span), value) for name in ("issuer", "audience") if (value := own.get(name))], own.span
        )
        given = (
            ("api_id", api),
            ("authorizer_type", own.get("authorizer_type") or made.text("REQUEST")),
            ("identity_sources", own.get("identity_sources")),
            ("jwt_configuration", listed((jwt,), jwt.span)),
            ("authorizer_uri", own.get("authorizer_uri")),
            ("authorizer_payload_format_version", own.get("authorizer_payload_format_version")),
            ("enable_simple_responses", own.get("enable_simple_responses")),
        )
        name = f'this["{entry.key.text}"]'
        found[entry.key.text] = made.add("aws_apigatewayv2_authorizer", name, given, entry.key.span)
    return found


def _route(key: Scalar, own: Mapping, made: Made, api: Node, authorizers: dict[str, str]) -> None:
    inner = own.get("integration")
    given = inner if isinstance(inner, Mapping) else own
    uri = given.get("uri") or given.get("lambda_arn") or given.get("integration_uri")
    kind = given.get("type") or given.get("integration_type") or made.text("AWS_PROXY")
    limit = given.get("timeout_milliseconds")
    integration = made.add(
        "aws_apigatewayv2_integration",
        f'this["{key.text}"]',
        (
            ("api_id", api),
            ("integration_type", kind),
            ("integration_uri", uri),
            ("payload_format_version", given.get("payload_format_version")),
            ("timeout_milliseconds", limit),
            ("credentials_arn", given.get("credentials_arn")),
        ),
        key.span,
    )
    named = own.get("authorizer_key")
    authorizer = own.get("authorizer_id")
    if isinstance(named, Scalar) and named.text in authorizers:
        authorizer = attribute(authorizers[named.text], "id", named.span)
    elif isinstance(named, Scalar) and not is_null(named):
        authorizer = unknown(f"{made.address} has no authorizer {named.text}", named.span)
    target = join((made.text("integrations/"), attribute(integration, "id", key.span)), key.span)
    made.add(
        "aws_apigatewayv2_route",
        f'this["{key.text}"]',
        (
            ("api_id", api),
            ("route_key", key),
            ("target", target),
            ("authorization_type", own.get("authorization_type")),
            ("authorizer_id", authorizer),
        ),
        key.span,
    )
