"""Headers are taken off a response only where nothing else goes with them."""

from __future__ import annotations

import pytest

from corsmith.api.caller import CallerFlags
from corsmith.api.tree import Memory, Tree
from corsmith.project.check import Question, check
from corsmith.project.repair import repair

TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.12
      Handler: app.handler
      FunctionUrlConfig:
        AuthType: NONE
        Cors:
          AllowOrigins: ["https://app.example.com"]
  G:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.12
      Handler: other.handler
      Events:
        Read: {Type: Api, Properties: {Path: /, Method: GET}}
"""
SHARED = 'CORS = {"Access-Control-Allow-Origin": "https://app.example.com", "Vary": "Origin"}\n'
OTHER = """\
from shared import CORS


def handler(event, context):
    return {"statusCode": 200, "headers": CORS}
"""

CODE = [
    ('{"statusCode": 200, "headers": CORS, "body": ""}', '{"statusCode": 200, "body": ""}'),
    (
        '{"statusCode": 200, "headers": {**CORS, "Content-Type": "text/plain"}, "body": ""}',
        '{"statusCode": 200, "headers": {"Content-Type": "text/plain"}, "body": ""}',
    ),
    (
        '{"statusCode": 200, "headers": {"Content-Type": "text/plain", **CORS}, "body": ""}',
        '{"statusCode": 200, "headers": {"Content-Type": "text/plain"}, "body": ""}',
    ),
    (
        '{"statusCode": 200, "headers": {"Access-Control-Allow-Origin": "x"}, "body": ""}',
        '{"statusCode": 200, "body": ""}',
    ),
    (
        '{"statusCode": 200, "multiValueHeaders": {}, "headers": {"Access-Control-Allow-Origin": "x"}, "body": ""}',
        '{"statusCode": 200, "multiValueHeaders": {}, "body": ""}',
    ),
    ('{"statusCode": 200, "headers": {**CORS, **JSON}, "body": ""}', None),
    ('{"statusCode": 200, "headers": CORS | JSON, "body": ""}', None),
]


@pytest.mark.parametrize(("before", "after"), CODE)
def test_only_the_cors_headers_go(before: str, after: str | None) -> None:
    code = 'from shared import CORS\n\nJSON = {"Content-Type": "application/json"}\n\n\ndef handler(event, context):\n'
    app = f"{code}    return {before}\n"
    files = {"template.yaml": TEMPLATE, "shared.py": SHARED, "other.py": OTHER, "app.py": app}
    question = Question((".",), CallerFlags(path="/"))
    checked = check(Tree(Memory(files)), question)
    assert "duplicate-headers-function-url" in [group.finding.rule for group in checked.groups]
    changed = repair(question, checked, lambda finding, fix: "code" in fix.title).changed()
    expected = {} if after is None else {"app.py": (app, f"{code}    return {after}\n")}
    assert changed == expected
