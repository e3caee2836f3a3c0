"""Where the code of Terraform's functions is, and how functions are named."""

from __future__ import annotations

import pytest

from corsmith.api.front_door import LambdaProxy
from corsmith.api.http_api import HttpApi
from corsmith.api.tree import Memory, Tree
from corsmith.readers import source_of

from .terraform import FUNCTION, api_of
from .translated import plain


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
        (
            "filename = data.archive_file.z.output_path",
            'data "archive_file" "z" {\n type = "zip"\n source_dir = "fn/dist"\n output_path = "z.zip"\n}',
            ["fn/src/app.py", "other/src/app.py"],
            "fn/src/app.py",
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
