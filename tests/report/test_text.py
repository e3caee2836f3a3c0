"""The place of a finding in code, as the text shows it: whatever ends its lines, and however long they are."""

from __future__ import annotations

import json

import pytest

from corsmith.api.model import Problem
from corsmith.api.report import Report
from corsmith.api.span import Location, Span, line_of, locate, whole_lines
from corsmith.api.tree import Memory, Tree
from corsmith.project.check import Question
from corsmith.project.report import report
from corsmith.report import html
from corsmith.report.ink import Ink
from corsmith.report.text import render

TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Api:
    Type: AWS::Serverless::HttpApi
  Hello:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: index.handler
      InlineCode: "def handler(event, context): return {}"
      Events:
        Say: {Type: HttpApi, Properties: {ApiId: !Ref Api, Path: /hello, Method: GET}}
"""


def checked(text: str, name: str = "template.yaml") -> Report:
    return report(Question((name,)), Tree(Memory({name: text})))


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_end_as_they_end_for_yaml_and_editors(end: str) -> None:
    found = checked(TEMPLATE.replace("\n", end))
    shown = render(found, Ink())
    assert "--> template.yaml:3:3\n    3 |   Api:\n      |   ^^^" in shown
    assert "\r" not in shown
    page = html.render(found)
    assert "Runtime" not in page.partition("<figure")[2].partition("</figure>")[0]


@pytest.mark.parametrize(
    ("text", "offset", "line", "column"),
    [
        ("", 0, 1, 1),
        ("ab\ncd", 3, 2, 1),
        ("ab\r\ncd", 2, 1, 3),
        ("ab\r\ncd", 3, 1, 4),
        ("ab\r\ncd", 4, 2, 1),
        ("ab\rcd", 2, 1, 3),
        ("ab\rcd", 3, 2, 1),
        ("a\r\rb", 3, 3, 1),
        ("a\r\n\rb", 4, 3, 1),
        ("a\r\n\r\nb\rc", 8, 4, 2),
        ("a\r", 2, 2, 1),
        ("a\r\n", 9, 2, 1),
    ],
)
def test_lines_and_columns(text: str, offset: int, line: int, column: int) -> None:
    place = locate(Span("f", offset, offset), text)
    assert place == Location("f", line, column, line, column)
    assert line_of(text, line) == text.replace("\r\n", "\n").replace("\r", "\n").split("\n")[line - 1]


def test_whole_lines_around_a_span() -> None:
    text = "one\rtwo three\r\nfour\nfive"
    start, end = whole_lines(text, text.index("three"), text.index("four") + 1)
    assert text[start:end] == "two three\r\nfour"
    assert whole_lines(text, len(text), len(text)) == (text.index("five"), len(text))
    assert line_of(text, 9) == ""


def test_of_a_long_line_the_part_around_the_place_is_shown() -> None:
    resources = {
        **{f"Queue{number}": {"Type": "AWS::SQS::Queue"} for number in range(200)},
        "Api": {"Type": "AWS::Serverless::HttpApi"},
        "Hello": {
            "Type": "AWS::Serverless::Function",
            "Properties": {
                "Runtime": "python3.13",
                "Handler": "index.handler",
                "InlineCode": "def handler(event, context): return {}",
                "Events": {
                    "Say": {
                        "Type": "HttpApi",
                        "Properties": {"ApiId": {"Ref": "Api"}, "Path": "/hello", "Method": "GET"},
                    }
                },
            },
        },
    }
    text = json.dumps({"Transform": "AWS::Serverless-2016-10-31", "Resources": resources})
    lines = render(checked(text, "template.json"), Ink()).split("\n")
    at = next(number for number, line in enumerate(lines) if line.startswith("    1 | …"))
    code, caret = lines[at], lines[at + 1]
    assert len(code) < 180
    assert code[caret.index("^") :].startswith('"Api"')


def test_many_findings_are_counted_by_rule() -> None:
    few, many = (_functions(number) for number in (3, 30))
    assert "--select RULE" not in render(few, Ink())
    lines = render(many, Ink()).rstrip("\n").split("\n")
    at = lines.index("--select RULE shows one of them alone; corsmith rules RULE explains it")
    assert lines[at - 1].split() == ["30", "error", "function-url-no-cors-config"]
    assert lines[at + 2].startswith("30 errors, 0 warnings")


def _functions(number: int) -> Report:
    function = """
  Hello{}:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: index.handler
      InlineCode: "def handler(event, context): return {{'statusCode': 200}}"
      FunctionUrlConfig: {{AuthType: NONE}}"""
    functions = "".join(function.format(each) for each in range(number))
    return checked(f"Transform: AWS::Serverless-2016-10-31\nResources:{functions}\n")


def test_an_address_has_no_line() -> None:
    remarks = (Problem("https://api.example.com/items", 1, 1, "look"), Problem("corsmith.toml", 3, 1, "see"))
    shown = render(Report(Tree(Memory({})), remarks=remarks, problems=remarks), Ink())
    assert "note: https://api.example.com/items: look\nnote: corsmith.toml:3:1: see\n" in shown
    assert "\nhttps://api.example.com/items: look\n" in f"\n{shown}"
