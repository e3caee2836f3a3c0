"""Front doors configured in Serverless services and Terraform modules: applied, read and judged again."""

from __future__ import annotations

import difflib

import pytest

from corsmith.api.caller import CallerFlags
from corsmith.api.tree import Memory, Tree
from corsmith.project.check import Question, check
from corsmith.project.repair import repair

ORIGIN = "https://app.example.com"
HEADERS = "headers: { 'Access-Control-Allow-Origin': 'https://app.example.com' }"
CODE = f"export const handler = async () => ({{ statusCode: 200, {HEADERS}, body: '' }});\n"
BARE = "export const handler = async () => ({ statusCode: 200, body: '' });\n"
FLAGS = CallerFlags(origins=(ORIGIN,), headers=(("content-type", "application/json"), ("x-trace", "1")))

SERVICE = """\
service: shop
provider:
  name: aws
  runtime: nodejs22.x
functions:
  items:
    handler: app.handler
"""
LAMBDA = """\
resource "aws_lambda_function" "f" {
  function_name = "f"
  role          = "arn"
  handler       = "app.handler"
  runtime       = "nodejs22.x"
  filename      = data.archive_file.f.output_path
}

data "archive_file" "f" {
  type        = "zip"
  source_dir  = path.module
  output_path = "f.zip"
}
"""
REST = """\
resource "aws_api_gateway_rest_api" "this" {
  name = "shop"
}

resource "aws_api_gateway_resource" "items" {
  rest_api_id = aws_api_gateway_rest_api.this.id
  parent_id   = aws_api_gateway_rest_api.this.root_resource_id
  path_part   = "items"
}

resource "aws_api_gateway_method" "post" {
  rest_api_id   = aws_api_gateway_rest_api.this.id
  resource_id   = aws_api_gateway_resource.items.id
  http_method   = "POST"
  authorization = "NONE"
}

resource "aws_api_gateway_integration" "post" {
  rest_api_id             = aws_api_gateway_rest_api.this.id
  resource_id             = aws_api_gateway_resource.items.id
  http_method             = aws_api_gateway_method.post.http_method
  type                    = "AWS_PROXY"
  integration_http_method = "POST"
  uri                     = aws_lambda_function.f.invoke_arn
}

resource "aws_lambda_permission" "apigw" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.f.function_name
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_api_gateway_rest_api.this.execution_arn}/*/*"
}

resource "aws_api_gateway_deployment" "this" {
  rest_api_id = aws_api_gateway_rest_api.this.id
  triggers = {
    redeploy = sha1(jsonencode([
      aws_api_gateway_integration.post.id,
    ]))
  }
}

resource "aws_api_gateway_stage" "prod" {
  rest_api_id   = aws_api_gateway_rest_api.this.id
  deployment_id = aws_api_gateway_deployment.this.id
  stage_name    = "prod"
}
"""
HTTP = """\
resource "aws_apigatewayv2_api" "h" {
  name          = "h"
  protocol_type = "HTTP"@cors
}

resource "aws_apigatewayv2_integration" "h" {
  api_id                 = aws_apigatewayv2_api.h.id
  integration_type       = "AWS_PROXY"
  integration_uri        = aws_lambda_function.f.invoke_arn
  payload_format_version = "2.0"
}

resource "aws_apigatewayv2_route" "h" {
  api_id    = aws_apigatewayv2_api.h.id
  route_key = "POST /h"
  target    = "integrations/${aws_apigatewayv2_integration.h.id}"
}

resource "aws_apigatewayv2_stage" "h" {
  api_id      = aws_apigatewayv2_api.h.id
  name        = "$default"
  auto_deploy = true
}

resource "aws_lambda_permission" "h" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.f.function_name
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_apigatewayv2_api.h.execution_arn}/*/*"
}
"""
URL = """\
resource "aws_lambda_function_url" "f" {
  function_name      = aws_lambda_function.f.function_name
  authorization_type = "NONE"
}
"""
CORS = """

  cors_configuration {
    allow_origins = ["https://app.example.com"]
    allow_methods = ["POST"]
    allow_headers = [@list]
  }"""

CASES = {
    "Serverless, REST API": (
        "serverless.yml",
        SERVICE
        + "    events:\n      - http:\n          path: items\n          method: post\n      - http: PUT /plain # kept\n",
        CODE,
        (
            "          cors:",
            "            origin: https://app.example.com",
            "      - http:",
            "# kept",
            "GatewayResponseDefault5XX",
        ),
    ),
    "Serverless, REST API in flow style": (
        "serverless.yml",
        SERVICE + "    events: [{http: {path: items, method: post}}]\n",
        CODE,
        ("method: post, cors: {origin: https://app.example.com",),
    ),
    "Serverless, HTTP API": (
        "serverless.yml",
        SERVICE + "    events:\n      - httpApi: POST /items\n",
        BARE,
        ("  httpApi:", "    cors:", "      allowedOrigins:", "        - https://app.example.com", "        - x-trace"),
    ),
    "Serverless, Function URL": (
        "serverless.yml",
        SERVICE + "    url: true\n",
        BARE,
        ("    url:", "      cors:", "        allowedOrigins:"),
    ),
    "Terraform, REST API": (
        "main.tf",
        LAMBDA + REST,
        CODE,
        (
            'resource "aws_api_gateway_integration_response" "post_options" {',
            "      aws_api_gateway_integration_response.post_options.id,",
            '    "method.response.header.Access-Control-Allow-Headers" = "\'content-type,x-trace\'"',
            'resource "aws_api_gateway_gateway_response" "this_default_5xx" {',
        ),
    ),
    "Terraform, HTTP API": (
        "main.tf",
        LAMBDA + HTTP.replace("@cors", ""),
        BARE,
        ("  cors_configuration {", '    allow_headers = ["content-type", "x-trace"]'),
    ),
    "Terraform, a header that lacks": (
        "main.tf",
        LAMBDA + HTTP.replace("@cors", CORS.replace("@list", '"content-type"')),
        BARE,
        ('    allow_headers = ["content-type", "x-trace"]',),
    ),
    "Terraform, a header that lacks in a list of lines": (
        "main.tf",
        LAMBDA + HTTP.replace("@cors", CORS.replace("@list", '\n      "content-type",\n    ')),
        BARE,
        ('      "x-trace",',),
    ),
    "Terraform, Function URL": (
        "main.tf",
        LAMBDA + URL,
        BARE,
        ("  cors {", '    allow_origins = ["https://app.example.com"]'),
    ),
}


@pytest.mark.parametrize(("file", "text", "code", "lines"), CASES.values(), ids=CASES)
def test_a_front_door_is_configured_and_nothing_else_changes(
    file: str, text: str, code: str, lines: tuple[str, ...]
) -> None:
    question = Question((".",), FLAGS)
    before = check(Tree(Memory({file: text, "app.mjs": code})), question)
    assert any(each.finding.severity == "error" for each in before.groups)
    result = repair(question, before, lambda _, fix: fix.safe)
    after = result.after.tree.read(file)
    assert [each.finding.rule for each in result.after.groups if each.finding.severity != "info"] == []
    assert result.after.tree.read("app.mjs") == code
    for line in lines:
        assert line in after, after
    kept = [line for line in difflib.ndiff(text.splitlines(), after.splitlines()) if line.startswith("- ")]
    # A list's last item may get a comma, a one-line setting becomes several.
    assert len(kept) <= 2, kept
    again = check(Tree(Memory({file: after, "app.mjs": code})), question)
    assert again.problems == ()
    assert repair(question, again, lambda _, fix: fix.safe).changed() == {}


@pytest.mark.parametrize("ends", ["\r\n"])
def test_line_ends_stay(ends: str) -> None:
    question = Question((".",), FLAGS)
    for file, text, code, _ in CASES.values():
        windows = text.replace("\n", ends)
        result = repair(
            question, check(Tree(Memory({file: windows, "app.mjs": code})), question), lambda _, fix: fix.safe
        )
        after = result.after.tree.read(file)
        assert after != windows
        assert after.count("\n") == after.count("\r\n")
