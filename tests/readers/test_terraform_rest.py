"""REST APIs in Terraform: deployments, policies, permissions, keys, definitions."""

from __future__ import annotations

from typing import Any

import pytest

from corsmith.api.front_door import LambdaProxy
from corsmith.api.rest_api import Deployment, Mock, RestApi

from .terraform import FUNCTION, REST, api_of
from .translated import plain


def deployment(stated: str) -> tuple[Deployment, dict[Any, str]]:
    door = api_of(REST % stated).front_doors[0]
    assert isinstance(door, RestApi)
    (found,) = door.deployments
    return found, {method.span: method.verb for method in door.methods}


@pytest.mark.parametrize(
    ("stated", "held", "renewed"),
    [
        ("", [], False),
        ("depends_on = [aws_api_gateway_integration.get]", ["GET"], False),
        ("depends_on = [aws_api_gateway_integration.get, aws_api_gateway_integration.options]", ["GET"], False),
        (
            "depends_on = [aws_api_gateway_integration.get, aws_api_gateway_integration_response.options]",
            ["GET", "OPTIONS"],
            False,
        ),
        ("triggers = { all = sha1(jsonencode([local.get, local.options])) }", ["GET", "OPTIONS"], True),
        ("triggers = { all = sha1(jsonencode(local.get)) }", ["GET"], True),
        ('triggers = { all = filesha1("main.tf") }', [], True),
        ("triggers = {}", [], True),
        ("variables = { deployed_at = timestamp() }", [], True),
        ("lifecycle {\n    replace_triggered_by = [aws_api_gateway_integration.get]\n  }", ["GET"], True),
        ("lifecycle {\n    create_before_destroy = true\n  }", [], False),
    ],
)
def test_a_deployment_holds_what_it_waits_for(stated: str, held: list[str], renewed: bool) -> None:
    found, verbs = deployment(stated)
    assert [verbs[span] for span in found.holds] == held
    assert plain(found.renewed) is renewed


def test_a_deployment_waits_for_modules() -> None:
    api = api_of(
        'resource "aws_api_gateway_rest_api" "api" { name = "x" }\n'
        'module "cors" {\n  source = "./cors"\n  api = aws_api_gateway_rest_api.api.id\n'
        "  root = aws_api_gateway_rest_api.api.root_resource_id\n}\n"
        'resource "aws_api_gateway_deployment" "d" {\n  rest_api_id = aws_api_gateway_rest_api.api.id\n'
        '  stage_name = "live"\n  depends_on = [module.cors]\n}\n',
        {
            "cors/main.tf": 'variable "api" {}\nvariable "root" {}\nresource "aws_api_gateway_method" "o" {\n'
            '  rest_api_id = var.api\n  resource_id = var.root\n  http_method = "OPTIONS"\n  authorization = "NONE"\n}\n'
        },
    )
    door = api.front_doors[0]
    assert isinstance(door, RestApi)
    assert [(m.verb, m.path) for m in door.methods] == [("OPTIONS", "/")]
    assert door.deployments[0].holds == (door.methods[0].span,)


def test_a_policy_document_is_the_apis_policy() -> None:
    api = api_of(
        'resource "aws_api_gateway_rest_api" "api" { name = "x" }\n'
        'resource "aws_api_gateway_rest_api_policy" "p" {\n  rest_api_id = aws_api_gateway_rest_api.api.id\n'
        "  policy = data.aws_iam_policy_document.p.json\n}\n"
        'data "aws_iam_policy_document" "p" {\n  statement {\n    effect = "Deny"\n    actions = ["execute-api:Invoke"]\n'
        '    resources = ["execute-api:/*/OPTIONS/*"]\n    principals {\n      type = "*"\n      identifiers = ["*"]\n'
        "    }\n  }\n}\n"
    )
    door = api.front_doors[0]
    assert isinstance(door, RestApi)
    assert [(refusal.verbs, refusal.paths) for refusal in door.refusals] == [(("OPTIONS",), ("*",))]


def test_a_definition_with_conditions_around_its_parts_is_filled_in_first() -> None:
    template = """openapi: 3.0.1
paths:
%{ for path in paths ~}
  ${path}:
    options:
      x-amazon-apigateway-integration: {type: mock, timeoutInMillis: ${limit}}
    get:
      x-amazon-apigateway-integration: {type: aws_proxy, uri: "${uri}"}
%{ endfor ~}
"""
    api = api_of(
        FUNCTION % 'filename = "src"' + 'resource "aws_api_gateway_rest_api" "api" {\n  name = "x"\n'
        '  body = templatefile("api.yaml", { paths = ["/a", "/b"], limit = 50, uri = aws_lambda_function.fn.arn })\n}\n',
        {"api.yaml": template},
    )
    door = api.front_doors[0]
    assert isinstance(door, RestApi)
    assert [(m.path, m.verb) for m in door.methods] == [
        ("/a", "OPTIONS"), ("/a", "GET"), ("/b", "OPTIONS"), ("/b", "GET")
    ]  # fmt: skip
    assert isinstance(door.methods[0].integration, Mock)
    made = door.methods[1].integration
    assert isinstance(made, LambdaProxy)
    assert plain(made.function) == "aws_lambda_function.fn"


def test_an_api_key_is_known_by_its_plan() -> None:
    api = api_of(
        REST % 'stage_name = "live"'
        + """
        resource "aws_api_gateway_api_key" "k" {
          name  = "k"
          value = "0123456789012345678901234567890123456789"
        }
        resource "aws_api_gateway_usage_plan" "p" {
          name = "p"
          api_stages {
            api_id = aws_api_gateway_rest_api.api.id
            stage  = aws_api_gateway_stage.live.stage_name
          }
        }
        resource "aws_api_gateway_usage_plan_key" "pk" {
          key_id        = aws_api_gateway_api_key.k.id
          key_type      = "API_KEY"
          usage_plan_id = aws_api_gateway_usage_plan.p.id
        }
        """
    )
    door = api.front_doors[0]
    assert isinstance(door, RestApi)
    assert plain(door.api_keys) == ["0123456789012345678901234567890123456789"]


@pytest.mark.parametrize(
    "source_arn",
    [
        "${aws_api_gateway_rest_api.api.execution_arn}/*/${aws_api_gateway_method.get.http_method}${aws_api_gateway_resource.item.path}",
        "arn:aws:execute-api:${var.region}:${var.account}:${aws_api_gateway_rest_api.api.id}/*/GET/items/*",
        '${join("", aws_api_gateway_rest_api.api[*].execution_arn)}/*/*/items/{id}',
    ],
)
def test_permissions_name_what_they_are_for(source_arn: str) -> None:
    api = api_of(
        FUNCTION
        % 'filename = "src"'
        + 'variable "region" {}\nvariable "account" {}\nresource "aws_api_gateway_rest_api" "api" { name = "x" }\n'
        'resource "aws_api_gateway_resource" "items" {\n  rest_api_id = aws_api_gateway_rest_api.api.id\n'
        "  parent_id = one(aws_api_gateway_rest_api.api[*].root_resource_id)\n"
        '  path_part = "items"\n}\n'
        'resource "aws_api_gateway_resource" "item" {\n  rest_api_id = aws_api_gateway_rest_api.api.id\n'
        '  parent_id = aws_api_gateway_resource.items.id\n  path_part = "{id}"\n}\n'
        + "".join(
            f'resource "aws_api_gateway_method" "{verb.lower()}" {{\n  rest_api_id = aws_api_gateway_rest_api.api.id\n'
            f'  resource_id = aws_api_gateway_resource.{of}.id\n  http_method = "{verb}"\n  authorization = "NONE"\n}}\n'
            f'resource "aws_api_gateway_integration" "{verb.lower()}" {{\n'
            f"  rest_api_id = aws_api_gateway_rest_api.api.id\n  resource_id = aws_api_gateway_resource.{of}.id\n"
            f'  http_method = "{verb}"\n  type = "AWS_PROXY"\n  uri = aws_lambda_function.fn.invoke_arn\n}}\n'
            for verb, of in (("GET", "item"), ("PUT", "items"))
        )
        + 'resource "aws_lambda_permission" "p" {\n  action = "lambda:InvokeFunction"\n'
        '  function_name = aws_lambda_function.fn.function_name\n  principal = "apigateway.amazonaws.com"\n'
        f'  source_arn = "{source_arn}"\n}}\n'
    )
    door = api.front_doors[0]
    assert isinstance(door, RestApi)
    permitted = {m.path: plain(m.integration.permitted) for m in door.methods if isinstance(m.integration, LambdaProxy)}
    assert permitted == {"/items/{id}": True, "/items": False}
