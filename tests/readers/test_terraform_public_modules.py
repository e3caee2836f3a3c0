"""Modules of the registry that everyone knows."""

from __future__ import annotations

from typing import Any

import pytest

from corsmith.api.model import Api
from corsmith.api.rest_api import Mock, RestApi

from .terraform import api_of
from .translated import comparable, plain


def test_the_known_public_modules_make_what_their_resources_make() -> None:
    public = """
    module "fn" {
      source        = "terraform-aws-modules/lambda/aws"
      version       = "~> 8.0"
      function_name = "shop"
      handler       = "app.handler"
      runtime       = "python3.13"
      source_path   = ["./src", { pip_requirements = false }]
      environment_variables = { ORIGIN = "https://a.example.com" }
      create_lambda_function_url = true
      cors = { allow_origins = ["https://a.example.com"] }
      allowed_triggers = {
        api = { service = "apigateway", source_arn = "${module.api.api_execution_arn}/*/*" }
      }
    }
    module "api" {
      source             = "terraform-aws-modules/apigateway-v2/aws"
      name               = "shop"
      cors_configuration = { allow_origins = ["https://a.example.com"], allow_methods = ["GET"] }
      authorizers = {
        jwt = {
          authorizer_type  = "JWT"
          identity_sources = ["$request.header.Authorization"]
          jwt_configuration = { issuer = "https://i.example.com", audience = ["x"] }
        }
      }
      routes = {
        "GET /items" = { integration = { uri = module.fn.lambda_function_arn } }
        "$default" = { authorization_type = "JWT", authorizer_key = "jwt", integration = { uri = module.fn.lambda_function_arn } }
      }
    }
    """
    own = """
    resource "aws_lambda_function" "fn" {
      function_name = "shop"
      handler       = "app.handler"
      runtime       = "python3.13"
      filename      = "src"
    }
    resource "aws_lambda_function_url" "url" {
      function_name      = aws_lambda_function.fn.arn
      authorization_type = "NONE"
      cors {
        allow_origins = ["https://a.example.com"]
      }
    }
    resource "aws_lambda_permission" "api" {
      action        = "lambda:InvokeFunction"
      function_name = aws_lambda_function.fn.arn
      principal     = "apigateway.amazonaws.com"
      source_arn    = "${aws_apigatewayv2_api.api.execution_arn}/*/*"
    }
    resource "aws_apigatewayv2_api" "api" {
      name          = "shop"
      protocol_type = "HTTP"
      cors_configuration {
        allow_origins = ["https://a.example.com"]
        allow_methods = ["GET"]
      }
    }
    resource "aws_apigatewayv2_stage" "live" {
      api_id      = aws_apigatewayv2_api.api.id
      name        = "$default"
      auto_deploy = true
    }
    resource "aws_apigatewayv2_authorizer" "jwt" {
      api_id           = aws_apigatewayv2_api.api.id
      name             = "jwt"
      authorizer_type  = "JWT"
      identity_sources = ["$request.header.Authorization"]
      jwt_configuration {
        issuer   = "https://i.example.com"
        audience = ["x"]
      }
    }
    resource "aws_apigatewayv2_integration" "fn" {
      api_id                 = aws_apigatewayv2_api.api.id
      integration_type       = "AWS_PROXY"
      integration_uri        = aws_lambda_function.fn.arn
    }
    resource "aws_apigatewayv2_route" "items" {
      api_id    = aws_apigatewayv2_api.api.id
      route_key = "GET /items"
      target    = "integrations/${aws_apigatewayv2_integration.fn.id}"
    }
    resource "aws_apigatewayv2_route" "default" {
      api_id             = aws_apigatewayv2_api.api.id
      route_key          = "$default"
      target             = "integrations/${aws_apigatewayv2_integration.fn.id}"
      authorization_type = "JWT"
      authorizer_id      = aws_apigatewayv2_authorizer.jwt.id
    }
    """
    names = {
        "module.fn.aws_lambda_function.this[0]": "aws_lambda_function.fn",
        "module.fn.aws_lambda_function_url.this[0]": "aws_lambda_function_url.url",
        "module.api.aws_apigatewayv2_api.this[0]": "aws_apigatewayv2_api.api",
        'module.api.aws_apigatewayv2_authorizer.this["jwt"]': "aws_apigatewayv2_authorizer.jwt",
    }
    mine, theirs = api_of(public), api_of(own)
    assert renamed(mine, names) == comparable(theirs)
    assert plain(mine.functions[0].environment) == [["ORIGIN", "https://a.example.com"]]
    assert plain(mine.functions[0].code) == "src"


def renamed(api: Api, names: dict[str, str]) -> dict[str, Any]:
    def change(value: Any) -> Any:
        if isinstance(value, dict):
            return {change(key): change(each) for key, each in value.items()}
        if isinstance(value, list):
            return [change(each) for each in value]
        return names.get(value, value) if isinstance(value, str) else value

    changed: dict[str, Any] = change(comparable(api))
    return changed


@pytest.mark.parametrize(
    "source",
    [
        "squidfunk/api-gateway-enable-cors/aws",
        "git::https://git.example.com/squidfunk/terraform-aws-api-gateway-enable-cors.git?ref=0.3.3",
    ],
)
def test_the_module_that_enables_cors_makes_the_options_method(source: str) -> None:
    api = api_of(
        'resource "aws_api_gateway_rest_api" "api" { name = "x" }\n'
        'resource "aws_api_gateway_deployment" "d" {\n  rest_api_id = aws_api_gateway_rest_api.api.id\n'
        '  stage_name = "live"\n  depends_on = [module.cors]\n}\n'
        f'module "cors" {{\n  source = "{source}"\n  api_id = aws_api_gateway_rest_api.api.id\n'
        "  api_resource_id = aws_api_gateway_rest_api.api.root_resource_id\n"
        '  allow_origin = "https://a.example.com"\n  allow_headers = ["x-a", "x-b"]\n  allow_credentials = true\n}\n'
    )
    door = api.front_doors[0]
    assert isinstance(door, RestApi)
    (method,) = door.methods
    assert (method.verb, method.path) == ("OPTIONS", "/")
    assert isinstance(method.integration, Mock)
    assert dict(plain(method.integration.responses[0].parameters)) == {
        "Access-Control-Allow-Credentials": "'true'",
        "Access-Control-Allow-Headers": "'x-a,x-b'",
        "Access-Control-Allow-Methods": "'OPTIONS,HEAD,GET,POST,PUT,PATCH,DELETE'",
        "Access-Control-Allow-Origin": "'https://a.example.com'",
        "Access-Control-Max-Age": "'7200'",
    }
    assert door.deployments[0].holds == (method.span,)
