"""What handlers must not return: each front door's answer to it is judged, and the rule that explains it says so."""
# ruff: noqa: E501 - whole handlers in one line

from __future__ import annotations

import pytest

from corsmith.api.caller import CallerFlags
from corsmith.api.tree import Memory, Tree
from corsmith.project.check import Question, check

TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: RUNTIME
      Handler: app.handler
      CodeUri: .
      EVENT
"""
DOORS = {
    "rest": "Events: {Call: {Type: Api, Properties: {Path: /x, Method: GET}}}",
    "http": "Events: {Call: {Type: HttpApi, Properties: {Path: /x, Method: GET}}}",
    "url": "FunctionUrlConfig: {AuthType: NONE}",
}
H = '{"Access-Control-Allow-Origin": "*"}'
OK = f'{{"statusCode": 200, "headers": {H}, "body": "x"}}'
MALFORMED = "malformed-proxy-response"


def rules(door: str, source: str, runtime: str) -> set[str]:
    name = "app.py" if runtime.startswith("python") else "app.cjs"
    template = TEMPLATE.replace("RUNTIME", runtime).replace("EVENT", DOORS[door])
    seen = check(
        Tree(Memory({"template.yaml": template, name: source})),
        Question((".",), CallerFlags(origins=("https://a.example",), methods=("GET",))),
    )
    assert not seen.problems
    assert [cell for cell in seen.cells if cell.undecided is not None] == []
    return {group.finding.rule for group in seen.groups}


PYTHON: dict[str, tuple[str, str, str]] = {
    "nothing at all": ("rest", "pass", MALFORMED),
    "None": ("rest", "return None", MALFORMED),
    "a text": ("rest", 'return "x"', MALFORMED),
    "a list": ("rest", "return [1]", MALFORMED),
    "True": ("rest", "return True", MALFORMED),
    "a tuple as Flask has it": ("rest", f'return "x", 200, {H}', MALFORMED),
    "a set": ("rest", 'return {"x"}', MALFORMED),
    "bytes": ("rest", 'return b"x"', MALFORMED),
    "a generator": ("url", f"yield {OK}", MALFORMED),
    "a text as status": ("rest", f'return {{"statusCode": "ok", "headers": {H}}}', MALFORMED),
    "an unknown key": ("rest", f'return {{"statusCode": 200, "headers": {H}, "message": "x"}}', MALFORMED),
    "headers as a list": ("rest", 'return {"statusCode": 200, "headers": ["Access-Control-Allow-Origin: *"]}', MALFORMED),
    "headers as a text": ("http", 'return {"statusCode": 200, "headers": "x"}', MALFORMED),
    "a body that is an object": ("rest", f'return {{"statusCode": 200, "headers": {H}, "body": {{"a": 1}}}}', MALFORMED),
    "a date in the response": ("url", f'import datetime\n    return {{"statusCode": 200, "headers": {H}, "body": datetime.datetime.now()}}', MALFORMED),
    "the context's text": ("rest", f'return {{"statusCode": 200, "headers": {H}, "body": 1}}', MALFORMED),
    "multiValueHeaders of texts": ("rest", 'return {"statusCode": 200, "multiValueHeaders": {"Access-Control-Allow-Origin": "*"}}', "non-string-header-value"),
}  # fmt: skip
NODE: dict[str, tuple[str, str, str, str]] = {
    "undefined": ("rest", "nodejs22.x", "exports.handler = async () => {};", MALFORMED),
    "a promise inside": ("rest", "nodejs22.x", f"exports.handler = async () => ({{ statusCode: 200, headers: Promise.resolve({H}) }});", "handler-missing-headers"),
    "a promise as body": ("rest", "nodejs22.x", f"exports.handler = async () => ({{ statusCode: 200, headers: {H}, body: fetchIt() }}); async function fetchIt() {{ return 'x'; }}", MALFORMED),
    "a Response": ("rest", "nodejs22.x", f"exports.handler = async () => new Response('x', {{ status: 200, headers: {H} }});", MALFORMED),
    "no async": ("rest", "nodejs22.x", f"exports.handler = (event) => {{ return {OK}; }};", MALFORMED),
    "an arrow that forgets to return": ("rest", "nodejs22.x", f"exports.handler = async () => {{ {H.replace('{', '').replace('}', '').split(':')[0]}; }};", MALFORMED),
    "a callback under Node 24": ("rest", "nodejs24.x", f"exports.handler = (event, context, callback) => {{ callback(null, {OK}); }};", MALFORMED),
    "context.succeed under Node 24": ("rest", "nodejs24.x", f"exports.handler = (event, context) => {{ context.succeed({OK}); }};", "handler-missing-headers-on-error"),
    "an error given to the callback": ("rest", "nodejs22.x", "exports.handler = (event, context, callback) => callback('no');", "handler-missing-headers-on-error"),
    "context.fail": ("rest", "nodejs22.x", "exports.handler = (event, context) => context.fail(new Error('no'));", "handler-missing-headers-on-error"),
    "the response as a text": ("rest", "nodejs22.x", f"exports.handler = async () => JSON.stringify({OK});", MALFORMED),
    "a Map as headers": ("rest", "nodejs22.x", "exports.handler = async () => ({ statusCode: 200, headers: new Map([['Access-Control-Allow-Origin', '*']]) });", "handler-missing-headers"),
    "the callback never called": ("rest", "nodejs22.x", "exports.handler = (event, context, callback) => { console.log(1); };", MALFORMED),
}  # fmt: skip
RIGHT = {
    "a callback": ("nodejs22.x", f"exports.handler = (event, context, callback) => {{ callback(null, {OK}); }};"),
    "context.succeed": ("nodejs22.x", f"exports.handler = (event, context) => {{ context.succeed({OK}); }};"),
    "context.done": ("nodejs20.x", f"exports.handler = (event, context) => {{ context.done(null, {OK}); }};"),
    "a promise": ("nodejs24.x", f"exports.handler = (event) => Promise.resolve({OK});"),
    "no async under Node 24": ("nodejs24.x", f"exports.handler = (event) => {OK};"),
    "a callback later": ("nodejs22.x", f"exports.handler = (event, context, callback) => {{ setTimeout(() => callback(null, {OK}), 1); }};"),
}  # fmt: skip


@pytest.mark.parametrize("name", PYTHON)
def test_python(name: str) -> None:
    door, body, rule = PYTHON[name]
    found = rules(door, f"def handler(event, context):\n    {body}\n", "python3.13")
    assert rule in found, found


@pytest.mark.parametrize("name", NODE)
def test_node(name: str) -> None:
    door, runtime, source, rule = NODE[name]
    found = rules(door, source, runtime)
    assert rule in found, found


@pytest.mark.parametrize("name", RIGHT)
def test_what_is_right_is_left_alone(name: str) -> None:
    runtime, source = RIGHT[name]
    assert not rules("rest", source, runtime) - {"rest-missing-gateway-responses", "preflight-not-cached"}
