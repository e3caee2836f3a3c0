"""Cutting the file at a value's span gives the value back, in whatever dress the file comes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from msgspec import Struct
from msgspec.structs import fields

from corsmith.api.function_url import FunctionUrlCors
from corsmith.api.http_api import HttpApiCors
from corsmith.api.model import Api
from corsmith.api.rest_api import GatewayResponse, IntegrationResponse
from corsmith.api.span import Span
from corsmith.api.tree import Memory, Tree
from corsmith.api.value import Known, OneOf
from corsmith.readers import Settings, read
from corsmith.readers.document import parse
from corsmith.readers.nodes import Mapping, Node, Scalar, Sequence
from corsmith.readers.reading import Reading
from corsmith.readers.template import Template, template_of
from corsmith.readers.values import Values, as_text

from . import fixtures

SETTINGS = (HttpApiCors, FunctionUrlCors, IntegrationResponse, GatewayResponse)


def api_and_template(text: str) -> tuple[Api, Template]:
    api = read(Tree(Memory({"t.yaml": text})), "t.yaml")
    assert api is not None
    root = parse(text, "t.yaml").root
    assert isinstance(root, Mapping)
    return api, template_of(root, "t.yaml", text, Settings(), {})


def parts(value: Any) -> Iterator[Any]:
    """Everything inside a model, depth first."""
    yield value
    if isinstance(value, tuple):
        for item in value:
            yield from parts(item)
    elif isinstance(value, Struct):
        for field in fields(value):
            if field.name != "via":
                yield from parts(getattr(value, field.name))


def values(api: Api) -> Iterator[Known[Any]]:
    """The known values that rules point at and fixes edit."""
    for part in parts(api.front_doors):
        if isinstance(part, SETTINGS):
            yield from (each for each in parts(tuple(getattr(part, f.name) for f in fields(part))) if is_plain(each))
    for function in api.functions:
        yield from (each for each in parts(function.environment) if is_plain(each))
    yield from (Known(declared.text, declared.span) for declared in api.declared_origins)


def is_plain(part: Any) -> bool:
    return isinstance(part, Known) and isinstance(part.value, str | int | bool) and part.span is not None


def stated(value: Known[Any]) -> bool:
    """False where SAM makes the value of another setting."""
    return not any(step.what.startswith("made by") for step in value.via)


@pytest.mark.parametrize("dress", fixtures.DRESSES)
@pytest.mark.parametrize("name", fixtures.NAMES)
def test_the_cut_at_the_span_is_the_value(name: str, dress: str) -> None:
    text = fixtures.DRESSES[dress](fixtures.text_of(name))
    api, template = api_and_template(text)
    assert not api.problems
    decoded = text.removeprefix("\ufeff")
    seen = 0
    for value in values(api):
        if not stated(value):
            continue
        assert value.span is not None
        cut = decoded[value.span.start : value.span.end]
        assert as_text(value.value) in (cut, meaning(cut, template)), (value, cut)
        seen += 1
    assert seen or name in WITHOUT_SETTINGS


WITHOUT_SETTINGS = frozenset(
    {
        "rest-api-key-on-preflight.yaml",
        "rest-merge-definitions.yaml",
        "streaming.yaml",
        "rest-state-machine.yaml",
        "http-cors-true.yaml",
        "http-jwt.yaml",
    }
)
"""Templates in which nobody writes a value of CORS but as text that SAM copies, or none at all."""


def meaning(cut: str, template: Template) -> str | None:
    """What a piece of a template stands for by itself."""
    root = parse(cut, "cut").root
    value = Values(template).of(root) if root is not None else None
    if isinstance(value, OneOf) or not isinstance(value, Known) or isinstance(value.value, Mapping | tuple):
        return None
    text = Reading(template, Values(template)).text(root)
    return text.value if isinstance(text, Known) else None


@pytest.mark.parametrize("dress", ["as it is", "CRLF", "BOM"])
@pytest.mark.parametrize("name", fixtures.NAMES)
def test_every_node_reads_the_same_when_it_is_cut_out(name: str, dress: str) -> None:
    text = fixtures.DRESSES[dress](fixtures.text_of(name))
    decoded = text.removeprefix("\ufeff")
    root = parse(text, "t").root
    assert root is not None
    for node in nodes(root):
        cut = decoded[node.span.start : node.span.end]
        if isinstance(node, Scalar) and node.style in ("plain", "single", "double") and "*" not in cut[:1]:
            again = parse(cut, "cut").root if cut else Scalar("", node.span, "null")
            assert isinstance(again, Scalar)
            assert (again.text, again.tag) == (node.text, node.tag)
        elif not isinstance(node, Scalar) and node.style == "flow" and not has_alias(cut):
            assert shape(parse(cut, "cut").root) == shape(node)
        elif not isinstance(node, Scalar) and not has_alias(cut):
            indented = " " * node.indent + cut
            assert shape(parse(indented, "cut").root) == shape(node)


def test_spans_lie_within_those_of_their_owners() -> None:
    for name in fixtures.NAMES:
        text = fixtures.text_of(name)
        api, _ = api_and_template(text)
        for part in parts(api):
            if isinstance(part, Span) and part.file == "t.yaml":
                assert 0 <= part.start < part.end <= len(text), (name, part)


def has_alias(cut: str) -> bool:
    return "*c" in cut or "*all" in cut or "*origin" in cut or "&" in cut


def nodes(node: Node) -> Iterator[Node]:
    yield node
    if isinstance(node, Sequence):
        for item in node.items:
            yield from nodes(item)
    elif isinstance(node, Mapping):
        for entry in node.entries:
            yield from nodes(entry.value)


def shape(node: Node | None) -> Any:
    if isinstance(node, Scalar):
        return node.text, node.tag, node.kind
    if isinstance(node, Sequence):
        return node.tag, [shape(item) for item in node.items]
    assert isinstance(node, Mapping)
    return node.tag, {entry.key.text: shape(entry.value) for entry in node.entries}
