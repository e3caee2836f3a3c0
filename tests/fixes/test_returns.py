"""What a handler returns, made what Lambda can send: a body as JSON, a coroutine that waits for nothing as a function."""

from __future__ import annotations

import pytest

from corsmith.api.caller import CallerFlags
from corsmith.api.finding import Severity
from corsmith.api.tree import Memory, Tree
from corsmith.project.check import Question, check
from corsmith.project.repair import repair

REST = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Items:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: %s
      Handler: app.handler
      CodeUri: .
      Events: {Call: {Type: Api, Properties: {Path: /items, Method: GET}}}
"""
PYTHON = """\
HEADERS = {"Access-Control-Allow-Origin": "https://app.example.com"}


def handler(event, context):
    return {"statusCode": 200, "headers": HEADERS, "body": {"items": []}}
"""
NODE = """\
const headers = { 'Access-Control-Allow-Origin': 'https://app.example.com' };

export const handler = async () => ({ statusCode: 200, headers, body: { items: [] } });
"""
ASYNC = PYTHON.replace("def handler", "async def handler").replace('{"items": []}}', '""}')
CASES = {
    "a body in Python": (
        "app.py",
        PYTHON,
        "import json\n\n" + PYTHON.replace('{"items": []}}', 'json.dumps({"items": []})}'),
    ),
    "json is there already": (
        "app.py",
        "import json\n\n" + PYTHON,
        "import json\n\n" + PYTHON.replace('{"items": []}}', 'json.dumps({"items": []})}'),
    ),
    "a body in JavaScript": ("app.mjs", NODE, NODE.replace("{ items: [] }", "JSON.stringify({ items: [] })")),
    "a coroutine": ("app.py", ASYNC, ASYNC.replace("async ", "")),
}


@pytest.mark.parametrize(("file", "before", "after"), CASES.values(), ids=CASES)
def test_it_can_be_sent(file: str, before: str, after: str) -> None:
    files = {"template.yaml": REST % ("python3.13" if file.endswith(".py") else "nodejs22.x"), file: before}
    question = Question((".",), CallerFlags(origins=("https://app.example.com",)))
    checked = check(Tree(Memory(files)), question)
    assert [each.finding.rule for each in checked.groups if each.finding.severity is Severity.ERROR] == [
        "malformed-proxy-response"
    ]
    result = repair(question, checked, lambda finding, fix: True)
    assert result.after.tree.read(file) == after
    assert not [each for each in result.after.groups if each.finding.severity is Severity.ERROR]


def test_what_waits_stays_a_coroutine() -> None:
    waiting = ASYNC.replace("    return", "    await work()\n    return")
    files = {"template.yaml": REST % "python3.13", "app.py": waiting}
    question = Question((".",), CallerFlags(origins=("https://app.example.com",)))
    result = repair(
        question, check(Tree(Memory(files)), question), lambda finding, fix: finding.severity is Severity.ERROR
    )
    assert result.changed() == {}
