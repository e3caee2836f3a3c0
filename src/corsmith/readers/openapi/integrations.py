"""x-amazon-apigateway-integration, and the same settings of a CloudFormation method."""

from __future__ import annotations

from corsmith.api.front_door import HttpProxy, LambdaProxy
from corsmith.api.rest_api import Integration, IntegrationResponse, Mapped, Mock
from corsmith.api.value import Known, Text, Unknown, Value
from corsmith.readers.nodes import Mapping, Node, Sequence
from corsmith.readers.reading import Reading, pairs

HEADER = "method.response.header."
_DEFAULT_PASSTHROUGH = "WHEN_NO_MATCH"


REST_LIMIT = Known(29_000)
HTTP_LIMIT = Known(30_000)
"""How long API Gateway waits where no timeout is set, milliseconds."""


def integration(reading: Reading, own: Mapping, limit: Known[int] = REST_LIMIT) -> Integration | None:
    """Return the integration of an operation in a definition. `limit`: its timeout where none is set."""
    kind = reading.text(own.get("type"))
    if not isinstance(kind, Known):
        return None
    name = kind.value.upper()
    version = reading.text(own.get("payloadFormatVersion")) or Known("1.0")
    if name in ("AWS_PROXY", "HTTP_PROXY"):
        return proxy(reading, name, own, own.get("uri"), reading.number(own.get("timeoutInMillis")) or limit, version)
    responses = _responses(reading, own)
    templates = pairs(reading, own.get("requestTemplates"))
    passthrough = upper(reading.text(own.get("passthroughBehavior")))
    if name == "MOCK":
        handling = reading.text(own.get("contentHandling"))
        return Mock(templates, responses, passthrough, handling, own.span)
    return Mapped(
        responses,
        reading.function(own.get("uri")) if name == "AWS" else Unknown("the integration is no Lambda function"),
        reading.number(own.get("timeoutInMillis")) or Known(29_000),
        own.span,
        templates,
        passthrough,
    )


def proxy(
    reading: Reading, kind: str, own: Mapping, uri: Node | None, limit: Value[int], version: Text
) -> LambdaProxy | HttpProxy:
    """Return a proxy integration of `kind` AWS_PROXY or HTTP_PROXY."""
    if kind == "HTTP_PROXY":
        return HttpProxy(reading.text(uri) or Unknown("no uri is given", own.span), own.span, limit)
    mode = reading.text(own.get("responseTransferMode") or own.get("ResponseTransferMode"))
    streams = isinstance(mode, Known) and mode.value == "STREAM"
    return LambdaProxy(reading.function(uri), own.span, version, limit, streams=Known(streams))


def upper(value: Text | None) -> Text:
    """Return a passthrough behaviour in the spelling of the API."""
    if value is None:
        return Known(_DEFAULT_PASSTHROUGH)
    return Known(value.value.upper(), value.span, value.via) if isinstance(value, Known) else value


def _responses(reading: Reading, own: Mapping) -> tuple[IntegrationResponse, ...]:
    declared = reading.mapping(own.get("responses"))
    found: list[IntegrationResponse] = []
    for entry in declared.entries if declared is not None else ():
        body = reading.mapping(entry.value)
        if body is None:
            continue
        # "default" is no pattern: nobody writes the empty one.
        pattern = Known("") if entry.key.text == "default" else Known(entry.key.text, entry.key.span)
        found.append(
            IntegrationResponse(
                reading.text(body.get("statusCode")) or Unknown("statusCode is not set", entry.span),
                pattern,
                pairs(reading, body.get("responseParameters"), HEADER),
                pairs(reading, body.get("responseTemplates")),
                reading.text(body.get("contentHandling")),
                entry.span,
            )
        )
    return tuple(found)


def listed_responses(reading: Reading, node: Node | None) -> tuple[IntegrationResponse, ...]:
    """Return the IntegrationResponses of an AWS::ApiGateway::Method."""
    found: list[IntegrationResponse] = []
    for item in node.items if isinstance(node, Sequence) else ():
        body = reading.mapping(item)
        if body is not None:
            found.append(
                IntegrationResponse(
                    reading.text(body.get("StatusCode")) or Unknown("StatusCode is not set", body.span),
                    reading.text(body.get("SelectionPattern")) or Known(""),
                    pairs(reading, body.get("ResponseParameters"), HEADER),
                    pairs(reading, body.get("ResponseTemplates")),
                    reading.text(body.get("ContentHandling")),
                    body.span,
                )
            )
    return tuple(found)
