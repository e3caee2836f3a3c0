"""One test for each fact about HTTP APIs, by its name."""

from __future__ import annotations

import json

import pytest
from fronts import (
    APP,
    BEARER,
    HERE,
    JWT,
    OK,
    ORIGIN,
    OTHER,
    authorizer,
    call,
    http_api,
    preflight,
    route,
)

from corsmith.api.front_door import HttpProxy, LambdaProxy, Stage
from corsmith.api.http_api import HttpApi, HttpApiCors, HttpRoute
from corsmith.api.value import Known, Undecided, Unknown, known_texts
from corsmith.gateways import (
    AuthorizerBroken,
    Denied,
    Failed,
    Granted,
    Payload,
    RawPayload,
    Slow,
    Streamed,
    Throttled,
    TimedOut,
    Unauthorized,
    Unread,
    match,
)

LISTED = {
    "allow_origins": (APP, "http://localhost:3000"),
    "allow_methods": ("GET", "PUT"),
    "allow_headers": ("Content-Type", "X-Api-Key"),
}
FULL = {**LISTED, "allow_credentials": True, "expose_headers": ("X-Total",), "max_age": 600}
OWN_CORS = Payload(
    {"statusCode": 200, "headers": {"Access-Control-Allow-Origin": "*", "ACCESS-CONTROL-MAX-AGE": "5", "X-Own": "1"}}
)
GATE = authorizer("lambda_request", "$request.header.Authorization", payload_format=Known("2.0"))


def test_http_preflight_answered_alone():
    seen = call(http_api(route("PUT /items", JWT), **LISTED), "OPTIONS", "/items", preflight())
    assert (seen.status, seen.asks, seen.made_by) == (204, [], "gateway")
    assert seen.cors["allow-origin"] == (APP,)


def test_http_preflight_204():
    seen = call(http_api("PUT /items", **LISTED), "OPTIONS", "/items", preflight())
    assert (seen.status, seen.body, seen.all("content-type")) == (204, b"", ())
    assert call(http_api(**LISTED), "OPTIONS", "/x", preflight(), http_preflight_status=200).status == 200


def test_http_preflight_missing_path():
    api = http_api("GET /items/{id}", "PUT /files/{path+}", **LISTED)
    missing = call(api, "OPTIONS", "/nowhere", preflight())
    assert (missing.status, missing.asks, missing.cors["allow-origin"]) == (204, [], (APP,))
    assert missing.relied == ("http_preflight_of_missing_path",)
    refused = call(api, "OPTIONS", "/nowhere", preflight(), http_preflight_of_missing_path="not-found")
    assert (refused.status, refused.body, refused.made_by) == (404, b'{"message":"Not Found"}', "gateway")
    assert refused.cors["allow-origin"] == (APP,)


@pytest.mark.parametrize("path", ["/items/1", "/files/a/b"])
def test_http_preflight_of_a_path_with_another_method_is_not_missing(path):
    api = http_api("GET /items/{id}", "PUT /files/{path+}", **LISTED)
    seen = call(api, "OPTIONS", path, preflight("PATCH"), http_preflight_of_missing_path="not-found")
    assert (seen.status, seen.relied) == (204, ())


def test_http_preflight_echoes_origin():
    listed = call(http_api(**LISTED), "OPTIONS", "/items", preflight(origin="http://localhost:3000"))
    assert listed.cors["allow-origin"] == ("http://localhost:3000",)
    star = call(http_api(allow_origins=(APP, "*")), "OPTIONS", "/items", preflight())
    assert star.cors["allow-origin"] == ("*",)


def test_http_preflight_whole_lists():
    seen = call(http_api("GET /items", **LISTED), "OPTIONS", "/items", preflight("GET"))
    assert seen.cors == {
        "allow-origin": (APP,),
        "allow-methods": ("GET,PUT",),
        "allow-headers": ("content-type,x-api-key",),
    }
    assert seen.relied == ()
    star = http_api("PUT /items", allow_origins=(APP,), allow_methods=("*",), allow_headers=("*",))
    literal = call(star, "OPTIONS", "/items", preflight("PUT", "x-a"))
    assert (literal.cors["allow-methods"], literal.cors["allow-headers"]) == (("*",), ("*",))
    assert literal.relied == ("http_lists",)
    asked = call(star, "OPTIONS", "/items", preflight("PUT", "x-a"), http_lists="requested")
    assert (asked.cors["allow-methods"], asked.cors["allow-headers"]) == (("PUT",), ("x-a",))
    nothing_asked = call(star, "OPTIONS", "/items", preflight("PUT"), http_lists="requested")
    assert "allow-headers" not in nothing_asked.cors


@pytest.mark.parametrize(("methods", "headers"), [(("*",), ("X-A",)), (("PUT",), ("*",))])
def test_http_lists_requested_replaces_only_wildcards(methods, headers):
    api = http_api(allow_origins=(APP,), allow_methods=methods, allow_headers=headers)
    seen = call(api, "OPTIONS", "/items", preflight("DELETE", "x-b"), http_lists="requested")
    assert seen.cors["allow-methods"] == (("DELETE",) if methods == ("*",) else ("PUT",))
    assert seen.cors["allow-headers"] == (("x-b",) if headers == ("*",) else ("x-a",))


def test_http_header_lists_lower_case():
    seen = call(http_api(**FULL), "OPTIONS", "/items", preflight())
    assert seen.cors["allow-headers"] == ("content-type,x-api-key",)
    assert seen.cors["expose-headers"] == ("x-total",)


def test_http_preflight_unset_lists_absent():
    seen = call(http_api(allow_origins=("*",)), "OPTIONS", "/items", preflight())
    assert seen.cors == {"allow-origin": ("*",)}


@pytest.mark.parametrize("age", [-1, 0, 600])
def test_http_preflight_max_age(age):
    seen = call(http_api(allow_origins=("*",), max_age=age), "OPTIONS", "/items", preflight())
    assert seen.cors["max-age"] == (str(age),)


def test_http_preflight_other_origin():
    seen = call(http_api(**FULL), "OPTIONS", "/items", preflight(origin=OTHER))
    assert (seen.status, seen.cors, seen.all("vary")) == (204, {}, ())
    strict = call(http_api(**FULL), "OPTIONS", "/", preflight(origin=OTHER), http_preflight_of_other_origin="forbidden")
    assert (strict.status, strict.cors, strict.made_by) == (403, {}, "gateway")


def test_http_bare_options():
    for headers in ((), ORIGIN, preflight()[1:]):
        seen = call(http_api("GET /items", **LISTED), "OPTIONS", "/items", headers)
        assert (seen.status, seen.cors, seen.body) == (204, {}, b"")
    assert call(http_api(**LISTED), "OPTIONS", "/x", (), http_bare_options_status=404).status == 404


def test_http_no_cors_no_route():
    seen = call(http_api("PUT /items"), "OPTIONS", "/items", preflight())
    assert (seen.status, seen.body, seen.cors) == (404, b'{"message":"Not Found"}', {})


@pytest.mark.parametrize("key", ["ANY /items", "$default", "OPTIONS /items", "ANY /{proxy+}"])
def test_http_any_route_takes_options(key):
    seen = call(http_api(route(key, JWT), **LISTED), "OPTIONS", "/items", preflight())
    assert (seen.status, seen.asks, seen.made_by) == (401, [], "authorizer")
    assert seen.cors["allow-origin"] == (APP,)


@pytest.mark.parametrize("key", ["ANY /items", "$default", "OPTIONS /items"])
def test_http_open_options_route(key):
    api = http_api(key, **LISTED)
    own = Payload({"statusCode": 405, "headers": {"Access-Control-Allow-Methods": "POST"}})
    laid_over = call(api, "OPTIONS", "/items", preflight(), own)
    assert (laid_over.status, laid_over.made_by) == (405, "handler")
    assert (laid_over.cors["allow-origin"], laid_over.cors["allow-methods"]) == ((APP,), ("GET,PUT",))
    assert laid_over.relied == ("http_options_route",)
    gateway = call(api, "OPTIONS", "/items", preflight(), http_options_route="gateway")
    assert (gateway.status, gateway.asks) == (204, [])
    bypassed = call(api, "OPTIONS", "/items", preflight(), own, http_options_route="bypassed")
    assert (bypassed.status, bypassed.cors) == (405, {"allow-methods": ("POST",)})


def test_http_options_route_is_asked_for_preflights_only():
    seen = call(http_api("ANY /items", **LISTED), "OPTIONS", "/items", ORIGIN, OK, http_options_route="gateway")
    assert (seen.status, len(seen.invoked)) == (200, 1)


@pytest.mark.parametrize(
    ("listed", "origin", "admitted"),
    [
        ("https://*", APP, True),
        ("https://*", "http://localhost:3000", False),
        ("http://*", "http://localhost:3000", True),
        ("http://*", APP, False),
        ("ftp://*", "ftp://a.example", False),
    ],
)
def test_http_scheme_wildcards(listed, origin, admitted):
    seen = call(http_api(allow_origins=(listed,)), "OPTIONS", "/items", preflight(origin=origin))
    assert seen.cors.get("allow-origin") == ((origin,) if admitted else None)
    assert seen.all("vary") == (("origin",) if admitted else ())


def test_http_subdomain_wildcard():
    api = http_api("GET /items", allow_origins=("https://*.example.com",))
    assert call(api, "OPTIONS", "/items", preflight()).cors == {}
    assert call(api, "OPTIONS", "/items", preflight()).relied == ("http_subdomain_wildcard_matches",)
    matching = call(api, "OPTIONS", "/items", preflight(), http_subdomain_wildcard_matches=True)
    assert matching.cors["allow-origin"] == (APP,)
    for origin in ("http://app.example.com", "https://example.com", "https://badexample.com", OTHER):
        seen = call(api, "OPTIONS", "/items", preflight(origin=origin), http_subdomain_wildcard_matches=True)
        assert (seen.cors, seen.relied) == ({}, ())


@pytest.mark.parametrize("listed", ["'*'", f"'{APP}'", f"{APP}/", APP.upper()])
def test_http_quoted_values_never_match(listed):
    assert call(http_api(allow_origins=(listed,)), "OPTIONS", "/items", preflight()).cors == {}


def test_http_cors_replaces_function_headers():
    seen = call(http_api("GET /items", **FULL), "GET", "/items", ORIGIN, OWN_CORS)
    assert seen.cors == {"allow-origin": (APP,), "allow-credentials": ("true",), "expose-headers": ("x-total",)}
    assert (seen.all("x-own"), seen.made_by) == (("1",), "handler")


@pytest.mark.parametrize("headers", [(("origin", OTHER),), ()])
def test_http_cors_strips_for_other_origin(headers):
    api = http_api("GET /items", **FULL)
    stripped = call(api, "GET", "/items", headers, OWN_CORS)
    assert (stripped.cors, stripped.relied) == ({}, ("http_strips_without_match",))
    kept = call(api, "GET", "/items", headers, OWN_CORS, http_strips_without_match=False)
    assert kept.cors == {"allow-origin": ("*",), "max-age": ("5",)}
    assert call(api, "GET", "/items", headers, OK).relied == ()


def test_http_actual_has_no_preflight_headers():
    seen = call(http_api("GET /items", **FULL), "GET", "/items", preflight(), OK)
    assert set(seen.cors) == {"allow-origin", "allow-credentials", "expose-headers"}


def test_http_credentials():
    assert call(http_api(**FULL), "OPTIONS", "/x", preflight()).cors["allow-credentials"] == ("true",)
    off = http_api(allow_origins=(APP,), allow_credentials=False)
    assert "allow-credentials" not in call(off, "OPTIONS", "/x", preflight()).cors


def test_http_vary():
    named, star = http_api(allow_origins=(APP,)), http_api(allow_origins=("*",))
    assert call(named, "OPTIONS", "/x", preflight()).all("vary") == ("origin",)
    assert call(star, "OPTIONS", "/x", preflight()).all("vary") == ()
    assert call(named, "OPTIONS", "/x", preflight(), http_vary="never").all("vary") == ()
    assert call(named, "OPTIONS", "/x", preflight(), http_vary="credentials").all("vary") == ()
    assert call(http_api(**FULL), "OPTIONS", "/x", preflight(), http_vary="credentials").all("vary") == ("origin",)


def test_http_no_cors_passes_through():
    seen = call(http_api("GET /items"), "GET", "/items", ORIGIN, OWN_CORS)
    assert seen.cors == {"allow-origin": ("*",), "max-age": ("5",)}
    assert "x-own" in {name for name, _ in seen.headers}


def test_http_jwt_401_carries_cors():
    api = http_api(route("GET /items", JWT), **FULL)
    invalid = 'Bearer scope="" error="invalid_token"'
    for headers, told, challenge in ((ORIGIN, (), "Bearer"), (BEARER, (Unauthorized(),), invalid)):
        seen = call(api, "GET", "/items", headers, *told)
        assert (seen.status, seen.body) == (401, b'{"message":"Unauthorized"}')
        assert (seen.cors["allow-origin"], seen.cors["allow-credentials"]) == ((APP,), ("true",))
        assert (seen.all("vary"), seen.all("www-authenticate")) == (("origin",), (challenge,))
        assert (seen.relied, seen.invoked) == (("http_refusals_carry_cors",), [])
    bare = call(api, "GET", "/items", ORIGIN, http_refusals_carry_cors=False)
    assert (bare.status, bare.cors) == (401, {})
    assert call(api, "GET", "/items", (("origin", OTHER),)).relied == ()


def test_http_jwt_401_without_cors():
    seen = call(http_api(route("GET /items", JWT)), "GET", "/items", ORIGIN)
    assert (seen.status, seen.cors, seen.all("www-authenticate")) == (401, {}, ("Bearer",))


def test_http_authorizer_missing_identity():
    two = authorizer("lambda_request", "$request.header.Authorization", "$request.querystring.tenant")
    for path, headers in (("/items", BEARER), ("/items?tenant=", BEARER), ("/items?tenant=a", ORIGIN)):
        seen = call(http_api(route("GET /items", two)), "GET", path, headers)
        assert (seen.status, seen.asks, seen.all("www-authenticate")) == (401, [], ())
    passed = call(http_api(route("GET /items", two)), "GET", "/items?tenant=a", BEARER, Granted(), OK)
    assert (passed.status, passed.asked[0].identity) == (200, ("Bearer a.b.c", "a"))


def test_http_authorizer_denies():
    seen = call(http_api(route("GET /items", GATE), **LISTED), "GET", "/items", BEARER, Denied())
    assert (seen.status, seen.body, seen.made_by) == (403, b'{"message":"Forbidden"}', "authorizer")
    assert (seen.cors["allow-origin"], seen.relied) == ((APP,), ("http_refusals_carry_cors",))


def test_http_iam_unsigned():
    api = http_api(route("GET /items", authorizer("iam")))
    for path, headers in (("/items", BEARER), ("/items?X-Amz-Date=1", ORIGIN)):
        seen = call(api, "GET", path, headers)
        assert (seen.status, seen.body, seen.asks) == (403, b'{"message":"Forbidden"}', [])
    signed = (("authorization", "AWS4-HMAC-SHA256 Credential=…"),)
    passed = call(api, "GET", "/items", signed, Granted({"userArn": "arn"}), OK)
    assert passed.event["requestContext"]["authorizer"] == {"iam": {"userArn": "arn"}}
    presigned = call(api, "GET", "/items?X-Amz-Signature=abc", (), Unauthorized())
    assert (presigned.status, presigned.asked[0].identity) == (403, ("abc",))


def test_http_authorizer_broken():
    seen = call(http_api(route("GET /items", GATE), **LISTED), "GET", "/items", BEARER, AuthorizerBroken())
    assert (seen.status, seen.body) == (500, b'{"message":"Internal Server Error"}')


def test_http_no_route():
    seen = call(http_api("GET /items"), "GET", "/other", ORIGIN)
    assert (seen.status, seen.body, seen.cors) == (404, b'{"message":"Not Found"}', {})
    assert seen.all("content-type") == ("application/json",)
    assert len(seen.all("apigw-requestid")) == 1


@pytest.mark.parametrize(
    ("path", "told", "situation", "status"),
    [
        ("/other", (), {}, 404),
        ("/items", (), {"throttled": True}, 429),
        ("/items", (), {"not_permitted": True}, 500),
        ("/items", (Failed(),), {}, 500),
        ("/items", (Slow(),), {}, 503),
    ],
)
def test_http_own_errors_carry_cors(path, told, situation, status):
    api = http_api("GET /items", **LISTED)
    seen = call(api, "GET", path, ORIGIN, *told, **situation)
    assert (seen.status, seen.cors, seen.made_by) == (status, {"allow-origin": (APP,)}, "gateway")
    assert seen.relied == ("http_errors_carry_cors",)
    bare = call(api, "GET", path, ORIGIN, *told, http_errors_carry_cors=False, **situation)
    assert (bare.status, bare.cors) == (status, {})
    assert call(api, "GET", path, (("origin", OTHER),), *told, **situation).relied == ()


@pytest.mark.parametrize(
    "told", [Failed("exception"), Failed("init"), Failed("exit"), RawPayload(b"\x00"), Streamed(b"{}", b"")]
)
def test_http_function_fails(told):
    seen = call(http_api("GET /items"), "GET", "/items", ORIGIN, told)
    assert (seen.status, seen.body) == (500, b'{"message":"Internal Server Error"}')


def test_http_function_times_out():
    assert call(http_api("GET /items"), "GET", "/items", ORIGIN, TimedOut()).status == 500


def test_http_not_permitted():
    assert call(http_api("GET /items"), "GET", "/items", ORIGIN, not_permitted=True).status == 500
    seen = call(http_api(route("GET /items", permitted=False)), "GET", "/items", ORIGIN)
    assert (seen.status, seen.asks) == (500, [])


def test_http_unknown_limit():
    target = LambdaProxy(Known("Items"), timeout_ms=Unknown("?"))
    seen = call(http_api(HttpRoute("GET", "/items", target, HERE)), "GET", "/items", (), OK)
    assert seen.invoked[0].timeout_ms == 30_000


def test_http_integration_slow():
    seen = call(http_api(route("GET /items", timeout_ms=30_000)), "GET", "/items", ORIGIN, Slow())
    assert (seen.status, seen.body) == (503, b'{"message":"Service Unavailable"}')
    assert seen.invoked[0].timeout_ms == 30_000


def test_http_lambda_throttled():
    assert call(http_api("GET /items"), "GET", "/items", ORIGIN, Throttled()).status == 503


def test_http_throttled():
    seen = call(http_api("GET /items"), "GET", "/items", ORIGIN, throttled=True)
    assert (seen.status, seen.body, seen.asks) == (429, b'{"message":"Too Many Requests"}', [])
    busy = http_api("GET /items", stages=(Stage(Known("$default"), throttled=Known(True)),))
    assert call(busy, "OPTIONS", "/items", preflight()).status == 429


def test_http_too_large():
    api = http_api("POST /items")
    assert call(api, "POST", "/items", ORIGIN, body=b"x" * 10_485_761).status == 413
    assert call(api, "POST", "/items", ORIGIN, OK, body=b"x" * 10_485_760).status == 200


def test_http_wrong_stage():
    api = http_api("GET /items", stages=(Stage(Known("prod")),), **LISTED)
    host = "https://abc.execute-api.us-east-1.amazonaws.com"
    for path in ("/items", "/dev/items", "/"):
        seen = call(api, "GET", "", ORIGIN, url=host + path)
        assert (seen.status, seen.cors, seen.relied) == (404, {}, ())
    assert call(api, "GET", "", ORIGIN, OK, url=f"{host}/prod/items").status == 200


@pytest.mark.parametrize(
    ("method", "path", "key"),
    [
        ("GET", "/pets/dog/1", "GET /pets/dog/1"),
        ("GET", "/pets/dog/2", "GET /pets/dog/{id}"),
        ("GET", "/pets/cat/1", "GET /pets/{proxy+}"),
        ("POST", "/pets/dog/1", "ANY /{proxy+}"),
        ("OPTIONS", "/pets/dog/2", "OPTIONS /pets/{kind}/{id}"),
        ("DELETE", "/pets/dog/2", "ANY /{proxy+}"),
        ("GET", "/both", "GET /both"),
        ("PUT", "/both", "ANY /both"),
        ("GET", "/", "$default"),
        ("GET", "/pets/dog/a%2Fb", "GET /pets/dog/{id}"),
    ],
)
def test_http_route_priority(method, path, key):
    keys = (
        "$default",
        "ANY /{proxy+}",
        "GET /pets/{proxy+}",
        "GET /pets/dog/{id}",
        "OPTIONS /pets/{kind}/{id}",
        "GET /pets/dog/1",
        "ANY /both",
        "GET /both",
    )
    seen = call(http_api(*keys), method, path, ORIGIN, OK)
    assert seen.event["routeKey"] == key


def test_http_greedy_not_root():
    assert match(http_api("GET /items"), "PUT", "/items") is None
    assert match(http_api("ANY /{proxy+}"), "GET", "/") is None
    assert match(http_api("ANY /{proxy+}"), "GET", "/a/b/") is not None
    assert match(http_api("$default"), "GET", "/") is not None
    assert match(http_api("ANY /items/{proxy+}"), "GET", "/items/") is None
    assert match(http_api("GET /items/{id}"), "GET", "/items/") is None
    assert match(http_api("GET /items"), "GET", "/items/") is None


@pytest.mark.parametrize(
    ("value", "body"),
    [
        ({"httpStatus": 201, "headers": {"Access-Control-Allow-Origin": "*"}}, None),
        ("hello", b"hello"),
        ([1, {"ä": None}], '[1,{"ä":null}]'.encode()),
        (None, b"null"),
        (3.5, b"3.5"),
    ],
)
def test_http_2_0_inference(value, body):
    seen = call(http_api("GET /items"), "GET", "/items", ORIGIN, Payload(value))
    assert (seen.status, seen.cors, seen.all("content-type")) == (200, {}, ("application/json",))
    assert seen.body == (json.dumps(value, separators=(",", ":")).encode() if body is None else body)


def test_http_2_0_cookies():
    told = Payload({"statusCode": 200, "cookies": ["a=1; Secure", "b=2"]})
    assert call(http_api("GET /items"), "GET", "/items", (), told).all("set-cookie") == ("a=1; Secure", "b=2")


def test_http_2_0_ignores_multi_value():
    told = Payload({"statusCode": 200, "multiValueHeaders": {"Access-Control-Allow-Origin": ["*"]}})
    assert call(http_api("GET /items"), "GET", "/items", ORIGIN, told).cors == {}


@pytest.mark.parametrize(
    "value",
    [
        {"statusCode": "ok"},
        {"statusCode": None},
        {"statusCode": True},
        {"statusCode": 99},
        {"statusCode": 600},
        {"statusCode": 200.5},
        {"statusCode": 200, "headers": ["a"]},
        {"statusCode": 200, "headers": {"X-List": ["a"]}},
        {"statusCode": 200, "headers": {"X-Null": None}},
        {"statusCode": 200, "headers": {"X A": "b"}},
        {"statusCode": 200, "headers": {"X-A": "b\r\nX-B: c"}},
        {"statusCode": 200, "cookies": "a=1"},
        {"statusCode": 200, "cookies": [1]},
        {"statusCode": 200, "cookies": ["a\n"]},
        {"statusCode": 200, "body": "***", "isBase64Encoded": True},
    ],
)
def test_http_2_0_malformed(value):
    seen = call(http_api("GET /items"), "GET", "/items", ORIGIN, Payload(value))
    assert (seen.status, seen.made_by) == (500, "gateway")


def test_http_2_0_header_values():
    told = Payload({"statusCode": "201", "headers": {"X-Yes": True, "X-No": False, "X-Int": 86400}})
    seen = call(http_api("GET /items"), "GET", "/items", ORIGIN, told)
    assert (seen.status, seen.all("x-yes"), seen.all("x-no"), seen.all("x-int")) == (
        201,
        ("true",),
        ("false",),
        ("86400",),
    )
    assert seen.relied == ("http_header_values",)
    assert call(http_api("GET /items"), "GET", "/items", ORIGIN, told, http_header_values="refused").status == 500


def test_http_1_0_merges_both_maps():
    api = http_api(route("GET /items", payload_format="1.0"))
    told = Payload(
        {
            "statusCode": 200,
            "headers": {"access-control-allow-origin": "*"},
            "multiValueHeaders": {"Access-Control-Allow-Origin": ["*"]},
        }
    )
    assert call(api, "GET", "/items", ORIGIN, told).cors["allow-origin"] == ("*", "*")


@pytest.mark.parametrize("value", [{"headers": {"a": "b"}}, "hello", None, {}, {"statusCode": "no"}])
def test_http_1_0_needs_status(value):
    api = http_api(route("GET /items", payload_format="1.0"))
    assert call(api, "GET", "/items", ORIGIN, Payload(value)).status == 500
    assert call(api, "GET", "/items", ORIGIN, Payload({"statusCode": 200, "extra": 1})).status == 200


def test_http_2_0_event():
    api = http_api(route("POST /items/{id}", JWT), stages=(Stage(Known("prod")),))
    headers = (
        ("Origin", APP),
        ("X-A", "1"),
        ("x-a", "2"),
        ("Cookie", "a=1; b=2"),
        ("Authorization", "Bearer t"),
        ("User-Agent", "me"),
        ("Content-Type", "application/json"),
    )
    seen = call(api, "POST", "/items/a%20b?q=1&q=2&r=", headers, Granted({"sub": "u"}), OK, body=b"{}")
    event = seen.event
    assert (event["version"], event["routeKey"], event["rawPath"], event["rawQueryString"]) == (
        "2.0",
        "POST /items/{id}",
        "/prod/items/a%20b",
        "q=1&q=2&r=",
    )
    assert event["cookies"] == ["a=1", "b=2"]
    assert event["headers"]["x-a"] == "1,2"
    assert event["headers"]["origin"] == APP
    assert event["headers"]["host"] == event["requestContext"]["domainName"]
    assert "cookie" not in event["headers"]
    assert event["queryStringParameters"] == {"q": "1,2", "r": ""}
    assert event["pathParameters"] == {"id": "a b"}
    assert (event["body"], event["isBase64Encoded"]) == ("{}", False)
    context = event["requestContext"]
    assert context["authorizer"] == {"jwt": {"claims": {"sub": "u"}, "scopes": None}}
    assert context["http"] == {
        "method": "POST",
        "path": "/prod/items/a%20b",
        "protocol": "HTTP/1.1",
        "sourceIp": "203.0.113.7",
        "userAgent": "me",
    }
    assert (context["stage"], context["routeKey"], context["time"], context["timeEpoch"]) == (
        "prod",
        "POST /items/{id}",
        "01/Jan/2026:00:00:00 +0000",
        1_767_225_600_000,
    )
    assert context["domainPrefix"] == context["apiId"]
    plain = call(http_api("$default"), "GET", "/", (), OK).event
    assert set(plain) == {
        "version",
        "routeKey",
        "rawPath",
        "rawQueryString",
        "headers",
        "requestContext",
        "isBase64Encoded",
    }
    assert "authorizer" not in plain["requestContext"]


@pytest.mark.parametrize(
    ("kind", "body", "plain"),
    [
        ("text/plain", b"a", True),
        ("application/problem+json; charset=utf-8", b"a", True),
        ("application/xml", b"<a/>", True),
        ("application/javascript", b"a", True),
        (None, b"a", True),
        (None, b"\xff", False),
        ("text/plain", b"\xff", False),
        ("application/x-www-form-urlencoded", b"a=1", False),
        ("image/png", b"a", False),
    ],
)
@pytest.mark.parametrize("payload_format", ["1.0", "2.0"])
def test_http_event_bodies(kind, body, plain, payload_format):
    headers = () if kind is None else (("content-type", kind),)
    seen = call(http_api(route("POST /items", payload_format=payload_format)), "POST", "/items", headers, OK, body=body)
    assert seen.event["isBase64Encoded"] is not plain
    assert (seen.event["body"] == body.decode("latin-1")) is plain


def test_http_1_0_event():
    gate = authorizer("lambda_request", payload_format=Known("1.0"))
    api = http_api(route("GET /items/{id}", gate, payload_format="1.0"), stages=(Stage(Known("prod")),))
    seen = call(api, "GET", "/items/7?q=1&q=2", (("Origin", APP), ("X-A", "1"), ("X-A", "2")), Granted({"n": 1}), OK)
    event = seen.event
    assert (event["version"], event["resource"], event["path"], event["httpMethod"]) == (
        "1.0",
        "/items/{id}",
        "/prod/items/7",
        "GET",
    )
    assert (event["headers"]["Origin"], event["headers"]["X-A"], event["multiValueHeaders"]["X-A"]) == (
        APP,
        "2",
        ["1", "2"],
    )
    assert (event["queryStringParameters"], event["multiValueQueryStringParameters"]) == ({"q": "2"}, {"q": ["1", "2"]})
    assert (event["pathParameters"], event["body"], event["isBase64Encoded"]) == ({"id": "7"}, None, False)
    assert event["requestContext"]["authorizer"] == {"n": 1}


def test_http_stage_in_path():
    stages = (
        Stage(Known("prod"), base_paths=(Known("shop"), Known("shop/v2/"))),
        Stage(Known("dev"), base_paths=(Known(""),)),
    )
    api = http_api("GET /items", stages=stages)
    for path, stage in (("/shop/items", "prod"), ("/shop/v2/items", "prod"), ("/items", "dev")):
        seen = call(api, "GET", "", ORIGIN, OK, url=f"https://api.example.com{path}")
        assert seen.event["requestContext"]["stage"] == stage
        assert (seen.event["rawPath"], seen.event["requestContext"]["domainName"]) == (path, "api.example.com")
    for host in (
        "127.0.0.1:3000",
        "localhost:3000",
        "[::1]:3000",
        "abc.execute-api.eu-west-1.amazonaws.com",
        "a.localhost",
    ):
        local = call(api, "GET", "", ORIGIN, OK, url=f"http://{host}/prod/items")
        assert local.event["requestContext"]["stage"] == "prod"
    assert call(api, "GET", "", ORIGIN, url="https://api.example.com/shopping/items").status == 404
    only = http_api("GET /items", stages=stages[:1])
    assert call(only, "GET", "", ORIGIN, url="https://api.example.com/items").status == 404
    assert call(only, "GET", "", ORIGIN, url="https://api.example.com/shop").status == 404


def test_http_unread_backends():
    """With CORS configured, what nobody can read of a backend decides only a preflight's status."""
    unread = Unread(Unknown("its code is not in the project"))
    proxied = HttpRoute("ANY", "/items", HttpProxy(Known("https://b.example"), HERE), HERE)
    for first, told in ((proxied, ()), (route("ANY /items"), (unread,))):
        api = http_api(first, **FULL)
        seen = call(api, "GET", "/items", ORIGIN, *told)
        assert (seen.status, seen.cors["allow-origin"], seen.made_by, seen.body) == (200, (APP,), "unknown", b"")
        assert call(api, "GET", "/items", (("origin", OTHER),), *told).cors == {}
        with pytest.raises(Undecided, match=r"another HTTP server|not in the project"):
            call(api, "OPTIONS", "/items", preflight(), *told)
        with pytest.raises(Undecided):
            call(http_api(first), "GET", "/items", ORIGIN, *told)
    nameless = HttpRoute("GET", "/items", LambdaProxy(Unknown("which function?")), HERE)
    assert call(http_api(nameless, **FULL), "GET", "/items", ORIGIN).made_by == "unknown"
    with pytest.raises(Undecided, match="which function"):
        call(http_api(nameless), "GET", "/items", ORIGIN)
    with pytest.raises(Undecided, match="what GET /items calls"):
        call(http_api(HttpRoute("GET", "/items", None, HERE)), "GET", "/items", ORIGIN)


def test_http_mutual_tls():
    seen = call(http_api("GET /items", **FULL), "OPTIONS", "/items", preflight(), client_certificate_missing=True)
    assert (seen.status, seen.body, seen.cors) == (403, b'{"message":"Forbidden"}', {})


def test_http_1_0_reads_base64_and_takes_other_keys():
    api = http_api(route("GET /items", payload_format="1.0"))
    told = Payload({"statusCode": 200, "body": "aGk=", "isBase64Encoded": True, "extra": 1})
    assert call(api, "GET", "/items", (), told).body == b"hi"


def test_http_1_0_content_type():
    api = http_api(route("GET /items", payload_format="1.0"))
    typed = Payload({"statusCode": 200, "headers": {"content-type": "text/html"}})
    assert call(api, "GET", "/items", (), typed).all("content-type") == ("text/html",)
    assert call(api, "GET", "/items", (), OK).all("content-type") == ("application/json",)


def test_http_unknown_settings():
    """What is not known is asked for only where it decides."""
    api = http_api(allow_origins=(APP,))
    some = HttpApiCors(
        HERE, Known((Unknown("?"), Known(APP))), Unknown("methods?"), max_age=Unknown("?"), expose_headers=Unknown("?")
    )
    partly = HttpApi("Http", HERE, (route("GET /items"),), Known(some), api.stages)
    seen = call(partly, "GET", "/items", ORIGIN, OK)
    assert seen.cors == {"allow-origin": (APP,)}
    with pytest.raises(Undecided, match="methods"):
        call(partly, "OPTIONS", "/items", preflight())
    with pytest.raises(Undecided):
        call(partly, "GET", "/items", (("origin", OTHER),), OK)
    listed = HttpApiCors(HERE, known_texts(APP), max_age=Unknown("?"), expose_headers=Known((Unknown("?"),)))
    assert call(HttpApi("H", HERE, (), Known(listed)), "OPTIONS", "/items", preflight()).cors == {
        "allow-origin": (APP,)
    }
    with pytest.raises(Undecided, match="cors"):
        call(HttpApi("H", HERE, (), Unknown("cors")), "OPTIONS", "/items", preflight())


def test_http_deployment_answers():
    working, deployed = http_api("GET /items", **LISTED), http_api("GET /items")
    seen = call(working, "OPTIONS", "/items", preflight(), deployed=deployed)
    assert (seen.status, seen.cors) == (404, {})
