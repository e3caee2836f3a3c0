"""Fixes to the methods of REST APIs in Terraform: OPTIONS methods added, what a mock or a mapping lacks."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from corsmith.api.fix import Edit
from corsmith.api.rest_api import Mapped, Mock, RestApi, RestMethod
from corsmith.api.span import Span
from corsmith.api.tree import Tree
from corsmith.api.value import Known
from corsmith.api.wanted import Wanted

from .rest import OK, headers_of_preflight, takes_all_for_binary, without_options
from .terraform_block import Setting, Written, block_at, module_of, resource

_HEADER = "method.response.header."
_REPEATED = ("count", "for_each")


def add_options(tree: Tree, api: RestApi, wanted: Wanted) -> tuple[Edit, ...]:
    """Return the edits that add the four resources of each OPTIONS method that lacks, and make the deployment follow them."""
    edits: list[Edit] = []
    names: list[str] = []
    for path in without_options(api):
        headers = headers_of_preflight(api, wanted, path)
        method = next(each for each in api.methods if each.path == path)
        written = block_at(tree, method.span)
        if headers is None or written is None or written.block.labels[:1] != ("aws_api_gateway_method",):
            return ()
        place, resource_id = written.value("rest_api_id"), written.value("resource_id")
        if place is None or resource_id is None or any(written.value(name) is not None for name in _REPEATED):
            return ()
        names.append(f"{written.block.labels[1]}_options")
        edits.append(written.behind(_mock(names[-1], place, resource_id, headers, takes_all_for_binary(api))))
    return (*edits, *_follow(tree, edits[0].file, names)) if edits else ()


def answer_with_status(tree: Tree, method: RestMethod) -> tuple[Edit, ...]:
    """Return the edit that makes the mock of `method` choose the status that its responses are for."""
    made = method.integration
    written = block_at(tree, made.span) if isinstance(made, Mock) and made.span is not None else None
    if written is None or not isinstance(made, Mock):
        return ()
    status = next((each.status.value for each in made.responses if isinstance(each.status, Known)), OK)
    template = json.dumps(f'{{"statusCode": {status}}}')
    if written.value("request_templates") is None:
        return written.put("request_templates", [('"application/json"', template)])
    return (written.set("request_templates", f'{{ "application/json" = {template} }}'),)


def as_text(tree: Tree, method: RestMethod) -> tuple[Edit, ...]:
    """Return the edit that lets the mock of `method` take a binary body for text."""
    made = method.integration
    written = block_at(tree, made.span) if isinstance(made, Mock) and made.span is not None else None
    return (written.set("content_handling", '"CONVERT_TO_TEXT"'),) if written is not None else ()


def map_headers(tree: Tree, method: RestMethod, headers: dict[str, str]) -> tuple[Edit, ...]:
    """Return the edits that let every integration response of `method` send `headers`, and declare them."""
    made = method.integration
    if not isinstance(made, Mock | Mapped):
        return ()
    edits: list[Edit] = []
    if not made.responses and isinstance(made, Mock) and made.span is not None:
        edits += _first_response(tree, method, made.span, headers)
    for response in made.responses:
        written = block_at(tree, response.span) if response.span is not None else None
        there = {name.lower() for name, _ in response.parameters}
        lacking = [(f'"{_HEADER}{n}"', json.dumps(value)) for n, value in headers.items() if n.lower() not in there]
        edits += written.put("response_parameters", lacking) if written is not None else ()
    for declared in method.responses:
        written = block_at(tree, declared.span) if declared.span is not None else None
        names = {name.lower() for name in declared.headers}
        promised = [(f'"{_HEADER}{name}"', "true") for name in headers if name.lower() not in names]
        edits += written.put("response_parameters", promised) if written is not None else ()
    return tuple(edits)


def _first_response(tree: Tree, method: RestMethod, mock: Span, headers: dict[str, str]) -> tuple[Edit, ...]:
    """Return the edits that add the integration response that a mock lacks; its method response where that lacks too."""
    written = block_at(tree, mock)
    where = [(name, written.value(name)) for name in ("rest_api_id", "resource_id", "http_method")] if written else []
    of = [(name, value) for name, value in where if value is not None]
    if written is None or len(of) < 3 or any(written.value(name) is not None for name in _REPEATED):
        return ()
    name = written.block.labels[1]
    promised = [(f'"{_HEADER}{header}"', "true") for header in headers]
    sent = [(f'"{_HEADER}{header}"', json.dumps(value)) for header, value in headers.items()]
    status = next((each.status.value for each in method.responses if isinstance(each.status, Known)), OK)
    settings = [*of, ("status_code", json.dumps(status))]
    blocks = []
    if not method.responses:
        blocks.append(resource("aws_api_gateway_method_response", name, settings, "response_parameters", promised))
    response = resource("aws_api_gateway_integration_response", name, settings, "response_parameters", sent)
    blocks.append((*response[:-1], "", f"  depends_on = [aws_api_gateway_integration.{name}]", "}"))
    return (written.behind(blocks), *_follow(tree, written.file, [name]))


def without_authorization(tree: Tree, method: RestMethod) -> tuple[Edit, ...]:
    """Return the edits that let the OPTIONS method be called without authorizer and API key."""
    written = block_at(tree, method.span)
    if written is None or method.verb != "OPTIONS":
        return ()
    edits: list[Edit] = []
    if written.value("authorization") not in (None, '"NONE"'):
        edits += (written.set("authorization", '"NONE"'), *written.unset("authorizer_id"))
        edits += written.unset("authorization_scopes")
    if written.value("api_key_required") not in (None, "false"):
        edits.append(written.set("api_key_required", "false"))
    return tuple(edits)


def _mock(name: str, place: str, resource_id: str, headers: dict[str, str], binary: bool) -> Iterator[tuple[str, ...]]:  # noqa: FBT001 - the API's own setting
    method = f"aws_api_gateway_method.{name}"
    where: list[Setting] = [("rest_api_id", place), ("resource_id", resource_id)]
    of = [*where, ("http_method", f"{method}.http_method")]
    answers = f"aws_api_gateway_method_response.{name}.status_code"
    yield resource("aws_api_gateway_method", name, [*where, ("http_method", '"OPTIONS"'), ("authorization", '"NONE"')])
    template = [('"application/json"', json.dumps('{"statusCode": 200}'))]
    made = [*of, ("type", '"MOCK"'), *([("content_handling", '"CONVERT_TO_TEXT"')] if binary else [])]
    yield resource("aws_api_gateway_integration", name, made, "request_templates", template)
    promised = [(f'"method.response.header.{header}"', "true") for header in headers]
    yield resource(
        "aws_api_gateway_method_response", name, [*of, ("status_code", '"200"')], "response_parameters", promised
    )
    sent = [(f'"method.response.header.{header}"', json.dumps(value)) for header, value in headers.items()]
    yield (
        *resource(
            "aws_api_gateway_integration_response", name, [*of, ("status_code", answers)], "response_parameters", sent
        )[:-1],
        "",
        f"  depends_on = [aws_api_gateway_integration.{name}]",
        "}",
    )


def _follow(tree: Tree, beside: str, names: list[str]) -> Iterator[Edit]:
    """Let the deployments that name what they follow name the new integration responses too."""
    added = [f"aws_api_gateway_integration_response.{name}" for name in names]
    for other in module_of(tree, beside):
        if other.block.labels[:1] != ("aws_api_gateway_deployment",):
            continue
        for attribute in ("depends_on", "triggers"):
            found = other.block.body.attribute(attribute)
            if found is None:
                continue
            span = found.expression.span
            text = other.text[span.start : span.end]
            start = re.match(r"\[" if attribute == "depends_on" else r"(?s).*?jsonencode\(\s*\[", text)
            if start is not None:
                items = [f"{each}.id" if attribute == "triggers" else each for each in added]
                at = span.start + start.end()
                yield Edit(other.file, at, at, _first_items(other, at, items))


def _first_items(written: Written, start: int, items: list[str]) -> str:
    """Return `items` as the first of the list that begins at `start`, on lines of their own where the others are."""
    following = re.match(r"(\r?\n)([ \t]*)", written.text[start:])
    if following is not None:
        return "".join(f"{following[1]}{following[2]}{item}," for item in items)
    joined = ", ".join(items)
    return joined if written.text[start:].lstrip().startswith("]") else f"{joined}, "
