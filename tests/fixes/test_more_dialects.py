"""Fixes of CloudFormation, OpenAPI and Terraform: applied, read and judged again."""

from __future__ import annotations

import pytest

from corsmith.api.caller import CallerFlags
from corsmith.api.tree import Memory, Tree
from corsmith.project.check import Question, check
from corsmith.project.repair import repair

from .test_serverless_and_terraform import BARE, CODE, CORS, HTTP, LAMBDA, REST

ORIGIN = "https://app.example.com"
MOCKS = """
resource "aws_api_gateway_method" "options" {
  rest_api_id   = aws_api_gateway_rest_api.this.id
  resource_id   = aws_api_gateway_resource.items.id
  http_method   = "OPTIONS"
  authorization = "NONE"
}

resource "aws_api_gateway_integration" "options" {
  rest_api_id       = aws_api_gateway_rest_api.this.id
  resource_id       = aws_api_gateway_resource.items.id
  http_method       = aws_api_gateway_method.options.http_method
  type              = "MOCK"
  request_templates = { "application/json" = "{\\"statusCode\\": 200}" }
}

resource "aws_api_gateway_method_response" "options" {
  rest_api_id = aws_api_gateway_rest_api.this.id
  resource_id = aws_api_gateway_resource.items.id
  http_method = aws_api_gateway_method.options.http_method
  status_code = "200"
  response_parameters = {
    "method.response.header.Access-Control-Allow-Origin"  = true
    "method.response.header.Access-Control-Allow-Headers" = true
  }
}

resource "aws_api_gateway_integration_response" "options" {
  rest_api_id = aws_api_gateway_rest_api.this.id
  resource_id = aws_api_gateway_resource.items.id
  http_method = aws_api_gateway_method.options.http_method
  status_code = aws_api_gateway_method_response.options.status_code
  response_parameters = {
    "method.response.header.Access-Control-Allow-Origin"  = "'https://app.example.com'"
    "method.response.header.Access-Control-Allow-Headers" = "'content-type'"
  }
}
"""
TRIGGERS = REST[REST.index("  triggers = {") : REST.index('\n}\n\nresource "aws_api_gateway_stage"')]
AUTHORIZER = """
resource "aws_apigatewayv2_authorizer" "jwt" {
  api_id           = aws_apigatewayv2_api.h.id
  authorizer_type  = "JWT"
  identity_sources = ["$request.header.Authorization"]
  name             = "jwt"

  jwt_configuration {
    audience = ["shop"]
    issuer   = "https://issuer.example.com"
  }
}
"""
CATCH_ALL = (
    HTTP.replace("@cors", CORS.replace("@list", '"authorization"'))
    .replace('route_key = "POST /h"', 'route_key = "$default"')
    .replace(
        '  target    = "integrations',
        '  authorization_type = "JWT"\n  authorizer_id = aws_apigatewayv2_authorizer.jwt.id\n  target    = "integrations',
    )
)
INVOKE = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions"
CLOUDFORMATION = """\
Resources:
  Function:
    Type: AWS::Lambda::Function
    Properties: {Runtime: nodejs22.x, Handler: app.handler, Code: .}
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties: {Name: shop}
  Get:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: GET
      AuthorizationType: NONE
      Integration: {Type: AWS_PROXY, IntegrationHttpMethod: POST, Uri: @uri}
  Permission:
    Type: AWS::Lambda::Permission
    Properties: {Action: lambda:InvokeFunction, FunctionName: !Ref Function, Principal: apigateway.amazonaws.com}
""".replace("@uri", f'!Sub "{INVOKE}/${{Function.Arn}}/invocations"')
OPENAPI = """\
openapi: 3.0.1
info: {title: shop, version: "1"}
paths:
  /items:
    post:
      responses: {}
      x-amazon-apigateway-integration: &code
        type: aws_proxy
        httpMethod: POST
        uri: @uri
    options:
      security:
        - users: []
      responses:
        "200":
          description: ok
          headers:
            Access-Control-Allow-Origin: {schema: {type: string}}
            Access-Control-Allow-Headers: {schema: {type: string}}
      x-amazon-apigateway-integration:
        type: mock
        requestTemplates: {application/json: '{"statusCode": 200}'}
        responses:
          default:
            statusCode: "200"
            responseParameters:
              method.response.header.Access-Control-Allow-Origin: "'https://app.example.com'"
              method.response.header.Access-Control-Allow-Headers: "'content-type,authorization'"
components:
  securitySchemes:
    users:
      type: apiKey
      name: Authorization
      in: header
      x-amazon-apigateway-authtype: cognito_user_pools
      x-amazon-apigateway-authorizer:
        type: cognito_user_pools
        providerARNs: ["arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_abc"]
""".replace("@uri", f"{INVOKE}/arn:aws:lambda:us-east-1:123456789012:function:shop/invocations")
UNQUOTED = """\
Transform: AWS::Serverless-2016-10-31
Parameters:
  Domain: {Type: String, Default: app.example.com}
Globals:
  Api:
    Cors:
      AllowOrigin: !Sub "https://${Domain}"
      AllowHeaders: "'content-type'"
      AllowMethods: "'GET,OPTIONS'"
Resources:
  Items:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs22.x
      Handler: app.handler
      CodeUri: .
      Events: {Call: {Type: Api, Properties: {Path: /items, Method: GET}}}
"""
CASES = {
    "a value without quotes, which nobody could deploy": (
        "template.yaml",
        UNQUOTED,
        CODE,
        "rest-unquoted-cors-value",
        ("      AllowOrigin: !Sub \"'https://${Domain}'\"", "    GatewayResponses:"),
    ),
    "a deployment that follows nothing": (
        "main.tf",
        LAMBDA + REST.replace(TRIGGERS, "  depends_on  = [aws_api_gateway_integration.post]") + MOCKS,
        CODE,
        "rest-stage-not-deployed",
        ("  triggers = {", "      aws_api_gateway_integration_response.options,", "    create_before_destroy = true"),
    ),
    "a catch-all route with an authorizer": (
        "main.tf",
        LAMBDA + CATCH_ALL + AUTHORIZER,
        BARE,
        "httpapi-default-route-authorizer-catches-options",
        ('  route_key = "OPTIONS /{proxy+}"',),
    ),
    "errors of a CloudFormation API": (
        "template.yaml",
        CLOUDFORMATION,
        CODE,
        "rest-missing-gateway-responses",
        ("    Type: AWS::ApiGateway::GatewayResponse", "      ResponseType: DEFAULT_5XX"),
    ),
    "an OpenAPI definition with security on OPTIONS": (
        "api.yaml",
        OPENAPI,
        CODE,
        "rest-options-requires-auth",
        ("      security: []", "x-amazon-apigateway-gateway-responses:"),
    ),
}


@pytest.mark.parametrize(("file", "text", "code", "rule", "lines"), CASES.values(), ids=CASES)
def test_the_fault_is_gone(file: str, text: str, code: str, rule: str, lines: tuple[str, ...]) -> None:
    headers = () if file == "template.yaml" else (("content-type", "application/json"),)
    question = Question((".",), CallerFlags(origins=(ORIGIN,), headers=headers))
    before = check(Tree(Memory({file: text, "app.mjs": code})), question)
    assert rule in [each.finding.rule for each in before.groups]
    result = repair(question, before, lambda _, fix: fix.safe)
    after = result.after.tree.read(file)
    assert rule not in [each.finding.rule for each in result.after.groups if each.finding.severity != "info"]
    assert result.after.problems == before.problems
    for line in lines:
        assert line in after, after
    assert repair(question, check(result.after.tree, question), lambda _, fix: fix.safe).done == ()


@pytest.mark.parametrize(
    ("written", "wanted"),
    [("app.example.com", "https://app.example.com"), ("https://app.example.com/shop", "https://app.example.com")],
)
def test_a_text_that_is_no_origin_becomes_the_page_s(written: str, wanted: str) -> None:
    code = CODE.replace(ORIGIN, written)
    template = CLOUDFORMATION
    question = Question((".",), CallerFlags(origins=(ORIGIN,)))
    result = repair(
        question, check(Tree(Memory({"t.yaml": template, "app.mjs": code})), question), lambda _, fix: fix.safe
    )
    assert result.after.tree.read("app.mjs") == code.replace(written, wanted)


def test_another_page_s_origin_is_replaced_only_after_thought() -> None:
    code = CODE.replace(ORIGIN, "https://admin.example.com")
    question = Question((".",), CallerFlags(origins=(ORIGIN,)))
    before = check(Tree(Memory({"t.yaml": CLOUDFORMATION, "app.mjs": code})), question)
    assert repair(question, before, lambda _, fix: fix.safe).after.tree.read("app.mjs") == code
    assert repair(question, before, lambda _, fix: True).after.tree.read("app.mjs") == CODE
