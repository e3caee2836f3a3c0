"""OpenAPI definitions beside the template that takes them in: they are one project, and checked once."""

from __future__ import annotations

import pytest

from corsmith.api.tree import Memory, Tree
from corsmith.project.check import Question, check

DEFINITION = """\
openapi: 3.0.1
info: {title: shop, version: "1"}
paths:
  /items:
    put:
      x-amazon-apigateway-integration:
        {type: aws_proxy, httpMethod: POST, uri: 'arn:aws:apigateway:eu-west-1:lambda:path/functions/x/invocations'}
"""
TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Shop:
    Type: AWS::Serverless::Api
    Properties: {StageName: prod, %s}
"""


@pytest.mark.parametrize(
    ("how", "files"),
    [
        ("DefinitionUri: api.yaml", ["template.yaml"]),
        ("DefinitionBody: {Fn::Transform: {Name: AWS::Include, Parameters: {Location: api.yaml}}}", ["template.yaml"]),
        ("DefinitionUri: other.yaml", ["api.yaml", "template.yaml"]),
    ],
)
def test_a_definition_is_checked_with_its_template(how: str, files: list[str]) -> None:
    found = check(Tree(Memory({"api.yaml": DEFINITION, "template.yaml": TEMPLATE % how})), Question((".",)))
    assert sorted(api.file for api in found.apis) == files
    assert found.unexplained == ()
    assert len([each for each in found.groups if each.finding.rule == "rest-no-options-method"]) == 1


def test_a_definition_that_is_asked_for_is_checked() -> None:
    files = {"api.yaml": DEFINITION, "template.yaml": TEMPLATE % "DefinitionUri: api.yaml"}
    assert [api.file for api in check(Tree(Memory(files)), Question(("api.yaml",))).apis] == ["api.yaml"]
