"""Code in the template: read as the function's file, with findings where it stands."""

from __future__ import annotations

import pytest

from corsmith.api.span import locate
from corsmith.api.tree import Memory, Tree
from corsmith.project.check import Checked, Question, check

ZIP_FILE = """\
Resources:
  Url:
    Type: AWS::Lambda::Url
    Properties: {TargetFunctionArn: !Ref F, AuthType: NONE}
  F:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.13
      Handler: index.handler
      Role: arn:aws:iam::123456789012:role/r
      Code:
        ZipFile: |
          import json

          HEADERS = {"Access-Control-Allow-Origin": "https://a.example"}

          def handler(event, context):
              if event["requestContext"]["http"]["method"] == "OPTIONS":
                  return {"statusCode": 204, "headers": HEADERS}
              return {"statusCode": 200, "body": "é"}
"""
INLINE_CODE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs22.x
      Handler: index.handler
      FunctionUrlConfig: {AuthType: NONE}
      InlineCode: |
        exports.handler = async (event) => {
          return { statusCode: 200, body: '{}' };
        };
"""
JOINED = """\
{"Transform": "AWS::Serverless-2016-10-31", "Resources": {"F": {"Type": "AWS::Serverless::Function", "Properties": {
  "Runtime": "python3.13", "Handler": "index.handler", "FunctionUrlConfig": {"AuthType": "NONE"},
  "InlineCode": {"Fn::Join": ["\\n", [
    "def handler(event, context):",
    "    return {'statusCode': 200, 'body': 'x'}"
  ]]}}}}}
"""
TERRAFORM = """\
data "archive_file" "code" {
  type        = "zip"
  output_path = "code.zip"
  source {
    filename = "main.py"
    content  = <<-EOT
      def handler(event, context):
          return {"statusCode": 200, "body": "{}"}
    EOT
  }
}
resource "aws_lambda_function" "f" {
  function_name = "f"
  role          = "arn:aws:iam::123456789012:role/r"
  filename      = data.archive_file.code.output_path
  handler       = "main.handler"
  runtime       = "python3.13"
}
resource "aws_lambda_function_url" "u" {
  function_name      = aws_lambda_function.f.function_name
  authorization_type = "NONE"
}
"""
CASES = {
    "main.tf": (TERRAFORM, 'return {"statusCode": 200, "body": "{}"}'),
    "template.yaml": (ZIP_FILE, 'return {"statusCode": 200, "body": "é"}'),
    "sam.yaml": (INLINE_CODE, "return { statusCode: 200, body: '{}' }"),
    "joined.json": (JOINED, "return {'statusCode': 200, 'body': 'x'}"),
}


def checked(name: str, text: str) -> Checked:
    return check(Tree(Memory({name: text})), Question((".",)))


@pytest.mark.parametrize("name", CASES)
def test_a_finding_stands_where_the_code_does(name: str) -> None:
    text, line = CASES[name]
    found = checked(name, text)
    assert [cell for cell in found.cells if cell.undecided is not None] == []
    places = {
        text[outcome.span.start : outcome.span.end]
        for cell in found.cells
        for outcome in (cell.outcome, cell.preflight_outcome)
        if outcome is not None
    }
    assert any(place.startswith(line) for place in places), places
    assert all(locate(group.finding.spans[0], text).file == name for group in found.groups if group.finding.spans)


def test_code_that_is_not_known_is_undecided() -> None:
    text = ZIP_FILE.partition("        ZipFile")[0] + "        ZipFile: !ImportValue code\n"
    reasons = {cell.undecided.because for cell in checked("template.yaml", text).cells if cell.undecided is not None}
    assert reasons
    assert not any("handler" in reason for reason in reasons)


def test_code_that_does_not_parse_is_told_where_it_stands() -> None:
    text = ZIP_FILE.replace('return {"statusCode": 204', 'return {"statusCode" 204')
    found = checked("template.yaml", text)
    assert [(problem.file, problem.line) for problem in found.problems] == [("template.yaml", 19)]
    assert [cell for cell in found.cells if cell.undecided is not None]
