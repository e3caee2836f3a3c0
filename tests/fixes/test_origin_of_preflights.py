"""A preflight's answer that a fix writes takes the origin from where the file's responses take it."""

from __future__ import annotations

import pytest

from corsmith.api.span import Span
from corsmith.api.tree import Memory, Tree
from corsmith.api.value import Known
from corsmith.fixes import code
from corsmith.fixes.settings_given import Given

ORIGIN = "https://desk.example.com"
HEADERS = (("Access-Control-Allow-Origin", ORIGIN), ("Access-Control-Allow-Methods", "PUT"))
ENVIRONMENT = Given((("WEB", Known(ORIGIN)),))
OTHER = Given((("WEB", Known("https://other.example.com")),))
PYTHON = """\
import os


def handler(event, context):
    web = @value
    return {"statusCode": 200, "headers": {"Access-Control-Allow-Origin": web}, "body": ""}
"""
NODE = """\
exports.handler = async (event) => {
  const web = @value;
  return { statusCode: 200, headers: { 'Access-Control-Allow-Origin': web }, body: '' };
};
"""
CASES = {
    "the environment": ("app.py", PYTHON, 'os.environ["WEB"]', ENVIRONMENT, 'os.environ["WEB"]'),
    "another value": ("app.py", PYTHON, 'os.environ["WEB"]', OTHER, f'"{ORIGIN}"'),
    "what the event says": ("app.py", PYTHON, 'event["web"]', Given(sent=frozenset((ORIGIN,))), f'"{ORIGIN}"'),
    "os is a parameter": ("app.py", PYTHON.replace("context", "os"), "1", ENVIRONMENT, f'"{ORIGIN}"'),
    "the environment in Node": ("app.js", NODE, "process.env.WEB", ENVIRONMENT, "process.env.WEB"),
    "another value in Node": ("app.js", NODE, "process.env.WEB", OTHER, f"'{ORIGIN}'"),
    "what the event says in Node": ("app.js", NODE, "event.web", Given(sent=frozenset((ORIGIN,))), f"'{ORIGIN}'"),
}


@pytest.mark.parametrize(("file", "text", "value", "given", "expected"), CASES.values(), ids=CASES)
def test_the_answer_s_origin(file: str, text: str, value: str, given: Given, expected: str) -> None:
    tree = Tree(Memory({file: text.replace("@value", value)}))
    edits = code.answer_preflights(tree, file, "handler", "1.0", HEADERS, given=given)
    (line,) = (each for each in tree.with_edits(edits).read(file).splitlines() if "204" in each)
    name = "'Access-Control-Allow-Origin'" if file.endswith(".js") else '"Access-Control-Allow-Origin"'
    assert f"{name}: {expected}, " in line


def test_what_a_template_holds_answers_in_the_same_way() -> None:
    body = "".join(f"        {line}\n" for line in NODE.replace("@value", "process.env.WEB").splitlines())
    text = f"Resources:\n  F:\n    Properties:\n      Runtime: nodejs22.x\n      InlineCode: |\n{body}"
    tree = Tree(Memory({"template.yaml": text}))
    span = Span("template.yaml", text.index("exports"), text.index("statusCode"))
    edits = code.answer_preflights(tree, "template.yaml", "handler", "1.0", HEADERS, span, given=ENVIRONMENT)
    assert "'Access-Control-Allow-Origin': process.env.WEB, " in tree.with_edits(edits).read("template.yaml")
