"""Parameters of the path: whether code finds one is up to the route that leads to it."""
# ruff: noqa: E501 - whole handlers in one line

from __future__ import annotations

import pytest

from corsmith.api.tree import Memory, Tree
from corsmith.project.check import Question, check
from tests.handlers.javascript.reading import short as short_node
from tests.handlers.reading import short

H = '{"Access-Control-Allow-Origin": "*"}'
PYTHON = {
    f'if "id" not in (e.get("pathParameters") or {{}}): return {{"statusCode": 400}}\n  return {{"statusCode": 200, "headers": {H}}}': {
        "with parameters: with id: 200 *", "without id: 400 no headers", "without parameters: 400 no headers",
    },
    f'if not e["pathParameters"].get("id"): return {{"statusCode": 400}}\n  return {{"statusCode": 200, "headers": {H}}}': {
        "with id: 200 *", "without id: 400 no headers",
    },
    f'x = e["pathParameters"]["id"]\n  return {{"statusCode": 200, "headers": {H}}}': {"with id: 200 *", "without id: raises KeyError"},
}  # fmt: skip
NODE = {
    f"if (!e.pathParameters?.id) return {{ statusCode: 400 }}; return {{ statusCode: 200, headers: {H} }}": {
        "with id: 200 *", "without id: 400 no headers",
    },
    f"const {{ id }} = e.pathParameters; if (id) return {{ statusCode: 200, headers: {H} }}; return {{ statusCode: 200 }}": {
        "with id: 200 *", "without id: 200 no headers",
    },
}  # fmt: skip


def _without_any(found: set[str]) -> set[str]:
    """Some ways of asking tell apart that there are none at all."""
    return {each.replace("with parameters: ", "") for each in found if "without parameters" not in each}


@pytest.mark.parametrize("body", PYTHON)
def test_python(body: str) -> None:
    assert _without_any(short(f"def handler(e, c):\n  {body}\n")) == _without_any(PYTHON[body])


@pytest.mark.parametrize("body", NODE)
def test_node(body: str) -> None:
    assert _without_any(short_node(f"export const handler = async (e) => {{ {body} }};")) == NODE[body]


TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: .
      Events:
        Call: {Type: Api, Properties: {Path: PATH, Method: GET}}
"""
APP = """
def handler(event, context):
    if not (event["pathParameters"] or {}).get("id"):
        return {"statusCode": 400, "body": "which?"}
    return {"statusCode": 200, "headers": {"Access-Control-Allow-Origin": "*"}, "body": "{}"}
"""


@pytest.mark.parametrize(("path", "rules"), [("/items/{id}", set()), ("/items", {"handler-missing-headers"})])
def test_a_route_decides(path: str, rules: set[str]) -> None:
    files = {"template.yaml": TEMPLATE.replace("PATH", path), "app.py": APP}
    found = check(Tree(Memory(files)), Question((".",)))
    codes = {group.finding.rule for group in found.groups if group.finding.rule.startswith("handler")}
    assert {code.removesuffix("-on-error") for code in codes} == rules
