"""Cutting a service's file at a value's span gives the value back, in whatever dress the file comes."""

from __future__ import annotations

from typing import Any

import pytest

from corsmith.api.span import Span
from corsmith.api.tree import Memory, Tree
from corsmith.api.value import Known
from corsmith.readers import Settings, read
from corsmith.readers.document import parse
from corsmith.readers.nodes import Mapping, Scalar
from corsmith.readers.serverless.files import Files
from corsmith.readers.serverless.resolve import Resolver
from corsmith.readers.values import as_text

from .fixtures import DRESSES
from .serverless_fixtures import NAMES, files_of
from .test_spans import parts, stated, values

WITHOUT_SETTINGS = frozenset({"http-authorizers", "alb", "alb-conditions", "httpapi-cors-true"})
"""Services in which nobody writes a value of CORS or a variable but as text that Serverless copies, or none at all."""


@pytest.mark.parametrize("dress", DRESSES)
@pytest.mark.parametrize("name", NAMES)
def test_the_cut_at_the_span_is_the_value(name: str, dress: str) -> None:
    files = files_of(name, lambda text: DRESSES[dress](text) if not text.startswith("{") else text)
    tree = Tree(Memory(files))
    api = read(tree, "serverless.yml")
    assert api is not None
    assert not api.problems
    seen = 0
    for value in values(api):
        if not stated(value):
            continue
        assert value.span is not None
        cut = files[value.span.file].removeprefix("\ufeff")[value.span.start : value.span.end]
        assert as_text(value.value) in (cut, meaning(cut, tree)), (value, cut)
        seen += 1
    assert bool(seen) is (name not in WITHOUT_SETTINGS)


def meaning(cut: str, tree: Tree) -> str | None:
    """What a piece of a service stands for by itself."""
    node = parse(cut, "cut").root
    root = parse(tree.read("serverless.yml"), "serverless.yml").root
    assert isinstance(root, Mapping)
    if node is None:
        return None
    found = Resolver(root, Settings(), Files(tree, "serverless.yml")).node(node)
    return found.text if isinstance(found, Scalar) else None


@pytest.mark.parametrize("name", sorted({*NAMES} - {"alb", "alb-conditions"}))
def test_what_serverless_makes_stands_at_a_setting_or_an_event(name: str) -> None:
    files = files_of(name)
    api = read(Tree(Memory(files)), "serverless.yml")
    assert api is not None
    made = [part for part in parts(api.front_doors) if isinstance(part, Known) and not stated(part)]
    for value in made:
        assert value.span is not None
        cut = files[value.span.file][value.span.start : value.span.end]
        assert cut.strip(), value
        assert any(step.what.startswith("made by Serverless from ") for step in value.via)
    assert made


@pytest.mark.parametrize("name", NAMES)
def test_every_span_lies_within_its_file(name: str) -> None:
    files = files_of(name)
    api = read(Tree(Memory(files)), "serverless.yml")
    for part in everything(api):
        if isinstance(part, Span):
            assert 0 <= part.start < part.end <= len(files[part.file]), (name, part)


def everything(value: Any) -> Any:
    """Every part of a model."""
    return list(parts(value))
