"""What Lambda authorizers return, and what it comes to."""

from __future__ import annotations

import pytest
from fronts import BEARER, authorizer, call, http_api, method, rest_api, route

from corsmith.api.value import Known
from corsmith.gateways import (
    Authorize,
    AuthorizerBroken,
    Denied,
    Failed,
    Granted,
    Payload,
    RawPayload,
    Slow,
    Throttled,
    TimedOut,
    Unauthorized,
)
from corsmith.gateways.authorizer_answers import decide

ARN = "arn:aws:execute-api:us-east-1:123456789012:abcdef1234/prod/GET/items"
ASK = Authorize(authorizer("lambda_token"), {"methodArn": ARN}, ("t",))
SIMPLE = Authorize(authorizer("lambda_request", simple_responses=Known(True)), {"routeArn": ARN}, ())


def policy(effect="Allow", resource=ARN, action="execute-api:Invoke", **more):
    statement = {"Effect": effect, "Resource": resource, "Action": action}
    return {"principalId": "ann", "policyDocument": {"Statement": [statement]}, **more}


@pytest.mark.parametrize(
    "value",
    [
        policy(),
        policy(resource="*"),
        policy(resource=["arn:none", "arn:aws:execute-api:*:*:abcdef1234/*/GET/*"]),
        policy(resource="arn:aws:execute-api:us-east-1:123456789012:abcdef123?/prod/GET/items"),
        policy(action=["a:b", "execute-api:*"]),
        policy(action="Execute-API:invoke"),
        policy(action="*"),
        {"principalId": "ann", "policyDocument": {"Statement": policy()["policyDocument"]["Statement"][0]}},
    ],
)
def test_allowed(value):
    assert decide(ASK, Payload(value)) == Granted({}, "ann")


def test_context_is_handed_on():
    assert decide(ASK, Payload(policy(context={"n": 1}))) == Granted({"n": 1}, "ann")
    assert decide(SIMPLE, Payload({"isAuthorized": True, "context": {"n": [1]}})) == Granted({"n": [1]})


@pytest.mark.parametrize(
    "value",
    [
        policy("Deny"),
        policy(resource="arn:other"),
        policy(resource=ARN.upper()),
        policy(resource=None),
        policy(action="s3:GetObject"),
        policy(action=None),
        {"principalId": "ann", "policyDocument": {"Statement": []}},
        {"principalId": "ann", "policyDocument": {"Statement": ["Allow"]}},
        {
            "principalId": "ann",
            "policyDocument": {
                "Statement": [*policy()["policyDocument"]["Statement"], *policy("Deny")["policyDocument"]["Statement"]]
            },
        },
    ],
)
def test_denied(value):
    assert decide(ASK, Payload(value)) == Denied()


@pytest.mark.parametrize(
    "value",
    [
        None,
        "Unauthorized",
        {},
        {"principalId": "ann"},
        {"principalId": "ann", "policyDocument": {}},
        {"principalId": "ann", "policyDocument": []},
        {"policyDocument": {"Statement": []}},
        policy(context=[1]),
        policy(context={"n": {"deep": 1}}),
        {"isAuthorized": True},
    ],
)
def test_misconfigured(value):
    assert decide(ASK, Payload(value)) == AuthorizerBroken("configuration")


def test_simple_responses():
    assert decide(SIMPLE, Payload({"isAuthorized": True})) == Granted()
    assert decide(SIMPLE, Payload({"isAuthorized": False})) == Denied()
    assert decide(SIMPLE, Payload({"isAuthorized": "yes"})) == AuthorizerBroken("configuration")
    assert decide(SIMPLE, Payload({"isAuthorized": True, "context": [1]})) == AuthorizerBroken("configuration")
    assert decide(SIMPLE, Payload(policy())) == Granted({}, "ann")


@pytest.mark.parametrize(
    ("result", "decision"),
    [
        (Failed(message="Unauthorized"), Unauthorized()),
        (Failed(message="the database is away"), AuthorizerBroken("failure")),
        (Failed(), AuthorizerBroken("failure")),
        (TimedOut(), AuthorizerBroken("failure")),
        (Slow(), AuthorizerBroken("failure")),
        (Throttled(), AuthorizerBroken("failure")),
        (RawPayload(b"x"), AuthorizerBroken("configuration")),
    ],
)
def test_failures(result, decision):
    assert decide(ASK, result) == decision


def test_without_an_arn_only_a_wildcard_allows():
    nowhere = Authorize(authorizer("lambda_token"), None, ())
    assert decide(nowhere, Payload(policy())) == Denied()
    assert decide(nowhere, Payload(policy(resource="*"))) == Granted({}, "ann")


def allowing(ask):
    arn = ask.event.get("methodArn") or ask.event["routeArn"]
    return decide(ask, Payload(policy(resource=arn)))


def test_events_carry_the_arn_that_policies_name():
    gate = authorizer("lambda_request", "$request.header.Authorization")
    ok = Payload({"statusCode": 200})
    assert call(rest_api(method("GET /items", None, gate)), "GET", "/items", BEARER, allowing, ok).status == 200
    assert call(http_api(route("GET /items", gate)), "GET", "/items", BEARER, allowing, ok).status == 200


def test_http_authorizer_events():
    first = authorizer("lambda_request", "$request.header.Authorization", "$request.querystring.q")
    second = authorizer("lambda_request", "$request.header.Authorization", payload_format=Known("2.0"))
    none = authorizer("lambda_request", payload_format=Known("2.0"))
    ok = Payload({"statusCode": 200})
    one = call(http_api(route("GET /items/{id}", first)), "GET", "/items/7?q=a", BEARER, Granted(), ok).asked[0].event
    assert (one["version"], one["type"], one["identitySource"]) == ("1.0", "REQUEST", "Bearer a.b.c,a")
    assert (one["authorizationToken"], one["resource"], one["pathParameters"]) == (
        "Bearer a.b.c,a",
        "/items/{id}",
        {"id": "7"},
    )
    assert one["methodArn"].endswith("/$default/GET/items/7")
    two = call(http_api(route("GET /items/{id}", second)), "GET", "/items/7", BEARER, Granted({"a": 1}), ok)
    event = two.asked[0].event
    assert (event["version"], event["type"], event["identitySource"]) == ("2.0", "REQUEST", ["Bearer a.b.c"])
    assert (event["routeKey"], event["pathParameters"]) == ("GET /items/{id}", {"id": "7"})
    assert event["routeArn"].endswith("/$default/GET/items/7")
    assert two.event["requestContext"]["authorizer"] == {"lambda": {"a": 1}}
    for each in (one, event):
        assert "body" not in each
        assert "isBase64Encoded" not in each
    bare = call(http_api(route("GET /items", none)), "GET", "/items", (), Granted(), ok).asked[0].event
    assert bare["identitySource"] is None
