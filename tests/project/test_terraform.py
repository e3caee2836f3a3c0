"""Whole Terraform projects: what is wrong is found at its line, and what is right stays silent."""

from __future__ import annotations

from pathlib import Path

import pytest

from corsmith.api.caller import CallerFlags
from corsmith.api.finding import Severity
from corsmith.api.span import locate
from corsmith.api.tree import Memory, Tree
from corsmith.project.check import Checked, Question, check
from corsmith.project.repair import checked, repair

ORIGIN = "https://shop.example.com"
QUESTION = Question((".",), CallerFlags(origins=(ORIGIN,), methods=("GET",)))
CODE = """
def handler(event, context):
    return {"statusCode": 200, "headers": {"Access-Control-Allow-Origin": "https://shop.example.com"}, "body": "{}"}
"""
BARE = CODE.replace('"headers": {"Access-Control-Allow-Origin": "https://shop.example.com"}, ', "")
FUNCTION = """
data "archive_file" "fn" {
  type        = "zip"
  source_dir  = "${path.module}/../src"
  output_path = "fn.zip"
}

resource "aws_lambda_function" "fn" {
  function_name = "fn"
  handler       = "app.handler"
  runtime       = "python3.13"
  filename      = data.archive_file.fn.output_path
}
"""
HTTP = (
    FUNCTION
    + """
module "api" {
  source   = "./api"
  function = aws_lambda_function.fn
  origins  = ["https://shop.example.com"]
}

resource "aws_lambda_permission" "api" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.fn.function_name
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${module.api.execution_arn}/*"
}
"""
)
API = """
variable "function" {}
variable "origins" { type = list(string) }

resource "aws_apigatewayv2_api" "this" {
  name          = "shop"
  protocol_type = "HTTP"
  cors_configuration {
    allow_origins = var.origins
    allow_methods = ["GET"]
  }
}

resource "aws_apigatewayv2_integration" "this" {
  api_id                 = aws_apigatewayv2_api.this.id
  integration_type       = "AWS_PROXY"
  integration_uri        = var.function.invoke_arn
  payload_format_version = "2.0"
}

resource "aws_apigatewayv2_route" "this" {
  api_id    = aws_apigatewayv2_api.this.id
  route_key = "GET /items"
  target    = "integrations/${aws_apigatewayv2_integration.this.id}"
}

resource "aws_apigatewayv2_stage" "this" {
  api_id      = aws_apigatewayv2_api.this.id
  name        = "$default"
  auto_deploy = true
}

output "execution_arn" { value = aws_apigatewayv2_api.this.execution_arn }
"""
FILES = {"infra/main.tf": HTTP, "infra/api/main.tf": API, "src/app.py": BARE}


def errors(result: Checked) -> list[str]:
    return [group.finding.rule for group in result.groups if group.finding.severity is Severity.ERROR]


def test_a_correct_project_has_no_error() -> None:
    result = check(Tree(Memory(FILES)), QUESTION)
    assert not result.problems
    assert not result.unexplained
    assert [cell.route.label for cell in result.cells if cell.undecided is None]
    assert errors(result) == []


def test_a_fault_is_found_where_the_value_is_written_and_mended_there() -> None:
    files = {**FILES, "infra/main.tf": HTTP.replace('shop.example.com"]', 'shop.example.com/"]')}
    before = check(Tree(Memory(files)), QUESTION)
    assert errors(before) == ["origin-trailing-slash"]
    (group,) = [each for each in before.groups if each.finding.rule == "origin-trailing-slash"]
    span = group.finding.spans[0]
    assert span.file == "infra/main.tf"
    assert (
        'origins  = ["https://shop.example.com/"]'
        in files[span.file].splitlines()[locate(span, files[span.file]).line - 1]
    )
    result = repair(QUESTION, before, lambda finding, fix: True)
    after = checked(QUESTION, result.after)
    assert errors(after) == []
    assert after.tree.read("infra/main.tf") == HTTP


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (("auto_deploy = true", "auto_deploy = false"), "httpapi-stage-not-deployed"),
        (('allow_methods = ["GET"]', "allow_credentials = true"), None),
        (("allow_origins = var.origins", 'allow_origins = ["https://*.example.com"]'), "httpapi-subdomain-wildcard"),
        (("cors_configuration {", 'dynamic "cors_configuration" {\n    for_each = []\n    content {\n    }\n  }\n  tags {'),
         "httpapi-no-cors-config"),
    ],
)  # fmt: skip
def test_faults_of_the_api_are_found(change: tuple[str, str], rule: str | None) -> None:
    result = check(Tree(Memory({**FILES, "infra/api/main.tf": API.replace(*change)})), QUESTION)
    assert not result.unexplained
    assert errors(result) == ([rule] if rule is not None else [])


def test_folders_that_are_no_root_are_not_checked_twice() -> None:
    result = check(Tree(Memory(FILES)), QUESTION)
    assert [api.file for api in result.apis] == ["infra/main.tf"]


def test_the_fixtures_of_the_reader_are_judged_to_the_end() -> None:
    folder = Path(__file__).parents[1] / "fixtures" / "terraform"
    for name in ("http-api.tf", "rest-methods.tf"):
        result = check(Tree(Memory({"main.tf": (folder / name).read_text(), "src/app.py": CODE})), QUESTION)
        assert not [problem for problem in result.problems if "cannot be read" in problem.message]
        assert not result.unexplained
