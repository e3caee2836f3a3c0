"""squidfunk/api-gateway-enable-cors/aws: the OPTIONS method of a resource of a REST API.

Source: the module's documentation, version 0.3.3.
"""

from __future__ import annotations

from corsmith.api.span import Span
from corsmith.readers.nodes import Mapping, Node, Scalar

from .public_parts import Made, is_on
from .terms import attribute, from_plain, join, mapping

_HEADER = "method.response.header.Access-Control-"
_HEADERS = ("Authorization", "Content-Type", "X-Amz-Date", "X-Amz-Security-Token", "X-Api-Key")
_METHODS = ("OPTIONS", "HEAD", "GET", "POST", "PUT", "PATCH", "DELETE")


def output_of(address: str, name: str, span: Span) -> Node:
    """Return an output: the module has none of use."""
    return attribute(address, name, span)


def make(made: Made, own: Mapping) -> None:
    """Add what the module makes of its arguments."""
    span = made.block.header
    values = {
        "Allow-Headers": _listed(own.get("allow_headers") or from_plain(_HEADERS, span), made),
        "Allow-Methods": _listed(own.get("allow_methods") or from_plain(_METHODS, span), made),
        "Allow-Origin": own.get("allow_origin") or made.text("*"),
        "Max-Age": own.get("allow_max_age") or made.text("7200"),
    }
    if is_on(own.get("allow_credentials")):
        values["Allow-Credentials"] = made.text("true")
    quote = made.text("'")
    headers = {name: join((quote, value, quote), value.span) for name, value in values.items()}
    of = [("rest_api_id", own.get("api_id")), ("resource_id", own.get("api_resource_id"))]
    of.append(("http_method", made.text("OPTIONS")))
    templates = mapping(((Scalar("application/json", span), made.text('{ "statusCode": 200 }')),), span)
    declared = mapping(((Scalar(_HEADER + name, span), Scalar("true", span, "bool")) for name in headers), span)
    set_ = mapping(((Scalar(_HEADER + name, value.span), value) for name, value in headers.items()), span)
    made.add("aws_api_gateway_method", "_", (*of, ("authorization", made.text("NONE"))))
    made.add(
        "aws_api_gateway_integration",
        "_",
        (
            *of,
            ("type", made.text("MOCK")),
            ("content_handling", made.text("CONVERT_TO_TEXT")),
            ("request_templates", templates),
        ),
    )
    status = ("status_code", made.text("200"))
    made.add("aws_api_gateway_method_response", "_", (*of, status, ("response_parameters", declared)))
    made.add("aws_api_gateway_integration_response", "_", (*of, status, ("response_parameters", set_)))


def _listed(node: Node, made: Made) -> Node:
    """A list as a header's value writes it."""
    if node.tag or isinstance(node, Scalar | Mapping):
        return node
    parts: list[Node] = []
    for item in node.items:
        parts += (made.text(","), item) if parts else (item,)
    return join(parts, node.span)
