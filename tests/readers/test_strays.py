"""CORS settings that nothing reads, and those that are refused where they stand."""

from __future__ import annotations

import pytest

from corsmith.api.span import locate
from corsmith.api.tree import Memory, Tree
from corsmith.readers import read

from .translated import Refusal, translate

HEAD = "Transform: AWS::Serverless-2016-10-31\n"
SAM = """\
Resources:
  Shop:
    Type: AWS::Serverless::%(kind)s%(body)s
    Properties: {%(stage)s%(api)s}
  Items:
    Type: AWS::Serverless::Function%(function_body)s
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: .%(function)s
      Events:
        Call: {Type: %(kind)s, Properties: {%(named)s: !Ref Shop, Path: /, Method: get%(event)s}}
"""


def sam(kind: str = "HttpApi", head: str = "", **parts: str) -> str:
    values = dict.fromkeys(("body", "api", "function_body", "function", "event"), "") | parts
    rest = kind == "Api"
    values |= {"kind": kind, "stage": "StageName: p" if rest else "", "named": "RestApiId" if rest else "ApiId"}
    if rest and values["api"]:
        values["api"] = ", " + values["api"]
    return HEAD + head + SAM % values


STRAYS = {
    "Globals of the other kind": (
        sam(head="Globals:\n  Api: {Cors: \"'*'\"}\n"), [("Cors", ("Shop",))],
    ),
    "Globals of HTTP APIs": (
        sam("Api", "Globals:\n  HttpApi: {CorsConfiguration: true}\n"), [("CorsConfiguration", ("Shop",))],
    ),
    "beside Properties": (sam(body="\n    CorsConfiguration: true"), [("CorsConfiguration", ("Shop",))]),
    "beside a function's Properties": (sam(function_body="\n    Cors: true"), [("Cors", ("Items",))]),
    "in Auth of an event": (sam("Api", event=", Auth: {Cors: true}"), [("Cors", ("Items",))]),
    "in FunctionUrlConfig": (
        sam(function="\n      FunctionUrlConfig: {AuthType: NONE, CorsConfiguration: {AllowOrigins: ['*']}}"),
        [("CorsConfiguration", ("ItemsUrl",))],
    ),
    "in a REST definition": (
        sam("Api", api="DefinitionBody: {openapi: 3.0.1, paths: {}, x-amazon-apigateway-cors: {allowOrigins: ['*']}}"),
        [("x-amazon-apigateway-cors", ("Shop",))],
    ),
    "deep in an HTTP definition": (
        sam(api="DefinitionBody: {openapi: 3.0.1, info: {x-amazon-apigateway-cors: {allowOrigins: ['*']}}, paths: {}}"),
        [("x-amazon-apigateway-cors", ("Shop",))],
    ),
    "a member that the extension lacks": (
        sam(api="DefinitionBody: {openapi: 3.0.1, x-amazon-apigateway-cors: {allowOrigin: ['*']}, paths: {}}"),
        [("allowOrigin", ("Shop",))],
    ),
    "a WebSocket API": (
        (
        "Resources:\n  Talk:\n    Type: AWS::ApiGatewayV2::Api\n    Properties: {ProtocolType: WEBSOCKET, "
        "CorsConfiguration: {AllowOrigins: ['*']}}\n"
        ),
        [("CorsConfiguration", ())],
    ),
    "Globals that reach what there is": (sam(head="Globals:\n  HttpApi: {CorsConfiguration: true}\n"), []),
    "Globals of the other kind, but the API has its own": (
        sam(head="Globals:\n  Api: {Cors: \"'*'\"}\n", api="CorsConfiguration: true"), [],
    ),
    "where it belongs": (sam(api="CorsConfiguration: true"), []),
}  # fmt: skip
REFUSED = {
    "a function": (sam(function="\n      Cors: true"), "Items"),
    "an event": (sam(event=", CorsConfiguration: true"), "Items"),
    "a REST API": (sam("Api", api="CorsConfiguration: true"), "Shop"),
    "an HTTP API": (sam(api="Cors: true"), "Shop"),
}


@pytest.mark.parametrize("name", STRAYS)
def test_what_nothing_reads(name: str) -> None:
    text, expected = STRAYS[name]
    api = read(Tree(Memory({"template.yaml": text})), "template.yaml")
    assert api is not None
    assert [(each.key, each.doors) for each in api.strays] == expected
    for stray in api.strays:
        assert text[stray.span.start : stray.span.end] == stray.key
        assert locate(stray.span, text).line > 1
    if text.startswith(HEAD):
        # What is stray deploys: else it would be refused.
        assert translate(text)


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused(name: str) -> None:
    text, api_name = REFUSED[name]
    api = read(Tree(Memory({"template.yaml": text})), "template.yaml")
    assert api is not None
    assert [(each.what, each.api) for each in api.refused] == [("misplaced", api_name)]
    with pytest.raises(Refusal):
        translate(text)


PLAIN = {
    "a REST API": ("AWS::ApiGateway::RestApi", "CorsConfiguration: {AllowOrigins: ['*']}", "misplaced"),
    "a stage": ("AWS::ApiGatewayV2::Stage", "CorsConfiguration: {AllowOrigins: ['*']}", "misplaced"),
    "a function": ("AWS::Lambda::Function", "Cors: {AllowOrigins: ['*']}", "misplaced"),
    "an HTTP API, SAM's name": ("AWS::ApiGatewayV2::Api", "Cors: {AllowOrigins: ['*']}", "misplaced"),
    "a URL, the API's name": ("AWS::Lambda::Url", "CorsConfiguration: {AllowOrigins: ['*']}", "misplaced"),
    "an HTTP API's member": ("AWS::ApiGatewayV2::Api", "CorsConfiguration: {AllowOrigin: ['*']}", "unknown-key"),
    "a URL's member": ("AWS::Lambda::Url", "Cors: {AllowedOrigins: ['*']}", "unknown-key"),
    "an HTTP API": ("AWS::ApiGatewayV2::Api", "CorsConfiguration: {AllowOrigins: ['*']}", ""),
    "a URL": ("AWS::Lambda::Url", "Cors: {AllowOrigins: ['*']}", ""),
    "a condition": ("AWS::ApiGatewayV2::Api", "CorsConfiguration: {Fn::If: [A, {AllowOrigins: ['*']}, !Ref N]}", ""),
}


@pytest.mark.parametrize("name", PLAIN)
def test_what_cloudformation_refuses(name: str) -> None:
    kind, setting, what = PLAIN[name]
    text = f"Resources:\n  Thing:\n    Type: {kind}\n    Properties: {{{setting}}}\n"
    api = read(Tree(Memory({"template.yaml": text})), "template.yaml")
    assert api is not None
    assert [(each.what, each.by) for each in api.refused] == ([(what, "CloudFormation")] if what else [])
