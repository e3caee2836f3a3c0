"""Fixes in Terraform and OpenTofu. Source: the AWS provider's documentation of each resource."""

from __future__ import annotations

import json
import re

from corsmith.api.fix import Edit
from corsmith.api.function_url import FunctionUrl
from corsmith.api.http_api import HttpApi
from corsmith.api.model import Api, FrontDoor
from corsmith.api.rest_api import RestApi
from corsmith.api.span import Span
from corsmith.api.tree import Tree
from corsmith.api.wanted import Wanted

from .rest import error_headers
from .terraform_block import Setting, assigned, block, block_at, module_of, resource
from .terraform_rest import add_options
from .yaml_written import Content

_PARTS = (
    "aws_api_gateway_method",
    "aws_api_gateway_integration",
    "aws_api_gateway_method_response",
    "aws_api_gateway_integration_response",
    "aws_api_gateway_gateway_response",
)
"""What a deployment takes a snapshot of."""


def configure_cors(tree: Tree, front_door: FrontDoor, wanted: Wanted) -> tuple[Edit, ...]:
    """Return the edits that give the front door CORS settings."""
    if isinstance(front_door, HttpApi | FunctionUrl):
        written = block_at(tree, front_door.span)
        kind = "cors_configuration" if isinstance(front_door, HttpApi) else "cors"
        if written is None or any(True for _ in written.block.body.of_kind(kind)):
            return ()
        return (written.inside(["", *block(kind, _settings(wanted))]),)
    return add_options(tree, front_door, wanted) if isinstance(front_door, RestApi) else ()


def gateway_responses(tree: Tree, front_door: FrontDoor, wanted: Wanted) -> tuple[Edit, ...]:
    """Return the edit that adds the gateway responses of a REST API."""
    written, headers = block_at(tree, front_door.span), error_headers(wanted)
    if written is None or written.block.labels[:1] != ("aws_api_gateway_rest_api",) or headers is None:
        return ()
    name = written.block.labels[1]
    parameters = [(json.dumps(header), json.dumps(value)) for header, value in headers.items()]
    blocks = [
        (
            f'resource "aws_api_gateway_gateway_response" "{name}_default_{kind.lower()}" {{',
            f"  rest_api_id   = aws_api_gateway_rest_api.{name}.id",
            f'  response_type = "DEFAULT_{kind}"',
            "",
            *(f"  {line}" for line in assigned("response_parameters", parameters)),
            "}",
        )
        for kind in ("4XX", "5XX")
    ]
    return (written.behind(blocks),)


def set_in(tree: Tree, span: Span, key: str, content: Content) -> tuple[Edit, ...]:
    """Return the edit that sets an argument of the block at `span`; `key` is CloudFormation's name of it."""
    written = block_at(tree, span)
    return (written.set(_snake(key), json.dumps(content)),) if written is not None else ()


def add_permission(tree: Tree, api: Api, function: str, own: dict[str, Content]) -> tuple[Edit, ...]:
    """Return the edit that adds a permission behind the function's block; `own` are its properties in CloudFormation's words."""
    known = api.function(function)
    written = block_at(tree, known.span) if known is not None else None
    if written is None or written.block.labels[:1] != ("aws_lambda_function",):
        return ()
    settings: list[Setting] = [
        ("action", json.dumps(own.get("Action", "lambda:InvokeFunction"))),
        ("function_name", f"{'.'.join(written.block.labels)}.function_name"),
    ]
    for name, content in own.items():
        if name == "SourceArn" and isinstance(content, dict):
            door = str(content["Fn::Sub"]).rpartition("${")[2].partition("}")[0]
            settings.append(("source_arn", f'"${{{door}.execution_arn}}/*/*"'))
        elif name != "Action":
            settings.append((_snake(name), json.dumps(content)))
    taken = {other.block.labels[1] for other in module_of(tree, written.file) if len(other.block.labels) > 1}
    label = written.block.labels[1]
    names = (f"{label}_invoke", *(f"{label}_invoke_{number}" for number in range(2, 99)))
    free = next(each for each in names if each not in taken)
    return (written.behind([resource("aws_lambda_permission", free, settings)]),)


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def renew_deployment(tree: Tree, deployment: Span) -> tuple[Edit, ...]:
    """Return the edits that make a deployment follow what the API is made of, as the provider's documentation has it."""
    written = block_at(tree, deployment)
    if written is None or written.value("triggers") is not None:
        return ()
    place = written.value("rest_api_id")
    parts = [
        ".".join(other.block.labels)
        for other in module_of(tree, written.file)
        if other.block.labels[:1] and other.block.labels[0] in _PARTS and other.value("rest_api_id") == place
    ]
    if not parts:
        return ()
    lines = [
        "",
        "triggers = {",
        "  redeployment = sha1(jsonencode([",
        *(f"    {each}," for each in parts),
        "  ]))",
        "}",
    ]
    if not any(True for _ in written.block.body.of_kind("lifecycle")):
        lines += ["", "lifecycle {", "  create_before_destroy = true", "}"]
    return (written.inside(lines),)


def options_route(tree: Tree, route: Span, path: str) -> tuple[Edit, ...]:
    """Return the edit that adds routes for OPTIONS without an authorizer beside the one at `route`."""
    written = block_at(tree, route)
    if written is None or any(written.value(name) is not None for name in ("count", "for_each")):
        return ()
    api, target = written.value("api_id"), written.value("target")
    if api is None or target is None:
        return ()
    # A greedy path does not take the root.
    paths = {"options": "/{proxy+}", "options_root": "/"} if path == "$default" else {"options": path}
    blocks = [
        resource(
            "aws_apigatewayv2_route",
            f"{written.block.labels[1]}_{suffix}",
            [("api_id", api), ("route_key", json.dumps(f"OPTIONS {each}")), ("target", target)],
        )
        for suffix, each in paths.items()
    ]
    return (written.behind(blocks),)


def without_blocks(tree: Tree, places: tuple[Span, ...]) -> tuple[Edit, ...]:
    """Return the edits that take the blocks at `places` out, their lines with them; none where one of them makes several."""
    written = [block_at(tree, place) for place in places]
    if any(each is None or each.block.kind == "dynamic" for each in written):
        return ()
    return tuple(each.gone() for each in written if each is not None)


def _settings(wanted: Wanted) -> list[Setting]:
    found = [("allow_origins", json.dumps(list(wanted.origins))), ("allow_methods", json.dumps(list(wanted.methods)))]
    found += [("allow_headers", json.dumps(list(wanted.headers)))] if wanted.headers else []
    return [*found, ("allow_credentials", "true")] if wanted.credentials else found
