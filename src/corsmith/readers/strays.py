"""CORS settings that stand where nothing reads them: the template deploys, and they do nothing.

What SAM leaves out without a word was measured with aws-sam-translator 1.110; API Gateway's import reads its CORS extension
at the root of an HTTP API's definition only (API Gateway developer guide, "OpenAPI extensions for API Gateway").
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from corsmith.api.function_url import FunctionUrl
from corsmith.api.http_api import HttpApi
from corsmith.api.model import FrontDoor, Stray
from corsmith.api.rest_api import RestApi
from corsmith.api.value import Known

from .nodes import Entry, Mapping, Node, Sequence
from .reading import Reading
from .template import Resource

EXTENSION = "x-amazon-apigateway-cors"
SETTINGS = frozenset(("Cors", "CorsConfiguration"))
_KINDS = {
    "AWS::Serverless::Api": "REST",
    "AWS::ApiGateway::RestApi": "REST",
    "AWS::Serverless::HttpApi": "HTTP",
    "AWS::ApiGatewayV2::Api": "HTTP",
}
_EXTENSION_KEYS = ("allowOrigins", "allowMethods", "allowHeaders", "exposeHeaders", "maxAge", "allowCredentials")


def strays(reading: Reading, doors: Iterable[FrontDoor]) -> tuple[Stray, ...]:
    """Return the CORS settings of a template that have no effect."""
    doors = tuple(doors)
    found = [*_globals(reading, doors)]
    for resource in reading.template.resources.values():
        found += _of_resource(reading, resource)
    return tuple(found)


def of_definition(root: Mapping, name: str, *, http: bool) -> Iterator[Stray]:
    """Yield the CORS extensions of a definition that an import passes over, and the misspelt keys of one that it reads."""
    at_root = root.entry(EXTENSION)
    if at_root is not None and not http:
        because = f"{EXTENSION} is for HTTP APIs; the import of a REST API passes over it"
        yield Stray(EXTENSION, at_root.key.span, because, (name,))
    elif at_root is not None and isinstance(at_root.value, Mapping):
        for entry in at_root.value.entries:
            if entry.key.text not in _EXTENSION_KEYS:
                because = f"{EXTENSION} has no member {entry.key.text}; the import passes over it"
                yield Stray(entry.key.text, entry.key.span, because, (name,), _EXTENSION_KEYS)
    for entry in _below(root):
        if entry is not at_root:
            because = f"{EXTENSION} is read at the root of a definition only"
            yield Stray(EXTENSION, entry.key.span, because, (name,))


def _below(root: Mapping) -> Iterator[Entry]:
    pending: list[Node] = [root]
    seen: set[int] = set()
    while pending:
        node = pending.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, Mapping):
            for entry in node.entries:
                if entry.key.text == EXTENSION:
                    yield entry
                else:
                    pending.append(entry.value)
        elif isinstance(node, Sequence):
            pending += node.items


def _globals(reading: Reading, doors: tuple[FrontDoor, ...]) -> Iterator[Stray]:
    """Settings of Globals reach one kind of API each; a stray reaches none, while APIs of the other kind lack theirs."""
    sections = reading.template.globals
    rest = any(isinstance(door, RestApi) for door in doors)
    http = any(isinstance(door, HttpApi) for door in doors)
    bare = tuple(door.name for door in doors if isinstance(door, HttpApi | FunctionUrl) and door.cors == Known(None))
    for section, key, reached, others in (
        ("Api", "Cors", rest, bare),
        ("HttpApi", "CorsConfiguration", http, tuple(door.name for door in doors if not isinstance(door, HttpApi))),
    ):
        own = sections.get(section) if sections is not None else None
        entry = own.entry(key) if isinstance(own, Mapping) else None
        if entry is not None and not reached and others:
            kind = "REST" if section == "Api" else "HTTP"
            because = f"Globals.{section}.{key} reaches {kind} APIs only, and the template has none"
            yield Stray(key, entry.key.span, because, others)


def _of_resource(reading: Reading, resource: Resource) -> Iterator[Stray]:
    kind = _KINDS.get(resource.type)
    if resource.type.startswith("AWS::Serverless::"):
        for entry in resource.body.entries:
            if entry.key.text in SETTINGS:
                because = (
                    f"{entry.key.text} stands beside Properties of {resource.name}, not in them; SAM leaves it out"
                )
                yield Stray(entry.key.text, entry.key.span, because, (resource.name,))
    if resource.type == "AWS::Serverless::Function":
        yield from _of_function(reading, resource)
    if resource.type == "AWS::ApiGatewayV2::Api":
        protocol = reading.text(resource.properties.get("ProtocolType"))
        own = resource.properties.entry("CorsConfiguration")
        if own is not None and isinstance(protocol, Known) and protocol.value.upper() == "WEBSOCKET":
            because = f"{resource.name} is a WebSocket API, which has no preflights and takes no CORS configuration"
            yield Stray("CorsConfiguration", own.key.span, because)
    if kind is not None:
        root = reading.supposed(resource.properties.get("Body") or resource.properties.get("DefinitionBody"))
        if root is not None:
            yield from of_definition(root, resource.name, http=kind == "HTTP")


def _of_function(reading: Reading, resource: Resource) -> Iterator[Stray]:
    url = reading.mapping(resource.properties.get("FunctionUrlConfig"))
    wrong = url.entry("CorsConfiguration") if url is not None else None
    if wrong is not None:
        because = "FunctionUrlConfig has Cors, not CorsConfiguration; SAM leaves it out"
        yield Stray("CorsConfiguration", wrong.key.span, because, (resource.name + "Url",))
    events = reading.mapping(resource.properties.get("Events"))
    for event in events.entries if events is not None else ():
        auth = reading.mapping(reading.at(reading.mapping(event.value), "Properties", "Auth"))
        for each in auth.entries if auth is not None else ():
            if each.key.text in SETTINGS:
                because = f"{each.key.text} stands in Auth of the event {event.key.text}; SAM leaves it out"
                yield Stray(each.key.text, each.key.span, because, (resource.name,))
