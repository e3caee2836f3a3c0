"""Definitions with API Gateway's extensions, standing alone or in files of a SAM project."""

from __future__ import annotations

import pytest

from corsmith.api.front_door import HttpProxy, LambdaProxy
from corsmith.api.http_api import HttpApi
from corsmith.api.model import Api
from corsmith.api.rest_api import Mapped, Mock, RestApi
from corsmith.api.tree import Memory, Tree
from corsmith.api.value import Unknown
from corsmith.readers import read

from .translated import plain

REST = """\
swagger: "2.0"
info: { title: pets, version: "1" }
security: [ { ignored: [] } ]
x-amazon-apigateway-binary-media-types: [image/png]
x-amazon-apigateway-request-validators:
  all: { validateRequestBody: true, validateRequestParameters: true }
x-amazon-apigateway-gateway-responses:
  DEFAULT_5XX: { statusCode: "503", responseParameters: { gatewayresponse.header.Access-Control-Allow-Origin: "'*'" } }
x-amazon-apigateway-policy:
  Statement:
    - { Effect: Deny, Principal: "*", Action: "execute-api:Invoke", Resource: "execute-api:/*/OPTIONS/pets" }
    - { Effect: Deny, Principal: "*", Action: "execute-api:Invoke", Resource: "execute-api:/*", Condition: { IpAddress: {} } }
    - { Effect: Deny, Principal: { AWS: "*" }, Action: "execute-api:*", Resource: ["arn:aws:execute-api:x:1:abc/live/GET/x"] }
securityDefinitions:
  key: { type: apiKey, name: x-api-key, in: header }
  sig: { type: apiKey, name: Authorization, in: header, x-amazon-apigateway-authtype: awsSigv4 }
  gate:
    type: apiKey
    name: X-Token
    in: header
    x-amazon-apigateway-authtype: custom
    x-amazon-apigateway-authorizer: { type: token, authorizerUri: "arn:x", identityValidationExpression: "^a" }
  many:
    type: apiKey
    name: Unused
    in: header
    x-amazon-apigateway-authorizer:
      { type: request, identitySource: "method.request.header.A, context.b", authorizerUri: "arn:x" }
paths:
  /pets/:
    parameters: [ { name: X-All, in: header, required: true } ]
    get:
      security: [ { gate: [], key: [] } ]
      x-amazon-apigateway-request-validator: all
      parameters: [ { name: page, in: query, required: true }, { name: id, in: path, required: true } ]
      requestBody: { content: { application/json: { schema: { type: object } } } }
      x-amazon-apigateway-integration: { type: AWS_PROXY, httpMethod: POST, uri: "arn:aws:lambda:x", credentials: "arn:role" }
    put:
      security: [ { sig: [] } ]
      x-amazon-apigateway-integration:
        type: aws
        uri: arn:aws:apigateway:eu-west-1:dynamodb:action/PutItem
        responses:
          "5\\\\d{2}": { statusCode: 502 }
          default: { statusCode: 200, responseParameters: { method.response.header.Access-Control-Allow-Origin: "'*'" } }
    post:
      security: [ { many: [] } ]
      x-amazon-apigateway-integration: { type: http, uri: "https://h.example.net", httpMethod: POST }
    options:
      x-amazon-apigateway-integration:
        type: mock
        contentHandling: CONVERT_TO_TEXT
        requestTemplates: { application/json: '{"statusCode": 200}' }
        responses: { default: { statusCode: 200 } }
    delete: { responses: { "200": { description: nothing behind it } } }
"""


def api_of(text: str) -> Api:
    api = read(Tree(Memory({"pets.yaml": text})), "pets.yaml")
    assert api is not None
    assert not api.problems
    return api


def test_a_rest_definition() -> None:
    api = api_of(REST)
    (door,) = api.front_doors
    assert api.dialect == "openapi"
    assert isinstance(door, RestApi)
    assert door.name == "pets"
    methods = {m.verb: m for m in door.methods}
    assert {m.path for m in door.methods} == {"/pets"}
    get = methods["GET"]
    gate = get.authorizer.get()
    assert gate is not None
    assert (gate.kind, plain(gate.identity_sources), plain(gate.token_validation)) == (
        "lambda_token",
        ["method.request.header.X-Token"],
        "^a",
    )
    assert get.api_key_required.get() is True
    assert get.validates == ("body", "header X-All", "querystring page")
    assert isinstance(get.integration, LambdaProxy)
    assert isinstance(methods["PUT"].integration, Mapped)
    assert [plain(r.selection_pattern) for r in methods["PUT"].integration.responses] == ["5\\d{2}", ""]
    signed, many = methods["PUT"].authorizer.get(), methods["POST"].authorizer.get()
    assert signed is not None
    assert signed.kind == "iam"
    assert many is not None
    assert plain(many.identity_sources) == ["method.request.header.A", "context.b"]
    assert isinstance(methods["OPTIONS"].integration, Mock)
    assert plain(methods["OPTIONS"].integration.content_handling) == "CONVERT_TO_TEXT"
    assert methods["OPTIONS"].authorizer.get() is None
    assert methods["DELETE"].integration is None
    assert plain(door.binary_media_types) == ["image/png"]
    assert [(r.type, plain(r.status)) for r in door.gateway_responses] == [("DEFAULT_5XX", "503")]


def test_what_a_policy_refuses_to_everyone() -> None:
    (door,) = api_of(REST).front_doors
    assert isinstance(door, RestApi)
    assert [(r.verbs, r.paths) for r in door.refusals] == [(("OPTIONS",), ("/pets",)), (("GET",), ("/x",))]


HTTP = """\
openapi: "3.0.1"
info: { title: web, version: "1" }
x-amazon-apigateway-cors:
  allowOrigins: ["https://w.example.com"]
  allowMethods: [GET]
  allowHeaders: [content-type]
  exposeHeaders: [etag]
  maxAge: 10
  allowCredentials: true
components:
  securitySchemes:
    idp:
      type: oauth2
      x-amazon-apigateway-authorizer:
        type: jwt
        identitySource: $request.header.Authorization
        jwtConfiguration: { issuer: "https://i.example.com", audience: [a] }
paths:
  /a:
    get:
      security: [ { idp: [] } ]
      x-amazon-apigateway-integration: { type: aws_proxy, payloadFormatVersion: "2.0", uri: "arn:x" }
    options:
      x-amazon-apigateway-integration: { type: mock }
  $default:
    x-amazon-apigateway-any-method:
      x-amazon-apigateway-integration: { type: http_proxy, uri: "https://h.example.net" }
"""


def test_an_http_definition() -> None:
    (door,) = api_of(HTTP).front_doors
    assert isinstance(door, HttpApi)
    cors = plain(door.cors)
    assert (cors["allow_origins"], cors["max_age"], cors["allow_credentials"]) == (["https://w.example.com"], 10, True)
    routes = {(r.method, r.path): r for r in door.routes}
    assert set(routes) == {("GET", "/a"), ("ANY", "$default")}, "an HTTP API takes no mock"
    get = routes["GET", "/a"]
    assert get.authorizer is not None
    assert (get.authorizer.kind, plain(get.authorizer.audience)) == ("jwt", ["a"])
    assert isinstance(get.integration, LambdaProxy)
    assert plain(get.integration.timeout_ms) == 30_000
    assert isinstance(routes["ANY", "$default"].integration, HttpProxy)


@pytest.mark.parametrize(
    "properties",
    [
        "DefinitionUri: pets.yaml",
        "DefinitionBody: { 'Fn::Transform': { Name: AWS::Include, Parameters: { Location: ./pets.yaml } } }",
    ],
)
def test_a_definition_in_a_file_of_the_project(properties: str) -> None:
    sam = (
        "Transform: AWS::Serverless-2016-10-31\nResources:\n  A:\n    Type: AWS::Serverless::Api\n"
        f"    Properties:\n      StageName: x\n      {properties}\n"
    )
    api = read(Tree(Memory({"app/template.yaml": sam, "app/pets.yaml": REST})), "app/template.yaml")
    assert api is not None
    (door,) = api.front_doors
    assert isinstance(door, RestApi)
    assert len(door.methods) == 5
    assert door.methods[0].span.file == "app/pets.yaml"


def test_sam_adds_options_to_what_is_included_and_refuses_cors_for_what_it_does_not_see() -> None:
    files = {"pets.yaml": "swagger: '2.0'\ninfo: {}\npaths: {/pets: {get: {responses: {}}}}\n"}
    sam = (
        "Transform: AWS::Serverless-2016-10-31\nResources:\n  A:\n    Type: AWS::Serverless::Api\n"
        "    Properties:\n      StageName: x\n      Cors: \"'*'\"\n      %s\n"
    )
    include = "DefinitionBody: {Fn::Transform: {Name: AWS::Include, Parameters: {Location: %s}}}"

    def options(properties: str) -> tuple[list[str], bool]:
        api = read(Tree(Memory({**files, "t.yaml": sam % properties})), "t.yaml")
        assert api is not None
        (door,) = api.front_doors
        assert isinstance(door, RestApi)
        return [each.path for each in door.methods if each.verb == "OPTIONS"], bool(api.refused)

    assert options(include % "pets.yaml") == (["/pets"], False)
    assert options(include % "s3://bucket/pets.yaml") == ([], False)
    assert options("DefinitionUri: pets.yaml") == ([], True)


def test_a_definition_in_s3_leaves_the_api_without_methods() -> None:
    sam = (
        "Transform: AWS::Serverless-2016-10-31\nResources:\n  A:\n    Type: AWS::Serverless::Api\n"
        "    Properties: { StageName: x, DefinitionUri: s3://b/k }\n"
    )
    api = read(Tree(Memory({"t.yaml": sam})), "t.yaml")
    assert api is not None
    (door,) = api.front_doors
    assert isinstance(door, RestApi)
    assert not door.methods
    assert [(p.line, p.column, p.message) for p in api.problems] == [
        (5, 33, "the definition of A is not in the project: its routes are not read")
    ]


def test_an_authorizer_that_is_not_defined_is_unknown() -> None:
    text = REST.replace("{ gate: [], key: [] }", "{ nowhere: [] }")
    (door,) = api_of(text).front_doors
    assert isinstance(door, RestApi)
    unknown = door.methods[0].authorizer
    assert isinstance(unknown, Unknown)
    assert unknown.because == "the authorizer nowhere is not defined in this template"
