"""Modules of the registry that many projects call: what they make of what they are given.

Source: the documentation of terraform-aws-modules/lambda/aws and terraform-aws-modules/apigateway-v2/aws, versions 1 to 8.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from msgspec import Struct, field

from corsmith.api.span import Span
from corsmith.readers.nodes import Mapping, Node, Scalar

from .evaluate import arguments_of
from .scope import Instance, Scope
from .syntax import Block
from .terms import attribute, is_null, join, listed, mapping, text, unknown

_LAMBDA = re.compile(r"(^|[/:])(terraform-aws-modules/lambda/aws$|terraform-aws-modules/terraform-aws-lambda\b)")
_HTTP_API = re.compile(
    r"(^|[/:])(terraform-aws-modules/apigateway-v2/aws$|terraform-aws-modules/terraform-aws-apigateway-v2\b)"
)
_FUNCTION, _API = "aws_lambda_function.this[0]", "aws_apigatewayv2_api.this[0]"
_LAMBDA_OUTPUTS = {
    "lambda_function_arn": "arn",
    "lambda_function_arn_static": "arn",
    "lambda_function_invoke_arn": "invoke_arn",
    "lambda_function_name": "function_name",
    "lambda_function_qualified_arn": "qualified_arn",
    "lambda_function_qualified_invoke_arn": "qualified_invoke_arn",
    "this_lambda_function_arn": "arn",
    "this_lambda_function_invoke_arn": "invoke_arn",
    "this_lambda_function_name": "function_name",
}


class PublicModule(Struct, eq=False):
    """A call of a known module. Its outputs are names of what it makes; its arguments are not worked out for them.

    (A function's module is given the API that may call it, and the API's module the function that it calls.)
    """

    address: str
    block: Block
    scope: Scope
    make: Callable[[_Made, Mapping], None]
    output_of: Callable[[str, str, Span], Node]

    def instances(self) -> tuple[Instance, ...]:
        """Return the resources that it makes."""
        made = _Made(self.address, self.block)
        self.make(made, arguments_of(self.block.body, self.scope))
        return tuple(made.found)

    def output(self, name: str, span: Span) -> Node:
        """Return an output."""
        return self.output_of(self.address, name, span)


def public(address: str, source: str, block: Block, scope: Scope) -> PublicModule | None:
    """Return a call of a known public module; None for any other module."""
    if _LAMBDA.search(source):
        return PublicModule(address, block, scope, _lambda, _output_of_lambda)
    if _HTTP_API.search(source):
        return PublicModule(address, block, scope, _http_api, _output_of_http_api)
    return None


def _output_of_lambda(address: str, name: str, span: Span) -> Node:
    return attribute(f"{address}.{_FUNCTION}", _LAMBDA_OUTPUTS.get(name, name), span)


def _output_of_http_api(address: str, name: str, span: Span) -> Node:
    api = f"{address}.{_API}"
    if name.endswith("execution_arn") and "stage" not in name:
        return join((text("arn:aws:execute-api:region:account:", span), attribute(api, "id", span)), span)
    return attribute(api, name, span)


class _Made(Struct):
    """What a module makes, being put together."""

    address: str
    block: Block
    found: list[Instance] = field(default_factory=list)

    def add(self, kind: str, name: str, given: Iterable[tuple[str, Node | None]], span: Span | None = None) -> str:
        """Add a resource; return its address."""
        at = f"{self.address}.{kind}.{name}"
        pairs = [(Scalar(key, value.span), value) for key, value in given if value is not None and not is_null(value)]
        own = mapping(pairs, self.block.span)
        self.found.append(Instance(at, kind, span or self.block.header, self.address, given=own))
        return at

    def text(self, value: str) -> Scalar:
        """Return a text that the module makes."""
        return text(value, self.block.header)


def _is_off(node: Node | None) -> bool:
    return isinstance(node, Scalar) and not node.tag and node.text == "false"


def _is_on(node: Node | None) -> bool:
    return isinstance(node, Scalar) and not node.tag and node.text == "true"


def _lambda(made: _Made, own: Mapping) -> None:
    if _is_off(own.get("create")) or _is_off(own.get("create_function")) or _is_on(own.get("create_layer")):
        return
    variables = own.get("environment_variables")
    environment = mapping(((Scalar("variables", variables.span), variables),), variables.span) if variables else None
    names = ("function_name", "handler", "runtime", "timeout", "layers", "package_type", "image_uri", "s3_key")
    function = made.add(
        "aws_lambda_function",
        "this[0]",
        (
            *((name, own.get(name)) for name in names),
            ("environment", listed((environment,), environment.span) if environment else None),
            ("filename", own.get("local_existing_package")),
            ("source_path", own.get("source_path")),
        ),
    )
    called = attribute(function, "function_name", made.block.header)
    if _is_on(own.get("create_lambda_function_url")):
        made.add("aws_lambda_function_url", "this[0]", _function_url(own, called, made))
    _triggers(own.get("allowed_triggers"), made, called)


def _function_url(own: Mapping, called: Node, made: _Made) -> list[tuple[str, Node | None]]:
    return [
        ("function_name", called),
        ("authorization_type", own.get("authorization_type") or made.text("NONE")),
        ("invoke_mode", own.get("invoke_mode")),
        ("cors", _block(own.get("cors"))),
    ]


def _block(given: Node | None) -> Node | None:
    """An object as the block that the module makes of it; an empty one makes none."""
    if isinstance(given, Mapping):
        return listed((given,) if given.entries else (), given.span)
    return given


def _triggers(triggers: Node | None, made: _Made, called: Node) -> None:
    for entry in triggers.entries if isinstance(triggers, Mapping) else ():
        trigger = entry.value
        if not isinstance(trigger, Mapping):
            continue
        service = trigger.get("service")
        principal = trigger.get("principal") or join(
            (service or made.text(entry.key.text), made.text(".amazonaws.com")), entry.key.span
        )
        given = (
            ("function_name", called),
            ("action", trigger.get("action") or made.text("lambda:InvokeFunction")),
            ("principal", principal),
            ("source_arn", trigger.get("source_arn")),
        )
        made.add("aws_lambda_permission", f'current_version_triggers["{entry.key.text}"]', given, entry.key.span)


def _http_api(made: _Made, own: Mapping) -> None:
    if _is_off(own.get("create")) or _is_off(own.get("create_api_gateway")):
        return
    api = made.add(
        "aws_apigatewayv2_api",
        "this[0]",
        (
            ("name", own.get("name")),
            ("protocol_type", own.get("protocol_type") or made.text("HTTP")),
            ("cors_configuration", _block(own.get("cors_configuration"))),
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
    if not (_is_off(own.get("create_stage")) or _is_off(own.get("create_default_stage"))):
        name = own.get("stage_name") or made.text("$default")
        auto = own.get("deploy_stage") or Scalar("true", made.block.header, "bool")
        made.add("aws_apigatewayv2_stage", "this[0]", (("api_id", of_api), ("name", name), ("auto_deploy", auto)))


def _authorizers(node: Node | None, made: _Made, api: Node) -> dict[str, str]:
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


def _route(key: Scalar, own: Mapping, made: _Made, api: Node, authorizers: dict[str, str]) -> None:
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
