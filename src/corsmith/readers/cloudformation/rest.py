"""AWS::ApiGateway::* resources: REST APIs with a Body, or with Resources and Methods."""

from __future__ import annotations

from corsmith.api.front_door import Stage
from corsmith.api.rest_api import GatewayResponse, RestApi
from corsmith.api.value import Known, Text, Texts, Unknown, mapped
from corsmith.readers.api_keys import api_keys
from corsmith.readers.intrinsics import logical_id
from corsmith.readers.nodes import Mapping, Node
from corsmith.readers.openapi.body import Body, body_of
from corsmith.readers.operations import Paths, rest_methods
from corsmith.readers.permissions import Grants, permit
from corsmith.readers.policies import refusals
from corsmith.readers.reading import Reading, pairs
from corsmith.readers.stage_settings import base_paths, cached, rest_throttled
from corsmith.readers.template import Resource
from corsmith.readers.web_acls import guards_of, mutual_tls

from .deployments import deployments
from .rest_methods import add_methods


def rest_api(reading: Reading, resource: Resource, given: Grants) -> RestApi:
    """Return the REST API of an AWS::ApiGateway::RestApi."""
    own = resource.properties
    root = reading.supposed(own.get("Body"))
    body = body_of(reading, root) if root is not None else Body(Paths())
    add_methods(reading, resource.name, body.paths, body.schemes)
    permit(body.paths, resource.name, given)
    responses = {each.type: each for each in body.gateway_responses}
    responses.update({each.type: each for each in gateway_responses(reading, resource.name)})
    methods = rest_methods(body.paths, body.schemes)
    parts = [method.span for method in methods] + [each.span for each in responses.values() if each.span is not None]
    return RestApi(
        resource.name,
        resource.span,
        methods,
        tuple(responses.values()),
        _joined(media_types(reading.texts(own.get("BinaryMediaTypes"))), body.binary_media_types),
        stages(reading, resource.name),
        refusals(reading, own.get("Policy")) or body.refusals,
        api_keys(reading, resource.name),
        guards=(
            *guards_of(reading, resource.name, *_stage_names(reading, resource.name)),
            *mutual_tls(reading, resource.name, own),
        ),
        private=private(reading, reading.at(own, "EndpointConfiguration", "Types")),
        deployments=deployments(reading, resource.name, tuple(parts)),
    )


def _stage_names(reading: Reading, api: str) -> tuple[str, ...]:
    stages_of = reading.of_type("AWS::ApiGateway::Stage")
    return tuple(each.name for each in stages_of if logical_id(each.properties.get("RestApiId")) == api)


def private(reading: Reading, types: Node | None) -> Known[bool]:
    """Say whether an endpoint's types, or its one type, are PRIVATE."""
    listed = reading.texts(types)
    items = listed.value if isinstance(listed, Known) else ()
    return Known(any(isinstance(item, Known) and item.value.upper() == "PRIVATE" for item in items))


def media_types(listed: Texts | None) -> Texts | None:
    """Return binary media types; CloudFormation writes their slash as `~1`."""
    if not isinstance(listed, Known):
        return listed
    items = tuple(mapped(item, lambda text: text.replace("~1", "/")) for item in listed.value)
    return Known(items, listed.span, listed.via)


def _joined(own: Texts | None, body: Texts | None) -> Texts:
    if isinstance(own, Known) and isinstance(body, Known):
        added = tuple(item for item in body.value if plain(item) not in [plain(other) for other in own.value])
        return Known(own.value + added, own.span, own.via)
    return own or body or Known(())


def plain(item: Text) -> str:
    """A media type to compare by."""
    return item.value if isinstance(item, Known) else item.because


def gateway_responses(reading: Reading, api: str) -> tuple[GatewayResponse, ...]:
    """Return the AWS::ApiGateway::GatewayResponse resources of an API."""
    found: list[GatewayResponse] = []
    for resource in reading.of_type("AWS::ApiGateway::GatewayResponse"):
        own = resource.properties
        type_ = reading.text(own.get("ResponseType"))
        if logical_id(own.get("RestApiId")) == api and isinstance(type_, Known):
            found.append(
                GatewayResponse(
                    type_.value,
                    pairs(reading, own.get("ResponseParameters"), "gatewayresponse.header."),
                    reading.text(own.get("StatusCode")),
                    pairs(reading, own.get("ResponseTemplates")),
                    resource.span,
                )
            )
    return tuple(found)


def stages(reading: Reading, api: str) -> tuple[Stage, ...]:
    """Return the stages of an API: Stage resources, and the StageName of Deployments."""
    found: list[Stage] = []
    for resource in reading.of_type("AWS::ApiGateway::Stage", "AWS::ApiGateway::Deployment"):
        own: Mapping = resource.properties
        name = reading.text(own.get("StageName"))
        if logical_id(own.get("RestApiId")) == api and name is not None:
            described = own if resource.type.endswith("Stage") else reading.mapping(own.get("StageDescription")) or own
            found.append(
                Stage(
                    name,
                    resource.span,
                    throttled=rest_throttled(reading, described),
                    base_paths=base_paths(reading, api, own),
                    cached=cached(reading, described),
                )
            )
    return tuple(found) or (Stage(Unknown("the template has no stage of this API")),)
