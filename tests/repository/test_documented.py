"""What one can type and what one gets is documented: flags, members of JSON, exit codes."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest

from corsmith.cli import COMMANDS, main

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
SCHEMA = json.loads((DOCS / "schema" / "check.schema.json").read_text(encoding="utf-8"))


def told(*arguments: str, given: str = "") -> str:
    run = subprocess.run(
        [sys.executable, "-m", "corsmith", *arguments],
        cwd=ROOT,
        input=given,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode in (0, 1), run.stderr
    return run.stdout


def command(name: str) -> click.Command:
    found = main.get_command(click.Context(main), name)
    assert found is not None
    return found


@pytest.mark.parametrize("name", COMMANDS)
def test_every_flag_stands_in_the_page_of_commands_with_a_word_about_it(name: str) -> None:
    text = (DOCS / "commands.md").read_text(encoding="utf-8")
    section = re.search(rf"(?ms)^## {name}\n(.*?)(?=^## |\Z)", text)
    assert section is not None
    for parameter in command(name).params:
        if isinstance(parameter, click.Option) and not parameter.hidden:
            for option in (*parameter.opts, *parameter.secondary_opts):
                assert re.search(rf"(?m)(?:^|[ /]){re.escape(option)}\b", section[1]), f"{name} {option}"


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_or_the_page_says_what_the_exit_code_means(name: str) -> None:
    text = (DOCS / "commands.md").read_text(encoding="utf-8")
    section = re.search(rf"(?ms)^## {name}\n(.*?)(?=^## |\Z)", text)
    assert section is not None
    everywhere = text.partition("\n## ")[0]
    assert re.search(r"Exit\s+code", section[1]) or f"`{name}`" in everywhere


@pytest.mark.parametrize("name", COMMANDS)
def test_a_flag_that_does_not_exist_is_exit_code_2(name: str) -> None:
    run = subprocess.run([sys.executable, "-m", "corsmith", name, "--no-such-flag"], capture_output=True, check=False)
    assert run.returncode == 2
    assert b"--no-such-flag" in run.stderr


def strangers(value: Any, schema: dict[str, Any], where: str = "") -> Iterator[str]:
    """Yield the members of `value` that the schema does not name."""
    while "$ref" in schema:
        schema = SCHEMA["$defs"][schema["$ref"].rpartition("/")[2]]
    for each in schema.get("oneOf", ()):
        if (value is None) == (each.get("type") == "null"):
            yield from strangers(value, each, where)
            return
    if isinstance(value, dict):
        known = schema.get("properties")
        for name, member in value.items():
            if known is None or name not in known:
                if "additionalProperties" not in schema:
                    yield f"{where}.{name}"
            else:
                yield from strangers(member, known[name], f"{where}.{name}")
    elif isinstance(value, list):
        for each in value:
            yield from strangers(each, schema.get("items", {}), where)


TEMPLATE_WITH_A_COMMENT = """\
Transform: AWS::Serverless-2016-10-31
Parameters:
  Origin: {Type: String}
Resources:
  Api:  # corsmith: ignore[httpapi-no-cors-config] the page is not there yet
    Type: AWS::Serverless::HttpApi
  Other:
    Type: AWS::Serverless::HttpApi
    Properties:
      CorsConfiguration: {AllowOrigins: [!Ref Origin]}
  Items:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: .
      Events:
        Get: {Type: HttpApi, Properties: {ApiId: !Ref Api, Path: /items, Method: GET}}
        Put: {Type: HttpApi, Properties: {ApiId: !Ref Other, Path: /items, Method: PUT}}
"""


def test_the_members_of_a_report_are_in_the_schema(tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text(TEMPLATE_WITH_A_COMMENT, encoding="utf-8")
    (tmp_path / "broken.yaml").write_text("Resources:\n  Api: {Type: 'AWS::Serverless::HttpApi'\n", encoding="utf-8")
    (tmp_path / "app.py").write_text('def handler(event, context):\n    return {"statusCode": 200}\n', encoding="utf-8")
    reports = [json.loads(told("check", "examples/storefront", "--format", "json"))]
    run = subprocess.run(
        [sys.executable, "-m", "corsmith", "check", ".", "--format", "json"],
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )
    reports.append(json.loads(run.stdout))
    assert reports[1]["ignored"]
    assert reports[1]["undecided"]
    assert reports[1]["problems"]
    assert [name for report in reports for name in strangers(report, SCHEMA)] == []


def test_a_member_that_is_not_in_the_schema_is_found() -> None:
    assert list(strangers({"findings": [{"novel": 1}]}, SCHEMA)) == [".findings.novel"]


def test_every_member_of_a_report_is_told_of() -> None:
    text = (DOCS / "json.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`([a-z_]+)`", text))
    assert set(properties(SCHEMA)) - named == set()


def properties(schema: Any) -> Iterator[str]:
    """Yield the names of all members that a schema describes."""
    if isinstance(schema, dict):
        if isinstance(schema.get("properties"), dict):
            yield from schema["properties"]
        for each in schema.values():
            yield from properties(each)
    elif isinstance(schema, list):
        for each in schema:
            yield from properties(each)


@pytest.mark.parametrize(
    ("page", "arguments"),
    [
        ("explain.md", ("explain", "OPTIONS returns 403", "--format", "json")),
        ("simulate.md", ("simulate", "--origin", "https://app.example.com", "--method", "PUT", "--format", "json")),
    ],
)
def test_members_of_other_commands_json_are_shown_on_their_pages(page: str, arguments: tuple[str, ...]) -> None:
    read = json.loads(told(*arguments))
    text = (DOCS / page).read_text(encoding="utf-8")
    assert [name for name in members(read) if f'"{name}"' not in text] == []


def members(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, member in value.items():
            yield name
            yield from members(member)
    elif isinstance(value, list):
        for each in value:
            yield from members(each)
