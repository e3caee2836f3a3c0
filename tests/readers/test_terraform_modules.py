"""Modules and variables: who gives which value."""

from __future__ import annotations

from typing import Any

import pytest

from corsmith.api.function_url import FunctionUrl
from corsmith.api.http_api import HttpApi, HttpApiCors
from corsmith.api.model import Api
from corsmith.api.tree import Memory, Tree
from corsmith.api.value import Known
from corsmith.project.discover import discover
from corsmith.readers import Settings, read, source_of

from .terraform import api_of
from .translated import plain

API = """
variable "origins" { %s }
resource "aws_apigatewayv2_api" "api" {
  name          = "shop"
  protocol_type = "HTTP"
  cors_configuration {
    allow_origins = var.origins
  }
}
"""
LIST = 'type = list(string)\n default = ["https://default.example.com"]'


def cors(api: Api) -> HttpApiCors:
    door = api.front_doors[0]
    assert isinstance(door, HttpApi)
    assert isinstance(door.cors, Known)
    assert door.cors.value is not None
    return door.cors.value


def origins(api: Api) -> Any:
    return plain(cors(api).allow_origins)


@pytest.mark.parametrize(
    ("files", "settings", "found"),
    [
        ({}, Settings(), "https://default.example.com"),
        ({"terraform.tfvars": 'origins = ["https://a.example.com"]'}, Settings(), "https://a.example.com"),
        ({"terraform.tfvars.json": '{"origins": ["https://j.example.com"]}'}, Settings(), "https://j.example.com"),
        (
            {
                "terraform.tfvars": 'origins = ["https://a.example.com"]',
                "x.auto.tfvars": 'origins = ["https://b.example.com"]',
            },
            Settings(),
            "https://b.example.com",
        ),
        (
            {
                "x.auto.tfvars": 'origins = ["https://b.example.com"]',
                "env/prod.tfvars": 'origins = ["https://prod.example.com"]',
            },
            Settings(var_files=("env/prod.tfvars",)),
            "https://prod.example.com",
        ),
        (
            {
                "env/dev.tfvars": 'origins = ["https://dev.example.com"]',
                "env/prod.tfvars": 'origins = ["https://prod.example.com"]',
            },
            Settings(stage="prod"),
            "https://prod.example.com",
        ),
        (
            {"terraform.tfvars": 'origins = ["https://a.example.com"]'},
            Settings(parameters={"origins": '["https://given.example.com"]'}),
            "https://given.example.com",
        ),
        ({"other/terraform.tfvars": 'origins = ["https://x.example.com"]'}, Settings(), "https://default.example.com"),
    ],
)
def test_a_variable_has_the_value_that_counts(files: dict[str, str], settings: Settings, found: str) -> None:
    assert origins(api_of(API % LIST, files, settings)) == [found]


def test_the_way_of_a_value_is_told() -> None:
    api = api_of(
        'locals {\n  all = [var.origin]\n}\nvariable "origin" { default = "https://a.example.com" }\n'
        'module "api" {\n  source  = "./api"\n  origins = local.all\n}\n',
        {"api/main.tf": API % "type = list(string)"},
    )
    (item,) = cors(api).allow_origins.get()  # type: ignore[union-attr]
    assert isinstance(item, Known)
    assert [step.what for step in item.via] == [
        "variable origins of module.api",
        "local all",
        "variable origin, its default",
    ]
    assert item.span is not None
    assert item.span.file == "main.tf"


def test_a_variable_without_a_value_is_unknown() -> None:
    assert origins(api_of(API % "type = list(string)")) == "unknown"


def test_a_variables_file_that_is_not_there_is_told() -> None:
    api = api_of(API % LIST, {}, Settings(var_files=("prod.tfvars",)))
    assert [(problem.file, problem.message) for problem in api.problems] == [
        ("prod.tfvars", "cannot be read: no such file")
    ]


def test_values_pass_through_modules_and_their_outputs() -> None:
    api = api_of(
        """
        module "fn" {
          source = "./modules/fn"
        }
        module "url" {
          source   = "./modules/url"
          for_each = { eu = "https://eu.example.com", us = "https://us.example.com" }
          function = module.fn.name
          origin   = each.value
        }
        """,
        {
            "modules/fn/main.tf": """
            resource "aws_lambda_function" "this" {
              function_name = "fn"
              handler       = "app.handler"
              runtime       = "python3.13"
              filename      = data.archive_file.this.output_path
            }
            data "archive_file" "this" {
              type        = "zip"
              source_dir  = "${path.module}/code"
              output_path = "x.zip"
            }
            output "name" { value = aws_lambda_function.this.function_name }
            """,
            "modules/fn/code/app.py": "",
            "modules/url/main.tf": """
            variable "function" {}
            variable "origin" {}
            resource "aws_lambda_function_url" "this" {
              function_name      = var.function
              authorization_type = "NONE"
              cors {
                allow_origins = [var.origin]
              }
            }
            """,
        },
    )
    assert not api.problems
    doors = {door.name: door for door in api.front_doors}
    assert set(doors) == {
        'module.url["eu"].aws_lambda_function_url.this',
        'module.url["us"].aws_lambda_function_url.this',
    }
    eu = doors['module.url["eu"].aws_lambda_function_url.this']
    assert isinstance(eu, FunctionUrl)
    assert plain(eu.function) == "module.fn.aws_lambda_function.this"
    assert isinstance(eu.cors, Known)
    assert eu.cors.value is not None
    assert plain(eu.cors.value.allow_origins) == ["https://eu.example.com"]
    tree = Tree(Memory({"modules/fn/code/app.py": ""}))
    assert source_of(tree, api.functions[0]).path == "modules/fn/code/app.py"


def test_optional_attributes_of_objects_are_filled_in() -> None:
    variable = """
variable "apis" {
  type = map(object({
    origins = optional(list(string), ["https://default.example.com"])
    age     = optional(number)
  }))
  default = { one = {} }
}
resource "aws_apigatewayv2_api" "api" {
  for_each      = var.apis
  name          = each.key
  protocol_type = "HTTP"
  cors_configuration {
    allow_origins = each.value.origins
    max_age       = each.value.age
  }
}
"""
    api = api_of(variable)
    assert [door.name for door in api.front_doors] == ['aws_apigatewayv2_api.api["one"]']
    assert origins(api) == ["https://default.example.com"]
    assert cors(api).max_age is None


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        ("count = 0", []),
        ("count = 2", ["aws_apigatewayv2_api.api[0]", "aws_apigatewayv2_api.api[1]"]),
        ("count = var.open ? 1 : 0", ["aws_apigatewayv2_api.api[0]"]),
        ("count = var.open", ["aws_apigatewayv2_api.api"]),
        ('for_each = toset(["b", "a"])', ['aws_apigatewayv2_api.api["a"]', 'aws_apigatewayv2_api.api["b"]']),
        ("for_each = var.open", ["aws_apigatewayv2_api.api"]),
        ('for_each = var.open ? { a = 1 } : {}', ['aws_apigatewayv2_api.api["a"]']),
    ],
)  # fmt: skip
def test_a_block_makes_as_many_as_it_says(arguments: str, names: list[str]) -> None:
    api = api_of(
        'variable "open" {}\nresource "aws_apigatewayv2_api" "api" {\n'
        f'  {arguments}\n  name = "x"\n  protocol_type = "HTTP"\n}}\n'
    )
    assert [door.name for door in api.front_doors] == names


DYNAMIC = """
variable "open" {}
resource "aws_apigatewayv2_api" "api" {
  name          = "shop"
  protocol_type = "HTTP"
  dynamic "cors_configuration" {
    for_each = %s
    content {
      allow_origins = [cors_configuration.value]
    }
  }
}
"""


@pytest.mark.parametrize(
    ("over", "found"),
    [
        ('["https://a.example.com"]', {"allow_origins": ["https://a.example.com"]}),
        ("[]", None),
        ('var.open ? ["https://a.example.com"] : []', {"one of": [{"allow_origins": ["https://a.example.com"]}, None]}),
        ("var.open", "unknown"),
    ],
)
def test_dynamic_blocks(over: str, found: Any) -> None:
    door = api_of(DYNAMIC % over).front_doors[0]
    assert isinstance(door, HttpApi)

    def shown(value: Any) -> Any:
        if isinstance(value, dict) and "one of" in value:
            return {"one of": [shown(option) for option in value["one of"]]}
        return {k: v for k, v in value.items() if v is not None} if isinstance(value, dict) else value

    assert shown(struct(door.cors)) == found


def struct(value: Any) -> Any:
    """A setting as plain data, what is a struct too."""
    if isinstance(value, Known):
        return struct(value.value)
    if isinstance(value, HttpApiCors):
        names = [name for name in value.__struct_fields__ if name != "span"]
        return {name: plain(getattr(value, name)) for name in names}
    if hasattr(value, "options"):
        return {"one of": [struct(option) for option in value.options]}
    return plain(value)


def test_override_files_count_last() -> None:
    api = api_of(
        API % LIST,
        {
            "override.tf": 'resource "aws_apigatewayv2_api" "api" {\n  cors_configuration {\n'
            '    allow_origins = ["https://override.example.com"]\n  }\n}\n'
        },
    )
    assert origins(api) == ["https://override.example.com"]


def test_opentofu_takes_its_own_file_in_place_of_terraforms() -> None:
    tree = Tree(Memory({"main.tf": API % LIST, "main.tofu": API % 'default = ["https://tofu.example.com"]'}))
    api = read(tree, "main.tofu")
    assert api is not None
    assert origins(api) == ["https://tofu.example.com"]


@pytest.mark.parametrize(
    ("files", "target", "found"),
    [
        ({"main.tf": API, "cors.tf": ""}, ".", ("main.tf",)),
        ({"a.tf": API, "b.tf": API}, ".", ("a.tf",)),
        ({"one/x.tf": API, "two/y.tf": API}, ".", ("one/x.tf", "two/y.tf")),
        ({"main.tf": 'module "m" {\n source = "./m" \n}', "m/main.tf": API}, ".", ("main.tf",)),
        ({"main.tf": 'module "m" {\n source = "./m" \n}', "m/main.tf": API}, "m", ("m/main.tf",)),
        ({"live/main.tf": 'module "m" {\n source = "../m" \n}', "m/main.tf": API}, ".", ("live/main.tf",)),
        ({"main.tf": API, "cors.tf": ""}, "cors.tf", ("main.tf",)),
        ({"main.tf": 'resource "aws_s3_bucket" "b" {}'}, ".", ()),
        ({"main.tf.json": '{"resource": {"aws_lambda_function": {}}}'}, ".", ("main.tf.json",)),
        ({"a/main.tf": 'module "b" {\n source = "../b"\n}', "b/main.tf": 'module "a" {\n source = "../a"\n}'}, ".",
         ("a/main.tf", "b/main.tf")),
    ],
)  # fmt: skip
def test_a_project_is_a_root_module(files: dict[str, str], target: str, found: tuple[str, ...]) -> None:
    assert discover(Tree(Memory(files)), target).templates == found


def test_modules_from_elsewhere_are_unknown() -> None:
    api = api_of(
        'module "api" {\n  source = "git::https://git.example.com/api.git"\n}\n'
        'resource "aws_lambda_function_url" "u" {\n  function_name = module.api.name\n  authorization_type = "NONE"\n}\n'
    )
    door = api.front_doors[0]
    assert isinstance(door, FunctionUrl)
    assert plain(door.function) == "unknown"
    assert not api.problems


def test_a_module_for_cors_that_is_not_there_is_told() -> None:
    api = api_of('module "cors" {\n  source = "app.terraform.io/shop/cors/aws"\n  api_id = "x"\n}\n')
    assert [problem.message for problem in api.problems] == [
        (
            "module.cors comes from app.terraform.io/shop/cors/aws, which is not in the project: "
            "the CORS that it sets is not read"
        )
    ]


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("./missing", "module.m is not read: there is no module in missing"),
        ("./", "module.m is not read: its modules call each other in a circle, or too deep"),
    ],
)
def test_modules_that_cannot_be_read_are_told(source: str, message: str) -> None:
    api = api_of(f'module "m" {{\n  source = "{source}"\n}}\n')
    assert [(problem.line, problem.message) for problem in api.problems] == [(1, message)]
