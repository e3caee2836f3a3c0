"""What resources come to: packages, permissions, deployments, definitions, and modules that everyone knows."""

from __future__ import annotations

from typing import Any

import pytest

from corsmith.api.cloudfront import CloudFront
from corsmith.api.front_door import LambdaProxy
from corsmith.api.function_url import FunctionUrl
from corsmith.api.http_api import HttpApi
from corsmith.api.model import Api
from corsmith.api.rest_api import Deployment, Mock, RestApi
from corsmith.api.tree import Memory, Tree
from corsmith.api.value import Known, Unknown
from corsmith.readers import source_of

from .terraform import api_of
from .translated import comparable, plain

FUNCTION = """
resource "aws_lambda_function" "fn" {
  function_name = "shop"
  handler       = "app.handler"
  runtime       = "python3.13"
  %s
}
"""


@pytest.mark.parametrize(
    ("stated", "more", "files", "found"),
    [
        ('filename = "src"', "", ["src/app.py"], "src/app.py"),
        (
            "filename = data.archive_file.z.output_path",
            'data "archive_file" "z" {\n type = "zip"\n source_dir = "src"\n output_path = "z.zip"\n}',
            ["src/app.py"],
            "src/app.py",
        ),
        (
            'filename = "./z.zip"',
            'data "archive_file" "z" {\n type = "zip"\n source_file = "code/app.py"\n output_path = "z.zip"\n}',
            ["code/app.py"],
            "code/app.py",
        ),
        (
            "s3_bucket = \"b\"\n  s3_key = aws_s3_object.o.key",
            ('resource "aws_s3_object" "o" {\n key = "z"\n source = data.archive_file.z.output_path\n}\n'
            'data "archive_file" "z" {\n type = "zip"\n source_dir = "src"\n output_path = "z.zip"\n}'),
            ["src/app.py"],
            "src/app.py",
        ),
        (
            "filename = data.archive_file.z.output_path",
            ('data "archive_file" "z" {\n type = "zip"\n output_path = "z.zip"\n source {\n'
            '  content = file("${path.module}/lib/app.py")\n  filename = "app.py"\n }\n}'),
            ["lib/app.py"],
            "lib/app.py",
        ),
        ('filename = "build/z.zip"', "", ["somewhere/app.py"], "somewhere/app.py"),
        ('filename = var.zip', 'variable "zip" {}', ["somewhere/app.py"], "somewhere/app.py"),
        ('package_type = "Image"\n  image_uri = "x"\n  image_config {\n    command = ["app.handler"]\n  }', "",
         ["somewhere/app.py"], "somewhere/app.py"),
        ('filename = "z.zip"', "", ["one/app.py", "two/app.py"], None),
        ('filename = "z.zip"', "", [], None),
    ],
)  # fmt: skip
def test_the_code_is_found(stated: str, more: str, files: list[str], found: str | None) -> None:
    sources = dict.fromkeys(files, "")
    api = api_of(FUNCTION % stated + more, sources)
    assert source_of(Tree(Memory(sources)), api.functions[0]).path == found


def test_code_of_an_infrastructure_folder_is_found_beside_it() -> None:
    from corsmith.readers import read

    files = {"infra/main.tf": FUNCTION % 'filename = "${path.module}/../build/z.zip"', "src/app.py": ""}
    api = read(Tree(Memory(files)), "infra/main.tf")
    assert api is not None
    assert source_of(Tree(Memory(files)), api.functions[0]).path == "src/app.py"
    assert api.functions[0].linked_by_search


def test_code_in_the_configuration_itself_is_inline() -> None:
    api = api_of(
        FUNCTION
        % "filename = data.archive_file.z.output_path"
        + 'data "archive_file" "z" {\n type = "zip"\n output_path = "z.zip"\n source {\n'
        '  filename = "app.py"\n  content = <<-EOT\n    def handler(event, context):\n        return 1\n  EOT\n }\n}'
    )
    assert plain(api.functions[0].inline) == "def handler(event, context):\n    return 1\n"


ROUTE = """
resource "aws_apigatewayv2_api" "api" {
  name          = "shop"
  protocol_type = "HTTP"
  target        = %s
}
"""


@pytest.mark.parametrize(
    "target",
    [
        "aws_lambda_function.fn.arn",
        "aws_lambda_function.fn.invoke_arn",
        '"arn:aws:lambda:eu-west-1:123456789012:function:shop"',
        '"arn:aws:lambda:${var.region}:${data.aws_caller_identity.me.account_id}:function:shop"',
        '"arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:1:function:shop:live/invocations"',
        "aws_lambda_alias.live.invoke_arn",
        'format("%s:%s", aws_lambda_function.fn.arn, "live")',
        "local.functions.shop",
    ],
)
def test_a_function_is_named_in_many_ways(target: str) -> None:
    api = api_of(
        FUNCTION % 'filename = "src"'
        + ROUTE % target
        + """
        variable "region" {}
        data "aws_caller_identity" "me" {}
        locals { functions = { shop = aws_lambda_function.fn.invoke_arn } }
        resource "aws_lambda_alias" "live" {
          name             = "live"
          function_name    = aws_lambda_function.fn.function_name
          function_version = "1"
        }
        """
    )
    door = api.front_doors[0]
    assert isinstance(door, HttpApi)
    made = door.routes[0].integration
    assert isinstance(made, LambdaProxy)
    assert plain(made.function) == "aws_lambda_function.fn"


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


REST = """
resource "aws_api_gateway_rest_api" "api" { name = "shop" }
resource "aws_api_gateway_method" "get" {
  rest_api_id   = aws_api_gateway_rest_api.api.id
  resource_id   = aws_api_gateway_rest_api.api.root_resource_id
  http_method   = "GET"
  authorization = "NONE"
}
resource "aws_api_gateway_integration" "get" {
  rest_api_id = aws_api_gateway_rest_api.api.id
  resource_id = aws_api_gateway_rest_api.api.root_resource_id
  http_method = aws_api_gateway_method.get.http_method
  type        = "HTTP_PROXY"
  uri         = "https://example.com"
}
resource "aws_api_gateway_method" "options" {
  rest_api_id   = aws_api_gateway_rest_api.api.id
  resource_id   = aws_api_gateway_rest_api.api.root_resource_id
  http_method   = "OPTIONS"
  authorization = "NONE"
}
resource "aws_api_gateway_integration" "options" {
  rest_api_id = aws_api_gateway_rest_api.api.id
  resource_id = aws_api_gateway_rest_api.api.root_resource_id
  http_method = aws_api_gateway_method.options.http_method
  type        = "MOCK"
}
resource "aws_api_gateway_integration_response" "options" {
  rest_api_id = aws_api_gateway_rest_api.api.id
  resource_id = aws_api_gateway_rest_api.api.root_resource_id
  http_method = aws_api_gateway_method.options.http_method
  status_code = "200"
  depends_on  = [aws_api_gateway_integration.options]
}
locals {
  get     = [aws_api_gateway_integration.get.id]
  options = [aws_api_gateway_integration_response.options.id]
}
resource "aws_api_gateway_stage" "live" {
  rest_api_id   = aws_api_gateway_rest_api.api.id
  deployment_id = aws_api_gateway_deployment.it.id
  stage_name    = "live"
}
resource "aws_api_gateway_deployment" "it" {
  rest_api_id = aws_api_gateway_rest_api.api.id
  %s
}
"""


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


def test_what_is_not_given_is_unknown_and_the_rest_goes_on() -> None:
    api = api_of(
        'variable "handler" {}\nvariable "env" {}\nresource "aws_lambda_function" "fn" {\n'
        '  function_name = "f"\n  handler = var.handler\n  environment {\n    variables = merge({ A = "1" }, var.env)\n  }\n}\n'
    )
    (function,) = api.functions
    assert isinstance(function.handler, Unknown)
    assert function.handler.because.startswith("the variable handler has no default")
    assert function.environment == ()


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
