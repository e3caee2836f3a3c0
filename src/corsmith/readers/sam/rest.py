"""REST APIs in SAM: AWS::Serverless::Api and the implicit ServerlessRestApi."""

from __future__ import annotations

from msgspec import Struct, field

from corsmith.api.front_door import LambdaProxy, Stage
from corsmith.api.rest_api import GatewayResponse, IntegrationResponse, Mapped, RestApi
from corsmith.api.span import Span
from corsmith.api.value import Known, Texts, Unknown
from corsmith.readers.api_keys import api_keys
from corsmith.readers.cloudformation.rest import gateway_responses, media_types, private
from corsmith.readers.cloudformation.rest_methods import add_methods
from corsmith.readers.made import made
from corsmith.readers.nodes import Entry, Mapping, Node
from corsmith.readers.openapi.body import Body
from corsmith.readers.operations import Operation, Paths, rest_methods
from corsmith.readers.permissions import Grants, permit
from corsmith.readers.reading import Reading, pairs
from corsmith.readers.refusals import Refusals
from corsmith.readers.stage_settings import base_paths, cached, rest_throttled
from corsmith.readers.web_acls import guards_of, mutual_tls

from . import rest_auth
from .events import Event
from .naming import check_default, check_event
from .rest_cors import add_options

_PARAMETER_KEYS = frozenset({"Headers", "Paths", "QueryStrings"})
_GATEWAY_KEYS = frozenset({"ResponseParameters", "ResponseTemplates", "StatusCode"})


class Definition(Struct, frozen=True):
    """A REST API to build: its settings with globals, the events that name it, and the body it is given."""

    name: str
    span: Span
    properties: Mapping
    events: tuple[Event, ...]
    body: Body | None
    given: Grants = field(default_factory=dict)
    stage: Known[str] | None = None


def rest_api(reading: Reading, definition: Definition, refusals: Refusals) -> RestApi:
    """Return the REST API that SAM makes of a definition."""
    properties, name = definition.properties, definition.name
    auth = reading.mapping(properties.get("Auth"))
    rest_auth.check_keys(reading, auth, name, refusals)
    paths, schemes = _paths(reading, definition, refusals)
    cors = properties.get("Cors")
    cors_span = None
    if cors is not None:
        if definition.body is not None and not definition.body.inline:
            message = f"Cors of {name} works only with a definition that is given inline, in DefinitionBody."
            refusals.add("misplaced", cors.span, message, api=name)
        else:
            cors_span = add_options(reading, name, cors, paths, refusals)
    if definition.body is None or definition.body.inline:
        schemes.update(rest_auth.authorizers(reading, auth))
        rest_auth.check_authorizers(reading, auth, name, refusals)
        for event in definition.events:
            if definition.body is None:
                check_event(reading, event.properties, auth, schemes, name, refusals)
        if auth is not None and auth.get("Authorizers") is not None:
            check_default(reading, auth, schemes, name, refusals)
        rest_auth.defaults(reading, auth, paths, schemes)
        rest_auth.check_waivers(reading, auth, paths, name, refusals)
    add_methods(reading, name, paths, schemes)
    permit(paths, name, definition.given)
    stage = definition.stage or reading.text(properties.get("StageName")) or Unknown("StageName is not set")
    base = definition.body
    return RestApi(
        name,
        definition.span,
        rest_methods(paths, schemes),
        _gateway_responses(reading, name, properties, base, refusals),
        _binary(reading, properties) or (base.binary_media_types if base is not None else None) or Known(()),
        (
            Stage(
                stage,
                _span(properties.get("StageName")),
                throttled=rest_throttled(reading, properties),
                base_paths=base_paths(reading, name, properties),
                cached=cached(reading, properties),
            ),
        ),
        base.refusals if base is not None else (),
        api_keys(reading, name, reading.at(auth, "UsagePlan", "CreateUsagePlan")),
        cors_span=cors_span,
        gateway_responses_span=_key(properties.entry("GatewayResponses")),
        guards=(*guards_of(reading, name, f"{name}Stage"), *mutual_tls(reading, name, properties)),
        private=private(reading, _endpoint(reading, properties)),
    )


def _paths(reading: Reading, definition: Definition, refusals: Refusals) -> tuple[Paths, rest_auth.Schemes]:
    paths, schemes = Paths(), rest_auth.Schemes()
    merging = False
    if definition.body is not None:
        paths, schemes = definition.body.paths, dict(definition.body.schemes)
        merge = reading.switch(definition.properties.get("MergeDefinitions"))
        merging = isinstance(merge, Known) and merge.value
        if not merging:
            for event in definition.events:
                _override(reading, event, paths)
            return paths, schemes
        if not definition.body.has_paths:
            # SAM loses the events of a definition that has no paths to merge them into.
            return paths, schemes
    for event in definition.events:
        before = paths.get(event.path, event.method)
        if before is not None and before.by_event:
            message = f"{event.method.upper()} {event.path} of {definition.name} is declared by two events."
            refusals.add("conflict", event.span, message, api=definition.name)
            continue
        operation = _operation(reading, event)
        operation.by_role = rest_auth.by_role(reading, event, definition.properties)
        rest_auth.on_event(reading, event, operation)
        if before is not None and operation.security is None:
            operation.security = before.security
        paths.add(operation)
    return paths, schemes


def _override(reading: Reading, event: Event, paths: Paths) -> None:
    """A body wins over events, but for an event whose Auth says that it overrides."""
    auth = reading.mapping(event.properties.get("Auth"))
    override = reading.switch(auth.get("OverrideApiAuth")) if auth is not None else None
    operation = paths.get(event.path, event.method)
    if operation is not None and isinstance(override, Known) and override.value:
        rest_auth.on_event(reading, event, operation)


def _operation(reading: Reading, event: Event) -> Operation:
    if event.starts:
        return _starting(event)
    streams = reading.text(event.properties.get("ResponseTransferMode"))
    integration = LambdaProxy(
        made(event.function, event.span, "the event"),
        event.span,
        timeout_ms=reading.number(event.properties.get("TimeoutInMillis")) or Known(29_000),
        streams=Known(isinstance(streams, Known) and streams.value == "RESPONSE_STREAM"),
    )
    return Operation(
        event.path, event.method, event.span, integration, validates=_validates(reading, event), by_event=True
    )


def _starting(event: Event) -> Operation:
    """A state machine's event: an AWS integration, whose answers carry no headers."""
    responses = tuple(IntegrationResponse(Known(status), Known(status), span=event.span) for status in ("200", "400"))
    made = Mapped(responses, Unknown(f"{event.function} is a state machine", event.span), span=event.span)
    return Operation(event.path, event.method, event.span, made, by_event=True)


def _validates(reading: Reading, event: Event) -> tuple[str, ...]:
    model = reading.mapping(event.properties.get("RequestModel"))
    if model is None or model.get("Model") is None:
        return ()
    found: list[str] = []
    body, parameters = reading.switch(model.get("ValidateBody")), reading.switch(model.get("ValidateParameters"))
    if isinstance(body, Known) and body.value:
        found.append("body")
    if isinstance(parameters, Known) and parameters.value:
        value = reading.value(event.properties.get("RequestParameters"))
        for item in value.value if isinstance(value, Known) and isinstance(value.value, tuple) else ():
            named = item.value if isinstance(item, Known) else None
            if isinstance(named, Mapping) and named.entries:
                entry = named.entries[0]
                required = reading.switch(reading.at(named, entry.key.text, "Required"))
                if isinstance(required, Known) and required.value:
                    found.append(entry.key.text.removeprefix("method.request.").replace(".", " ", 1))
    return tuple(found)


def _gateway_responses(
    reading: Reading, api: str, properties: Mapping, body: Body | None, refusals: Refusals
) -> tuple[GatewayResponse, ...]:
    found = {each.type: each for each in (body.gateway_responses if body is not None else ())}
    declared = reading.mapping(properties.get("GatewayResponses"))
    for entry in declared.entries if declared is not None else ():
        own = reading.mapping(entry.value)
        if own is None:
            refusals.add("wrong-type", entry.span, f"{entry.key.text} of GatewayResponses must be a mapping.", api=api)
            continue
        for each in own.entries:
            if each.key.text not in _GATEWAY_KEYS:
                message = f"{entry.key.text} of GatewayResponses has no setting {each.key.text}."
                refusals.add("unknown-key", each.key.span, message, api=api, key=each.key.text)
        parameters = reading.mapping(own.get("ResponseParameters"))
        for each in parameters.entries if parameters is not None else ():
            if each.key.text not in _PARAMETER_KEYS:
                message = f"ResponseParameters of {entry.key.text} has no {each.key.text}; headers go under Headers."
                refusals.add("unknown-key", each.key.span, message, api=api, key=each.key.text)
        headers = reading.at(own, "ResponseParameters", "Headers")
        found[entry.key.text] = GatewayResponse(
            entry.key.text,
            pairs(reading, headers),
            reading.text(own.get("StatusCode")),
            pairs(reading, own.get("ResponseTemplates")),
            entry.span,
        )
    found.update({each.type: each for each in gateway_responses(reading, api)})
    return tuple(found.values())


def _binary(reading: Reading, properties: Mapping) -> Texts | None:
    return media_types(reading.texts(properties.get("BinaryMediaTypes")))


def _endpoint(reading: Reading, properties: Mapping) -> Node | None:
    """SAM takes a text or a mapping with Type."""
    node = properties.get("EndpointConfiguration")
    return reading.at(reading.mapping(node), "Type") if reading.mapping(node) is not None else node


def _key(entry: Entry | None) -> Span | None:
    return entry.key.span if entry is not None else None


def _span(node: Node | None) -> Span | None:
    return node.span if node is not None else None
