"""Fixes in services of the Serverless Framework.

Source: Serverless Framework guide, "API Gateway: Enabling CORS", "HTTP API: CORS Setup", "Lambda Function URLs".
"""

from __future__ import annotations

from collections.abc import Iterator

from corsmith.api.fix import Edit
from corsmith.api.function_url import FunctionUrl
from corsmith.api.http_api import HttpApi, HttpRoute
from corsmith.api.model import Api, FrontDoor
from corsmith.api.rest_api import RestApi, RestMethod
from corsmith.api.span import Span
from corsmith.api.tree import Tree
from corsmith.api.wanted import Wanted
from corsmith.readers.nodes import Mapping, Scalar, Sequence

from .rest import error_headers, without_options
from .yaml_edit import add_entries, add_entry, append_items, replace_value
from .yaml_source import Source, at, entry_of, load, parent_of
from .yaml_written import Content

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
    entry, parent = (entry_of(source.root, span) if source is not None else None) or (None, None)
    if source is None or entry is None or parent is None:
        return ()
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


def options_route(tree: Tree, route: HttpRoute) -> tuple[Edit, ...]:
    """Return the edit that adds events for OPTIONS without an authorizer beside the httpApi event at `route`."""
    source = load(tree, route.span.file)
    held = entry_of(source.root, route.span) if source is not None else None
    item = held[1] if held is not None else None
    events = parent_of(source.root, item) if source is not None and item is not None else None
    if source is None or not isinstance(events, Sequence):
        return ()
    paths = ("/{proxy+}", "/") if route.path == "$default" else (route.path,)
    return (append_items(source, events, [{"httpApi": f"OPTIONS {path}"} for path in paths]),)


def map_headers(tree: Tree, method: RestMethod, headers: dict[str, str]) -> tuple[Edit, ...]:
    """Return the edits that let a non-proxy event send `headers`: by its `cors`, and where it lists headers, there too."""
    source = load(tree, method.span.file)
    held = entry_of(source.root, method.span) if source is not None else None
    event = held[0].value if held is not None else None
    if source is None or not isinstance(event, Mapping):
        return ()
    edits: list[Edit] = []
    cors: dict[str, Content] = {"origin": headers["Access-Control-Allow-Origin"].strip("'")}
    credentials: dict[str, Content] = {"allowCredentials": True} if len(headers) > 1 else {}
    written = event.entry("cors")
    if written is None:
        edits.append(add_entry(source, event, "cors", {**cors, **credentials}))
    elif isinstance(written.value, Mapping):
        lacking = {name: each for name, each in credentials.items() if written.value.get(name) is None}
        edits += [add_entries(source, written.value, lacking)] if lacking else []
    elif credentials and isinstance(written.value, Scalar) and written.value.text.lower() == "true":
        edits.append(replace_value(source, written, event, {**cors, **credentials}))
    listed = at(event, "response", "headers")
    if isinstance(listed, Mapping):
        there = {entry.key.text.lower() for entry in listed.entries}
        more: dict[str, Content] = {name: value for name, value in headers.items() if name.lower() not in there}
        edits += [add_entries(source, listed, more)] if more else []
    return tuple(edits)


def _event(tree: Tree, span: Span, cors: dict[str, Content]) -> Iterator[Edit]:
    source = load(tree, span.file)
    entry, parent = (entry_of(source.root, span) if source is not None else None) or (None, None)
    if source is None or entry is None or parent is None:
        return
    if isinstance(entry.value, Mapping):
        written = entry.value.entry("cors")
        if written is None:
            yield add_entry(source, entry.value, "cors", cors)
        elif isinstance(written.value, Scalar) and written.value.text.lower() == "false":
            yield replace_value(source, written, entry.value, cors)
    elif isinstance(entry.value, Scalar) and len(entry.value.text.split()) == 2:
        verb, place = entry.value.text.split()
        yield replace_value(source, entry, parent, {"path": place, "method": verb.lower(), "cors": cors})
