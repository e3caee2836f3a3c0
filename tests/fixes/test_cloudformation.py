"""Fixes in CloudFormation templates: small, in the template's own style, and only where they are sure."""

from __future__ import annotations

import pytest

from corsmith.api.fix import Edit, apply
from corsmith.api.model import Api
from corsmith.api.span import Span
from corsmith.api.tree import Memory, Tree
from corsmith.fixes.cloudformation import add_permission, depend_on, set_in, set_property

YAML = """\
Resources:
  Site:
    Type: AWS::CloudFront::Distribution # kept
    Properties:
      Behavior:
        Target: shop
        Methods: [GET, HEAD] # kept
  Snapshot:
    Type: AWS::ApiGateway::Deployment
    DependsOn: %s
    Properties: {Api: a}
  Call: {Type: T}
  Preflight: {Type: T}
"""
JSON = """\
{
  "Resources": {
    "Snapshot": {
      "DependsOn": [
        "Call"
      ],
      "Properties": {
        "Methods": ["GET"]
      }
    },
    "Preflight": {
      "Type": "T"
    }
  }
}
"""


def span(text: str, part: str, after: str = "") -> Span:
    at = text.index(part, text.index(after))
    return Span("t", at, at + len(part))


def applied(text: str, edits: tuple[Edit, ...]) -> str:
    return apply(text, edits)


def tree(text: str) -> Tree:
    return Tree(Memory({"t": text}))


PLAIN = Api("t", "cloudformation")


WAITS = {
    "[Call]": "    DependsOn: [Call, Preflight]\n",
    "Call": "    DependsOn:\n      - Call\n      - Preflight\n",
    "\n      - Call": "    DependsOn: \n      - Call\n      - Preflight\n",
}


@pytest.mark.parametrize("written", WAITS)
def test_a_deployment_waits(written: str) -> None:
    text = YAML % written
    edits = depend_on(tree(text), PLAIN, span(text, "Snapshot"), (span(text, "Preflight"),))
    after = applied(text, edits)
    assert WAITS[written] in after
    assert after.count("# kept") == 2


def test_a_deployment_that_waits_for_nothing() -> None:
    text = (YAML % "x").replace("    DependsOn: x\n", "")
    edits = depend_on(tree(text), PLAIN, span(text, "Snapshot"), (span(text, "Call"), span(text, "Preflight")))
    assert "    Properties: {Api: a}\n    DependsOn:\n      - Call\n      - Preflight\n" in applied(text, edits)


def test_json_stays_json() -> None:
    edits = depend_on(tree(JSON), PLAIN, span(JSON, '"Snapshot"'), (span(JSON, '"Preflight"'),))
    assert '[\n        "Call",\n        "Preflight"\n      ]' in applied(JSON, edits)
    methods = span(JSON, '{\n        "Methods": ["GET"]\n      }')
    set_ = set_in(tree(JSON), PLAIN, methods, "Methods", ["GET", "PUT"])
    assert '"Methods": ["GET", "PUT"]' in applied(JSON, set_)


def test_a_list_in_brackets_is_replaced_in_its_place() -> None:
    text = YAML % "[]"
    behavior = span(text, "Target: shop\n        Methods: [GET, HEAD]")
    edits = set_in(tree(text), PLAIN, behavior, "Methods", ["GET", "HEAD", "OPTIONS"])
    assert "        Methods: [GET, HEAD, OPTIONS] # kept\n" in applied(text, edits)
    edits = set_in(tree(text), PLAIN, behavior, "Policy", "p")
    assert "        Methods: [GET, HEAD] # kept\n        Policy: p\n" in applied(text, edits)


def test_a_property() -> None:
    text = YAML % "[]"
    edits = set_property(tree(text), PLAIN, span(text, "Snapshot"), "Live", content=True)
    assert "{Api: a, Live: true}" in applied(text, edits)
    edits = set_property(tree(text), PLAIN, span(text, "Snapshot"), "Api", "b")
    assert "{Api: b}" in applied(text, edits)


def test_a_permission_has_a_name_of_its_own() -> None:
    text = (YAML % "[]") + "  CallPermission: {Type: T}\n"
    after = applied(text, add_permission(tree(text), PLAIN, "Call", {"Principal": "*"}))
    assert after == text + (
        "  CallPermission2:\n    Type: AWS::Lambda::Permission\n    Properties:\n      Action: lambda:InvokeFunction\n"
        "      FunctionName: !Ref Call\n      Principal: '*'\n"
    )


NOTHING = {
    "another dialect": lambda text: add_permission(tree(text), Api("t", "openapi"), "Call", {}),
    "no such function": lambda text: add_permission(tree(text), PLAIN, "Other", {}),
    "no such place": lambda text: set_in(tree(text), PLAIN, Span("t", 1, 2), "A", "b"),
    "no such resource": lambda text: set_property(tree(text), PLAIN, Span("t", 1, 2), "A", "b"),
    "a part that is no resource": lambda text: depend_on(
        tree(text), PLAIN, span(text, "Snapshot"), (span(text, "shop"),)
    ),
    "a value that a function makes": lambda text: set_in(
        tree(text.replace("[GET, HEAD]", "!Ref Methods")),
        PLAIN,
        span(text.replace("[GET, HEAD]", "!Ref Methods"), "Target: shop\n        Methods: !Ref Methods"),
        "Methods",
        ["GET"],
    ),
}


@pytest.mark.parametrize("name", NOTHING)
def test_what_is_left_to_a_person(name: str) -> None:
    assert NOTHING[name](YAML % "[Call]") == ()
