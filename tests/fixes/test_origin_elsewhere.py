"""Answers to preflights and settings of frameworks that a fix writes take the origin from where the file has it."""

from __future__ import annotations

import pytest

from corsmith.api.span import Span
from corsmith.api.tree import Memory, Tree
from corsmith.api.value import Known
from corsmith.api.wanted import Wanted
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


FASTAPI = "from fastapi import FastAPI\n\n@top\napp = FastAPI()\n"
EXPRESS = "const express = require('express');\n@top\nconst app = express();\n"
APPLICATIONS = {
    "the environment": ("app.py", FASTAPI, "", ENVIRONMENT, 'allow_origins=[os.environ["WEB"]]'),
    "the module's own name": (
        "app.py",
        FASTAPI,
        'import os\nWEB = os.environ["WEB"]',
        ENVIRONMENT,
        "allow_origins=[WEB]",
    ),
    "another value": ("app.py", FASTAPI, "", OTHER, f'allow_origins=["{ORIGIN}"]'),
    "os is something else": ("app.py", FASTAPI, "os = None", ENVIRONMENT, f'allow_origins=["{ORIGIN}"]'),
    "the environment in Node": ("app.js", EXPRESS, "", ENVIRONMENT, "origin: [process.env.WEB]"),
    "the module's own name in Node": ("app.js", EXPRESS, "const WEB = process.env.WEB;", ENVIRONMENT, "origin: [WEB]"),
    "another value in Node": ("app.js", EXPRESS, "", OTHER, f"origin: ['{ORIGIN}']"),
    "process is something else": ("app.js", EXPRESS, "const process = {};", ENVIRONMENT, f"origin: ['{ORIGIN}']"),
}


@pytest.mark.parametrize(("file", "text", "top", "given", "expected"), APPLICATIONS.values(), ids=APPLICATIONS)
def test_the_origin_that_an_application_is_given(file: str, text: str, top: str, given: Given, expected: str) -> None:
    tree = Tree(Memory({file: text.replace("@top", top), "package.json": '{"dependencies": {"cors": "2"}}'}))
    wanted = Wanted((ORIGIN,), ("GET",), (), credentials=False)
    first, *others = code.give_cors(tree, (file,), wanted, given)
    assert expected in tree.with_edits(first).read(file)
    assert all(ORIGIN in "".join(edit.text for edit in edits) for edits in others)


def test_several_origins_are_written_out() -> None:
    tree = Tree(Memory({"app.py": FASTAPI.replace("@top", "")}))
    wanted = Wanted((ORIGIN, "https://www.example.com"), ("GET",), (), credentials=False)
    (edits,) = code.give_cors(tree, ("app.py",), wanted, ENVIRONMENT)
    assert f'["{ORIGIN}", "https://www.example.com"]' in tree.with_edits(edits).read("app.py")


WRAPPED = {
    "the environment": (
        "app.py",
        "import os\n\n\ndef handler(event, context):\n    pass\n",
        ENVIRONMENT,
        'origins=[os.environ["WEB"]]',
    ),
    "another value": (
        "app.py",
        "import os\n\n\ndef handler(event, context):\n    pass\n",
        OTHER,
        f'origins=["{ORIGIN}"]',
    ),
    "in Node": ("app.js", "exports.handler = async () => ({});\n", ENVIRONMENT, "origins: [process.env.WEB]"),
    "another value in Node": ("app.js", "exports.handler = async () => ({});\n", OTHER, f'origins: ["{ORIGIN}"]'),
}


@pytest.mark.parametrize(("file", "text", "given", "expected"), WRAPPED.values(), ids=WRAPPED)
def test_the_origin_that_a_wrapper_is_given(file: str, text: str, given: Given, expected: str) -> None:
    tree = Tree(Memory({file: text, "package.json": "{}", "requirements.txt": ""}))
    wanted = Wanted((ORIGIN,), ("GET",), (), credentials=False)
    edits = next(code.wrap(tree, file, "handler", wanted, given))
    assert expected in tree.with_edits(edits).read(file).replace(f"'{ORIGIN}'", f'"{ORIGIN}"')
