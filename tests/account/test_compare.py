"""What differs between an account and a project, or a stage and its working copy."""

from __future__ import annotations

import pytest

from corsmith.account.compare import Difference, differences, said
from corsmith.account.compare_project import DRIFT, Beside, beside, project_at
from corsmith.api.function_url import FunctionUrl, FunctionUrlCors
from corsmith.api.http_api import HttpApi, HttpApiCors
from corsmith.api.span import Span
from corsmith.api.tree import Memory, Tree
from corsmith.api.value import Known, Unknown, known_texts
from corsmith.readers import Settings

from . import states
from .states import GOOD_CORS, PAGE

SPAN = Span("a", 0, 1)

TEMPLATE = f"""\
Transform: AWS::Serverless-2016-10-31
Resources:
  Web:
    Type: AWS::Serverless::HttpApi
    Properties:
      CorsConfiguration:
        AllowOrigins: ["{PAGE}"]
        AllowMethods: [PUT]
        AllowHeaders: [Content-Type]
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.12
      Handler: app.handler
      CodeUri: .
      FunctionUrlConfig:
        AuthType: NONE
        Cors:
          AllowOrigins: ["{PAGE}"]
      Events:
        Put: {{Type: HttpApi, Properties: {{ApiId: !Ref Web, Path: /things, Method: put}}}}
"""


def drift(*units: object, template: str = TEMPLATE) -> Beside:
    tree = Tree(Memory({"template.yaml": template}))
    return beside(project_at(tree, ("template.yaml",), Settings()), iter(units))  # type: ignore[arg-type]


def tagged(logical: str, cors: dict[str, object]) -> object:
    api = states.http(cors=cors)
    api["api"]["Tags"] = {"aws:cloudformation:logical-id": logical}
    return states.unit(api)


def test_the_case_of_headers_is_no_drift() -> None:
    found = drift(tagged("Web", GOOD_CORS))
    assert found.found == ()
    assert found.absent == ("template.yaml:16: OrdersUrl was not found in what was read",)


def test_drift_is_named_with_both_places() -> None:
    (found,) = drift(tagged("Web", {**GOOD_CORS, "AllowOrigins": ["https://old.example.com"]})).found
    assert found.finding.rule == DRIFT
    assert found.finding.message == (
        "web (web456) is not as template.yaml:3 (Web) would deploy it: AllowOrigins (the account has "
        f"https://old.example.com, the project has {PAGE})."
    )
    assert found.deployed[0].arn.endswith("/apis/web456")
    assert [span.file for span in found.finding.spans] == ["template.yaml", "template.yaml"]


def test_a_tag_counts_before_what_looks_alike() -> None:
    found = drift(tagged("Other", GOOD_CORS))
    assert "template.yaml:3: Web was not found in what was read" in found.absent


def test_without_tags_routes_tell() -> None:
    alike = states.unit(states.http(cors=None))
    (found,) = drift(alike).found
    assert "the CORS configuration (only the project has it)" in found.finding.message
    other = states.http(cors=None, routes=[{"RouteId": "r", "RouteKey": "GET /x", "AuthorizationType": "NONE"}])
    assert drift(states.unit(other)).found == ()


def test_function_urls_are_found_by_their_function() -> None:
    function = states.function(urls=[states.url({"AllowOrigins": [PAGE], "AllowMethods": ["GET"]})])
    function["tags"] = {"aws:cloudformation:logical-id": "Orders"}
    (found,) = drift(states.url_unit(function)).found
    assert "AllowMethods (the account has get, the project has none)" in found.finding.message


def test_rest_apis_are_compared_down_to_values() -> None:
    template = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Shop:
    Type: AWS::Serverless::Api
    Properties:
      StageName: prod
      Cors: {AllowOrigin: "'https://shop.example.com'", AllowHeaders: "'content-type'", AllowMethods: "'POST,PUT'"}
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.12
      Handler: app.handler
      CodeUri: .
      Events:
        Post: {Type: Api, Properties: {RestApiId: !Ref Shop, Path: /items, Method: post}}
"""
    same = states.rest(gateway_responses=[])
    assert drift(states.unit(same), template=template).found == ()
    other = states.rest(
        gateway_responses=[], methods={"POST": states.proxy(), "OPTIONS": states.preflight(headers="x-a")}
    )
    (found,) = drift(states.unit(other), template=template).found
    assert "Access-Control-Allow-Headers of OPTIONS /items (the account has 'x-a', the project has 'content-type')" in (
        found.finding.message
    )
    assert any(each.arn.endswith("/methods/OPTIONS") for each in found.deployed)


def http(cors: HttpApiCors | None) -> HttpApi:
    return HttpApi("a", SPAN, cors=Known(cors))


@pytest.mark.parametrize(
    ("old", "new", "names"),
    [
        (None, None, []),
        (None, HttpApiCors(), ["the CORS configuration"]),
        (HttpApiCors(allow_origins=known_texts("A")), HttpApiCors(allow_origins=known_texts("a")), []),
        (HttpApiCors(allow_origins=known_texts("a", "b")), HttpApiCors(allow_origins=known_texts("b", "a")), []),
        (HttpApiCors(allow_origins=known_texts("a")), HttpApiCors(allow_origins=known_texts("b")), ["AllowOrigins"]),
        (HttpApiCors(allow_credentials=Known(False)), HttpApiCors(), []),
        (HttpApiCors(allow_credentials=Known(True)), HttpApiCors(), ["AllowCredentials"]),
        (HttpApiCors(max_age=Known(5)), HttpApiCors(max_age=Known(6)), ["MaxAge"]),
        (HttpApiCors(max_age=Known(5)), HttpApiCors(max_age=Unknown("a parameter")), []),
        (HttpApiCors(allow_headers=known_texts("a")), HttpApiCors(allow_headers=Unknown("a parameter")), []),
        (HttpApiCors(allow_headers=Known((Unknown("x"),))), HttpApiCors(allow_headers=known_texts("a")), []),
    ],
)
def test_cors_configurations(old: HttpApiCors | None, new: HttpApiCors | None, names: list[str]) -> None:
    assert [each.what for each in differences(http(old), http(new))] == names
    assert [each.what for each in differences(http(new), http(old))] == names


def test_different_kinds_are_not_compared() -> None:
    url = FunctionUrl("u", SPAN, Known("f"), cors=Known(FunctionUrlCors()))
    assert differences(http(HttpApiCors()), url) == ()


def test_how_differences_are_said() -> None:
    assert said(Difference("OPTIONS /a", None, "defined"), "old is", "new is") == "OPTIONS /a (new)"
    assert said(Difference("OPTIONS /a", "defined", None), "the stage serves", "defined is") == (
        "OPTIONS /a (the stage serves it, defined is not)"
    )
    assert said(Difference("X", "1", None), "old is", "new is") == "X (old is 1, new is none)"
