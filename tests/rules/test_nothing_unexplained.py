"""Calls that were blocked once and that no rule explained."""

from __future__ import annotations

import pytest

from corsmith.api.caller import CallerFlags
from corsmith.api.tree import Memory, Tree
from corsmith.project.check import Checked, Question, check

from . import templates as t

MAPPED = """\
Resources:
  Shop: {Type: AWS::ApiGateway::RestApi, Properties: {Name: shop}}
  Call:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Shop
      ResourceId: !GetAtt Shop.RootResourceId
      HttpMethod: GET
      AuthorizationType: NONE
      Integration:
        Type: %s
        Uri: %s
        IntegrationHttpMethod: POST
        IntegrationResponses: [{StatusCode: "%s"}]
      MethodResponses: [{StatusCode: "%s"}]
"""
SAM = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Shop:
    Type: AWS::Serverless::Api
    Properties: {StageName: prod, Cors: "'*'"}
  Items:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: .
      Events: {Call: {Type: Api, Properties: {RestApiId: !Ref Shop, Path: "%s", Method: put}}}
"""


def checked(template: str, *methods: str) -> Checked:
    return check(
        Tree(Memory({"t.yaml": template, "app.py": t.handler()})), Question((".",), CallerFlags(methods=methods))
    )


@pytest.mark.parametrize("status", ["200", "302", "400", "404", "500"])
@pytest.mark.parametrize(
    ("kind", "uri"),
    [("HTTP", "https://backend.example/"), ("AWS", "arn:aws:apigateway:eu-west-1:dynamodb:action/GetItem")],
)
def test_an_answer_that_nothing_is_mapped_to(kind: str, uri: str, status: str) -> None:
    found = checked(MAPPED % (kind, uri, status, status))
    assert found.unexplained == ()
    assert [each.finding.rule for each in found.groups] == ["rest-method-missing-response-parameters"]


def test_what_befalls_any_function_is_known_of_one_that_is_not() -> None:
    """A crash and a function that is too slow are answered by API Gateway, whoever the function is."""
    elsewhere = t.rest_api(method="GET").replace(t.INVOKED, "arn:aws:lambda:eu-west-1:123456789012:function:other")
    found = checked(elsewhere)
    undecided = {each.situation for each in found.cells if each.undecided is not None}
    assert undecided == {""}
    assert {each.situation for each in found.cells} >= {"throttled", "crashed", "timed out"}


def test_a_validator_that_takes_preflights() -> None:
    validated = t.rest_api(
        "Access-Control-Allow-Origin: \"'*'\"",
        method="PUT",
        extra="  Checks:\n    Type: AWS::ApiGateway::RequestValidator\n"
        "    Properties: {RestApiId: !Ref Shop, ValidateRequestParameters: true, ValidateRequestBody: true}\n",
    ).replace(
        "HttpMethod: OPTIONS\n",
        "HttpMethod: OPTIONS\n      RequestValidatorId: !Ref Checks\n"
        "      RequestParameters: {method.request.header.X-Tenant: true}\n",
    )
    found = checked(validated, "PUT")
    assert found.unexplained == ()
    assert [each.finding.rule for each in found.groups if each.finding.severity == "error"] == [
        "preflight-blocked-in-front"
    ]
    without = checked(validated.replace("{method.request.header.X-Tenant: true}", "{}"), "PUT")
    assert without.unexplained == ()
    assert "preflight-blocked-in-front" not in {each.finding.rule for each in without.groups}


@pytest.mark.parametrize("path", ["/it\\tems", "/items\\n", "/items#top", "/items?all", "/it\\\\ems", "/items "])
def test_a_path_that_no_browser_asks_for_is_undecided(path: str) -> None:
    found = checked(SAM % path)
    assert found.unexplained == ()
    assert found.groups == ()
    assert {each.undecided.because for each in found.cells if each.undecided is not None} == {
        f"a browser asks for another path than {found.cells[0].route.path!r}"
    }


def test_a_path_with_a_blank_is_written_as_browsers_write_it() -> None:
    found = checked(SAM % "/it ems", "PUT")
    assert found.unexplained == ()
    assert [each for each in found.cells if each.verdict is not None and each.verdict.allowed]
