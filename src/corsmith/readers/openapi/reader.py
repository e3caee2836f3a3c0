"""A definition that stands alone: the API that importing it makes."""

from __future__ import annotations

import posixpath
import re

from corsmith.api.front_door import Stage
from corsmith.api.http_api import HttpApi
from corsmith.api.model import Api, FrontDoor
from corsmith.api.rest_api import RestApi
from corsmith.api.span import Span
from corsmith.api.value import Known, Unknown
from corsmith.readers.declared import declared_origins
from corsmith.readers.document import Document
from corsmith.readers.nodes import Mapping, Node
from corsmith.readers.operations import http_routes, rest_methods
from corsmith.readers.reading import Reading
from corsmith.readers.strays import of_definition
from corsmith.readers.template import Template

from .body import body_of
from .integrations import HTTP_LIMIT, REST_LIMIT

_LOOKS = re.compile(r"^[\"']?(openapi|swagger)[\"']?\s*:|\A\s*\{\s*\"(openapi|swagger|info|paths)\"", re.MULTILINE)
_EXTENSION = "x-amazon-apigateway-"
_OF_HTTP_APIS = re.compile(r"x-amazon-apigateway-cors|isDefaultRoute|payloadFormatVersion|jwtConfiguration|\$default\b")


def looks(text: str, path: str) -> bool:
    """Say whether a text looks like a definition with API Gateway's extensions."""
    return _EXTENSION in text and _LOOKS.search(text) is not None


def is_one(root: Node) -> bool:
    """Say whether a document is such a definition."""
    return (
        isinstance(root, Mapping) and root.get("paths") is not None and bool({"openapi", "swagger"} & set(root.keys()))
    )


def read_definition(template: Template, document: Document, reading: Reading, root: Mapping) -> Api:
    """Return the API of a definition, named after its file.

    A definition does not say which kind of API it is for: what only HTTP APIs have decides, or else it is a REST API.
    """
    name = posixpath.basename(template.file).partition(".")[0]
    door = _http(reading, root, name) if _is_http(template.text, root) else _rest(reading, root, name)
    origins = declared_origins(template, reading, document.root)
    passed_over = tuple(of_definition(root, name, http=isinstance(door, HttpApi)))
    return Api(template.file, "openapi", (door,), (), origins, document.problems, strays=passed_over)


def _is_http(text: str, root: Mapping) -> bool:
    return root.get("swagger") is None and _OF_HTTP_APIS.search(text) is not None


def _http(reading: Reading, root: Mapping, name: str) -> FrontDoor:
    body = body_of(reading, root, HTTP_LIMIT)
    return HttpApi(name, _place(root), http_routes(body.paths, body.schemes), Known(body.cors))


def _rest(reading: Reading, root: Mapping, name: str) -> FrontDoor:
    body = body_of(reading, root, REST_LIMIT)
    return RestApi(
        name,
        _place(root),
        rest_methods(body.paths, body.schemes),
        body.gateway_responses,
        body.binary_media_types or Known(()),
        (Stage(Unknown("a definition names no stage")),),
        body.refusals,
    )


def _place(root: Mapping) -> Span:
    entry = root.entry("paths")
    return entry.key.span if entry is not None else root.span
