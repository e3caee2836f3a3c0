"""Cutting the file at a value's span gives the value back, in whatever dress the file comes."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from corsmith.api.tree import Memory, Tree
from corsmith.api.value import Known
from corsmith.readers import read
from corsmith.readers.terraform.templates import plain_text

from . import fixtures
from .test_spans import values

FOLDER = Path(__file__).parents[1] / "fixtures" / "terraform"
NAMES = ("http-api.tf", "rest-methods.tf")
OPENAPI = """openapi: "3.0.1"
x-amazon-apigateway-gateway-responses:
  DEFAULT_4XX:
    responseParameters:
      gatewayresponse.header.Access-Control-Allow-Origin: "'${origin}'"
      gatewayresponse.header.Access-Control-Allow-Methods: "'GET,é'"
paths:
  /items:
    get:
      x-amazon-apigateway-integration: {type: aws_proxy, httpMethod: POST, uri: "${uri}"}
    options:
      x-amazon-apigateway-integration:
        type: mock
        requestTemplates: {application/json: '{"statusCode": 200}'}
        responses:
          default:
            statusCode: "200"
            responseParameters:
              method.response.header.Access-Control-Allow-Origin: "'https://shop.example.com'"
"""
BODIES = {
    "templatefile": 'templatefile("${path.module}/api.yaml", { origin = "https://a.example.com", uri = local.uri })',
    "heredoc": "<<EOT\n" + OPENAPI.replace("${origin}", "${local.origin}").replace("${uri}", "${local.uri}") + "EOT",
    "indented heredoc": "<<-EOT\n"
    + "".join(
        f"    {line}\n"
        for line in OPENAPI.replace("${origin}", "${local.origin}").replace("${uri}", "${local.uri}").splitlines()
    )
    + "  EOT",
    "a local value": "local.body",
}


def cut_of(value: Known[Any], files: dict[str, str]) -> str:
    assert value.span is not None
    return files[value.span.file].removeprefix("\ufeff")[value.span.start : value.span.end]


def says(cut: str, value: Any) -> bool:
    """Whether what stands at a span is the value: as it is, quoted, or a template that is filled in elsewhere."""
    if isinstance(value, bool | int):
        return cut.strip('"').lower() == str(value).lower()
    if "${" in cut:
        pieces = [re.escape(plain_text(piece)) for piece in re.split(r"\$\{[^}]*\}", cut.strip('"'))]
        return re.fullmatch(".*".join(pieces), value, re.DOTALL) is not None
    quoted = cut[:1] == '"' == cut[-1:]
    return value in (cut, plain_text(cut[1:-1])) if quoted else value in (cut, cut.strip("'"))


@pytest.mark.parametrize("dress", fixtures.DRESSES)
@pytest.mark.parametrize("name", NAMES)
def test_the_cut_at_the_span_is_the_value(name: str, dress: str) -> None:
    files = {"main.tf": fixtures.DRESSES[dress]((FOLDER / name).read_text())}
    api = read(Tree(Memory({"main.tf": files["main.tf"].removeprefix("\ufeff")})), "main.tf")
    assert api is not None
    assert not api.problems
    seen = 0
    for value in values(api):
        cut = cut_of(value, files)
        assert says(cut, value.value), (cut, value.value)
        seen += 1
    assert seen > 2


@pytest.mark.parametrize("how", BODIES)
@pytest.mark.parametrize("dress", ["as it is", "CRLF"])
def test_values_of_a_definition_stand_in_its_own_text(how: str, dress: str) -> None:
    main = f"""
locals {{
  origin = "https://a.example.com"
  uri    = aws_lambda_function.fn.invoke_arn
  body   = {BODIES["templatefile"]}
}}
resource "aws_lambda_function" "fn" {{
  function_name = "fn"
}}
resource "aws_api_gateway_rest_api" "api" {{
  name = "é"
  body = {BODIES[how]}
}}
"""
    change = fixtures.DRESSES[dress]
    files = {"main.tf": change(main), "api.yaml": change(OPENAPI)}
    api = read(Tree(Memory(files)), "main.tf")
    assert api is not None
    assert not api.problems
    assert len(api.front_doors) == 1
    expected = "'https://shop.example.com'"
    found = [value for value in values(api) if value.value == expected]
    assert [says(cut_of(value, files).strip('"'), expected) for value in found] == [True, True]
    assert {value.span.file for value in found if value.span is not None} == {
        "api.yaml" if how in ("templatefile", "a local value") else "main.tf"
    }
    filled = [value for value in values(api) if value.value == "'https://a.example.com'"]
    assert ["origin}" in cut_of(value, files) for value in filled] == [True, True]


def test_json_files_have_spans_too() -> None:
    text = json.dumps(
        {
            "variable": {"origin": {"default": "https://é.example.com"}},
            "resource": {
                "aws_apigatewayv2_api": {
                    "api": {
                        "name": "shop",
                        "protocol_type": "HTTP",
                        "cors_configuration": {
                            "allow_origins": ["${var.origin}", "https://b.example.com"],
                            "max_age": 5,
                        },
                    }
                }
            },
        },
        ensure_ascii=False,
        indent=1,
    )
    api = read(Tree(Memory({"main.tf.json": text})), "main.tf.json")
    assert api is not None
    assert not api.problems
    found = list(values(api))
    assert {value.value for value in found} >= {"https://é.example.com", "https://b.example.com", 5}
    for value in found:
        assert says(cut_of(value, {"main.tf.json": text}), value.value)


def test_the_parts_of_a_split_text_have_places_of_their_own() -> None:
    main = """
variable "origins" { default = "https://a.example.com,https://é.example.com" }
resource "aws_apigatewayv2_api" "api" {
  name          = "x"
  protocol_type = "HTTP"
  cors_configuration {
    allow_origins = split(",", var.origins)
    allow_methods = split(",", "GET,POST")
  }
}
"""
    api = read(Tree(Memory({"main.tf": main})), "main.tf")
    assert api is not None
    found = [value for value in values(api) if isinstance(value.value, str) and "," not in value.value]
    assert [value.value for value in found][:4] == ["https://a.example.com", "https://é.example.com", "GET", "POST"]
    for value in found:
        assert cut_of(value, {"main.tf": main}) == value.value
