"""Entries of the CORS settings that a front door has: a list that lacks, credentials that are not allowed."""

from __future__ import annotations

import json

from corsmith.api.fix import Edit
from corsmith.api.model import Api, FrontDoor
from corsmith.api.rest_api import RestApi
from corsmith.api.span import Span
from corsmith.api.tree import Tree
from corsmith.api.wanted import Wanted
from corsmith.readers.nodes import Mapping, Scalar

from .yaml_edit import add_entry, replace_value
from .yaml_source import entry_of, load, node_at
from .yaml_written import Content

ORIGINS, METHODS, HEADERS, CREDENTIALS = (
    "access-control-allow-origin",
    "access-control-allow-methods",
    "access-control-allow-headers",
    "access-control-allow-credentials",
)
_AWS = {ORIGINS: "AllowOrigins", METHODS: "AllowMethods", HEADERS: "AllowHeaders", CREDENTIALS: "AllowCredentials"}
_SAM_REST = {**_AWS, ORIGINS: "AllowOrigin"}
_OPENAPI = {name: key[0].lower() + key[1:] for name, key in _AWS.items()}
_SERVERLESS = {
    ORIGINS: "allowedOrigins",
    METHODS: "allowedMethods",
    HEADERS: "allowedHeaders",
    CREDENTIALS: "allowCredentials",
}
_EVENT = {ORIGINS: "origin", METHODS: "methods", HEADERS: "headers", CREDENTIALS: "allowCredentials"}
_TERRAFORM = {
    ORIGINS: "allow_origins",
    METHODS: "allow_methods",
    HEADERS: "allow_headers",
    CREDENTIALS: "allow_credentials",
}


def add_setting(tree: Tree, api: Api, front_door: FrontDoor, cors: Span, name: str, wanted: Wanted) -> tuple[Edit, ...]:
    """Return the edit that gives the settings at `cors` the entry that makes the header `name`, where they lack it."""
    if cors.file.endswith((".tf", ".tofu")):
        return _in_terraform(tree, cors, name, wanted)
    source = load(tree, cors.file)
    if source is None:
        return ()
    entry, parent = entry_of(source.root, cors) or (None, None)
    node = entry.value if entry is not None else node_at(source.root, cors)
    rest = isinstance(front_door, RestApi)
    keys = _keys(api, rest, entry.key.text if entry is not None else "")
    content = _content(name, wanted, literal=keys is _SAM_REST, one=rest)
    if isinstance(node, Mapping):
        return (add_entry(source, node, keys[name], content),) if node.get(keys[name]) is None else ()
    if not isinstance(node, Scalar) or node.tag or entry is None or parent is None:
        return ()
    if keys is _SAM_REST:
        return (replace_value(source, entry, parent, {keys[ORIGINS]: node.text, keys[name]: content}),)
    if node.text.lower() != "true":
        return ()
    if keys is _AWS:
        # `true` is SAM's word for everybody; a mapping has no default.
        return (replace_value(source, entry, parent, {keys[ORIGINS]: ["*"], keys[name]: content}),)
    added: dict[str, Content] = {keys[name]: content}
    if name == CREDENTIALS:
        added = {keys[ORIGINS]: _content(ORIGINS, wanted, literal=False, one=rest), **added}
    return (replace_value(source, entry, parent, added),)


def _keys(api: Api, rest: bool, key: str) -> dict[str, str]:  # noqa: FBT001 - a REST API has keys of its own
    if api.dialect == "serverless":
        return _EVENT if rest else _SERVERLESS
    if key == "x-amazon-apigateway-cors" or api.dialect == "openapi":
        return _OPENAPI
    return _SAM_REST if rest else _AWS


def _content(name: str, wanted: Wanted, *, literal: bool, one: bool) -> Content:
    if name == CREDENTIALS:
        return True
    if name == ORIGINS and one:
        origin = wanted.origins[0] if len(wanted.origins) == 1 else "*"
        return f"'{origin}'" if literal else origin
    items = {ORIGINS: wanted.origins, METHODS: wanted.methods, HEADERS: wanted.headers}[name]
    return f"'{','.join(items)}'" if literal else list(items)


def _in_terraform(tree: Tree, cors: Span, name: str, wanted: Wanted) -> tuple[Edit, ...]:
    from .terraform_block import block_at

    written = block_at(tree, cors)
    if written is None or written.value(_TERRAFORM[name]) is not None:
        return ()
    content = _content(name, wanted, literal=False, one=False)
    return (written.inside([f"{_TERRAFORM[name]} = {json.dumps(content)}"]),)
