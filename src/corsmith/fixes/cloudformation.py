"""Fixes in CloudFormation templates, SAM's among them: permissions, distributions, stages, deployments."""

from __future__ import annotations

import re

from corsmith.api.fix import Edit
from corsmith.api.http_api import HttpRoute
from corsmith.api.model import Api, FrontDoor
from corsmith.api.span import Span
from corsmith.api.tree import Tree
from corsmith.api.wanted import Wanted
from corsmith.readers.nodes import Entry, Mapping, Node, Scalar, Sequence

from .rest import error_headers
from .yaml_edit import add_entries, add_entry, append_items, remove_entries, replace_value
from .yaml_source import Source, at, entry_of, load, node_at, parent_entry, parent_of, scalar_text
from .yaml_written import Content, content_of

ALL_METHODS = ("GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE")
ALL_VIEWER_EXCEPT_HOST = "b689b0a8-53d0-40ab-baf2-68738e2966ac"
"""The managed origin request policy AllViewerExceptHostHeader (CloudFront developer guide)."""
CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
"""The managed cache policy of that name (CloudFront developer guide)."""
_DIALECTS = ("sam", "cloudformation", "cdk")


def kind_of(tree: Tree, api: Api, name: str) -> str | None:
    """Return the type of the resource with that logical id."""
    source = load(tree, api.file)
    return scalar_text(at(source.root, "Resources", name, "Type")) if source is not None else None


def add_permission(tree: Tree, api: Api, function: str, own: dict[str, Content]) -> tuple[Edit, ...]:
    """Return the edit that adds an AWS::Lambda::Permission for `function`; `own` are its other properties."""
    source = _load(tree, api)
    resources = at(source.root, "Resources") if source is not None else None
    if source is None or not isinstance(resources, Mapping) or resources.get(function) is None:
        return ()
    name = _free(resources, f"{function}Permission")
    properties: dict[str, Content] = {"Action": "lambda:InvokeFunction", "FunctionName": {"Ref": function}, **own}
    return (add_entry(source, resources, name, {"Type": "AWS::Lambda::Permission", "Properties": properties}),)


def gateway_responses(tree: Tree, api: Api, rest_api: str, wanted: Wanted) -> tuple[Edit, ...]:
    """Return the edits that add the gateway responses of an AWS::ApiGateway::RestApi."""
    source, headers = _load(tree, api), error_headers(wanted)
    resources = at(source.root, "Resources") if source is not None else None
    if source is None or headers is None or not isinstance(resources, Mapping):
        return ()
    added: dict[str, Content] = {}
    for kind in ("4XX", "5XX"):
        properties: dict[str, Content] = {
            "RestApiId": {"Ref": rest_api},
            "ResponseType": f"DEFAULT_{kind}",
            "ResponseParameters": dict(headers),
        }
        name = _free(resources, f"{rest_api}Default{kind}")
        added[name] = {"Type": "AWS::ApiGateway::GatewayResponse", "Properties": properties}
    return (add_entries(source, resources, added),)


def set_in(tree: Tree, api: Api, span: Span, key: str, content: Content) -> tuple[Edit, ...]:
    """Return the edit that gives the mapping at `span` an entry, or its entry another value."""
    source = _load(tree, api)
    mapping = node_at(source.root, span) if source is not None else None
    if source is None or not isinstance(mapping, Mapping):
        return ()
    return _set(source, mapping, key, content)


def set_property(tree: Tree, api: Api, named: Span, key: str, content: Content) -> tuple[Edit, ...]:
    """Return the edit that sets a property of the resource whose logical id stands at `named`."""
    source = _load(tree, api)
    resource = _resource(source, named) if source is not None else None
    properties = at(resource.value, "Properties") if resource is not None else None
    if source is None or not isinstance(properties, Mapping):
        return ()
    return _set(source, properties, key, content)


def depend_on(tree: Tree, api: Api, deployment: Span, parts: tuple[Span, ...]) -> tuple[Edit, ...]:
    """Return the edit that lets the resource at `deployment` wait for the resources at `parts`."""
    source = _load(tree, api)
    resource = _resource(source, deployment) if source is not None else None
    waited = [_resource(source, part) for part in parts] if source is not None else []
    if source is None or resource is None or not isinstance(resource.value, Mapping) or None in waited:
        return ()
    names: list[Content] = [each.key.text for each in waited if each is not None]
    entry = resource.value.entry("DependsOn")
    if entry is None:
        return (add_entry(source, resource.value, "DependsOn", names),)
    if isinstance(entry.value, Sequence):
        return (append_items(source, entry.value, names),)
    if isinstance(entry.value, Scalar):
        return (replace_value(source, entry, resource.value, [entry.value.text, *names]),)
    return ()


def options_route(tree: Tree, api: Api, front_door: FrontDoor, route: HttpRoute) -> tuple[Edit, ...]:
    """Return the edit that adds routes for OPTIONS without an authorizer beside the AWS::ApiGatewayV2::Route at `route`."""
    del front_door
    source = load(tree, route.span.file)
    held = entry_of(source.root, route.span) if source is not None else None
    own = at(held[0].value, "Properties") if held is not None else None
    if api.dialect not in _DIALECTS or source is None or held is None or not isinstance(own, Mapping):
        return ()
    written = {name: own.get(name) for name in ("ApiId", "Target")}
    copied = {name: content_of(source, node) for name, node in written.items() if node is not None}
    if own.get("RouteKey") is None or len(copied) < 2:
        return ()
    paths = {"Options": "/{proxy+}", "OptionsRoot": "/"} if route.path == "$default" else {"Options": route.path}
    added: dict[str, Content] = {}
    for suffix, path in paths.items():
        properties: dict[str, Content] = {**copied, "RouteKey": f"OPTIONS {path}"}
        name = _free(held[1], f"{held[0].key.text}{suffix}")
        added[name] = {"Type": "AWS::ApiGatewayV2::Route", "Properties": properties}
    return (add_entries(source, held[1], added),)


def without_items(tree: Tree, items: tuple[Span, ...]) -> tuple[Edit, ...]:
    """Return the edits that take the list out that holds nothing but `items`."""
    source = load(tree, items[0].file) if items else None
    first = node_at(source.root, items[0]) if source is not None else None
    listed = parent_of(source.root, first) if source is not None and first is not None else None
    held = parent_entry(source.root, listed) if source is not None and listed is not None else None
    if source is None or held is None or not isinstance(listed, Sequence):
        return ()
    return remove_entries(source, held[1], (held[0],)) if {each.span for each in listed.items} == set(items) else ()


def _set(source: Source, mapping: Mapping, key: str, content: Content) -> tuple[Edit, ...]:
    entry = mapping.entry(key)
    if entry is None:
        return (add_entry(source, mapping, key, content),)
    if isinstance(entry.value, Sequence) and isinstance(content, list) and entry.value.style == "flow":
        written = "[" + ", ".join(_quoted(source, item) for item in content if isinstance(item, str)) + "]"
        return (Edit(source.file, entry.value.span.start, entry.value.span.end, written),)
    if isinstance(entry.value, Scalar | Sequence) and not getattr(entry.value, "tag", ""):
        return (replace_value(source, entry, mapping, content),)
    return ()


def _quoted(source: Source, text: str) -> str:
    return f'"{text}"' if source.json else text


def _resource(source: Source, named: Span) -> Entry | None:
    resources: Node | None = at(source.root, "Resources")
    for entry in resources.entries if isinstance(resources, Mapping) else ():
        if entry.key.span == named:
            return entry
    return None


def _free(resources: Mapping, name: str) -> str:
    taken = set(resources.keys())
    name = re.sub(r"[^A-Za-z0-9]", "", name)
    return next(each for each in (name, *(f"{name}{number}" for number in range(2, 99))) if each not in taken)


def _load(tree: Tree, api: Api) -> Source | None:
    return load(tree, api.file) if api.dialect in _DIALECTS else None
