"""Fixes in Terraform and OpenTofu. Source: the AWS provider's documentation of each resource."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterable, Iterator

from msgspec import Struct

from corsmith.api.fix import Edit
from corsmith.api.function_url import FunctionUrl
from corsmith.api.http_api import HttpApi
from corsmith.api.model import FrontDoor
from corsmith.api.rest_api import RestApi
from corsmith.api.span import Span
from corsmith.api.tree import Tree, Unreadable
from corsmith.api.wanted import Wanted
from corsmith.readers.terraform.parse import parse
from corsmith.readers.terraform.syntax import Block

from .rest import error_headers, without_options

_FILES = (".tf", ".tofu")
_PARTS = (
    "aws_api_gateway_method",
    "aws_api_gateway_integration",
    "aws_api_gateway_method_response",
    "aws_api_gateway_integration_response",
    "aws_api_gateway_gateway_response",
)
"""What a deployment takes a snapshot of."""

Setting = tuple[str, str]
"""A name, and its value as Terraform writes it."""


class Written(Struct, frozen=True):
    """A block of a file."""

    file: str
    text: str
    block: Block

    @property
    def newline(self) -> str:
        """The file's line end."""
        return "\r\n" if "\r\n" in self.text else "\n"

    def value(self, name: str) -> str | None:
        """Return an argument's expression as it is written, None without one."""
        attribute = self.block.body.attribute(name)
        if attribute is None:
            return None
        span = attribute.expression.span
        return self.text[span.start : span.end]

    def inside(self, lines: Iterable[str]) -> Edit:
        """Return the edit that adds lines at the end of the block, as far in as its other lines."""
        end = self.text.rindex("}", self.block.header.end, self.block.span.end)
        begin = self.text.rfind("\n", 0, end) + 1
        outer = re.match(r"[ \t]*", self.text[self.text.rfind("\n", 0, self.block.header.start) + 1 :])
        pad = (outer[0] if outer is not None else "") + "  "
        text = self.newline.join(f"{pad}{line}" if line else "" for line in lines)
        if self.text[begin:end].strip():
            # `{}` and one-line blocks open up.
            return Edit(self.file, end, end, f"{self.newline}{text}{self.newline}{pad[:-2]}")
        return Edit(self.file, begin, begin, text + self.newline)

    def behind(self, blocks: Iterable[Iterable[str]]) -> Edit:
        """Return the edit that adds blocks behind this one."""
        text = "".join(self.newline * 2 + self.newline.join(block) for block in blocks)
        return Edit(self.file, self.block.span.end, self.block.span.end, text)


def configure_cors(tree: Tree, front_door: FrontDoor, wanted: Wanted) -> tuple[Edit, ...]:
    """Return the edits that give the front door CORS settings."""
    if isinstance(front_door, HttpApi | FunctionUrl):
        written = _block_at(tree, front_door.span)
        kind = "cors_configuration" if isinstance(front_door, HttpApi) else "cors"
        if written is None or any(True for _ in written.block.body.of_kind(kind)):
            return ()
        if isinstance(front_door, HttpApi) and written.value("body") is not None:
            # The definition in `body` replaces such a block.
            return ()
        return (written.inside(["", *block(kind, _settings(wanted))]),)
    return _options_methods(tree, front_door, wanted) if isinstance(front_door, RestApi) else ()


def gateway_responses(tree: Tree, front_door: FrontDoor, wanted: Wanted) -> tuple[Edit, ...]:
    """Return the edit that adds the gateway responses of a REST API."""
    written, headers = _block_at(tree, front_door.span), error_headers(wanted)
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


def renew_deployment(tree: Tree, deployment: Span) -> tuple[Edit, ...]:
    """Return the edits that make a deployment follow what the API is made of, as the provider's documentation has it."""
    written = _block_at(tree, deployment)
    if written is None or written.value("triggers") is not None:
        return ()
    place = written.value("rest_api_id")
    parts = [
        ".".join(other.block.labels)
        for other in _module(tree, written.file)
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
    written = _block_at(tree, route)
    if written is None or any(written.value(name) is not None for name in ("count", "for_each")):
        return ()
    api, target = written.value("api_id"), written.value("target")
    if api is None or target is None:
        return ()
    # A greedy path does not take the root.
    paths = {"options": "/{proxy+}", "options_root": "/"} if path == "$default" else {"options": path}
    blocks = [
        _resource(
            "aws_apigatewayv2_route",
            f"{written.block.labels[1]}_{suffix}",
            [("api_id", api), ("route_key", json.dumps(f"OPTIONS {each}")), ("target", target)],
        )
        for suffix, each in paths.items()
    ]
    return (written.behind(blocks),)


def block(kind: str, settings: list[Setting]) -> list[str]:
    """Return the lines of a block, its arguments aligned as `terraform fmt` does."""
    return [f"{kind} {{", *(f"  {line}" for line in _aligned(settings)), "}"]


def assigned(name: str, settings: list[Setting]) -> list[str]:
    """Return the lines of an argument that holds an object."""
    return [f"{name} = {{", *(f"  {line}" for line in _aligned(settings)), "}"]


def _aligned(settings: list[Setting]) -> Iterator[str]:
    width = max((len(name) for name, _ in settings), default=0)
    yield from (f"{name.ljust(width)} = {value}" for name, value in settings)


def _settings(wanted: Wanted) -> list[Setting]:
    found = [("allow_origins", json.dumps(list(wanted.origins))), ("allow_methods", json.dumps(list(wanted.methods)))]
    found += [("allow_headers", json.dumps(list(wanted.headers)))] if wanted.headers else []
    return [*found, ("allow_credentials", "true")] if wanted.credentials else found


def _options_methods(tree: Tree, api: RestApi, wanted: Wanted) -> tuple[Edit, ...]:
    """Return the edits that add the four resources of each OPTIONS method that lacks, and make the deployment follow them."""
    if _ambiguous(wanted):
        return ()
    edits: list[Edit] = []
    names: list[str] = []
    for path in without_options(api):
        method = next(each for each in api.methods if each.path == path)
        written = _block_at(tree, method.span)
        if written is None or written.block.labels[:1] != ("aws_api_gateway_method",):
            return ()
        place, resource = written.value("rest_api_id"), written.value("resource_id")
        if place is None or resource is None or any(written.value(name) is not None for name in ("count", "for_each")):
            return ()
        names.append(f"{written.block.labels[1]}_options")
        edits.append(written.behind(_mock(names[-1], place, resource, _headers(api, wanted, path))))
    return (*edits, *_follow(tree, edits[0].file, names)) if edits else ()


def _headers(api: RestApi, wanted: Wanted, path: str) -> list[tuple[str, str]]:
    methods = sorted(
        {*(each.verb for each in api.methods if each.path == path and each.verb != "ANY"), *wanted.methods, "OPTIONS"}
    )
    found = [("Access-Control-Allow-Origin", _origin(wanted)), ("Access-Control-Allow-Methods", ",".join(methods))]
    found += [("Access-Control-Allow-Headers", ",".join(wanted.headers))] if wanted.headers else []
    return [*found, ("Access-Control-Allow-Credentials", "true")] if wanted.credentials else found


def _mock(name: str, place: str, resource: str, headers: list[tuple[str, str]]) -> Iterator[tuple[str, ...]]:
    method = f"aws_api_gateway_method.{name}"
    where: list[Setting] = [("rest_api_id", place), ("resource_id", resource)]
    of = [*where, ("http_method", f"{method}.http_method")]
    answers = f"aws_api_gateway_method_response.{name}.status_code"
    yield _resource("aws_api_gateway_method", name, [*where, ("http_method", '"OPTIONS"'), ("authorization", '"NONE"')])
    template = [('"application/json"', json.dumps('{"statusCode": 200}'))]
    yield _resource("aws_api_gateway_integration", name, [*of, ("type", '"MOCK"')], "request_templates", template)
    promised = [(f'"method.response.header.{header}"', "true") for header, _ in headers]
    yield _resource(
        "aws_api_gateway_method_response", name, [*of, ("status_code", '"200"')], "response_parameters", promised
    )
    sent = [(f'"method.response.header.{header}"', json.dumps(f"'{value}'")) for header, value in headers]
    yield (
        *_resource(
            "aws_api_gateway_integration_response", name, [*of, ("status_code", answers)], "response_parameters", sent
        )[:-1],
        "",
        f"  depends_on = [aws_api_gateway_integration.{name}]",
        "}",
    )


def _resource(
    kind: str, name: str, settings: list[Setting], inner: str = "", content: list[Setting] | None = None
) -> tuple[str, ...]:
    lines = [f"  {line}" for line in _aligned(settings)]
    if content:
        lines += ["", *(f"  {line}" for line in assigned(inner, content))]
    return (f'resource "{kind}" "{name}" {{', *lines, "}")


def _follow(tree: Tree, beside: str, names: list[str]) -> Iterator[Edit]:
    """Let the deployments that name what they follow name the new integration responses too."""
    added = [f"aws_api_gateway_integration_response.{name}" for name in names]
    for other in _module(tree, beside):
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


def _module(tree: Tree, beside: str) -> Iterator[Written]:
    """Yield the blocks of the module that the file `beside` belongs to."""
    folder = posixpath.dirname(beside)
    for file in tree.list(folder or "."):
        if posixpath.dirname(file) == folder and file.endswith(_FILES):
            yield from _blocks(tree, file)


def _blocks(tree: Tree, file: str) -> Iterator[Written]:
    try:
        text = tree.read(file)
    except Unreadable:
        return
    for each in parse(text, file)[0].blocks:
        yield Written(file, text, each)


def _block_at(tree: Tree, span: Span) -> Written | None:
    if not span.file.endswith(_FILES):
        return None
    return next((each for each in _blocks(tree, span.file) if span in (each.block.header, each.block.span)), None)


def _ambiguous(wanted: Wanted) -> bool:
    """Say whether one literal cannot serve: several origins with credentials, or text that would end the literal."""
    return (len(wanted.origins) > 1 and wanted.credentials) or any("'" in origin for origin in wanted.origins)


def _origin(wanted: Wanted) -> str:
    return wanted.origins[0] if len(wanted.origins) == 1 else "*"
