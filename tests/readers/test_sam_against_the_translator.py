"""The model read from a SAM template equals the model read from what aws-sam-translator makes of it."""

from __future__ import annotations

import pytest

from corsmith.api.model import Refused
from corsmith.api.tree import Memory, Tree
from corsmith.readers import read

from . import fixtures
from .translated import Refusal, comparable, models, translate


@pytest.fixture(autouse=True)
def _region(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")


@pytest.mark.parametrize("name", fixtures.NAMES)
def test_a_fixture_means_what_the_translator_makes_of_it(name: str) -> None:
    mine, theirs = models(fixtures.text_of(name))
    assert not mine.problems
    assert not mine.refused
    assert mine.front_doors
    assert comparable(mine) == comparable(theirs)


HEAD = "Transform: AWS::Serverless-2016-10-31\nResources:\n"
FUNCTION = """\
  F:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: f.handler
      CodeUri: f
"""
EVENT = FUNCTION + "      Events: { E: { Type: Api, Properties: { Path: /a, Method: get, RestApiId: !Ref A%s } } }\n"
HTTP = FUNCTION + "      Events: { E: { Type: HttpApi, Properties: { Path: /a, Method: get, ApiId: !Ref A%s } } }\n"
REST_API = "  A: { Type: AWS::Serverless::Api, Properties: { StageName: x%s } }\n"
HTTP_API = "  A: { Type: AWS::Serverless::HttpApi, Properties: { Name: x%s } }\n"

REFUSED = {
    "a key that HTTP API CORS does not have": (
        HTTP_API % ", CorsConfiguration: { AllowOrigin: ['*'] }" + HTTP % "",
        "unknown-key",
        "AllowOrigin",
    ),
    "CORS of an HTTP API as text": (HTTP_API % ", CorsConfiguration: \"'*'\"" + HTTP % "", "wrong-type", "\"'*'\""),
    "wildcard and credentials, HTTP API": (
        HTTP_API % ", CorsConfiguration: { AllowOrigins: ['*'], AllowCredentials: true }" + HTTP % "",
        "wildcard-with-credentials",
        "true",
    ),
    "REST CORS of an HTTP API": (HTTP_API % ", Cors: \"'*'\"" + HTTP % "", "misplaced", "Cors"),
    "HTTP CORS of a REST API": (REST_API % ", CorsConfiguration: true" + EVENT % "", "misplaced", "CorsConfiguration"),
    "a key that REST CORS does not have": (
        REST_API % ", Cors: { ExposeHeaders: \"'x'\" }" + EVENT % "",
        "unknown-key",
        "ExposeHeaders",
    ),
    "REST CORS as a list": (REST_API % ", Cors: ['*']" + EVENT % "", "wrong-type", "['*']"),
    "REST CORS as a boolean": (REST_API % ", Cors: true" + EVENT % "", "wrong-type", "true"),
    "wildcard and credentials, REST API": (
        REST_API % ", Cors: { AllowOrigin: \"'*'\", AllowCredentials: true }" + EVENT % "",
        "wildcard-with-credentials",
        "true",
    ),
    "credentials and no origin, REST API": (
        REST_API % ", Cors: { AllowCredentials: true }" + EVENT % "",
        "wildcard-with-credentials",
        "true",
    ),
    "CORS over a file": (REST_API % ", DefinitionUri: s3://b/k, Cors: \"'*'\"" + FUNCTION, "misplaced", "\"'*'\""),
    "an authorizer that is not defined": (
        REST_API % ", Auth: { Authorizers: { P: { UserPoolArn: a } } }" + EVENT % ", Auth: { Authorizer: Q }",
        "authorizer",
        "Q",
    ),
    "NONE without a default": (REST_API % "" + EVENT % ", Auth: { Authorizer: NONE }", "authorizer", "NONE"),
    "a default that is not defined": (
        REST_API % ", Auth: { DefaultAuthorizer: Q, Authorizers: { P: { UserPoolArn: a } } }" + EVENT % "",
        "authorizer",
        "Q",
    ),
    "a default that is not defined, HTTP API": (
        HTTP_API % ", Auth: { DefaultAuthorizer: Q }" + HTTP % "",
        "authorizer",
        "Q",
    ),
    "an event's Auth that names nothing": (
        HTTP_API % "" + HTTP % ", Auth: { AuthorizationScopes: [a] }",
        "authorizer",
        "{ AuthorizationScopes: [a] }",
    ),
    "a Lambda authorizer without a payload format": (
        HTTP_API % ", Auth: { Authorizers: { G: { FunctionArn: !GetAtt F.Arn } } }" + HTTP % "",
        "authorizer",
        "G",
    ),
    "a JWT authorizer that looks nowhere": (
        HTTP_API % ", Auth: { Authorizers: { G: { JwtConfiguration: { issuer: i } } } }" + HTTP % "",
        "authorizer",
        "G",
    ),
    "a REQUEST authorizer that looks nowhere": (
        REST_API % ", Auth: { Authorizers: { G: { FunctionPayloadType: REQUEST, FunctionArn: a } } }" + EVENT % "",
        "authorizer",
        "G",
    ),
    "a gateway response's key": (
        REST_API % ", GatewayResponses: { DEFAULT_4XX: { Headers: {} } }" + EVENT % "",
        "unknown-key",
        "Headers",
    ),
    "a gateway response's parameters": (
        REST_API % ", GatewayResponses: { DEFAULT_4XX: { ResponseParameters: { Header: {} } } }" + EVENT % "",
        "unknown-key",
        "Header",
    ),
    "two events for one method": (
        REST_API % ""
        + EVENT % ""
        + "  G: { Type: AWS::Serverless::Function, Properties: { Runtime: python3.13, Handler: g.h, CodeUri: g, "
        "Events: { E: { Type: Api, Properties: { Path: /a, Method: GET, RestApiId: !Ref A } } } } }\n",
        "conflict",
        None,
    ),
    "an event that names an HTTP API as a REST API": (HTTP_API % "" + EVENT % "", "misplaced", "!Ref A"),
    "an event without a method": (
        FUNCTION + "      Events: { E: { Type: Api, Properties: { Path: /a } } }\n",
        "missing",
        None,
    ),
    "a URL's unknown key": (
        FUNCTION + "      FunctionUrlConfig: { AuthType: NONE, Cors: { AllowOrigin: ['*'] } }\n",
        "unknown-key",
        "AllowOrigin",
    ),
    "a URL's origins as text": (
        FUNCTION + "      FunctionUrlConfig: { AuthType: NONE, Cors: { AllowOrigins: '*' } }\n",
        "wrong-type",
        "'*'",
    ),
    "a URL's credentials as text": (
        FUNCTION
        + "      FunctionUrlConfig: { AuthType: NONE, Cors: { AllowOrigins: ['*'], AllowCredentials: 'true' } }\n",
        "wrong-type",
        "'true'",
    ),
    "a URL's MaxAge as text": (
        FUNCTION + "      FunctionUrlConfig: { AuthType: NONE, Cors: { MaxAge: '60' } }\n",
        "wrong-type",
        "'60'",
    ),
    "a URL without AuthType": (FUNCTION + "      FunctionUrlConfig: { Cors: { MaxAge: 60 } }\n", "missing", None),
    "CORS of a URL as a list": (
        FUNCTION + "      FunctionUrlConfig: { AuthType: NONE, Cors: ['*'] }\n",
        "wrong-type",
        "['*']",
    ),
    "globals of the wrong kind": (FUNCTION + "Globals: { HttpApi: { Cors: \"'*'\" } }\n", "misplaced", "Cors"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_the_translator_refuses_is_refused_here(name: str) -> None:
    body, what, cut = REFUSED[name]
    text = HEAD + body
    with pytest.raises(Refusal):
        translate(text)
    refused = read_refusals(text)
    assert what in {each.what for each in refused}
    if cut is not None:
        assert cut in {text[each.span.start : each.span.end] for each in refused if each.what == what}


def read_refusals(text: str) -> tuple[Refused, ...]:
    api = read(Tree(Memory({"t.yaml": text})), "t.yaml")
    assert api is not None
    return api.refused
