"""Cutting a template, a cloud assembly's or an OpenAPI definition at a value's span gives the value back, in any dress."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from corsmith.api.model import Api
from corsmith.api.span import Span
from corsmith.api.tree import Memory, Tree
from corsmith.readers import Settings, read
from corsmith.readers.document import parse
from corsmith.readers.nodes import Mapping
from corsmith.readers.template import Template, template_of
from corsmith.readers.values import as_text

from . import test_openapi
from .fixtures import DRESSES
from .test_spans import meaning, parts, stated, values

FOLDER = Path(__file__).parents[1] / "fixtures"
FILES = {
    "cloudformation": (
        "cloudformation/http-routes.json",
        "cloudformation/rest-methods.yaml",
        "served/cloudformation-http-inline/stack.json",
        "served/cloudformation-rest-without-options/stack.yaml",
    ),
    "cdk": ("served/cdk-http-authorizer-on-default/cdk.out/Orders.template.json",),
    "openapi": ("served/openapi-http-configured/api.json", "served/openapi-rest-other-origin/api.yaml"),
}
TEXTS = {path: (FOLDER / path).read_bytes().decode() for paths in FILES.values() for path in paths}
TEXTS |= {"rest.yaml": test_openapi.REST, "http.yaml": test_openapi.HTTP}
KINDS = {path: kind for kind, paths in FILES.items() for path in paths}
KINDS |= {"rest.yaml": "openapi", "http.yaml": "openapi"}
WITHOUT_SETTINGS = frozenset({"served/cloudformation-rest-without-options/stack.yaml"})
"""Templates that hold no value of CORS and no variable."""


def on_one_line(text: str) -> str:
    """JSON without a blank, as programs write it."""
    return json.dumps(json.loads(text), separators=(",", ":"))


def escaped(text: str) -> str:
    """JSON whose texts are escapes where they need not be."""
    return json.dumps(json.loads(text)).replace("/", "\\/").replace("*", "\\u002a")


JSON_DRESSES: dict[str, Callable[[str], str]] = {
    "one line": on_one_line,
    "escapes": escaped,
    "behind letters of two and of four bytes": lambda text: '{"Mappings":{"Ü":{"🦊":{"é":"ñ"}}},' + text.lstrip()[1:],
}
YAML_DRESSES = {"behind letters of two and of four bytes": lambda text: "# Ü 🦊\n" + text}
DRESSED = [
    (path, dress, apply)
    for path in sorted(TEXTS)
    for dress, apply in {**DRESSES, **(JSON_DRESSES if path.endswith(".json") else YAML_DRESSES)}.items()
]


def dressed(path: str, apply: Callable[[str], str]) -> tuple[str, Api, Template]:
    """The text as an editor shows it, and what is read of it."""
    text = apply(TEXTS[path])
    api = read(Tree(Memory({path: text})), path)
    assert api is not None
    assert api.dialect == KINDS[path]
    assert not api.problems
    root = parse(text, path).root
    assert isinstance(root, Mapping)
    decoded = text.removeprefix("\ufeff")
    return decoded, api, template_of(root, path, decoded, Settings(), {})


@pytest.mark.parametrize(("path", "dress", "apply"), DRESSED, ids=[f"{path}-{dress}" for path, dress, _ in DRESSED])
def test_the_cut_at_the_span_is_the_value(path: str, dress: str, apply: Callable[[str], str]) -> None:
    text, api, template = dressed(path, apply)
    seen = 0
    for value in values(api):
        if not stated(value):
            continue
        assert value.span is not None
        cut = text[value.span.start : value.span.end]
        assert as_text(value.value) in (cut, meaning(cut, template)), (dress, value, cut)
        seen += 1
    assert bool(seen) is (path not in WITHOUT_SETTINGS)


@pytest.mark.parametrize(("path", "dress", "apply"), DRESSED, ids=[f"{path}-{dress}" for path, dress, _ in DRESSED])
def test_every_span_lies_within_the_file_and_holds_something(
    path: str, dress: str, apply: Callable[[str], str]
) -> None:
    text, api, _ = dressed(path, apply)
    spans = [part for part in parts(api) if isinstance(part, Span)]
    for span in spans:
        assert span.file == path
        assert 0 <= span.start < span.end <= len(text), (dress, span)
        assert text[span.start : span.end].strip(), (dress, span)
    assert spans
