"""Templates as people write them: anchors, aliases, merge keys, comments inside braces, one-line blocks, tabs, `!If`."""

from __future__ import annotations

import hcl2
import pytest

from corsmith.api.caller import CallerFlags
from corsmith.api.finding import Severity
from corsmith.api.tree import Memory, Tree
from corsmith.project.check import Question, check
from corsmith.project.repair import checked, repair

ORIGIN = "https://app.example.com"
HANDLER = 'def handler(event, context):\n    return {"statusCode": 200, "body": ""}\n'
HEAD = "Transform: AWS::Serverless-2016-10-31\n"
FUNCTION = """\
  Items:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: .
      Events: {Put: {Type: HttpApi, Properties: {ApiId: !Ref Shop, Path: /items, Method: PUT}}}
"""
SHOP = "Resources:\n  Shop:\n    Type: AWS::Serverless::HttpApi\n    Properties:\n"
MERGED = """\
      CorsConfiguration:
        <<: *base
        AllowOrigins: [https://app.example.com] # ours
"""
BRACES = """\
      CorsConfiguration: { # cors
        AllowOrigins: [ # pages
          https://app.example.com, # app
        ], # end
        AllowMethods: [GET] # only get
      }
"""
IF = """\
      CorsConfiguration: !If
        - Live
        - {AllowOrigins: [https://live.example.com], AllowMethods: [GET]}
        - AllowOrigins: ['*']
          AllowMethods: [GET]
"""
IF_AFTER = """\
        - {AllowOrigins: [https://live.example.com], AllowMethods: [GET]}
        - AllowOrigins: ['https://app.example.com']
          AllowMethods: [GET, PUT]
          AllowCredentials: true
"""
SETTINGS = [
    (
        "X-Base: &base\n  AllowMethods: [PUT]\n  AllowHeaders: [x-a]\n" + SHOP,
        MERGED,
        ["  AllowHeaders: [x-a, x-b]", f"{MERGED}        AllowCredentials: true"],
    ),
    (
        "X-Base: &base {AllowMethods: [PUT]}\n" + SHOP,
        "      CorsConfiguration: {<<: *base, AllowOrigins: [https://app.example.com]}\n",
        ["{<<: *base, AllowOrigins: [https://app.example.com], AllowCredentials: true, AllowHeaders: [x-b]}"],
    ),
    (
        "X-Base: &base {AllowOrigins: [https://app.example.com], AllowMethods: [PUT]}\n" + SHOP,
        "      CorsConfiguration: {<<: *base}\n",
        ["{<<: *base, AllowCredentials: true, AllowHeaders: [x-b]}"],
    ),
    (
        SHOP,
        BRACES,
        ["AllowMethods: [GET, PUT], # only get\n        AllowCredentials: true,\n        AllowHeaders: [x-b]\n      }"],
    ),
    (
        "X-Pages: &pages [https://old.example.com]\n" + SHOP,
        "      CorsConfiguration:\n        AllowOrigins: *pages\n        AllowMethods: &m [PUT]\n",
        ["X-Pages: &pages [https://old.example.com, https://app.example.com]", "        AllowOrigins: *pages"],
    ),
    ("Conditions: {Live: !Equals [a, b]}\n" + SHOP, IF, [IF_AFTER]),
]


def repaired(files: dict[str, str]) -> dict[str, str]:
    flags = CallerFlags(origins=(ORIGIN,), methods=("PUT",), headers=(("x-b", "1"),), credentials=True)
    question = Question((".",), flags)
    before = check(Tree(Memory({**files, "app.py": HANDLER})), question)
    result = repair(question, before, lambda finding, fix: True)
    after = checked(question, result.after)
    assert [each.finding.rule for each in after.groups if each.finding.severity is Severity.ERROR] == []
    assert after.problems == before.problems == ()
    return {file: new for file, (_, new) in result.changed().items()}


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize(("head", "settings", "wanted"), SETTINGS)
def test_a_template(head: str, settings: str, wanted: list[str], end: str) -> None:
    text = (HEAD + head + settings + FUNCTION).replace("\n", end)
    new = repaired({"template.yaml": text})["template.yaml"]
    for each in wanted:
        assert each.replace("\n", end) in new, new
    assert new.endswith(FUNCTION.replace("\n", end))


API = """\
resource "aws_apigatewayv2_api" "h" {
  name          = "h"
  protocol_type = "HTTP"
@cors}

resource "aws_apigatewayv2_integration" "i" {
  api_id                 = aws_apigatewayv2_api.h.id
  integration_type       = "AWS_PROXY"
  integration_uri        = aws_lambda_function.f.invoke_arn
  payload_format_version = "2.0"
}

resource "aws_apigatewayv2_route" "r" {
  api_id    = aws_apigatewayv2_api.h.id
  route_key = "PUT /h"
  target    = "integrations/${aws_apigatewayv2_integration.i.id}"
}

resource "aws_lambda_permission" "p" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.f.function_name
  principal     = "apigateway.amazonaws.com"
}

resource "aws_lambda_function" "f" {
  function_name = "f"
  role          = "arn:aws:iam::123456789012:role/f"
  handler       = "app.handler"
  runtime       = "python3.13"
  filename      = "app.zip"
}
"""
LIST = """\
  cors_configuration {
    allow_origins = ["https://app.example.com"]
    allow_methods = [
      "GET" // only
    ]
  }
"""
DYNAMIC = """\
  dynamic "cors_configuration" {
    for_each = [1]
    content {
      allow_origins = ["https://app.example.com"]
      allow_methods = ["GET"]
    }
  }
"""
BLOCKS = [
    (
        '  cors_configuration { allow_origins = ["https://app.example.com"] }\n',
        '  cors_configuration {\n    allow_origins = ["https://app.example.com"]\n',
    ),
    (LIST, '    allow_methods = [\n      "GET", // only\n      "PUT"\n    ]\n'),
    (
        '  cors_configuration {\n    allow_origins     = ["https://app.example.com"]\n    max_age           = 5\n  }\n',
        "    max_age           = 5\n    allow_credentials = true\n",
    ),
    ("", '\n  cors_configuration {\n    allow_origins     = ["https://app.example.com"]\n'),
    (DYNAMIC, '      allow_methods = ["GET", "PUT"]\n'),
]


@pytest.mark.parametrize("tabs", [False, True], ids=["blanks", "tabs"])
@pytest.mark.parametrize(("block", "wanted"), BLOCKS)
def test_a_block_of_terraform(block: str, wanted: str, *, tabs: bool) -> None:
    text = API.replace("@cors", block)
    lay_out = (lambda given: "\n".join(_tabbed(line) for line in given.split("\n"))) if tabs else str
    new = repaired({"main.tf": lay_out(text)})["main.tf"]
    assert lay_out(wanted) in new, new
    assert hcl2.loads(new)
    # Terraform takes no second argument where the first stands on the line of the brace.
    assert "cors_configuration { allow" not in new


def _tabbed(line: str) -> str:
    own = len(line) - len(line.lstrip(" "))
    return "\t" * (own // 2) + line[own:]


MISPLACED = [
    (
        "Shop: {Type: AWS::Serverless::HttpApi, Properties: {Cors: {AllowOrigins: [https://app.example.com]}}}",
        "HttpApi",
        True,
    ),
    ("Shop:\n    Type: AWS::Serverless::HttpApi\n    Properties:\n      Cors: \"'*'\" # all", "HttpApi", False),
    (
        "Shop:\n    Type: AWS::Serverless::Api\n    Properties: {StageName: prod, CorsConfiguration: {AllowOrigins: ['https://a.example']}}",
        "Api",
        True,
    ),
]


@pytest.mark.parametrize(("shop", "kind", "safe"), MISPLACED)
def test_settings_that_stand_where_nothing_reads_them_are_moved(shop: str, kind: str, *, safe: bool) -> None:
    call = FUNCTION.replace("HttpApi", "Api").replace("ApiId", "RestApiId") if kind == "Api" else FUNCTION
    text = f"{HEAD}Resources:\n  {shop}\n{call}"
    question = Question((".",), CallerFlags(origins=(ORIGIN,), methods=("PUT",)))
    handler = HANDLER.replace('"body"', f'"headers": {{"Access-Control-Allow-Origin": "{ORIGIN}"}}, "body"')
    files = {"template.yaml": text, "app.py": handler if kind == "Api" else HANDLER}
    before = check(Tree(Memory(files)), question)
    assert {each.finding.rule for each in before.groups if each.finding.severity is Severity.ERROR} == {
        "cors-config-on-wrong-resource"
    }
    result = repair(question, before, lambda finding, fix: True)
    assert result.done[0][1].safe is safe
    after = checked(question, result.after)
    assert [each.finding.rule for each in after.groups if each.finding.severity is Severity.ERROR] == []
    assert ("Cors:" in result.after.tree.read("template.yaml")) is (kind == "Api")
    assert call in result.after.tree.read("template.yaml")
