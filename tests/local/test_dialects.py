"""Authorizers, API keys, reloading and held-back deployments are the same whatever dialect a project is written in."""

from __future__ import annotations

import base64
import http.client
import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from corsmith.local.background import LocalGateway

CODE = """\
def handler(event, context):
    return {"statusCode": 200, "body": "v0"}


def decide(event, context):
    token = event.get("authorizationToken") or event["identitySource"][0]
    if token == "Bearer broken":
        raise RuntimeError("no decision")
    effect = "Allow" if token == "Bearer good" else "Deny"
    statement = {"Effect": effect, "Action": "execute-api:Invoke", "Resource": "*"}
    return {"principalId": "ann", "policyDocument": {"Version": "2012-10-17", "Statement": [statement]}}
"""
SAM = """\
Transform: AWS::Serverless-2016-10-31
Globals:
  Function: {Runtime: python3.13, CodeUri: ., Handler: app.handler}
Resources:
  Rest:
    Type: AWS::Serverless::Api
    Properties:
      StageName: dev
      Auth:
        UsagePlan: {CreateUsagePlan: PER_API}
        Authorizers:
          decide: {FunctionArn: !GetAtt Decide.Arn}
  Http:
    Type: AWS::Serverless::HttpApi
    Properties:
      Auth:
        Authorizers:
          tokens:
            IdentitySource: $request.header.Authorization
            JwtConfiguration: {issuer: https://login.example, audience: [shop]}
  Decide:
    Type: AWS::Serverless::Function
    Properties: {Handler: app.decide}
  Items:
    Type: AWS::Serverless::Function
    Properties:
      Events:
        Own: {Type: Api, Properties: {RestApiId: !Ref Rest, Path: /own, Method: get, Auth: {Authorizer: decide}}}
        Keyed: {Type: Api, Properties: {RestApiId: !Ref Rest, Path: /keyed, Method: get, Auth: {ApiKeyRequired: true}}}
        Free: {Type: Api, Properties: {RestApiId: !Ref Rest, Path: /free, Method: get}}
        Token: {Type: HttpApi, Properties: {ApiId: !Ref Http, Path: /token, Method: get, Auth: {Authorizer: tokens}}}
        Open: {Type: HttpApi, Properties: {ApiId: !Ref Http, Path: /open, Method: get}}
"""
SERVERLESS = """\
service: shop
provider:
  name: aws
  runtime: python3.13
  apiGateway:
    apiKeys: [{name: one, value: the-key-of-the-template}]
  httpApi:
    authorizers:
      tokens:
        type: jwt
        identitySource: $request.header.Authorization
        issuerUrl: https://login.example
        audience: [shop]
functions:
  decide: {handler: app.decide}
  items:
    handler: app.handler
    events:
      - http: {path: /own, method: get, authorizer: {name: decide, type: token}}
      - http: {path: /keyed, method: get, private: true}
      - http: {path: /free, method: get}
      - httpApi: {path: /token, method: get, authorizer: {name: tokens}}
      - httpApi: {path: /open, method: get}
"""
TERRAFORM = """\
data "archive_file" "code" {
  type        = "zip"
  source_file = "${path.module}/app.py"
  output_path = "${path.module}/app.zip"
}

resource "aws_lambda_function" "items" {
  function_name = "items"
  role          = "arn:aws:iam::123456789012:role/shop"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = data.archive_file.code.output_path
}

resource "aws_lambda_function" "decide" {
  function_name = "decide"
  role          = "arn:aws:iam::123456789012:role/shop"
  runtime       = "python3.13"
  handler       = "app.decide"
  filename      = data.archive_file.code.output_path
}

resource "aws_lambda_permission" "all" {
  for_each      = toset(["items", "decide"])
  action        = "lambda:InvokeFunction"
  function_name = each.key
  principal     = "apigateway.amazonaws.com"
}

resource "aws_api_gateway_rest_api" "rest" {
  name = "rest"
}

resource "aws_api_gateway_authorizer" "decide" {
  name           = "decide"
  rest_api_id    = aws_api_gateway_rest_api.rest.id
  authorizer_uri = aws_lambda_function.decide.invoke_arn
}

resource "aws_api_gateway_resource" "each" {
  for_each    = toset(["own", "keyed", "free"])
  rest_api_id = aws_api_gateway_rest_api.rest.id
  parent_id   = aws_api_gateway_rest_api.rest.root_resource_id
  path_part   = each.key
}

resource "aws_api_gateway_method" "own" {
  rest_api_id   = aws_api_gateway_rest_api.rest.id
  resource_id   = aws_api_gateway_resource.each["own"].id
  http_method   = "GET"
  authorization = "CUSTOM"
  authorizer_id = aws_api_gateway_authorizer.decide.id
}

resource "aws_api_gateway_method" "keyed" {
  rest_api_id      = aws_api_gateway_rest_api.rest.id
  resource_id      = aws_api_gateway_resource.each["keyed"].id
  http_method      = "GET"
  authorization    = "NONE"
  api_key_required = true
}

resource "aws_api_gateway_method" "free" {
  rest_api_id   = aws_api_gateway_rest_api.rest.id
  resource_id   = aws_api_gateway_resource.each["free"].id
  http_method   = "GET"
  authorization = "NONE"
}

resource "aws_api_gateway_integration" "each" {
  for_each                = toset(["own", "keyed", "free"])
  rest_api_id             = aws_api_gateway_rest_api.rest.id
  resource_id             = aws_api_gateway_resource.each[each.key].id
  http_method             = "GET"
  type                    = "AWS_PROXY"
  integration_http_method = "POST"
  uri                     = aws_lambda_function.items.invoke_arn
}

resource "aws_api_gateway_deployment" "live" {
  rest_api_id = aws_api_gateway_rest_api.rest.id
  triggers    = { always = timestamp() }
  depends_on  = [aws_api_gateway_integration.each]
}

resource "aws_api_gateway_stage" "live" {
  rest_api_id   = aws_api_gateway_rest_api.rest.id
  deployment_id = aws_api_gateway_deployment.live.id
  stage_name    = "dev"
}

resource "aws_api_gateway_usage_plan" "plan" {
  name = "plan"
  api_stages {
    api_id = aws_api_gateway_rest_api.rest.id
    stage  = aws_api_gateway_stage.live.stage_name
  }
}

resource "aws_api_gateway_api_key" "key" {
  name  = "key"
  value = "the-key-of-the-template"
}

resource "aws_api_gateway_usage_plan_key" "key" {
  key_id        = aws_api_gateway_api_key.key.id
  key_type      = "API_KEY"
  usage_plan_id = aws_api_gateway_usage_plan.plan.id
}

resource "aws_apigatewayv2_api" "http" {
  name          = "http"
  protocol_type = "HTTP"
}

resource "aws_apigatewayv2_authorizer" "tokens" {
  api_id           = aws_apigatewayv2_api.http.id
  name             = "tokens"
  authorizer_type  = "JWT"
  identity_sources = ["$request.header.Authorization"]
  jwt_configuration {
    issuer   = "https://login.example"
    audience = ["shop"]
  }
}

resource "aws_apigatewayv2_integration" "items" {
  api_id                 = aws_apigatewayv2_api.http.id
  integration_type       = "AWS_PROXY"
  integration_uri        = aws_lambda_function.items.invoke_arn
  payload_format_version = "2.0"
}

resource "aws_apigatewayv2_route" "token" {
  api_id             = aws_apigatewayv2_api.http.id
  route_key          = "GET /token"
  target             = "integrations/${aws_apigatewayv2_integration.items.id}"
  authorization_type = "JWT"
  authorizer_id      = aws_apigatewayv2_authorizer.tokens.id
}

resource "aws_apigatewayv2_route" "open" {
  api_id    = aws_apigatewayv2_api.http.id
  route_key = "GET /open"
  target    = "integrations/${aws_apigatewayv2_integration.items.id}"
}

resource "aws_apigatewayv2_stage" "http" {
  api_id      = aws_apigatewayv2_api.http.id
  name        = "$default"
  auto_deploy = true
}
"""
PROJECTS = {"template.yaml": SAM, "serverless.yml": SERVERLESS, "main.tf": TERRAFORM}
KEYS = {"template.yaml": "local-key", "serverless.yml": "the-key-of-the-template", "main.tf": "the-key-of-the-template"}


@pytest.fixture(params=PROJECTS)
def project(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "app.py").write_text(CODE)
    (tmp_path / request.param).write_text(PROJECTS[request.param])
    return tmp_path / request.param


def of(gateway: LocalGateway, kind: str) -> str:
    return next(address.url for address in gateway.addresses if address.front_door == kind)


def get(url: str, path: str, method: str = "GET", **headers: str) -> tuple[int, str]:
    place = urlsplit(url)
    connection = http.client.HTTPConnection(place.netloc, timeout=30)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, place.path + path, headers=named)
    answer = connection.getresponse()
    body = answer.read().decode()
    connection.close()
    return answer.status, body


def token(**claims: Any) -> str:
    parts = ({"alg": "RS256"}, {"iss": "https://login.example", "aud": "shop", **claims})
    encoded = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts]
    return f"Bearer {'.'.join(encoded)}.c2ln"


def test_callers_are_judged_as_on_aws(project: Path) -> None:
    with LocalGateway(project.name) as gateway:
        rest, http_api = of(gateway, "rest_api"), of(gateway, "http_api")
        assert get(rest, "/free") == (200, "v0")
        # A Lambda authorizer runs.
        assert get(rest, "/own", Authorization="Bearer good") == (200, "v0")
        assert [get(rest, "/own", Authorization=each)[0] for each in ("Bearer bad", "Bearer broken")] == [403, 500]
        assert get(rest, "/own")[0] == 401
        # Keys of the template, and no others.
        assert get(rest, "/keyed", X_Api_Key=KEYS[project.name]) == (200, "v0")
        assert [get(rest, "/keyed", X_Api_Key="guessed")[0], get(rest, "/keyed")[0]] == [403, 403]
        # Without keys that could verify it, no token is taken.
        assert [get(http_api, "/token", Authorization=each)[0] for each in (token(), "Bearer x")] == [401, 401]
        assert (get(http_api, "/open"), get(http_api, "/token")[0]) == ((200, "v0"), 401)


def test_with_fake_authorization_what_is_well_formed_is_taken(project: Path) -> None:
    with LocalGateway(project.name, auth="fake") as gateway:
        rest, http_api = of(gateway, "rest_api"), of(gateway, "http_api")
        assert get(http_api, "/token", Authorization=token(sub="ann")) == (200, "v0")
        assert get(http_api, "/token", Authorization="Bearer x")[0] == 401
        assert get(rest, "/keyed", X_Api_Key="any") == (200, "v0")
        # Lambda authorizers run either way.
        assert [get(rest, "/own", Authorization=f"Bearer {each}")[0] for each in ("good", "bad")] == [200, 403]


def test_a_change_of_code_or_template_is_served_at_once(project: Path) -> None:
    with LocalGateway(project.name, reload=True) as gateway:
        rest, http_api = of(gateway, "rest_api"), of(gateway, "http_api")
        assert (get(rest, "/free"), get(http_api, "/open")) == ((200, "v0"), (200, "v0"))
        Path("app.py").write_text(CODE.replace("v0", "v1"))
        assert (get(rest, "/free"), get(http_api, "/open")) == ((200, "v1"), (200, "v1"))
        project.write_text(PROJECTS[project.name].replace("/open", "/opened").replace('"free"', '"freed"'))
        assert (get(http_api, "/open")[0], get(http_api, "/opened")) == (404, (200, "v1"))


def test_a_rest_api_waits_for_its_deployment(project: Path) -> None:
    with LocalGateway(project.name, reload=True, manual_deploy=True) as gateway:
        rest = of(gateway, "rest_api")
        assert get(rest, "/freed")[0] == 403
        project.write_text(PROJECTS[project.name].replace("/free", "/freed").replace('"free"', '"freed"'))
        assert get(rest, "/freed")[0] == 403
        assert get(rest, "/free") == (200, "v0")
        assert get(rest.rpartition("/")[0], "/__corsmith/deploy", "POST")[0] == 200
        assert get(rest, "/freed") == (200, "v0")
