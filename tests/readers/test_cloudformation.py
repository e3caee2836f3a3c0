"""CloudFormation's resources, read one by one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from corsmith.api.front_door import HttpProxy, LambdaProxy
from corsmith.api.function_url import FunctionUrl
from corsmith.api.http_api import HttpApi
from corsmith.api.model import Api
from corsmith.api.rest_api import Mock, RestApi
from corsmith.api.tree import Memory, Tree
from corsmith.api.value import Known, Unknown
from corsmith.readers import read

from .translated import plain

FOLDER = Path(__file__).parents[1] / "fixtures" / "cloudformation"


def api_of(text: str, **files: str) -> Api:
    api = read(Tree(Memory({"t.template": text, **files})), "t.template")
    assert api is not None
    assert not api.problems
    return api


def fixture(name: str) -> Api:
    return api_of((FOLDER / name).read_text())


def test_methods_of_resources_become_paths() -> None:
    door = fixture("rest-methods.yaml").front_doors[0]
    assert isinstance(door, RestApi)
    methods = {(m.verb, m.path): m for m in door.methods}
    assert set(methods) == {("GET", "/items/{id}"), ("PUT", "/items/{id}"), ("OPTIONS", "/")}
    get, put, options = methods["GET", "/items/{id}"], methods["PUT", "/items/{id}"], methods["OPTIONS", "/"]
    authorizer = get.authorizer.get()
    assert authorizer is not None
    assert (authorizer.name, authorizer.kind) == ("Users", "cognito")
    assert plain(authorizer.identity_sources) == ["method.request.header.Authorization"]
    assert get.api_key_required.get() is True
    assert get.validates == ("body", "header X-Tenant")
    assert isinstance(get.integration, LambdaProxy)
    assert plain(get.integration) == {
        "function": "Fn", "payload_format": "1.0", "timeout_ms": 5000, "permitted": True, "streams": False
    }  # fmt: skip
    assert isinstance(put.integration, LambdaProxy)
    assert put.integration.permitted.get() is False
    required = options.authorizer.get()
    assert required is not None
    assert required.kind == "iam"
    assert isinstance(options.integration, Mock)
    assert plain(options.integration.passthrough) == "NEVER"
    assert plain(options.integration.responses[0].parameters) == [
        ["Access-Control-Allow-Origin", "'https://shop.example.com'"]
    ]
    assert options.responses[0].headers == ("Access-Control-Allow-Origin",)


def test_what_else_a_rest_api_has() -> None:
    api = fixture("rest-methods.yaml")
    door = api.front_doors[0]
    assert isinstance(door, RestApi)
    assert plain(door.binary_media_types) == ["*/*"]
    assert [plain(stage.name) for stage in door.stages] == ["live"]
    assert [(r.type, plain(r.parameters)) for r in door.gateway_responses] == [
        ("DEFAULT_4XX", [["Access-Control-Allow-Origin", "'https://shop.example.com'"]])
    ]
    assert [plain(function.code) for function in api.functions] == ["src"]
    assert {declared.text for declared in api.declared_origins} == {"'https://shop.example.com'"}


def test_routes_of_an_http_api() -> None:
    api = fixture("http-routes.json")
    (door,) = api.front_doors
    assert isinstance(door, HttpApi)
    assert plain(door.cors)["allow_origins"] == ["https://web.example.com"]
    assert plain(door.cors)["allow_credentials"] is True
    assert [(plain(s.name), plain(s.auto_deploy)) for s in door.stages] == [("live", False)]
    things, rest = door.routes
    assert (things.method, things.path) == ("GET", "/things")
    assert things.authorizer is not None
    assert (things.authorizer.kind, plain(things.authorizer.issuer)) == ("jwt", "https://idp.example.com")
    assert isinstance(things.integration, LambdaProxy)
    assert plain(things.integration.function) == "Fn"
    assert plain(things.integration.permitted) is True
    assert (rest.method, rest.path) == ("ANY", "$default")
    assert isinstance(rest.integration, HttpProxy)


URL = """\
Resources:
  Fn: { Type: AWS::Lambda::Function, Properties: { Runtime: python3.13, Handler: a.b, Code: . } }
  Url:
    Type: AWS::Lambda::Url
    Properties: { TargetFunctionArn: !GetAtt Fn.Arn, AuthType: NONE, Cors: { AllowOrigins: ["*"], MaxAge: 5 } }
"""
MAY_URL = (
    "  A: { Type: AWS::Lambda::Permission, "
    "Properties: { Action: lambda:InvokeFunctionUrl, "
    "FunctionName: !Ref Fn, Principal: '*', FunctionUrlAuthType: NONE } }\n"
)
MAY = (
    "  B: { Type: AWS::Lambda::Permission, "
    "Properties: { Action: lambda:InvokeFunction, "
    "FunctionName: !Ref Fn, Principal: '*', InvokedViaFunctionUrl: true } }\n"
)


@pytest.mark.parametrize(
    ("permissions", "url", "invoke", "written"),
    [
        ("", True, True, False),
        (MAY_URL, True, False, True),
        (MAY, False, True, True),
        (MAY_URL + MAY, True, True, True),
    ],
)
def test_the_two_permissions_of_a_function_url(permissions: str, url: bool, invoke: bool, written: bool) -> None:
    (door,) = api_of(URL + permissions).front_doors
    assert isinstance(door, FunctionUrl)
    assert (door.may_invoke_url.get(), door.may_invoke.get()) == (url, invoke)
    assert (door.may_invoke_url.span is not None) is written
    assert plain(door.function) == "Fn"
    assert plain(door.cors)["max_age"] == 5


QUICK = (
    "Resources:\n"
    "  Fn: { Type: AWS::Lambda::Function, "
    "Properties: { Handler: a.b, Runtime: python3.13, Code: . } }\n"
    "  Api: { Type: AWS::ApiGatewayV2::Api, "
    "Properties: { ProtocolType: HTTP, "
    "Name: n, Target: !GetAtt Fn.Arn%s } }\n"
)


def test_quick_create_makes_one_route() -> None:
    (door,) = api_of(QUICK % "").front_doors
    assert isinstance(door, HttpApi)
    assert [(r.method, r.path) for r in door.routes] == [("ANY", "$default")]
    (door,) = api_of(QUICK % ", RouteKey: GET /a").front_doors
    assert isinstance(door, HttpApi)
    assert [(r.method, r.path) for r in door.routes] == [("GET", "/a")]


ODD = {
    "properties that are a text": "Resources:\n  A: { Type: AWS::ApiGateway::RestApi, Properties: nothing }\n",
    "a resource that is a list": "Resources:\n  A: [x]\n  B: { Type: AWS::Lambda::Url }\n",
    "a resource under itself": (
        "Resources:\n  A: { Type: AWS::ApiGateway::RestApi }\n"
        "  R: { Type: AWS::ApiGateway::Resource, Properties: { RestApiId: !Ref A, ParentId: !Ref R, PathPart: r } }\n"
        "  M: { Type: AWS::ApiGateway::Method, Properties: { RestApiId: !Ref A, ResourceId: !Ref R, HttpMethod: GET } }\n"
    ),
    "an alias of itself": (
        "Resources:\n  L: { Type: AWS::Lambda::Alias, Properties: { FunctionName: !Ref L } }\n"
        "  U: { Type: AWS::Lambda::Url, Properties: { TargetFunctionArn: !Ref L } }\n"
    ),
    "a body that is a list": "Resources:\n  A: { Type: AWS::ApiGateway::RestApi, Properties: { Body: [1] } }\n",
    "paths that are a text": (
        "Resources:\n"
        "  A: { Type: AWS::ApiGateway::RestApi, "
        "Properties: { Body: { paths: x, "
        "securityDefinitions: [] } } }\n"
    ),
    "operations that are texts": (
        "Resources:\n"
        "  A: { Type: AWS::ApiGateway::RestApi, "
        "Properties: { Body: { paths: { /a: x, /b: { get: y } } } } }\n"
    ),
    "events that are a list": (
        "Resources:\n"
        "  A: { Type: AWS::Serverless::Function, "
        "Properties: { Events: [x], "
        "Environment: y, Handler: {}, CodeUri: [] } }\n"
    ),
    "sections of the wrong kind": (
        "Parameters: 3\n"
        "Mappings: []\n"
        "Conditions: x\n"
        "Globals: y\n"
        "Metadata: z\n"
        "Resources:\n"
        "  A: { Type: AWS::Lambda::Function }\n"
    ),
    "a condition that is a list": (
        "Conditions: { C: [1] }\nResources:\n  A: { Type: AWS::Lambda::Function, Condition: C }\n"
    ),
}


@pytest.mark.parametrize("name", ODD)
def test_odd_templates_are_read_as_far_as_they_go(name: str) -> None:
    api = api_of(ODD[name])
    assert api.front_doors or api.functions


def test_a_resource_whose_condition_does_not_hold_is_left_out() -> None:
    text = (
        "Conditions: { No: !Equals [a, b] }\n"
        "Resources:\n"
        "  A: { Type: AWS::ApiGateway::RestApi, Condition: No }\n"
        "  B: { Type: AWS::ApiGateway::RestApi }\n"
    )
    assert [door.name for door in api_of(text).front_doors] == ["B"]


def test_a_method_on_a_path_of_another_stack_is_left_out() -> None:
    text = (
        "Resources:\n  A: { Type: AWS::ApiGateway::RestApi }\n  M: { Type: AWS::ApiGateway::Method, "
        "Properties: { RestApiId: !Ref A, ResourceId: !ImportValue x, HttpMethod: GET } }\n"
    )
    (door,) = api_of(text).front_doors
    assert isinstance(door, RestApi)
    assert not door.methods


def test_code_of_an_asset_is_found_beside_cdk_out() -> None:
    metadata = {"aws:cdk:path": "Stack/Fn/Resource", "aws:asset:path": "asset.1"}
    properties = {"Handler": "app.handler", "Runtime": "python3.13", "Code": {"S3Bucket": "b", "S3Key": "k"}}
    body = {"Type": "AWS::Lambda::Function", "Properties": properties, "Metadata": metadata}
    text = json.dumps({"Resources": {"Fn": body}})
    for folder in ("cdk.out/asset.1", "asset.1"):
        api = read(Tree(Memory({"cdk.out/S.template.json": text, f"{folder}/app.py": ""})), "cdk.out/S.template.json")
        assert api is not None
        assert api.dialect == "cdk"
        assert api.constructs == (("Fn", "Stack/Fn/Resource"),)
        assert api.functions[0].code == Known(folder, api.functions[0].code.span, api.functions[0].code.via)  # type: ignore[union-attr]


def test_the_function_of_a_uri_is_unknown_where_it_is_of_another_stack() -> None:
    text = (
        "Parameters: { Arn: { Type: String } }\nResources:\n  A: { Type: AWS::ApiGatewayV2::Api, "
        "Properties: { ProtocolType: HTTP, Name: n, Target: !Ref Arn } }\n"
    )
    (door,) = api_of(text).front_doors
    assert isinstance(door, HttpApi)
    made = door.routes[0].integration
    assert isinstance(made, LambdaProxy)
    assert isinstance(made.function, Unknown)
    assert made.permitted.get() is True
