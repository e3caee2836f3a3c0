"""Which files are templates, of which dialect, and what becomes of broken ones."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corsmith.api.span import Span
from corsmith.api.tree import Memory, Tree, Unreadable
from corsmith.readers import Settings, read, recognise

from . import fixtures

FILES = {
    "SAM": ("Transform: AWS::Serverless-2016-10-31\nResources: {}\n", "sam"),
    "SAM, several macros": ("Transform:\n  - Other\n  - AWS::Serverless-2016-10-31\nResources: {}\n", "sam"),
    "SAM that forgot its transform": ("Resources:\n  A: { Type: AWS::Serverless::Function }\n", "sam"),
    "SAM in JSON": ('{"Transform": "AWS::Serverless-2016-10-31", "Resources": {}}', "sam"),
    "SAM with a definition": (fixtures.text_of("http-definition-body.yaml"), "sam"),
    "CloudFormation": ("Resources:\n  A: { Type: AWS::S3::Bucket }\n", "cloudformation"),
    "CloudFormation, custom types only": (
        "AWSTemplateFormatVersion: 2010-09-09\nResources:\n  A: { Type: Custom::A }\n", "cloudformation"),
    "CDK": ('{"Resources": {"A": {"Type": "AWS::S3::Bucket", "Metadata": {"aws:cdk:path": "S/A"}}}}', "cdk"),
    "OpenAPI": ("openapi: 3.0.1\npaths: {}\nx-amazon-apigateway-cors: {}\n", "openapi"),
    "Swagger in JSON": ('{"swagger": "2.0", "paths": {}, "x-amazon-apigateway-policy": {}}', "openapi"),
    "OpenAPI without the extensions": ("openapi: 3.0.1\npaths: {}\n", None),
    "Kubernetes": ("apiVersion: v1\nkind: Service\n", None),
    "package.json": ('{"name": "x", "version": "1"}', None),
    "a list": ("- a\n", None),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_files_are_recognised_by_their_text(name: str) -> None:
    text, dialect = FILES[name]
    assert recognise(text, "any.yaml") == dialect


@pytest.mark.parametrize("name", FILES)
def test_files_are_read_as_what_they_are(name: str) -> None:
    text, dialect = FILES[name]
    api = read(Tree(Memory({"f": text})), "f")
    if name == "OpenAPI without the extensions":
        assert api is not None, "a file that is named is read all the same"
        assert not api.problems
    elif dialect is None:
        assert api is None
    else:
        assert api is not None
        assert api.dialect == dialect


def test_a_broken_template_is_recognised_and_gives_its_problem() -> None:
    text = "Transform: AWS::Serverless-2016-10-31\nResources:\n  A: [\n"
    assert recognise(text, "t.yaml") == "sam"
    api = read(Tree(Memory({"t.yaml": text})), "t.yaml")
    assert api is not None
    assert [(p.file, p.line) for p in api.problems] == [("t.yaml", 4)]
    assert not api.front_doors


def test_a_file_that_is_not_there_cannot_be_read() -> None:
    with pytest.raises(Unreadable):
        read(Tree(Memory({})), "t.yaml")


LINES = tuple(line for name in fixtures.NAMES for line in fixtures.text_of(name).splitlines())


@settings(max_examples=150)
@given(st.sampled_from(fixtures.NAMES), st.data())
def test_templates_with_lines_out_of_place_are_read_without_an_error(name: str, data: st.DataObject) -> None:
    lines = fixtures.text_of(name).splitlines()
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(lines) - 1))
        change = data.draw(st.sampled_from(("drop", "swap", "other", "indent", "cut")))
        other = data.draw(st.sampled_from(LINES))
        lines[at : at + 1] = {
            "drop": [],
            "swap": [lines[at - 1]],
            "other": [other],
            "indent": ["  " + lines[at]],
            "cut": [lines[at][: len(lines[at]) // 2]],
        }[change]
        lines = lines or [""]
    text = "\n".join(lines)
    api = read(Tree(Memory({"t.yaml": text})), "t.yaml", Settings())
    if api is not None:
        for part in (*api.front_doors, *api.functions):
            assert isinstance(part.span, Span)
        for refused in api.refused:
            assert refused.message.endswith(".")
            assert 0 <= refused.span.start <= refused.span.end <= len(text)
