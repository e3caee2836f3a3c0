"""Fixes to methods of REST APIs in CloudFormation and OpenAPI: OPTIONS methods added, what a mock or a mapping lacks.

The two spell the same settings differently: CloudFormation begins with a capital (`ResponseParameters`) and lists
responses, OpenAPI's extension with a small letter, and keys responses.
Source: CloudFormation template reference, "AWS::ApiGateway::Method"; API Gateway developer guide, "OpenAPI extensions".
"""

from __future__ import annotations

import re

from corsmith.api.fix import Edit
from corsmith.api.model import Api
from corsmith.api.rest_api import IntegrationResponse, Mapped, MethodResponse, Mock, RestApi, RestMethod
from corsmith.api.span import Span
from corsmith.api.tree import Tree
from corsmith.api.value import Known
from corsmith.api.wanted import Wanted
from corsmith.readers.nodes import Mapping, Node, Scalar, Sequence

from .literals import TEMPLATES
from .rest import OK, headers_of_preflight, takes_all_for_binary, without_options
from .yaml_edit import add_entries, add_entry, remove_entries, replace_value
from .yaml_source import Source, at, entry_of, load, mapping_at, scalar_text
from .yaml_written import Content, content_of

_HEADER = "method.response.header."
_OPENAPI = "x-amazon-apigateway-integration"
_VALIDATOR = "x-amazon-apigateway-request-validator"


def add_options(tree: Tree, api: Api, door: RestApi, wanted: Wanted) -> tuple[Edit, ...]:
    """Return the edits that add a mock for OPTIONS to each path that has none."""
    edits: list[Edit] = []
    added: dict[str, Content] = {}
    main = load(tree, api.file)
    handling = "CONVERT_TO_TEXT" if takes_all_for_binary(door) else ""
    for path in without_options(door):
        headers = headers_of_preflight(door, wanted, path)
        method = next(each for each in door.methods if each.path == path)
        source = load(tree, method.span.file)
        if source is None or headers is None:
            return ()
        held = entry_of(source.root, method.span)
        if held is None:
            return ()
        entry, parent = held
        kind = scalar_text(at(entry.value, "Type"))
        if kind == "AWS::ApiGateway::Method":
            content = _resource(source, at(entry.value, "Properties"), headers, handling)
            if content is None:
                return ()
            added[_free(parent, f"{entry.key.text}Options", added)] = content
        elif isinstance(at(entry.value, _OPENAPI), Mapping):
            edits.append(add_entry(source, parent, "options", _operation(source, headers, handling)))
        else:
            return ()
    resources = at(main.root, "Resources") if main is not None else None
    if added and main is not None and isinstance(resources, Mapping):
        edits.append(add_entries(main, resources, added))
    return tuple(edits)


def answer_with_status(tree: Tree, method: RestMethod) -> tuple[Edit, ...]:
    """Return the edits that make the mock of `method` choose the status that its responses are for."""
    made = method.integration
    source = load(tree, made.span.file) if isinstance(made, Mock) and made.span is not None else None
    own = mapping_at(source, made.span) if source is not None and made is not None and made.span is not None else None
    if source is None or own is None or not isinstance(made, Mock):
        return ()
    name = _spelled(own, "RequestTemplates")
    status = next((each.status.value for each in made.responses if isinstance(each.status, Known)), OK)
    template = f'{{"statusCode": {status}}}'
    written = own.entry(name)
    if written is None:
        return (add_entry(source, own, name, {"application/json": template}),)
    if not isinstance(written.value, Mapping):
        return (replace_value(source, written, own, {"application/json": template}),)
    json_ = next((each for each in written.value.entries if each.key.text.lower() == "application/json"), None)
    if json_ is None:
        return (add_entry(source, written.value, "application/json", template),)
    return (replace_value(source, json_, written.value, template),)


def as_text(tree: Tree, method: RestMethod) -> tuple[Edit, ...]:
    """Return the edit that lets the mock of `method` take a binary body for text."""
    made = method.integration
    if not isinstance(made, Mock) or made.span is None:
        return ()
    source = load(tree, made.span.file)
    own = mapping_at(source, made.span) if source is not None else None
    if source is None or own is None:
        return ()
    name = _spelled(own, "ContentHandling")
    written = own.entry(name)
    if written is None:
        return (add_entry(source, own, name, "CONVERT_TO_TEXT"),)
    return (replace_value(source, written, own, "CONVERT_TO_TEXT"),)


def map_headers(tree: Tree, method: RestMethod, headers: dict[str, str]) -> tuple[Edit, ...]:
    """Return the edits that let every integration response of `method` send `headers`, and declare them."""
    made = method.integration
    if not isinstance(made, Mock | Mapped) or made.span is None:
        return ()
    edits: list[Edit] = []
    for response in made.responses or ():
        edits += _mapped(tree, response, headers)
    if not made.responses:
        edits += _first_response(tree, made.span, headers)
    edits += _declared(tree, method, headers)
    return tuple(edits)


def without_authorization(tree: Tree, method: RestMethod) -> tuple[Edit, ...]:
    """Return the edits that let the OPTIONS method be called without authorizer and API key."""
    source = load(tree, method.span.file)
    held = entry_of(source.root, method.span) if source is not None else None
    if source is None or held is None or method.verb != "OPTIONS":
        return ()
    own = at(held[0].value, "Properties")
    if not isinstance(own, Mapping):
        operation = held[0].value
        security = operation.entry("security") if isinstance(operation, Mapping) else None
        if security is None or not isinstance(operation, Mapping) or not isinstance(security.value, Sequence):
            return ()
        return (replace_value(source, security, operation, []),) if security.value.items else ()
    edits: list[Edit] = []
    kind = own.entry("AuthorizationType")
    if kind is not None and scalar_text(kind.value) != "NONE":
        edits.append(replace_value(source, kind, own, "NONE"))
        authorizer = own.entry("AuthorizerId")
        if authorizer is not None:
            edits += remove_entries(source, own, (authorizer,))
    key = own.entry("ApiKeyRequired")
    if key is not None and (scalar_text(key.value) or "").lower() == "true":
        edits.append(replace_value(source, key, own, content=False))
    return tuple(edits)


def without_validator(tree: Tree, method: RestMethod) -> tuple[Edit, ...]:
    """Return the edit that takes the request validator off an OPTIONS method; none where another method has it, or the API."""
    source = load(tree, method.span.file) if method.span.file.endswith(TEMPLATES) else None
    held = entry_of(source.root, method.span) if source is not None else None
    if source is None or held is None or method.verb != "OPTIONS":
        return ()
    for own, name in ((at(held[0].value, "Properties"), "RequestValidatorId"), (held[0].value, _VALIDATOR)):
        entry = own.entry(name) if isinstance(own, Mapping) else None
        if entry is not None and isinstance(own, Mapping):
            return remove_entries(source, own, (entry,))
    return ()


def _mapped(tree: Tree, response: IntegrationResponse, headers: dict[str, str]) -> tuple[Edit, ...]:
    source = load(tree, response.span.file) if response.span is not None else None
    own = mapping_at(source, response.span) if source is not None and response.span is not None else None
    if source is None or own is None:
        return ()
    there = {name.lower() for name, _ in response.parameters}
    lacking: dict[str, Content] = {_HEADER + n: value for n, value in headers.items() if n.lower() not in there}
    return _put(source, own, _spelled(own, "ResponseParameters"), lacking)


def _first_response(tree: Tree, span: Span, headers: dict[str, str]) -> tuple[Edit, ...]:
    source = load(tree, span.file)
    own = mapping_at(source, span) if source is not None else None
    if source is None or own is None:
        return ()
    parameters: dict[str, Content] = {_HEADER + name: value for name, value in headers.items()}
    if _capital(own):
        listed: list[Content] = [{"StatusCode": OK, "ResponseParameters": parameters}]
        return (
            (add_entry(source, own, "IntegrationResponses", listed),) if own.get("IntegrationResponses") is None else ()
        )
    if own.get("responses") is not None:
        return ()
    return (add_entry(source, own, "responses", {"default": {"statusCode": OK, "responseParameters": parameters}}),)


def _declared(tree: Tree, method: RestMethod, headers: dict[str, str]) -> tuple[Edit, ...]:
    """Declare the headers in the method's own responses, where they lack."""
    edits: list[Edit] = []
    for response in method.responses:
        edits += _declare(tree, method, response, headers)
    if method.responses:
        return tuple(edits)
    source = load(tree, method.span.file)
    held = entry_of(source.root, method.span) if source is not None else None
    if source is None or held is None:
        return ()
    own = at(held[0].value, "Properties")
    if isinstance(own, Mapping) and own.get("MethodResponses") is None:
        names: dict[str, Content] = {_HEADER + name: True for name in headers}
        return (add_entry(source, own, "MethodResponses", [{"StatusCode": OK, "ResponseParameters": names}]),)
    operation = held[0].value
    if not isinstance(operation, Mapping) or operation.get(_OPENAPI) is None:
        return ()
    listed = operation.get("responses")
    if isinstance(listed, Mapping):
        return (add_entry(source, listed, OK, _response(source, headers)),)
    return (add_entry(source, operation, "responses", {OK: _response(source, headers)}),) if listed is None else ()


def _declare(tree: Tree, method: RestMethod, response: MethodResponse, headers: dict[str, str]) -> tuple[Edit, ...]:
    source = load(tree, response.span.file) if response.span is not None else None
    own = mapping_at(source, response.span) if source is not None and response.span is not None else None
    if source is None or own is None:
        return ()
    there = {name.lower() for name in response.headers}
    lacking = [name for name in headers if name.lower() not in there]
    if _capital(own):
        return _put(source, own, "ResponseParameters", {_HEADER + name: True for name in lacking})
    return _put(source, own, "headers", {name: _of_text(source) for name in lacking})


def _put(source: Source, own: Mapping, name: str, entries: dict[str, Content]) -> tuple[Edit, ...]:
    if not entries:
        return ()
    written = own.entry(name)
    if written is None:
        return (add_entry(source, own, name, entries),)
    if isinstance(written.value, Mapping):
        return (add_entries(source, written.value, entries),)
    empty = isinstance(written.value, Scalar) and written.value.kind == "null"
    return (replace_value(source, written, own, entries),) if empty else ()


def _resource(source: Source, own: Node | None, headers: dict[str, str], handling: str) -> Content | None:
    """Return an AWS::ApiGateway::Method for OPTIONS beside the one with the properties `own`."""
    place = {name: at(own, name) for name in ("RestApiId", "ResourceId")}
    copied = {name: content_of(source, node) for name, node in place.items() if node is not None}
    if len(copied) < 2:
        return None
    return {
        "Type": "AWS::ApiGateway::Method",
        "Properties": {
            **copied,
            "HttpMethod": "OPTIONS",
            "AuthorizationType": "NONE",
            "Integration": {
                "Type": "MOCK",
                **({"ContentHandling": handling} if handling else {}),
                "RequestTemplates": {"application/json": f'{{"statusCode": {OK}}}'},
                "IntegrationResponses": [
                    {"StatusCode": OK, "ResponseParameters": {_HEADER + name: value for name, value in headers.items()}}
                ],
            },
            "MethodResponses": [{"StatusCode": OK, "ResponseParameters": {_HEADER + name: True for name in headers}}],
        },
    }


def _operation(source: Source, headers: dict[str, str], handling: str) -> Content:
    parameters: dict[str, Content] = {_HEADER + name: value for name, value in headers.items()}
    return {
        "responses": {OK: _response(source, headers)},
        _OPENAPI: {
            "type": "mock",
            **({"contentHandling": handling} if handling else {}),
            "requestTemplates": {"application/json": f'{{"statusCode": {OK}}}'},
            "responses": {"default": {"statusCode": OK, "responseParameters": parameters}},
        },
    }


def _response(source: Source, headers: dict[str, str]) -> Content:
    return {"description": "CORS", "headers": {name: _of_text(source) for name in headers}}


def _of_text(source: Source) -> Content:
    """Return the declaration of a header that holds a text: Swagger 2 has no `schema` there."""
    return {"type": "string"} if _is_swagger(source.root) else {"schema": {"type": "string"}}


def _is_swagger(node: Node) -> bool:
    if isinstance(node, Mapping):
        return node.get("swagger") is not None or any(_is_swagger(each.value) for each in node.entries)
    return isinstance(node, Sequence) and any(_is_swagger(each) for each in node.items)


def _spelled(own: Mapping, name: str) -> str:
    """Return a setting's name as the definition that `own` stands in spells it."""
    return name if _capital(own) else name[0].lower() + name[1:]


def _capital(own: Mapping) -> bool:
    return any(entry.key.text[:1].isupper() for entry in own.entries)


def _free(resources: Mapping, name: str, added: dict[str, Content]) -> str:
    name = re.sub(r"[^A-Za-z0-9]", "", name)
    names = (name, *(f"{name}{number}" for number in range(2, 99)))
    return next(each for each in names if resources.get(each) is None and each not in added)
