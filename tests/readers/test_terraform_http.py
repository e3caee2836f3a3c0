"""HTTP APIs, Function URLs and distributions in Terraform."""

from __future__ import annotations

import pytest

from corsmith.api.cloudfront import CloudFront
from corsmith.api.function_url import FunctionUrl
from corsmith.api.http_api import HttpApi
from corsmith.api.value import Known, Unknown

from .terraform import FUNCTION, api_of
from .translated import plain

URL = """
resource "aws_lambda_function_url" "u" {
  function_name      = aws_lambda_function.fn.function_name
  authorization_type = "NONE"
  cors {
    allow_origins = ["*"]
    allow_methods = []
    max_age       = 0
  }
}
"""


INVOKE = """
resource "aws_lambda_permission" "invoke" {
  action                   = "lambda:InvokeFunction"
  function_name            = aws_lambda_function.fn.function_name
  principal                = "*"
  invoked_via_function_url = true
}
"""


INVOKE_URL = """
resource "aws_lambda_permission" "url" {
  action                 = "lambda:InvokeFunctionUrl"
  function_name          = aws_lambda_function.fn.function_name
  principal              = "*"
  function_url_auth_type = "NONE"
}
"""


@pytest.mark.parametrize(
    ("permissions", "may_url", "may"),
    [("", True, True), (INVOKE, True, True), (INVOKE_URL, True, False), (INVOKE + INVOKE_URL, True, True)],
)
def test_the_provider_adds_one_permission_of_a_url(permissions: str, may_url: bool, may: bool) -> None:
    door = api_of(FUNCTION % 'filename = "src"' + URL + permissions).front_doors[0]
    assert isinstance(door, FunctionUrl)
    assert (plain(door.may_invoke_url), plain(door.may_invoke)) == (may_url, may)


def test_the_provider_leaves_out_empty_settings_of_a_url() -> None:
    door = api_of(FUNCTION % 'filename = "src"' + URL).front_doors[0]
    assert isinstance(door, FunctionUrl)
    assert isinstance(door.cors, Known)
    assert door.cors.value is not None
    assert plain(door.cors.value.allow_origins) == ["*"]
    assert (door.cors.value.allow_methods, door.cors.value.max_age) == (None, None)


BODY = """
resource "aws_apigatewayv2_api" "api" {
  name          = "x"
  protocol_type = "HTTP"
  body = jsonencode({
    openapi = "3.0.1"
    "x-amazon-apigateway-cors" = { allowOrigins = ["https://a.example.com"] }
    paths = { "/x" = { get = { "x-amazon-apigateway-integration" = {
      type = "aws_proxy", payloadFormatVersion = "2.0", uri = aws_lambda_function.fn.arn } } } }
  })
  %s
}
"""


def test_cors_of_a_body_has_no_effect() -> None:
    api = api_of(FUNCTION % 'filename = "src"' + BODY % "")
    door = api.front_doors[0]
    assert isinstance(door, HttpApi)
    assert door.cors == Known(None)
    assert [route.path for route in door.routes] == ["/x"]
    assert [(stray.key, stray.doors) for stray in api.strays] == [
        ("x-amazon-apigateway-cors", ("aws_apigatewayv2_api.api",))
    ]


def test_cors_of_the_block_counts_and_not_the_bodys() -> None:
    block = 'cors_configuration {\n    allow_origins = ["https://b.example.com"]\n  }'
    api = api_of(FUNCTION % 'filename = "src"' + BODY % block)
    door = api.front_doors[0]
    assert isinstance(door, HttpApi)
    assert isinstance(door.cors, Known)
    assert door.cors.value is not None
    assert plain(door.cors.value.allow_origins) == ["https://b.example.com"]
    assert not api.strays


def test_a_distribution_leads_to_a_url() -> None:
    api = api_of(
        FUNCTION % 'filename = "src"'
        + URL
        + """
        data "aws_cloudfront_cache_policy" "off" { name = "Managed-CachingDisabled" }
        resource "aws_cloudfront_distribution" "d" {
          enabled = true
          aliases = ["api.example.com"]
          origin {
            domain_name = replace(replace(aws_lambda_function_url.u.function_url, "https://", ""), "/", "")
            origin_id   = "api"
          }
          default_cache_behavior {
            allowed_methods  = ["GET", "HEAD"]
            target_origin_id = "api"
            cache_policy_id  = data.aws_cloudfront_cache_policy.off.id
          }
          ordered_cache_behavior {
            path_pattern     = "/old/*"
            allowed_methods  = ["GET", "HEAD", "OPTIONS"]
            target_origin_id = "api"
            forwarded_values {
              query_string = true
              headers      = ["Origin"]
            }
          }
        }
        """
    )
    door = next(each for each in api.front_doors if isinstance(each, CloudFront))
    old, default = door.behaviors
    assert (plain(old.path_pattern), plain(default.path_pattern)) == ("/old/*", "*")
    assert (plain(old.forwarded), plain(default.forwarded)) == (["origin"], [])
    assert plain(default.caches) is False
    assert old.target == default.target == api.front_doors[0]


def test_what_is_not_given_is_unknown_and_the_rest_goes_on() -> None:
    api = api_of(
        'variable "handler" {}\nvariable "env" {}\nresource "aws_lambda_function" "fn" {\n'
        '  function_name = "f"\n  handler = var.handler\n  environment {\n    variables = merge({ A = "1" }, var.env)\n  }\n}\n'
    )
    (function,) = api.functions
    assert isinstance(function.handler, Unknown)
    assert function.handler.because.startswith("the variable handler has no default")
    assert function.environment == ()


DEPLOYMENT = """
resource "aws_apigatewayv2_api" "api" {
  name          = "shop"
  protocol_type = "HTTP"
}
resource "aws_apigatewayv2_deployment" "now" {
  api_id = aws_apigatewayv2_api.api.id
%s
}
resource "aws_apigatewayv2_stage" "live" {
  api_id        = aws_apigatewayv2_api.api.id
  name          = "live"
  deployment_id = %s
}
"""
NOW = "aws_apigatewayv2_deployment.now.id"
DEPLOYED = {
    "triggers": ("  triggers = { redeployment = sha1(jsonencode(aws_apigatewayv2_api.api)) }", NOW, "renewed"),
    "replaced": ("  lifecycle { replace_triggered_by = [aws_apigatewayv2_api.api] }", NOW, "renewed"),
    "neither": ('  description = "x"', NOW, "fixed"),
    "another's": ("  triggers = { a = 1 }", '"abc123"', "fixed"),
    "none": ("  triggers = { a = 1 }", "null", "nothing"),
}


@pytest.mark.parametrize("name", DEPLOYED)
def test_what_a_stage_without_auto_deploy_serves(name: str) -> None:
    own, named, expected = DEPLOYED[name]
    (door,) = api_of(DEPLOYMENT % (own, named)).front_doors
    assert isinstance(door, HttpApi)
    assert [stage.deployed for stage in door.stages] == [expected]
