"""The rule pack, run by the real cfn-lint."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Api:
    Type: AWS::Serverless::HttpApi
    Properties:
      CorsConfiguration:
        AllowOrigins: ['https://app.example.com']
        AllowMethods: [GET]
        AllowHeaders: [content-type]
        MaxAge: 600
  Items:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: .
      Events:
        Save:
          Type: HttpApi
          Properties: {ApiId: !Ref Api, Path: /items, Method: PUT}
"""
CODE = 'def handler(event, context):\n    return {"statusCode": 200, "body": "{}"}\n'


def linted(folder: Path, *arguments: str) -> tuple[int, list[dict[str, Any]], str]:
    """Return cfn-lint's exit code, its matches by corsmith, and what it says on standard error."""
    program = str(Path(sys.executable).with_name("cfn-lint"))
    options = ("--format", "json", "--regions", "us-east-1", "-a", "corsmith.integrations.cfn_lint")
    told = subprocess.run([program, *arguments, *options], cwd=folder, capture_output=True, text=True, check=False)
    found = json.loads(told.stdout)
    assert "E0002" not in [each["Rule"]["Id"] for each in found], told.stdout
    return told.returncode, [each for each in found if each["Rule"]["Id"].endswith("9701")], told.stderr


def test_a_blocked_call_is_an_error_at_its_line(tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text(TEMPLATE, encoding="utf-8")
    (tmp_path / "app.py").write_text(CODE, encoding="utf-8")
    code, found, _ = linted(tmp_path, "template.yaml")
    assert code & 2
    (error,) = found
    assert error["Rule"]["Id"] == "E9701"
    assert error["Message"].startswith("allow-methods-missing: PUT /items: ")
    assert error["Location"]["Start"] == {"LineNumber": 8, "ColumnNumber": 24}
    assert error["Filename"].endswith("template.yaml")


def test_the_repaired_template_is_left_alone_and_so_is_what_a_comment_sets_aside(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(CODE, encoding="utf-8")
    (tmp_path / "mended.yaml").write_text(TEMPLATE.replace("[GET]", "[GET, PUT]"), encoding="utf-8")
    aside = TEMPLATE.replace("[GET]\n", "[GET]  # corsmith: ignore[allow-methods-missing] the page never saves\n")
    (tmp_path / "aside.yaml").write_text(aside, encoding="utf-8")
    _, found, _ = linted(tmp_path, "mended.yaml", "aside.yaml")
    assert found == []


def test_what_is_to_be_edited_in_code_is_named_and_shown_in_the_template(tmp_path: Path) -> None:
    folder = tmp_path / "infra"
    folder.mkdir()
    rest = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Api:
    Type: AWS::Serverless::Api
    Properties:
      StageName: prod
      Cors: {AllowOrigin: "'https://app.example.com'", AllowMethods: "'GET'", AllowHeaders: "'content-type'"}
  Items:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: .
      Events:
        List:
          Type: Api
          Properties: {RestApiId: !Ref Api, Path: /items, Method: GET}
"""
    (folder / "template.yaml").write_text(rest, encoding="utf-8")
    (folder / "app.py").write_text(CODE, encoding="utf-8")
    _, found, _ = linted(tmp_path, "infra/template.yaml")
    errors = [each for each in found if each["Rule"]["Id"] == "E9701"]
    assert ["handler-missing-headers" in each["Message"] for each in errors] == [True]
    assert "(infra/app.py:2:" in errors[0]["Message"]
    assert errors[0]["Location"]["Start"]["LineNumber"] > 8
    assert {each["Rule"]["Id"] for each in found} == {"E9701", "W9701"}


def test_what_the_page_says_is_what_one_sees(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "libraries.md").read_text(encoding="utf-8")
    command, _, shown = page.partition("```console\n$ cfn-lint ")[2].partition("```")[0].partition("\n")
    (tmp_path / "template.yaml").write_text(TEMPLATE, encoding="utf-8")
    (tmp_path / "app.py").write_text(CODE, encoding="utf-8")
    program = str(Path(sys.executable).with_name("cfn-lint"))
    told = subprocess.run([program, *command.split()], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert told.stdout.rstrip("\n") == shown.rstrip("\n")


def test_a_template_elsewhere_and_one_that_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text(TEMPLATE, encoding="utf-8")
    (tmp_path / "app.py").write_text(CODE, encoding="utf-8")
    (tmp_path / "below").mkdir()
    for name in ("../template.yaml", str(tmp_path / "template.yaml")):
        _, found, _ = linted(tmp_path / "below", name)
        assert [each["Rule"]["Id"] for each in found] == ["E9701"]
    program = str(Path(sys.executable).with_name("cfn-lint"))
    piped = subprocess.run(
        [program, "-", "-a", "corsmith.integrations.cfn_lint"],
        input=TEMPLATE,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "9701" not in piped.stdout
    assert "E0002" not in piped.stdout
