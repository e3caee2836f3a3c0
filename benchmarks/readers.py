"""Measures what reading a template costs, in each dialect, for 30 to 3,000 functions.

Run: python -m benchmarks.readers. Prints a table and writes benchmarks/results/readers.json. CloudFormation, CDK and
Terraform hold what a route needs one by one: five resources a function, a mock for OPTIONS among them.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from typing import Any

import yaml

from corsmith.api.tree import Memory, Tree
from corsmith.readers import read
from corsmith.readers.collector import paused
from corsmith.readers.terraform.grammar import root_of

from .measured import keep

Project = tuple[str, str]
"""A template's path and its text."""
SIZES = (30, 300, 3000)
REPEATS = 3
PROMISE_MS = 200
"""What reading 300 functions may cost."""
LONGEST = 2_000_000
"""Characters: what is longer is no template that anyone could deploy, and is not read."""

SAM_HEAD = """\
AWSTemplateFormatVersion: "2010-09-09"
Transform: AWS::Serverless-2016-10-31
Parameters:
  Stage: { Type: String, Default: prod }
Globals:
  Function:
    Runtime: python3.12
    Environment:
      Variables:
        ORIGIN: https://app.example.com
  Api:
    Cors:
      AllowOrigin: "'https://app.example.com'"
      AllowHeaders: "'content-type,authorization'"
Resources:
"""
SAM_FUNCTION = """\
  Function{n}:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: functions/f{n}/
      Handler: app.handler
      Environment:
        Variables:
          TABLE: !Sub "things-${{Stage}}-{n}"
      Events:
        Get:
          Type: Api
          Properties:
            Path: /things{n}/{{id}}
            Method: get
        Post:
          Type: Api
          Properties:
            Path: /things{n}
            Method: post
"""


def sam(size: int) -> Project:
    """Return functions with two routes each of a REST API with CORS."""
    return "template.yaml", SAM_HEAD + "".join(SAM_FUNCTION.format(n=n) for n in range(size))


def cloudformation(size: int) -> Project:
    """Return functions behind a REST API, each resource written out."""
    return "template.json", json.dumps({"Resources": _all_resources(size)})


def cdk(size: int) -> Project:
    """Return the same as the CDK writes it: with the path of each construct."""
    resources = _all_resources(size)
    for name, resource in resources.items():
        resource["Metadata"] = {"aws:cdk:path": f"Stack/{name}/Resource"}
    return "template.json", json.dumps({"Resources": resources}, indent=1)


def openapi(size: int) -> Project:
    """Return a definition with as many paths, each with a GET and a mock for OPTIONS."""
    arn = "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:1:function:f{n}/invocations"
    allow = {"method.response.header.Access-Control-Allow-Origin": "'https://app.example.com'"}
    mock = {
        "type": "mock",
        "requestTemplates": {"application/json": '{"statusCode": 200}'},
        "responses": {"default": {"statusCode": "200", "responseParameters": allow}},
    }
    header = {"Access-Control-Allow-Origin": {"schema": {"type": "string"}}}
    paths = {
        f"/things{n}": {
            "get": {
                "responses": {"200": {"description": "ok"}},
                "x-amazon-apigateway-integration": {
                    "type": "aws_proxy",
                    "httpMethod": "POST",
                    "uri": arn.replace("{n}", str(n)),
                },
            },
            "options": {
                "responses": {"200": {"description": "ok", "headers": header}},
                "x-amazon-apigateway-integration": mock,
            },
        }
        for n in range(size)
    }
    return "openapi.json", json.dumps({"openapi": "3.0.1", "info": {"title": "t", "version": "1"}, "paths": paths})


SERVERLESS_HEAD = """\
service: things
frameworkVersion: "3"
provider:
  name: aws
  runtime: python3.12
  stage: ${{opt:stage, 'dev'}}
  environment:
    ORIGIN: https://app.example.com
functions:
"""
SERVERLESS_FUNCTION = """\
  f{n}:
    handler: functions/f{n}/app.handler
    environment:
      TABLE: things-${{self:provider.stage}}-{n}
    events:
      - http:
          path: things{n}/{{id}}
          method: get
          cors: true
      - http:
          path: things{n}
          method: post
          cors:
            origin: https://app.example.com
            headers: [Content-Type]
"""


def serverless(size: int) -> Project:
    """Return functions with two http events each."""
    head = SERVERLESS_HEAD.replace("{{", "{").replace("}}", "}")
    return "serverless.yml", head + "".join(SERVERLESS_FUNCTION.format(n=n) for n in range(size))


TERRAFORM_HEAD = """\
provider "aws" {
  region = "eu-west-1"
}

locals {
  origin = "https://app.example.com"
}

resource "aws_apigatewayv2_api" "api" {
  name          = "things"
  protocol_type = "HTTP"
  cors_configuration {
    allow_origins = [local.origin]
    allow_methods = ["GET", "POST"]
  }
}

resource "aws_apigatewayv2_stage" "default" {
  api_id      = aws_apigatewayv2_api.api.id
  name        = "$default"
  auto_deploy = true
}
"""
TERRAFORM_FUNCTION = """\

resource "aws_lambda_function" "f{n}" {
  function_name = "things-{n}"
  filename      = "${path.module}/functions/f{n}.zip"
  handler       = "app.handler"
  runtime       = "python3.12"
  environment {
    variables = {
      ORIGIN = local.origin
    }
  }
}

resource "aws_apigatewayv2_integration" "f{n}" {
  api_id                 = aws_apigatewayv2_api.api.id
  integration_type       = "AWS_PROXY"
  integration_uri        = aws_lambda_function.f{n}.invoke_arn
  payload_format_version = "2.0"
}

resource "aws_apigatewayv2_route" "get{n}" {
  api_id    = aws_apigatewayv2_api.api.id
  route_key = "GET /things{n}/{id}"
  target    = "integrations/${aws_apigatewayv2_integration.f{n}.id}"
}

resource "aws_lambda_permission" "f{n}" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.f{n}.function_name
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_apigatewayv2_api.api.execution_arn}/*/*"
}
"""


def terraform(size: int) -> Project:
    """Return functions with one route each of an HTTP API."""
    return "main.tf", TERRAFORM_HEAD + "".join(TERRAFORM_FUNCTION.replace("{n}", str(n)) for n in range(size))


DIALECTS: dict[str, Callable[[int], Project]] = {
    "SAM": sam,
    "CloudFormation": cloudformation,
    "CDK": cdk,
    "OpenAPI": openapi,
    "Serverless": serverless,
    "Terraform": terraform,
}


def _all_resources(size: int) -> dict[str, dict[str, object]]:
    resources: dict[str, dict[str, object]] = {
        "Api": {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Name": "api"}}
    }
    for n in range(size):
        resources |= _resources(n)
    return resources


def _resources(n: int) -> dict[str, dict[str, object]]:
    uri = ["arn:aws:apigateway:", {"Ref": "AWS::Region"}, ":lambda:path/2015-03-31/functions/"]
    arn = {"Fn::Join": ["", [*uri, {"Fn::GetAtt": [f"Function{n}", "Arn"]}, "/invocations"]]}
    source = ["arn:aws:execute-api:", {"Ref": "AWS::Region"}, ":", {"Ref": "AWS::AccountId"}, ":", {"Ref": "Api"}]
    method = {"RestApiId": {"Ref": "Api"}, "ResourceId": {"Ref": f"Resource{n}"}, "AuthorizationType": "NONE"}
    allow = {"method.response.header.Access-Control-Allow-Origin": "'https://app.example.com'"}
    mock = {
        "Type": "MOCK",
        "RequestTemplates": {"application/json": "{ statusCode: 200 }"},
        "IntegrationResponses": [{"StatusCode": "204", "ResponseParameters": allow}],
    }
    proxy = {"Type": "AWS_PROXY", "IntegrationHttpMethod": "POST", "Uri": arn}
    return {
        f"Function{n}": {
            "Type": "AWS::Lambda::Function",
            "Properties": {"Runtime": "python3.12", "Handler": "app.handler", "Code": f"functions/f{n}"},
        },
        f"Resource{n}": {
            "Type": "AWS::ApiGateway::Resource",
            "Properties": {
                "RestApiId": {"Ref": "Api"},
                "ParentId": {"Fn::GetAtt": ["Api", "RootResourceId"]},
                "PathPart": f"things{n}",
            },
        },
        f"Get{n}": {
            "Type": "AWS::ApiGateway::Method",
            "Properties": {**method, "HttpMethod": "GET", "Integration": proxy},
        },
        f"Options{n}": {
            "Type": "AWS::ApiGateway::Method",
            "Properties": {**method, "HttpMethod": "OPTIONS", "Integration": mock},
        },
        f"Permission{n}": {
            "Type": "AWS::Lambda::Permission",
            "Properties": {
                "Action": "lambda:InvokeFunction",
                "FunctionName": {"Fn::GetAtt": [f"Function{n}", "Arn"]},
                "Principal": "apigateway.amazonaws.com",
                "SourceArn": {"Fn::Join": ["", [*source, f"/*/GET/things{n}"]]},
            },
        },
    }


def cost(project: Project, size: int) -> float:
    """Return seconds of CPU to read the template: the best of several runs."""
    file, text = project
    best = float("inf")
    for _ in range(REPEATS):
        # A text of its own each time: documents that were parsed are kept.
        text += "\n"
        tree = Tree(Memory({file: text, **{f"functions/f{n}/app.py": "" for n in range(size)}}))
        started = time.process_time()
        api = read(tree, file)
        best = min(best, time.process_time() - started)
        routes = (
            0
            if api is None
            else sum(len(getattr(d, "routes", ())) + len(getattr(d, "methods", ())) for d in api.front_doors)
        )
        if api is None or routes < size or api.problems:
            raise RuntimeError(f"{file} was not read whole: {api.problems[:3] if api is not None else None}")
    return best


def shown(found: dict[str, Any]) -> str:
    """Return the result as a table."""
    heads = ("template", "functions", "read, ms of CPU", "µs a function", "a parser alone, ms", "times as long")
    lines = [f"| {' | '.join(heads)} |", "| --- |" + " ---: |" * (len(heads) - 1)]
    for row in found["rows"]:
        each, times = row["ms"] * 1e3 / row["functions"], row["ms"] / row["parser_ms"]
        cells = (
            f"{row['functions']:,}",
            f"{row['ms']:,.1f}",
            f"{each:,.0f}",
            f"{row['parser_ms']:,.1f}",
            f"{times:.1f}",
        )
        lines.append(f"| {row['dialect']} | {' | '.join(cells)} |")
    said = "The parser alone is libyaml, Python's json (which tells no places), or tree-sitter: nobody reads such a text faster."
    return "\n".join([*lines, "", f"Least of {REPEATS} runs. {said}"])


def bare(project: Project) -> float:
    """Return seconds of CPU that a parser alone takes: libyaml for YAML, `json` for JSON, tree-sitter for Terraform.

    Less is not to be had. `json` tells no places; libyaml, which does, takes ten times as long.
    """
    file, text = project
    parse = json.loads if file.endswith(".json") else _composed if file.endswith((".yml", ".yaml")) else _parsed
    best = float("inf")
    for _ in range(REPEATS):
        with paused():
            started = time.process_time()
            parse(text)
            best = min(best, time.process_time() - started)
    return best


def _composed(text: str) -> object:
    return yaml.compose(text, yaml.CSafeLoader)


def _parsed(text: str) -> object:
    return root_of(text.encode())


def main() -> int:
    """Measure, print, write; return 1 when the promise is broken."""
    rows = []
    for name, make in DIALECTS.items():
        for size in SIZES:
            project = make(size)
            if len(project[1]) > LONGEST:
                continue
            seconds = cost(project, size)
            alone = bare(project)
            rows.append(
                {"dialect": name, "functions": size, "ms": round(seconds * 1e3, 1), "parser_ms": round(alone * 1e3, 1)}
            )
    found = {"promise_ms": PROMISE_MS, "rows": rows}
    keep("readers", found)
    print(shown(found))
    broken = [row["dialect"] for row in rows if row["functions"] == 300 and row["ms"] > PROMISE_MS]
    if broken:
        print(f"reading 300 functions took more than {PROMISE_MS} ms: {', '.join(broken)}", file=sys.stderr)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
