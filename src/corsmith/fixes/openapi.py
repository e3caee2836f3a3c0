"""Fixes in OpenAPI definitions. Source: API Gateway developer guide, "x-amazon-apigateway extensions to OpenAPI"."""

from __future__ import annotations

from corsmith.api.fix import Edit
from corsmith.api.http_api import HttpApi, HttpRoute
from corsmith.api.model import Api, FrontDoor
from corsmith.api.tree import Tree
from corsmith.api.wanted import Wanted
from corsmith.readers.nodes import Mapping, Sequence

from .rest import error_headers
from .yaml_edit import add_entries, add_entry, replace_value
from .yaml_source import at, entry_of, load, parent_of
from .yaml_written import Content, content_of

_RESPONSES = "x-amazon-apigateway-gateway-responses"
_INTEGRATION = "x-amazon-apigateway-integration"
_CORS = "x-amazon-apigateway-cors"


def configure_cors(tree: Tree, api: Api, front_door: FrontDoor, wanted: Wanted) -> tuple[Edit, ...]:
    """Return the edit that gives the definition of an HTTP API its CORS configuration."""
    source = load(tree, api.file)
    if source is None or api.dialect != "openapi" or not isinstance(front_door, HttpApi):
        return ()
    cors: dict[str, Content] = {"allowOrigins": list(wanted.origins), "allowMethods": list(wanted.methods)}
    if wanted.headers:
        cors["allowHeaders"] = list(wanted.headers)
    if wanted.credentials:
        cors["allowCredentials"] = True
    return (add_entry(source, source.root, _CORS, cors),) if source.root.get(_CORS) is None else ()


def gateway_responses(tree: Tree, api: Api, wanted: Wanted) -> tuple[Edit, ...]:
    """Return the edits that give API Gateway's own errors the CORS headers."""
    source, headers = load(tree, api.file), error_headers(wanted)
    if source is None or headers is None:
        return ()
    response: Content = {"responseParameters": dict(headers)}
    written = source.root.get(_RESPONSES)
    names = ("DEFAULT_4XX", "DEFAULT_5XX")
    if written is None:
        return (add_entry(source, source.root, _RESPONSES, dict.fromkeys(names, response)),)
    if not isinstance(written, Mapping):
        return ()
    return tuple(add_entry(source, written, name, response) for name in names if written.get(name) is None)


def options_route(tree: Tree, route: HttpRoute) -> tuple[Edit, ...]:
    """Return the edits that add operations for OPTIONS without security beside the catch-all operation at `route`."""
    source = load(tree, route.span.file)
    held = entry_of(source.root, route.span) if source is not None else None
    made = at(held[0].value, _INTEGRATION) if held is not None else None
    if source is None or held is None or made is None:
        return ()
    operation: Content = {"responses": {"default": {"description": "CORS"}}, _INTEGRATION: content_of(source, made)}
    if route.path != "$default":
        return (add_entry(source, held[1], "options", operation),)
    paths = parent_of(source.root, held[1])
    if not isinstance(paths, Mapping):
        return ()
    added: dict[str, Content] = {path: {"options": operation} for path in ("/{proxy+}", "/") if paths.get(path) is None}
    return (add_entries(source, paths, added),) if added else ()


def free_options(tree: Tree, api: Api) -> tuple[Edit, ...]:
    """Return the edits that let the OPTIONS operations pass without security. At the top API Gateway ignores it."""
    source = load(tree, api.file)
    paths = at(source.root, "paths") if source is not None else None
    edits: list[Edit] = []
    for path in paths.entries if isinstance(paths, Mapping) else ():
        operation = at(path.value, "options")
        if source is None or not isinstance(operation, Mapping):
            continue
        security = operation.entry("security")
        if security is not None and isinstance(security.value, Sequence) and security.value.items:
            edits.append(replace_value(source, security, operation, []))
    return tuple(edits)
