"""Fixes in OpenAPI definitions. Source: API Gateway developer guide, "x-amazon-apigateway extensions to OpenAPI"."""

from __future__ import annotations

from corsmith.api.fix import Edit
from corsmith.api.http_api import HttpApi
from corsmith.api.model import Api, FrontDoor
from corsmith.api.tree import Tree
from corsmith.api.wanted import Wanted
from corsmith.readers.nodes import Mapping, Sequence

from .rest import error_headers
from .yaml_edit import Content, add_entry, at, load, replace_value

_RESPONSES = "x-amazon-apigateway-gateway-responses"
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
