"""REST mocks as SAM, CDK and Serverless generate them, answered as AWS answers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from fronts import APP, HERE, OTHER, authorizer, call, method, preflight, rest_api

from corsmith.api.rest_api import IntegrationResponse, Mapped, Mock
from corsmith.api.value import Known, Undecided, Unknown
from corsmith.gateways import Failed, Granted, Payload

FIXTURES = Path(__file__).parent.parent / "fixtures" / "rest-mocks"
CDK_HEADERS = "Content-Type,X-Amz-Date,Authorization,X-Api-Key,X-Amz-Security-Token,X-Amz-User-Agent"
SERVERLESS_HEADERS = f"{CDK_HEADERS},X-Amzn-Trace-Id"


def load(tool):
    return json.loads((FIXTURES / f"{tool}.json").read_text())


def known(texts):
    return tuple((name, Known(text)) for name, text in texts.items())


def mapped_headers(parameters):
    return tuple((name.removeprefix("method.response.header."), Known(value)) for name, value in parameters.items())


def handling(integration, key):
    return Known(integration[key]) if key in integration else None


def from_cloudformation(generated, verb="OPTIONS"):
    """A generated AWS::ApiGateway::Method on /items."""
    integration = generated["integration"]
    responses = tuple(
        IntegrationResponse(
            Known(each["StatusCode"]),
            Known(each.get("SelectionPattern", "")),
            mapped_headers(each.get("ResponseParameters", {})),
            known(each.get("ResponseTemplates", {})),
            span=HERE,
        )
        for each in integration["IntegrationResponses"]
    )
    templates, passthrough = (
        known(integration["RequestTemplates"]),
        Known(integration.get("PassthroughBehavior", "WHEN_NO_MATCH")),
    )
    if integration["Type"] == "MOCK":
        target = Mock(templates, responses, passthrough, handling(integration, "ContentHandling"), HERE)
    else:
        target = Mapped(responses, Known("Items"), span=HERE, request_templates=templates, passthrough=passthrough)
    return rest_api(method(f"{verb} /items", target), binary=tuple(generated["binaryMediaTypes"]))


def from_swagger(generated):
    """A generated OPTIONS operation."""
    operation = generated["options"]
    integration = operation["x-amazon-apigateway-integration"]
    responses = tuple(
        IntegrationResponse(
            Known(each["statusCode"]),
            Known(pattern),
            mapped_headers(each["responseParameters"]),
            known(each["responseTemplates"]),
            span=HERE,
        )
        for pattern, each in integration["responses"].items()
    )
    security = [name for each in operation.get("security", []) for name in each]
    made = method(
        "OPTIONS /items",
        Mock(known(integration["requestTemplates"]), responses, span=HERE),
        authorizer("cognito") if security and security != ["api_key"] else None,
        api_key_required=Known("api_key" in security),
    )
    return rest_api(made, binary=tuple(generated["binaryMediaTypes"]))


def asked(api, origin=APP, name="origin", **situation):
    headers = tuple(
        (name if key == "origin" else key, value) for key, value in preflight("PUT", "content-type", origin)
    )
    return call(api, "OPTIONS", "/items", headers, **situation)


SAM = load("sam")
CDK = {name.split("items")[0]: each for name, each in load("cdk")["methods"].items() if "items" in name}
SERVERLESS = load("serverless")["methods"]


def test_tools_are_named():
    assert [load(tool)["tool"].split()[0] for tool in ("sam", "cdk", "serverless")] == [
        "aws-sam-translator",
        "aws-cdk-lib",
        "serverless",
    ]


def test_sam_text():
    seen = asked(from_swagger(SAM["apis"]["Star"]))
    assert (seen.status, seen.cors) == (200, {"allow-origin": ("*",), "allow-methods": ("OPTIONS,PUT",)})


def test_sam_map():
    for origin in (APP, OTHER):
        seen = asked(from_swagger(SAM["apis"]["Map"]), origin)
        assert (seen.status, seen.made_by) == (200, "mock")
        assert seen.cors == {
            "allow-origin": (APP,),
            "allow-methods": ("GET,PUT,OPTIONS",),
            "allow-headers": ("Content-Type,Authorization",),
            "allow-credentials": ("true",),
            "max-age": ("600",),
        }


def test_sam_unquoted_cannot_be_deployed():
    with pytest.raises(Undecided, match=r"refuses to deploy \*"):
        asked(from_swagger(SAM["apis"]["Unquoted"]))


def test_sam_default_authorizer_guards_the_preflight():
    assert asked(from_swagger(SAM["apis"]["Guarded"])).status == 401


def test_sam_api_key_guards_the_preflight():
    assert asked(from_swagger(SAM["apis"]["Keyed"])).status == 403


def test_sam_binary_breaks_the_preflight():
    seen = asked(from_swagger(SAM["apis"]["Binary"]))
    assert (seen.status, seen.cors) == (500, {})


def test_cdk_star():
    seen = asked(from_cloudformation(CDK["Star"]))
    assert (seen.status, seen.all("vary")) == (204, ())
    assert seen.cors == {
        "allow-origin": ("*",),
        "allow-headers": (CDK_HEADERS,),
        "allow-methods": ("OPTIONS,GET,PUT,POST,DELETE,PATCH,HEAD",),
    }


def test_cdk_one_origin():
    for origin in (APP, OTHER):
        seen = asked(from_cloudformation(CDK["OneOrigin"]), origin)
        assert (seen.status, seen.all("vary")) == (204, ("Origin",))
        assert seen.cors["allow-origin"] == (APP,)
        assert (seen.cors["allow-credentials"], seen.cors["max-age"], seen.cors["expose-headers"]) == (
            ("true",),
            ("600",),
            ("X-Total",),
        )


@pytest.mark.parametrize("name", ["origin", "Origin"])
@pytest.mark.parametrize(
    ("origin", "sent"),
    [
        (APP, APP),
        ("https://admin.example.com", "https://admin.example.com"),
        ("http://localhost:3000", "http://localhost:3000"),
        (OTHER, APP),
    ],
)
def test_cdk_many_origins(name, origin, sent):
    seen = asked(from_cloudformation(CDK["ManyOrigins"]), origin, name)
    assert (seen.status, seen.cors["allow-origin"], seen.all("vary")) == (204, (sent,), ("Origin",))
    assert seen.relied == (("rest_missing_parameter_is_empty",) if name == "origin" else ())


def test_cdk_many_origins_need_the_upper_case_header_where_null_is_no_text():
    api = from_cloudformation(CDK["ManyOrigins"])
    admin = "https://admin.example.com"
    seen = asked(api, admin, "origin", rest_missing_parameter_is_empty=False)
    assert seen.cors["allow-origin"] == (APP,)
    assert asked(api, admin, "Origin", rest_missing_parameter_is_empty=False).cors["allow-origin"] == (admin,)


def test_cdk_binary_breaks_the_preflight():
    assert asked(from_cloudformation(CDK["Binary"])).status == 500


def test_cdk_own_status():
    seen = asked(from_cloudformation(CDK["OwnStatus"]))
    assert (seen.status, seen.cors["max-age"]) == (200, ("-1",))


def test_serverless_plain():
    seen = asked(from_cloudformation(SERVERLESS["ApiGatewayMethodPlainOptions"]))
    assert (seen.status, seen.body) == (200, b"")
    assert seen.cors == {
        "allow-origin": ("*",),
        "allow-headers": (SERVERLESS_HEADERS,),
        "allow-methods": ("OPTIONS,PUT",),
    }


def test_serverless_survives_binary_media_types():
    generated = {**SERVERLESS["ApiGatewayMethodPlainOptions"], "binaryMediaTypes": ["*/*"]}
    assert asked(from_cloudformation(generated)).status == 200


def test_serverless_object():
    seen = asked(from_cloudformation(SERVERLESS["ApiGatewayMethodObjectOptions"]))
    assert (seen.cors["allow-origin"], seen.cors["allow-credentials"], seen.cors["max-age"]) == (
        (APP,),
        ("true",),
        ("600",),
    )
    assert seen.all("cache-control") == ("max-age=600",)


def test_serverless_any():
    seen = asked(from_cloudformation(SERVERLESS["ApiGatewayMethodAnyOptions"]))
    assert seen.cors["allow-methods"] == ("OPTIONS,DELETE,GET,HEAD,PATCH,POST,PUT",)


@pytest.mark.parametrize("name", ["origin", "Origin"])
@pytest.mark.parametrize(
    ("origin", "sent"),
    [
        (APP, APP),
        ("https://a.example.net", "https://a.example.net"),
        ("https://a.b.example.net", "https://a.b.example.net"),
        ("https://a.example.net.evil.example", APP),
        ("https://appXexample.com", APP),
    ],
)
def test_serverless_many_origins(name, origin, sent):
    seen = asked(from_cloudformation(SERVERLESS["ApiGatewayMethodManyOptions"]), origin, name)
    assert (seen.status, seen.cors["allow-origin"], seen.relied) == (200, (sent,), ())


def test_serverless_non_proxy():
    api = from_cloudformation(SERVERLESS["ApiGatewayMethodMappedGet"], "GET")
    seen = call(api, "GET", "/items?q=it's", (("Origin", APP), ("X-A", 'say "hi"')), Payload({"a": 1}))
    assert (seen.status, seen.cors) == (200, {"allow-origin": (APP,)})
    event = seen.event
    assert (event["method"], event["body"], event["stage"], event["requestPath"]) == ("GET", {}, "Prod", "/items")
    assert (event["query"], event["headers"]["X-A"], event["path"], event["stageVariables"]) == (
        {"q": "it's"},
        'say "hi"',
        {},
        {},
    )
    assert event["identity"]["sourceIp"] == "203.0.113.7"
    for message, status in (("[404] none", 404), ("[500] bad", 500), ("boom", 200)):
        failed = call(api, "GET", "/items", (("Origin", APP),), Failed(message=message))
        assert (failed.status, failed.cors) == (status, {"allow-origin": (APP,)})


def test_serverless_non_proxy_with_claims():
    generated = SERVERLESS["ApiGatewayMethodMappedGet"]
    plain = from_cloudformation(generated, "GET").methods[0].integration
    api = rest_api(method("GET /items", plain, authorizer("cognito")))
    seen = call(api, "GET", "/items", (("authorization", "t"),), Granted({"sub": "ann", "n": 1}), Payload({}))
    assert seen.event["cognitoPoolClaims"] == {"sub": "ann"}
    assert seen.event["enhancedAuthContext"] == {"claims": "{sub=ann, n=1}"}


def test_serverless_non_proxy_form():
    api = from_cloudformation(SERVERLESS["ApiGatewayMethodMappedGet"], "GET")
    form = (("content-type", "application/x-www-form-urlencoded"),)
    assert call(api, "GET", "/items", form, Payload({}), body=b"a=1&b=x%20y&c").event["body"] == {
        "a": "1",
        "b": "x y",
        "c": "",
    }
    assert call(api, "GET", "/items", (("content-type", "text/csv"),), body=b"a").status == 415


def test_unknown_templates_stay_undecided():
    api = from_cloudformation(CDK["ManyOrigins"])
    responses = api.methods[0].integration.responses
    changed = type(responses[0])(
        responses[0].status,
        parameters=responses[0].parameters,
        templates=(("application/json", Unknown("read from a file")),),
    )
    with pytest.raises(Undecided, match="read from a file"):
        asked(
            rest_api(
                method("OPTIONS /items", Mock(api.methods[0].integration.request_templates, (changed,), span=HERE))
            )
        )
