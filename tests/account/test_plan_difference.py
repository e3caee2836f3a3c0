"""The requests between two states of a thing: applied in memory they lead from one to the other, and back."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corsmith.account.plan.applied import after
from corsmith.account.plan.call import Json, Thing
from corsmith.account.plan.difference import Irreversible, requests
from corsmith.account.plan.same import MARK, NEW_DEPLOYMENT, covers, same
from corsmith.account.snapshot import Place

PLACE = Place("aws", "123456789012", "eu-west-1")
PARTS = {
    "method": ("res1", "OPTIONS"),
    "gateway-response": ("DEFAULT_4XX",),
    "http-cors": (),
    "url-cors": ("live",),
    "new-route": ("POST /items",),
    "permission": ("", "own"),
}


def thing(kind: str) -> Thing:
    return Thing(PLACE, kind, "api1", PARTS.get(kind, ("one",)), "it")


def walked(of: Thing, now: Json | None, to: Json | None) -> Json | None:
    for request in requests(of, now, to):
        now = after(request, now)
    return now


_HEADERS = st.sampled_from(["Access-Control-Allow-Origin", "Access-Control-Allow-Methods", "x-a/b~c"])
_VALUES = st.sampled_from(["'*'", "'https://app.example.com'", "method.request.header.Origin"])
_STATUS = st.sampled_from(["200", "204", "400"])
_HANDLING = st.sampled_from(["CONVERT_TO_TEXT", "CONVERT_TO_BINARY"])


def _sometimes(**members: st.SearchStrategy[Any]) -> st.SearchStrategy[Json]:
    return st.fixed_dictionaries({}, optional=members)


def _templates(*media: str) -> st.SearchStrategy[Json]:
    return st.dictionaries(st.sampled_from(media), st.sampled_from(["", '{"statusCode": 200}']), min_size=1)


def _by_status(made: st.SearchStrategy[Json]) -> st.SearchStrategy[Json]:
    return st.dictionaries(_STATUS, made, max_size=3).map(
        lambda found: {status: {**each, "statusCode": status} for status, each in found.items()}
    )


_RESPONSES = _by_status(
    _sometimes(
        responseParameters=st.dictionaries(_HEADERS.map("method.response.header.{}".format), st.booleans(), min_size=1)
    )
)
_MAPPED = _by_status(
    _sometimes(
        selectionPattern=st.sampled_from(["", "4\\d\\d"]),
        responseParameters=st.dictionaries(_HEADERS.map("method.response.header.{}".format), _VALUES, min_size=1),
        responseTemplates=st.dictionaries(
            st.sampled_from(["application/json", "text/plain"]), st.sampled_from(["", "{}"]), min_size=1
        ),
        contentHandling=_HANDLING,
    )
)
_MOCK = st.builds(
    lambda more, responses: {"type": "MOCK", **more, **({"integrationResponses": responses} if responses else {})},
    _sometimes(
        requestTemplates=st.dictionaries(
            st.sampled_from(["application/json", "text/xml"]), st.sampled_from(["", '{"statusCode": 200}']), min_size=1
        ),
        passthroughBehavior=st.sampled_from(["NEVER", "WHEN_NO_MATCH", "WHEN_NO_TEMPLATES"]),
        contentHandling=_HANDLING,
    ),
    _MAPPED,
)
_GUARD = st.sampled_from(
    [
        {"authorizationType": "NONE"},
        {"authorizationType": "AWS_IAM"},
        {"authorizationType": "CUSTOM", "authorizerId": "a1"},
        {"authorizationType": "COGNITO_USER_POOLS", "authorizerId": "a2", "authorizationScopes": ["read", "write"]},
        {"authorizationType": "COGNITO_USER_POOLS", "authorizerId": "a1", "authorizationScopes": ["read"]},
    ]
)
METHODS = st.builds(
    lambda guard, key, responses, integration: {
        **guard,
        "httpMethod": "OPTIONS",
        "apiKeyRequired": key,
        **({"methodResponses": responses} if responses else {}),
        **({"methodIntegration": integration} if integration else {}),
    },
    _GUARD,
    st.booleans(),
    _RESPONSES,
    st.none() | _MOCK,
)
CORS = _sometimes(
    AllowOrigins=st.lists(st.sampled_from(["https://a.example", "https://b.example", "*"]), min_size=1),
    AllowMethods=st.lists(st.sampled_from(["GET", "PUT"]), min_size=1),
    AllowHeaders=st.lists(st.sampled_from(["Content-Type", "x-api-key"]), min_size=1),
    AllowCredentials=st.booleans(),
    MaxAge=st.integers(-1, 86_400),
)
GATEWAY = st.builds(
    lambda own: {"responseType": "DEFAULT_4XX", **own},
    _sometimes(
        statusCode=st.sampled_from(["403", "404"]),
        responseParameters=st.dictionaries(_HEADERS.map("gatewayresponse.header.{}".format), _VALUES, min_size=1),
        responseTemplates=st.just({"application/json": "{}"}),
    ),
)
STATES = {"method": METHODS, "http-cors": CORS, "url-cors": CORS, "gateway-response": GATEWAY}


@pytest.mark.parametrize("kind", STATES)
@given(data=st.data())
def test_requests_lead_there_and_back(kind: str, data: st.DataObject) -> None:
    one, other = (data.draw(st.none() | STATES[kind]) for _ in range(2))
    there = walked(thing(kind), one, other)
    assert same(kind, there, other)
    assert same(kind, walked(thing(kind), there, one), one)


@given(METHODS)
def test_a_method_alike_needs_no_request(method: Json) -> None:
    filled = {**method, "requestParameters": None, "methodResponses": method.get("methodResponses") or {}}
    if "methodIntegration" in method:
        filled["methodIntegration"] = {
            "timeoutInMillis": 29_000,
            "cacheNamespace": "res1",
            "cacheKeyParameters": [],
            **method["methodIntegration"],
        }
    assert requests(thing("method"), method, filled) == ()
    assert covers("method", filled, method)


def test_a_method_is_made_in_the_order_that_api_gateway_needs() -> None:
    wanted = {
        "authorizationType": "NONE",
        "methodResponses": {"200": {"statusCode": "200", "responseParameters": {"method.response.header.x": False}}},
        "methodIntegration": {
            "type": "MOCK",
            "integrationResponses": {
                "200": {"statusCode": "200", "responseParameters": {"method.response.header.x": "'y'"}}
            },
        },
    }
    made = [each.operation for each in requests(thing("method"), None, wanted)]
    assert made == ["PutMethod", "PutIntegration", "PutMethodResponse", "PutIntegrationResponse"]
    bare = {"authorizationType": "NONE", "methodIntegration": {"type": "MOCK"}}
    unmade = [each.operation for each in requests(thing("method"), wanted, bare)]
    assert unmade == ["DeleteIntegrationResponse", "DeleteMethodResponse"]
    assert [each.operation for each in requests(thing("method"), wanted, None)] == ["DeleteMethod"]


def test_an_authorizer_comes_with_its_type() -> None:
    open_, guarded = {"authorizationType": "NONE"}, {"authorizationType": "CUSTOM", "authorizerId": "a1"}
    (request,) = requests(thing("method"), {**open_, "authorizerId": "a1"}, guarded)
    assert [each["path"] for each in request.parameters["patchOperations"]] == ["/authorizationType", "/authorizerId"]


@pytest.mark.parametrize("kind", ["new-route", "permission"])
def test_what_was_made_is_taken_away(kind: str) -> None:
    states: dict[str, Json] = {
        "new-route": {
            "RouteId": "r1",
            "RouteKey": "POST /items",
            "Target": "integrations/i1",
            "AuthorizationType": "NONE",
        },
        "permission": {
            "Sid": "own",
            "Effect": "Allow",
            "Principal": {"Service": "apigateway.amazonaws.com"},
            "Action": "lambda:InvokeFunction",
            "Condition": {"ArnLike": {"AWS:SourceArn": "arn:aws:execute-api:eu-west-1:123456789012:api1/*/*"}},
        },
    }
    made = walked(thing(kind), None, states[kind])
    assert same(kind, made, states[kind])
    (request,) = requests(thing(kind), states[kind], None)
    assert request.operation in ("DeleteRoute", "RemovePermission")
    assert "r1" in request.parameters.values() or request.parameters["StatementId"] == "own"


def test_a_stage_is_pointed_back_to_what_it_served() -> None:
    now, before = {"deploymentId": "new", MARK: "corsmith"}, {"stageName": "one", "deploymentId": "old"}
    pointed, deleted = requests(thing("stage"), now, before)
    assert pointed.parameters["patchOperations"] == [{"op": "replace", "path": "/deploymentId", "value": "old"}]
    assert deleted.parameters == {"restApiId": "api1", "deploymentId": "new"}
    pointed, deleted = requests(thing("http-stage"), {"DeploymentId": "new"}, {"DeploymentId": "old"})
    assert pointed.parameters == {"ApiId": "api1", "StageName": "one", "DeploymentId": "old"}


def test_a_stage_that_served_nothing_cannot_be_emptied() -> None:
    with pytest.raises(Irreversible, match="served nothing"):
        requests(thing("http-stage"), {"DeploymentId": "new"}, {"StageName": "one"})
    with pytest.raises(Irreversible, match="another id"):
        requests(thing("route"), None, {"RouteKey": "GET /"})


def test_a_new_deployment_is_known_by_its_description() -> None:
    expected = {"deploymentId": NEW_DEPLOYMENT, MARK: "corsmith t"}
    assert covers("stage", {"deploymentId": "d7", MARK: "corsmith t"}, expected)
    assert not covers("stage", {"deploymentId": "d7", MARK: "by hand"}, expected)
    assert not covers("stage", None, expected)


def test_cors_settings_have_no_order_and_no_case_of_headers() -> None:
    one = {"AllowOrigins": ["https://a", "https://b"], "AllowHeaders": ["X-B", "x-a"], "AllowCredentials": False}
    other = {"AllowOrigins": ["https://b", "https://a"], "AllowHeaders": ["x-a", "x-b"]}
    assert same("http-cors", one, other)
    assert not same("http-cors", one, {**other, "AllowOrigins": ["https://A", "https://b"]})
    assert same("url-cors", {}, None)
