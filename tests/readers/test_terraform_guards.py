"""What stands before an API: web ACLs, throttles, mutual TLS."""

from __future__ import annotations

import pytest

from corsmith.api.http_api import HttpApi
from corsmith.api.rest_api import RestApi

from .terraform import REST, api_of
from .translated import plain

GUARDED = """
resource "aws_wafv2_web_acl" "acl" {
  name  = "acl"
  scope = "REGIONAL"
  default_action {
    allow {}
  }
  rule {
    name     = "no-options"
    priority = 1
    action {
      block {}
    }
    statement {
      %s
    }
  }
}
resource "aws_wafv2_web_acl_association" "it" {
  resource_arn = aws_api_gateway_stage.live.arn
  web_acl_arn  = aws_wafv2_web_acl.acl.arn
}
"""


OPTIONS_ONLY = """byte_match_statement {
        search_string         = "OPTIONS"
        positional_constraint = "EXACTLY"
        field_to_match {
          method {}
        }
        text_transformation {
          priority = 0
          type     = "NONE"
        }
      }"""


@pytest.mark.parametrize(
    ("statement", "guards"),
    [
        (OPTIONS_ONLY, ["waf"]),
        (f"not_statement {{\n statement {{\n {OPTIONS_ONLY} \n}}\n}}", []),
        (f"and_statement {{\n statement {{\n {OPTIONS_ONLY} \n}}\n statement {{\n {OPTIONS_ONLY} \n}}\n}}", ["waf"]),
        ('managed_rule_group_statement {\n name = "x"\n vendor_name = "AWS"\n}', []),
    ],
)
def test_a_web_acl_may_refuse_preflights(statement: str, guards: list[str]) -> None:
    door = api_of(REST % "triggers = { a = 1 }" + GUARDED % statement).front_doors[0]
    assert isinstance(door, RestApi)
    assert [guard.kind for guard in door.guards] == guards


@pytest.mark.parametrize(
    ("path", "limit", "throttled"), [("*/*", 0, True), ("*/*", 10, False), ("*/*", -1, False), ("items/GET", 0, False)]
)
def test_a_stage_may_let_nothing_pass(path: str, limit: int, throttled: bool) -> None:
    door = api_of(
        REST
        % "triggers = { a = 1 }"
        + 'resource "aws_api_gateway_method_settings" "all" {\n  rest_api_id = aws_api_gateway_rest_api.api.id\n'
        f'  stage_name = aws_api_gateway_stage.live.stage_name\n  method_path = "{path}"\n'
        f"  settings {{\n    throttling_rate_limit = {limit}\n    caching_enabled = true\n  }}\n}}\n"
    ).front_doors[0]
    assert isinstance(door, RestApi)
    assert plain(door.stages[0].throttled) is throttled


def test_a_domain_with_mutual_tls_guards_its_api() -> None:
    door = api_of(
        'resource "aws_apigatewayv2_api" "api" {\n  name = "x"\n  protocol_type = "HTTP"\n'
        "  disable_execute_api_endpoint = true\n}\n"
        'resource "aws_apigatewayv2_domain_name" "d" {\n  domain_name = "api.example.com"\n'
        '  mutual_tls_authentication {\n    truststore_uri = "s3://b/k"\n  }\n}\n'
        'resource "aws_apigatewayv2_api_mapping" "m" {\n  api_id = aws_apigatewayv2_api.api.id\n'
        '  domain_name = aws_apigatewayv2_domain_name.d.domain_name\n  stage = "$default"\n  api_mapping_key = "v1"\n}\n'
        'resource "aws_apigatewayv2_stage" "s" {\n  api_id = aws_apigatewayv2_api.api.id\n  name = "$default"\n}\n'
    ).front_doors[0]
    assert isinstance(door, HttpApi)
    assert [guard.kind for guard in door.guards] == ["mutual-tls"]
    assert plain(door.stages[0].base_paths) == ["v1"]
