"""Headers added to, and taken out of, handlers in JavaScript and TypeScript: each fix is applied, read and judged again."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from corsmith.api.caller import CallerFlags
from corsmith.api.tree import Memory, Tree
from corsmith.project.check import Question, check
from corsmith.project.repair import repair

REST = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Api:
    Type: AWS::Serverless::Api
    Properties:
      StageName: prod
      Cors: {AllowOrigin: "'https://app.example.com'", AllowMethods: "'GET,POST'", AllowHeaders: "'content-type'"}
      GatewayResponses:
        DEFAULT_4XX: {ResponseParameters: {Headers: {Access-Control-Allow-Origin: "'https://app.example.com'"}}}
        DEFAULT_5XX: {ResponseParameters: {Headers: {Access-Control-Allow-Origin: "'https://app.example.com'"}}}
  Items:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs22.x
      Handler: app.handler
      CodeUri: .
      Events: {Call: {Type: Api, Properties: {RestApiId: !Ref Api, Path: /items, Method: GET}}}
"""
URL = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Items:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs22.x
      Handler: app.handler
      CodeUri: .
      FunctionUrlConfig: {AuthType: NONE, Cors: {AllowOrigins: [https://app.example.com], AllowMethods: [GET]}}
"""
ORIGIN = "'Access-Control-Allow-Origin': 'https://app.example.com'"
"""In the cases below `@cors` stands for it."""

ONE_LINE = """\
export const handler = async () => ({ statusCode: 200,@headers body: 'ok' });
"""
COMMENTED = """\
export const handler = async () => {
  return {
    statusCode: 200,
    headers: {
      'Content-Type': 'text/plain', // plain
@line    },
    body: 'ok',
  };
};
"""
CONSTANT = """\
const HEADERS = { 'Content-Type': 'application/json'@more };
exports.handler = async (event) => {
  if (!event.queryStringParameters) return { statusCode: 400, headers: HEADERS, body: '{}' };
  return { statusCode: 200, headers: HEADERS, body: '{}' };
};
"""
TYPED = """\
const cors = { @cors } as const;
export const handler = async (event: { body?: string }) => {
  if (!event.body) {
    return { statusCode: 400,@headers body: 'no body' };
  }
  return { statusCode: 200, headers: cors, body: 'ok' };
};
"""
WINDOWS = """\
export const handler = async () => {
  return {
    statusCode: 200,
@line    body: "gr\u00fc\u00df \U0001f600",
  };
};
""".replace("\n", "\r\n")


def filled(text: str, gap: str, content: str) -> str:
    return text.replace(gap, content).replace("@cors", ORIGIN)


ADDED = {
    "no headers at all": ("app.mjs", ONE_LINE, "@headers", " headers: { @cors },"),
    "headers over several lines, with a comment": ("app.mjs", COMMENTED, "@line", "      @cors,\n"),
    "one constant for every response": ("app.js", CONSTANT, "@more", ", @cors"),
    "the file's own constant, where the error lacks it": ("app.ts", TYPED, "@headers", " headers: cors,"),
    "double quotes, Windows line ends, letters outside of ASCII": (
        "app.mjs",
        WINDOWS,
        "@line",
        '    headers: { "Access-Control-Allow-Origin": "https://app.example.com" },\r\n',
    ),
}
REMOVED = {
    "one of two headers": (COMMENTED.replace(" // plain", ""), "@line", "    @cors,\n"),
    "two neighbours on one line, and the map that nothing is left in": (
        ONE_LINE,
        "@headers",
        " headers: { @cors, 'Access-Control-Allow-Methods': 'GET' },",
    ),
    "a map over several lines": (
        COMMENTED.replace("    headers: {\n      'Content-Type': 'text/plain', // plain\n@line    },\n", "@line"),
        "@line",
        "    headers: {\n      @cors,\n    },\n",
    ),
    "the map of a constant, which others may name": (
        "const cors = {@pair};\nexport const handler = async () => ({ statusCode: 200, headers: cors, body: 'ok' });\n",
        "@pair",
        " @cors ",
    ),
    "a map that was empty before": (
        ONE_LINE.replace("@headers", " multiValueHeaders: {},@headers"),
        "@headers",
        " headers: { @cors },",
    ),
}


def repaired(template: str, file: str, code: str) -> tuple[str, list[str]]:
    """Return the code after every safe fix, and the errors and warnings that are left."""
    question = Question((".",), CallerFlags(origins=("https://app.example.com",)))
    tree = Tree(Memory({"template.yaml": template, file: code}))
    result = repair(question, check(tree, question), lambda _, fix: fix.safe)
    left = [each.finding.rule for each in result.after.groups if each.finding.severity != "info"]
    assert result.after.tree.read("template.yaml") == template
    return result.after.tree.read(file), left


def parses(file: str, code: str, folder: Path) -> bool:
    """Ask Node, which reads JavaScript only."""
    if file.endswith(".ts"):
        return True
    node = shutil.which("node")
    assert node is not None
    (folder / file).write_text(code, encoding="utf-8", newline="")
    return subprocess.run([node, "--check", folder / file], capture_output=True, check=False).returncode == 0


@pytest.mark.node
@pytest.mark.parametrize(("file", "text", "gap", "content"), ADDED.values(), ids=ADDED)
def test_headers_are_added_in_the_file_s_own_way(file: str, text: str, gap: str, content: str, tmp_path: Path) -> None:
    after, left = repaired(REST, file, filled(text, gap, ""))
    assert after == filled(text, gap, content)
    assert left == []
    assert parses(file, after, tmp_path)
    assert repaired(REST, file, after) == (after, [])


@pytest.mark.node
@pytest.mark.parametrize(("text", "gap", "content"), REMOVED.values(), ids=REMOVED)
def test_headers_that_double_are_taken_out(text: str, gap: str, content: str, tmp_path: Path) -> None:
    after, left = repaired(URL, "app.mjs", filled(text, gap, content))
    assert after == filled(text, gap, "")
    assert left == []
    assert parses("app.mjs", after, tmp_path)
