"""Fixes in services of the Serverless Framework.

Source: Serverless Framework guide, "API Gateway: Enabling CORS", "HTTP API: CORS Setup", "Lambda Function URLs".
"""

from __future__ import annotations

from collections.abc import Iterator

from corsmith.api.fix import Edit
from corsmith.api.function_url import FunctionUrl
from corsmith.api.http_api import HttpApi
from corsmith.api.model import Api, FrontDoor
from corsmith.api.rest_api import RestApi
from corsmith.api.span import Span
from corsmith.api.tree import Tree
from corsmith.api.wanted import Wanted
from corsmith.readers.nodes import Entry, Mapping, Node, Scalar, Sequence

from .rest import error_headers, without_options
from .yaml_edit import Content, Source, add_entry, at, load, replace_value

_DEFAULT_HEADERS = frozenset(
    (
        "content-type",
        "x-amz-date",
        "authorization",
        "x-api-key",
        "x-amz-security-token",
        "x-amz-user-agent",
        "x-amzn-trace-id",
    )
)
"""What an http event's `cors` allows where it names no headers."""


def configure_cors(tree: Tree, api: Api, front_door: FrontDoor, wanted: Wanted) -> tuple[Edit, ...]:
    """Return the edits that give the front door CORS settings."""
    source = load(tree, api.file)
    if source is None:
        return ()
    if isinstance(front_door, HttpApi):
        return _http_api(source, wanted)
    if isinstance(front_door, FunctionUrl):
        return _function_url(tree, front_door.span, wanted)
    return _events(tree, front_door, wanted) if isinstance(front_door, RestApi) else ()


def gateway_responses(tree: Tree, api: Api, wanted: Wanted) -> tuple[Edit, ...]:
    """Return the edit that adds the gateway responses of a REST API to the service's own resources."""
    source, parameters = load(tree, api.file), error_headers(wanted)
    if source is None or parameters is None:
        return ()
    resources: dict[str, Content] = {}
    for kind in ("4XX", "5XX"):
        resources[f"GatewayResponseDefault{kind}"] = {
            "Type": "AWS::ApiGateway::GatewayResponse",
            "Properties": {
                "RestApiId": {"Ref": "ApiGatewayRestApi"},
                "ResponseType": f"DEFAULT_{kind}",
                "ResponseParameters": dict(parameters),
            },
        }
    return _merged(source, source.root, ("resources", "Resources"), resources)


def _merged(source: Source, holder: Mapping, way: tuple[str, ...], content: dict[str, Content]) -> tuple[Edit, ...]:
    """Return the edits that add `content` under the keys `way`, with the levels that lack."""
    if not way:
        return tuple(
            add_entry(source, holder, name, value) for name, value in content.items() if holder.get(name) is None
        )
    inner = holder.get(way[0])
    if isinstance(inner, Mapping):
        return _merged(source, inner, way[1:], content)
    if inner is not None:
        return ()
    nested: Content = content
    for name in reversed(way[1:]):
        nested = {name: nested}
    return (add_entry(source, holder, way[0], nested),)


def _http_api(source: Source, wanted: Wanted) -> tuple[Edit, ...]:
    cors: dict[str, Content] = {"allowedOrigins": list(wanted.origins), "allowedMethods": list(wanted.methods)}
    if wanted.headers:
        cors["allowedHeaders"] = list(wanted.headers)
    if wanted.credentials:
        cors["allowCredentials"] = True
    provider = at(source.root, "provider")
    if not isinstance(provider, Mapping):
        return ()
    return _merged(source, provider, ("httpApi",), {"cors": cors})


def _function_url(tree: Tree, span: Span, wanted: Wanted) -> tuple[Edit, ...]:
    cors: dict[str, Content] = {
        "allowedOrigins": list(wanted.origins),
        "allowedMethods": [method for method in wanted.methods if len(method) <= 6],
    }
    if wanted.headers:
        cors["allowedHeaders"] = list(wanted.headers)
    if wanted.credentials:
        cors["allowCredentials"] = True
    source = load(tree, span.file)
    for parent, entry in _entries(source.root) if source is not None else ():
        if entry.span != span or source is None:
            continue
        if isinstance(entry.value, Mapping):
            return (add_entry(source, entry.value, "cors", cors),) if entry.value.get("cors") is None else ()
        if isinstance(entry.value, Scalar) and entry.value.text.lower() == "true":
            return (replace_value(source, entry, parent, {"cors": cors}),)
    return ()


def _events(tree: Tree, front_door: RestApi, wanted: Wanted) -> tuple[Edit, ...]:
    """Give every event of a path without OPTIONS the settings: the methods they allow are those of events that have them."""
    if len(wanted.origins) > 1 and wanted.credentials:
        return ()
    cors: dict[str, Content] = {"origin": wanted.origins[0] if len(wanted.origins) == 1 else "*"}
    if not _DEFAULT_HEADERS.issuperset(wanted.headers):
        cors["headers"] = list(wanted.headers)
    if wanted.credentials:
        cors["allowCredentials"] = True
    edits: list[Edit] = []
    lacking = without_options(front_door)
    for method in front_door.methods:
        if method.path in lacking:
            edits += _event(tree, method.span, cors)
    return tuple(edits)


def _event(tree: Tree, span: Span, cors: dict[str, Content]) -> Iterator[Edit]:
    source = load(tree, span.file)
    for parent, entry in _entries(source.root) if source is not None else ():
        if entry.span != span or source is None:
            continue
        if isinstance(entry.value, Mapping):
            written = entry.value.entry("cors")
            if written is None:
                yield add_entry(source, entry.value, "cors", cors)
            elif isinstance(written.value, Scalar) and written.value.text.lower() == "false":
                yield replace_value(source, written, entry.value, cors)
        elif isinstance(entry.value, Scalar) and len(entry.value.text.split()) == 2:
            verb, place = entry.value.text.split()
            yield replace_value(source, entry, parent, {"path": place, "method": verb.lower(), "cors": cors})
        return


def _entries(root: Node) -> Iterator[tuple[Mapping, Entry]]:
    stack: list[Node] = [root]
    while stack:
        node = stack.pop()
        if isinstance(node, Mapping):
            for entry in node.entries:
                yield node, entry
                stack.append(entry.value)
        elif isinstance(node, Sequence):
            stack += node.items
