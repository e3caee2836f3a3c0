"""A project checked again after an edit comes out as if it had been checked from the beginning."""

from __future__ import annotations

import pytest

from corsmith.api.fix import Edit
from corsmith.api.function import Function
from corsmith.api.span import Span
from corsmith.api.tree import Memory, Tree
from corsmith.api.value import Known, Step
from corsmith.project.again import again
from corsmith.project.check import Checked, Question, check
from corsmith.project.memory import Memory as Remembering
from corsmith.project.moved import moved, placed, unplaced

from .correct_projects import PROJECTS, sam_function, sam_rest

QUESTION = Question((".",))
CODE = """
import json, os
from shared import HEADERS

def handler(event, context):
    if event["httpMethod"] == "POST":
        return {"statusCode": 201, "headers": HEADERS, "body": ""}
    return {"statusCode": 200, "headers": {**HEADERS, "X-Origin": os.environ["ORIGIN"]}, "body": "{}"}
"""
SHARED = 'import os\nHEADERS = {"Access-Control-Allow-Origin": os.environ["ORIGIN"]}\n'
TEMPLATE = sam_rest("      Cors: \"'https://app.example.com'\"\n", "GET /items, POST /items, GET /other").replace(
    "      CodeUri: src", "      Environment: {Variables: {ORIGIN: https://app.example.com}}\n      CodeUri: src"
) + sam_function("Api", "RestApiId: !Ref Shop", "GET /more").replace("  Items:", "  More:").replace("src", "other")
FILES = {
    "template.yaml": TEMPLATE,
    "src/app.py": CODE,
    "src/shared.py": SHARED,
    "other/app.py": "def handler(e, c): return {}",
}


def _edit(file: str, old: str, new: str) -> Edit:
    at = FILES[file].index(old)
    return Edit(file, at, at + len(old), new)


EDITS = {
    "a handler": _edit("src/app.py", "200,", "202,"),
    "a handler's headers": _edit("src/app.py", 'headers": HEADERS', 'headers": {}'),
    "what handlers share": _edit("src/shared.py", "Allow-Origin", "Allow-Orign"),
    "what a handler serves": _edit("src/app.py", '"POST"', '"PUT"'),
    "a handler that no longer parses": _edit("src/app.py", "def handler(", "def handler"),
    "the other handler": _edit("other/app.py", "{}", "{'statusCode': 200}"),
    "the template's settings": _edit("template.yaml", "app.example.com", "www.example.com"),
    "a line before everything": Edit("template.yaml", 0, 0, "# a comment\n"),
    "a file that nobody reads": Edit("unread.py", 0, 0, "x = 1\n"),
}


def _all(checked: Checked) -> tuple[object, ...]:
    groups = [(each.finding, [(cell.route.label, cell.situation) for cell in each.cells]) for each in checked.groups]
    return checked.cells, checked.blocked, checked.admitted, checked.problems, groups, checked.unexplained


@pytest.mark.parametrize("name", EDITS)
def test_as_from_the_beginning(name: str) -> None:
    tree = Tree(Memory({**FILES, "unread.py": ""}))
    before = check(tree, QUESTION)
    edited = tree.with_edits((EDITS[name],))
    found = again(QUESTION, before, edited, {EDITS[name].file})
    fresh = check(
        edited, QUESTION, Checked(*[getattr(before, each) for each in before.__struct_fields__[:-2]], Remembering())
    )
    assert _all(found) == _all(fresh)


def test_an_edit_of_code_leaves_the_other_routes_alone() -> None:
    tree = Tree(Memory(FILES))
    before = check(tree, QUESTION)
    after = again(QUESTION, before, tree.with_edits((EDITS["the other handler"],)), {"other/app.py"})
    assert after.apis is before.apis
    changed = [new.asked.key[2] for old, new in zip(before.parts, after.parts, strict=True) if old is not new]
    assert changed == ["GET /more"]


def test_what_a_trial_learns_goes_with_it() -> None:
    tree = Tree(Memory(FILES))
    before = check(tree, QUESTION)
    known = len(before.memory._known)
    again(QUESTION, before, tree.with_edits((EDITS["a line before everything"],)), {"template.yaml"})
    assert len(before.memory._known) == known


@pytest.mark.parametrize("name", sorted(PROJECTS))
def test_a_line_more_above_the_template(name: str) -> None:
    tree = Tree(Memory(PROJECTS[name]))
    before = check(tree, QUESTION)
    templates = [api.file for api in before.apis if api.file.endswith((".yaml", ".yml"))]
    edited = tree.with_edits([Edit(file, 0, 0, "# moved\n") for file in templates])
    assert _all(again(QUESTION, before, edited, set(templates)))[3:] == _all(check(edited, QUESTION))[3:]


def _function(name: str, at: int, value: str = "https://app.example.com") -> Function:
    setting = Known(value, Span("t.yaml", at, at + 5), (Step("parameter Origin", Span("t.yaml", at + 9, at + 12)),))
    return Function(
        name, Span("t.yaml", at, at), Known("python3.12"), Known("app.handler"), Known("src"), (("A", setting),)
    )


def test_the_place_of_settings_is_no_part_of_their_meaning() -> None:
    one, other = _function("One", 10), _function("Other", 400)
    assert unplaced(one) == unplaced(other)
    assert unplaced(one) != unplaced(_function("One", 10, "https://www.example.com"))
    assert moved(placed(one.environment, "t.yaml"), one, other) == other.environment
    elsewhere = (Span("app.py", 10, 15),)
    assert moved(placed(elsewhere, "t.yaml"), one, other) is elsewhere


INLINE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Api: {Type: AWS::Serverless::Api, Properties: {StageName: prod}}
"""
SAME_CODE = """\
  NAME:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: index.handler
      InlineCode: |
        def handler(event, context):
            return {"statusCode": 200, "body": "NAME"[:0]}
      Events:
        Call: {Type: Api, Properties: {RestApiId: !Ref Api, Path: /NAME, Method: GET}}
"""


def test_the_same_code_in_a_template_twice_is_shown_where_it_stands() -> None:
    both = (
        INLINE + SAME_CODE.replace("NAME", "First") + SAME_CODE.replace("NAME", "Other").replace('"Other"', '"First"')
    )
    checked = check(Tree(Memory({"template.yaml": both})), QUESTION)
    starts = {
        each.finding.route: each.finding.spans[0].start for each in checked.groups if "handler" in each.finding.rule
    }
    assert starts["GET /First"] < both.index("  Other:") < starts["GET /Other"]
