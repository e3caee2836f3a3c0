"""Settings without a value, conditions, wildcards: the right rule at the right line, and a fix that holds."""

from __future__ import annotations

import pytest

from corsmith.api.caller import CallerFlags
from corsmith.api.finding import Severity
from corsmith.api.span import locate
from corsmith.api.tree import Memory, Tree
from corsmith.project.check import Question, check
from corsmith.project.repair import checked, repair

QUESTION = Question((".",), CallerFlags(origins=("https://app.example.com",)))
APP = 'def handler(event, context):\n    return {"statusCode": 200, "body": ""}\n'
FUNCTION = """\
  F:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.12
      Handler: app.handler
      Events:
        Put: {Type: HttpApi, Properties: {Path: /, Method: PUT%s}}
"""
NAMED = FUNCTION % ", ApiId: !Ref ShopApi"
HEAD = "Transform: AWS::Serverless-2016-10-31\n"
API = "Resources:\n  ShopApi:\n    Type: AWS::Serverless::HttpApi\n"
CORS = "    Properties:\n      CorsConfiguration:\n"

WRITTEN = {
    "settings without a value": (
        f"{HEAD}{API}    Properties:\n      CorsConfiguration:\n{NAMED}",
        ("httpapi-no-cors-config", "  ShopApi:"),
        "      CorsConfiguration:\n        AllowOrigins:\n          - https://app.example.com\n",
    ),
    "properties without a value": (
        f"{HEAD}{API}    Properties:\n{NAMED}",
        ("httpapi-no-cors-config", "  ShopApi:"),
        "    Properties:\n      CorsConfiguration:\n        AllowOrigins:\n",
    ),
    "a section of Globals without a value": (
        f"{HEAD}Globals:\n  HttpApi:\nResources:\n{FUNCTION % ''}",
        ("httpapi-no-cors-config", "  HttpApi:"),
        "  HttpApi:\n    CorsConfiguration:\n",
    ),
    "a wildcard, with a method missing": (
        HEAD + API + CORS + "        AllowOrigins: ['*']\n        AllowMethods: [GET]\n" + NAMED,
        ("allow-methods-missing", "        AllowMethods: [GET]"),
        "AllowMethods: [GET, PUT]",
    ),
}


@pytest.mark.parametrize("name", WRITTEN)
def test_what_is_found_and_what_repairs_it(name: str) -> None:
    template, (rule, line), repaired = WRITTEN[name]
    files = {"template.yaml": template, "app.py": APP}
    before = check(Tree(Memory(files)), QUESTION)
    (found,) = before.groups
    assert found.finding.rule == rule
    place = locate(found.finding.spans[0], template)
    assert template.split("\n")[place.line - 1] == line
    result = repair(QUESTION, before, lambda finding, fix: fix.safe)
    assert repaired in result.after.tree.read("template.yaml")
    left = [each.finding for each in checked(QUESTION, result.after).groups]
    assert {each.severity for each in left} <= {Severity.INFO}


SUFFIX = """\
def handler(event, context):
    origin = event["headers"].get("origin") or event["headers"].get("Origin") or ""
    headers = {"Vary": "Origin"}
    if origin.endswith("example.com"):
        headers["Access-Control-Allow-Origin"] = origin
    return {"statusCode": 200, "headers": headers, "body": ""}
"""


def test_a_weak_test_of_the_origin_is_shown_in_the_code() -> None:
    template = HEAD + "Resources:\n" + (FUNCTION % "").replace("HttpApi", "Api").replace("PUT", "GET")
    found = check(Tree(Memory({"template.yaml": template, "app.py": SUFFIX})), QUESTION).groups
    (weak,) = (each.finding for each in found if each.finding.rule == "insecure-suffix-origin-match")
    assert {span.file for span in weak.spans} == {"app.py"}


EXPLICIT = """\
Resources:
  Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: shop}}
  Options:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: OPTIONS
      AuthorizationType: AWS_IAM
      Integration: {Type: MOCK, RequestTemplates: {application/json: '{"statusCode": 200}'}}
  Put:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: PUT
      AuthorizationType: NONE
      Integration: {Type: HTTP_PROXY, IntegrationHttpMethod: PUT, Uri: https://shop.example}
"""


def test_an_authorizer_on_options_is_shown_where_it_is_written() -> None:
    found = check(Tree(Memory({"template.yaml": EXPLICIT})), QUESTION).groups
    (refused,) = (each.finding for each in found if each.finding.rule == "rest-options-requires-auth")
    assert EXPLICIT.split("\n")[locate(refused.spans[0], EXPLICIT).line - 1] == "      AuthorizationType: AWS_IAM"


def test_a_template_that_two_targets_name_is_checked_once() -> None:
    files = Memory({"template.yaml": HEAD + "Resources:\n" + FUNCTION % "", "app.py": APP})
    once = check(Tree(files), QUESTION)
    assert len(check(Tree(files), Question((".", "template.yaml", "./template.yaml"), QUESTION.flags)).cells) == len(
        once.cells
    )


def test_gateway_responses_that_lack_headers_are_shown_where_they_stand_together() -> None:
    template = (
        f"{HEAD}Resources:\n  Api:\n    Type: AWS::Serverless::Api\n    Properties:\n      StageName: prod\n"
        "      GatewayResponses:\n        UNAUTHORIZED: {StatusCode: 401}\n"
        + (FUNCTION % ", RestApiId: !Ref Api").replace("HttpApi", "Api").replace("PUT", "GET")
    )
    found = check(Tree(Memory({"template.yaml": template, "app.py": APP})), QUESTION).groups
    (lacking,) = (each.finding for each in found if each.finding.rule == "rest-missing-gateway-responses")
    assert template.split("\n")[locate(lacking.spans[0], template).line - 1] == "      GatewayResponses:"


def test_a_call_that_no_browser_can_make_is_undecided() -> None:
    template = f"{HEAD}Resources:\n" + FUNCTION.replace("Path: /", "Path: 12.12") % ""
    found = check(Tree(Memory({"template.yaml": template, "app.py": APP})), QUESTION)
    (reason,) = {cell.undecided.because for cell in found.cells if cell.undecided is not None}
    assert reason.startswith("no page can make this call (js:TypeError")
    assert found.unexplained == ()
