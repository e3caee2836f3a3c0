"""One test for each fact about Function URLs, by its name."""

from __future__ import annotations

import pytest
from fronts import APP, HERE, OK, ORIGIN, OTHER, call, function_url, preflight

from corsmith.api.function_url import FunctionUrl
from corsmith.api.value import Known, Undecided, Unknown
from corsmith.gateways import (
    Denied,
    Failed,
    Granted,
    Payload,
    RawPayload,
    Slow,
    Streamed,
    Throttled,
    TimedOut,
    Unread,
    base_url,
    match,
)

LISTED = {
    "allow_origins": (APP, "http://localhost:3000"),
    "allow_methods": ("GET", "PUT"),
    "allow_headers": ("Content-Type", "X-Api-Key"),
}
FULL = {**LISTED, "allow_credentials": True, "expose_headers": ("X-Total", "X-Page"), "max_age": 300}
OWN = Payload(
    {
        "statusCode": 200,
        "headers": {"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Methods": "POST", "Vary": "Accept"},
    }
)
ERROR = b"Internal Server Error"


def asked(method="PUT", headers="", origin=APP, **settings):
    """What a preflight gets."""
    assumed = {name: settings.pop(name) for name in list(settings) if name.startswith("url_")}
    return call(function_url(**settings), "OPTIONS", "/", preflight(method, headers, origin), **assumed)


def got(value, headers=ORIGIN, **settings):
    """What a function's result becomes."""
    assumed = {name: settings.pop(name) for name in list(settings) if name.startswith("url_")}
    return call(function_url(**settings), "GET", "/", headers, Payload(value), **assumed)


def test_url_preflight_answered_alone():
    seen = asked(**LISTED)
    assert (seen.asks, seen.made_by, seen.cors["allow-origin"], seen.relied) == ([], "gateway", (APP,), ())


def test_url_preflight_200():
    seen = asked(**LISTED)
    assert (seen.status, seen.body, seen.all("content-type")) == (200, b"", ("application/json",))
    assert seen.all("x-amzn-requestid") == ("c6af9ac6-7b61-11e6-9a41-93e8deadbeef",)


def test_url_preflight_lists():
    seen = asked("GET", "x-api-key", **FULL)
    assert seen.cors == {
        "allow-origin": (APP,),
        "allow-methods": ("GET,PUT",),
        "allow-headers": ("content-type,x-api-key",),
        "allow-credentials": ("true",),
        "expose-headers": ("x-total,x-page",),
        "max-age": ("300",),
    }
    assert seen.all("vary") == ("Origin",)
    assert asked("GET", " X-API-KEY , content-type,", **FULL).cors == seen.cors


def test_url_method_wildcard():
    assert asked("DELETE", allow_origins=(APP,), allow_methods=("*",)).cors["allow-methods"] == ("DELETE",)
    # A method AWS cannot list is not handed back.
    assert asked("BREW", allow_origins=(APP,), allow_methods=("*",)).cors["allow-methods"] == ("*",)


def test_url_header_wildcard():
    settings = {"allow_origins": (APP,), "allow_methods": ("*",), "allow_headers": ("*",)}
    seen = asked("PUT", "x-a,authorization", **settings)
    assert (seen.cors["allow-headers"], seen.relied) == (("*",), ("url_header_wildcard",))
    echoed = asked("PUT", "x-a", url_header_wildcard="requested", **settings)
    assert echoed.cors["allow-headers"] == ("x-a",)
    assert "allow-headers" not in asked("PUT", url_header_wildcard="requested", **settings).cors
    two = asked("PUT", "x-b", allow_origins=(APP,), allow_methods=("*",), allow_headers=("*", "X-A"))
    assert (two.cors["allow-headers"], two.relied) == (("*,x-a",), ())


def test_url_origin_always_concrete():
    settings = {"allow_origins": ("*",), "allow_methods": ("*",), "allow_credentials": True}
    assert asked(origin=OTHER, **settings).cors["allow-origin"] == (OTHER,)
    actual = got({"statusCode": 200}, (("origin", OTHER),), **settings)
    assert (actual.cors["allow-origin"], actual.cors["allow-credentials"]) == ((OTHER,), ("true",))


@pytest.mark.parametrize(
    ("listed", "origin", "admitted"),
    [("https://*", APP, True), ("https://*", "http://a.example", False), ("http://*", "http://a.example", True)],
)
def test_url_scheme_wildcard(listed, origin, admitted):
    assert asked(origin=origin, allow_origins=(listed,), allow_methods=("*",)).cors.get("allow-origin") == (
        (origin,) if admitted else None
    )


@pytest.mark.parametrize(
    ("method", "headers", "origin"),
    [
        ("PUT", "", OTHER),
        ("DELETE", "", APP),
        ("put", "", APP),
        ("PUT", "x-other", APP),
        ("PUT", "content-type, x-other", APP),
    ],
)
def test_url_preflight_mismatch(method, headers, origin):
    seen = asked(method, headers, origin, **FULL)
    assert (seen.status, seen.cors, seen.all("vary")) == (200, {}, ())
    strict = asked(method, headers, origin, url_preflight_mismatch="forbidden", **FULL)
    assert (strict.status, strict.cors) == (403, {})
    assert asked("PUT", "x-api-key", url_preflight_mismatch="forbidden", **FULL).status == 200


def test_url_headers_without_a_list():
    assert asked("PUT", "x-a", allow_origins=(APP,), allow_methods=("PUT",)).cors == {}


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_url_safelisted_methods(method):
    refused = asked(method, allow_origins=(APP,), allow_methods=("PUT",))
    assert (refused.cors, refused.relied) == ({}, ("url_safelisted_methods",))
    passed = asked(method, allow_origins=(APP,), allow_methods=("PUT",), url_safelisted_methods="always")
    assert passed.cors == {"allow-origin": (APP,), "allow-methods": ("PUT",)}
    unset = asked(method, allow_origins=(APP,))
    assert (unset.cors, unset.relied) == ({"allow-origin": (APP,)}, ())
    assert asked("PATCH", allow_origins=(APP,), url_safelisted_methods="always").cors == {}


@pytest.mark.parametrize("closed", [{"auth_type": "AWS_IAM"}, {"may_invoke": False}])
def test_url_preflight_before_auth(closed):
    seen = asked(**closed, **LISTED)
    assert (seen.status, seen.cors["allow-origin"], seen.relied) == (200, (APP,), ("url_preflight_before_auth",))
    after = asked(url_preflight_before_auth=False, **closed, **LISTED)
    assert (after.status, after.cors) == (403, {})


def test_url_preflight_after_auth_when_the_caller_passes():
    url = function_url(auth_type="AWS_IAM", **LISTED)
    signed = (*preflight(), ("authorization", "AWS4-HMAC-SHA256 x"))
    seen = call(url, "OPTIONS", "/", signed, Granted(), url_preflight_before_auth=False)
    assert (seen.status, seen.invoked, seen.cors["allow-origin"]) == (200, [], (APP,))
    assert call(function_url(**LISTED), "OPTIONS", "/", preflight(), not_permitted=True).relied == (
        "url_preflight_before_auth",
    )


def test_url_preflight_with_unknown_permissions():
    cors = function_url(**LISTED).cors
    url = FunctionUrl("Url", HERE, Known("Items"), Unknown("?"), cors=cors)
    assert call(url, "OPTIONS", "/", preflight()).status == 200
    with pytest.raises(Undecided):
        call(url, "GET", "/", ORIGIN)


def test_url_bare_options():
    for headers in (ORIGIN, preflight()[1:], ()):
        seen = call(function_url(**LISTED), "OPTIONS", "/", headers, OK)
        assert (seen.status, len(seen.invoked)) == (200, 1)
    swallowed = call(function_url(**LISTED), "OPTIONS", "/", ORIGIN, url_bare_options_invokes=False)
    assert (swallowed.status, swallowed.asks, swallowed.cors) == (200, [], {})
    assert call(function_url(**LISTED), "GET", "/", ORIGIN, OK, url_bare_options_invokes=False).invoked
    assert call(function_url(), "OPTIONS", "/", ORIGIN, OK, url_bare_options_invokes=False).invoked


def test_url_max_age():
    assert asked(**FULL).cors["max-age"] == ("300",)
    assert "max-age" not in asked(**LISTED).cors


def test_url_max_age_zero():
    assert "max-age" not in asked(**{**FULL, "max_age": 0}).cors
    assert asked(url_zero_max_age_sent=True, **{**FULL, "max_age": 0}).cors["max-age"] == ("0",)


def test_url_no_cors_invokes():
    seen = call(function_url(), "OPTIONS", "/a", preflight(headers="x-a"), OK)
    assert seen.event["requestContext"]["http"]["method"] == "OPTIONS"
    assert seen.event["headers"]["access-control-request-headers"] == "x-a"


def test_url_no_cors_passes_through():
    seen = call(function_url(), "GET", "/", ORIGIN, OWN)
    assert (seen.cors, seen.all("vary")) == ({"allow-origin": ("*",), "allow-methods": ("POST",)}, ("Accept",))


def test_url_actual_adds():
    seen = got({"statusCode": 200}, **FULL)
    assert seen.cors == {"allow-origin": (APP,), "allow-credentials": ("true",), "expose-headers": ("x-total,x-page",)}
    assert (seen.all("vary"), seen.made_by, seen.relied) == (("Origin",), "handler", ())
    assert got({"statusCode": 404}, **LISTED).cors == {"allow-origin": (APP,)}


def test_url_doubles_headers():
    own = {
        "Access-Control-Allow-Origin": "*",
        "ACCESS-CONTROL-ALLOW-CREDENTIALS": "true",
        "Access-Control-Allow-Methods": "POST",
    }
    seen = got({"statusCode": 200, "headers": own}, **FULL)
    assert seen.all("access-control-allow-origin") == ("*", APP)
    assert seen.all("access-control-allow-credentials") == ("true", "true")
    assert seen.all("access-control-allow-methods") == ("POST",)
    assert "access-control-allow-headers" not in seen.cors


def test_url_only_with_origin():
    seen = got({"statusCode": 200}, (), **FULL)
    assert (seen.cors, seen.all("vary")) == ({}, ())


def test_url_other_origin_invokes():
    seen = got({"statusCode": 200}, (("origin", OTHER),), **FULL)
    assert (seen.status, len(seen.invoked), seen.cors, seen.all("vary")) == (200, 1, {}, ())


@pytest.mark.parametrize("listed", [f"{APP}/", APP.upper(), "HTTPS://App.Example.com"])
def test_url_origin_exact(listed):
    exact = asked(allow_origins=(listed,), allow_methods=("PUT",))
    assert (exact.cors, exact.relied) == ({}, ("url_origin_match",))
    folded = asked(allow_origins=(listed,), allow_methods=("PUT",), url_origin_match="folded")
    assert folded.cors["allow-origin"] == (APP,)
    assert asked(origin=OTHER, allow_origins=(listed,), url_origin_match="folded").cors == {}


def test_url_vary_lines():
    value = {"statusCode": 200, "headers": {"Vary": "Accept", "X-A": "1"}}
    assert got(value, **LISTED).all("vary") == ("Accept", "Origin")
    merged = got(value, url_merges_vary=True, **LISTED)
    assert (merged.all("vary"), merged.all("x-a"), merged.cors) == (
        ("Accept, Origin",),
        ("1",),
        {"allow-origin": (APP,)},
    )
    assert got({"statusCode": 200}, url_merges_vary=True, **LISTED).all("vary") == ("Origin",)


def test_url_names_lower_case():
    names = [name for name, _ in got({"statusCode": 200, "headers": {"X-Total-Count": "3"}}).headers]
    assert "x-total-count" in names
    assert "X-Total-Count" not in names


def test_url_two_permissions():
    for url in (function_url(may_invoke=False), FunctionUrl("U", HERE, Known("F"), may_invoke_url=Known(False))):
        seen = call(url, "GET", "/", ORIGIN)
        assert (seen.status, seen.asks, seen.all("x-amzn-errortype")) == (403, [], ("AccessDeniedException",))
        assert seen.body.startswith(
            b'{"Message":"Forbidden. For troubleshooting Function URL authorization issues, see: '
        )
    assert call(function_url(), "GET", "/", ORIGIN, not_permitted=True).status == 403


def test_url_403_bare():
    url = function_url(may_invoke=False, **FULL)
    bare = call(url, "GET", "/", ORIGIN)
    assert (bare.cors, bare.relied) == ({}, ("url_refusals_carry_cors",))
    carried = call(url, "GET", "/", ORIGIN, url_refusals_carry_cors=True)
    assert (carried.status, carried.cors["allow-origin"]) == (403, (APP,))
    assert call(url, "GET", "/", (("origin", OTHER),)).relied == ()


def test_url_iam_unsigned():
    url = function_url(auth_type="AWS_IAM")
    assert call(url, "GET", "/", (("authorization", "Bearer x"),)).status == 403
    assert call(url, "GET", "/", (("authorization", "AWS4-HMAC-SHA256 x"),), Denied()).status == 403


def test_url_iam_consumes_signature():
    signed = (("authorization", "AWS4-HMAC-SHA256 x"), ("x-amz-date", "1"))
    seen = call(function_url(auth_type="AWS_IAM"), "GET", "/", signed, Granted({"userArn": "arn"}), OK)
    assert "authorization" not in seen.event["headers"]
    assert seen.event["headers"]["x-amz-date"] == "1"
    assert seen.event["requestContext"]["authorizer"] == {"iam": {"userArn": "arn"}}
    assert (seen.asked[0].authorizer.kind, seen.asked[0].event) == ("iam", None)
    presigned = call(function_url(auth_type="AWS_IAM"), "GET", "/?X-Amz-Signature=a", (), Granted(), OK)
    assert presigned.status == 200


@pytest.mark.parametrize(
    "told", [Failed(), Failed("init"), Failed("marshal"), TimedOut(), Slow(), RawPayload(b"x"), Streamed(None, b"x")]
)
def test_url_function_fails(told):
    seen = call(function_url(), "GET", "/", ORIGIN, told)
    assert (seen.status, seen.body, seen.all("content-type"), seen.made_by) == (502, ERROR, ("text/plain",), "gateway")


@pytest.mark.parametrize(
    "value",
    [
        {"statusCode": "x"},
        {"statusCode": 200, "headers": []},
        {"statusCode": 200, "headers": {"X": ["a"]}},
        {"statusCode": 700},
    ],
)
def test_url_malformed_results(value):
    assert (got(value).status, got(value).body) == (502, ERROR)


@pytest.mark.parametrize(
    ("told", "body", "status"), [(Failed(), None, 502), (Throttled(), None, 429), (None, b"x" * 6_291_457, 413)]
)
def test_url_errors_carry_cors(told, body, status):
    url = function_url(**FULL)
    script = () if told is None else (told,)
    seen = call(url, "POST", "/", ORIGIN, *script, body=body)
    assert (seen.status, seen.cors["allow-origin"], seen.relied) == (status, (APP,), ("url_errors_carry_cors",))
    bare = call(url, "POST", "/", ORIGIN, *script, body=body, url_errors_carry_cors=False)
    assert (bare.status, bare.cors) == (status, {})
    assert call(url, "POST", "/", (("origin", OTHER),), *script, body=body).relied == ()


def test_url_throttled():
    assert call(function_url(), "GET", "/", ORIGIN, throttled=True).status == 429
    assert call(function_url(), "GET", "/", ORIGIN, Throttled()).status == 429


def test_url_too_large():
    assert call(function_url(), "POST", "/", ORIGIN, body=b"x" * 6_291_457).status == 413
    assert call(function_url(), "POST", "/", ORIGIN, OK, body=b"x" * 6_291_456).status == 200


def test_url_bad_query():
    seen = call(function_url(), "GET", "/?a=b|c", ORIGIN)
    assert (seen.status, seen.asks) == (400, [])


@pytest.mark.parametrize(
    ("value", "body"),
    [
        ({"hello": "world"}, b'{"hello":"world"}'),
        (["hello", 3, True], b'["hello",3,true]'),
        ("hello", b"hello"),
        (3.1, b"3.1"),
        (None, b"null"),
        (
            {"headers": {"Access-Control-Allow-Origin": "*"}, "body": "x"},
            b'{"headers":{"Access-Control-Allow-Origin":"*"},"body":"x"}',
        ),
    ],
)
def test_url_inference(value, body):
    seen = got(value)
    assert (seen.status, seen.body, seen.all("content-type"), seen.cors) == (200, body, ("application/json",), {})


def test_url_status_text():
    assert got({"statusCode": "418"}).status == 418


def test_url_default_type():
    assert got({"statusCode": 200, "body": "x"}).all("content-type") == ("application/json",)
    assert got({"statusCode": 200, "headers": {"CONTENT-TYPE": "text/html"}}).all("content-type") == ("text/html",)
    assert got({"statusCode": 200, "body": {"a": 1}}).body == b'{"a":1}'
    assert got({"statusCode": 200, "body": "aGk=", "isBase64Encoded": True}).body == b"hi"


def test_url_multi_value_ignored():
    assert got({"statusCode": 200, "multiValueHeaders": {"Access-Control-Allow-Origin": ["*"]}}).cors == {}


def test_url_cookies():
    assert got({"statusCode": 200, "cookies": ["a=1", "b=2"]}).all("set-cookie") == ("a=1", "b=2")


def test_url_header_values():
    value = {"statusCode": 200, "headers": {"Access-Control-Allow-Credentials": True}}
    assert (got(value).cors, got(value).relied) == ({"allow-credentials": ("true",)}, ("url_header_values",))
    assert got(value, url_header_values="refused").status == 502
    assert got({"statusCode": 200, "headers": {"X-Ü": "1"}}).status == 502
    assert got({"statusCode": 200, "headers": {"X-A": " é\t"}}).all("x-a") == ("Ã©",)


STREAM = {"invoke_mode": "RESPONSE_STREAM"}


def streamed(told, **settings):
    assumed = {name: settings.pop(name) for name in list(settings) if name.startswith("url_")}
    return call(function_url(**STREAM, **settings), "GET", "/", ORIGIN, told, **assumed)


def test_url_stream_prelude():
    prelude = b'{"statusCode": 201, "headers": {"X-A": "1", "Access-Control-Allow-Origin": "*"}, "cookies": ["a=1"]}'
    seen = streamed(Streamed(prelude, b"data"), **LISTED)
    assert (seen.status, seen.body, seen.all("x-a"), seen.all("set-cookie")) == (201, b"data", ("1",), ("a=1",))
    assert seen.all("access-control-allow-origin") == ("*", APP)
    assert seen.all("content-type") == ("application/octet-stream",)
    assert seen.invoked[0].streams
    assert streamed(Streamed(b'{"status": 500}', b"", "text/plain")).status == 200
    for prelude in (b"no json", b"[]", b'{"statusCode": "x"}', b'{"headers": []}'):
        assert streamed(Streamed(prelude, b"data")).status == 502


def test_url_stream_without_prelude():
    seen = streamed(Streamed(None, b""))
    assert (seen.status, seen.body, seen.all("content-type"), seen.cors) == (
        200,
        b"",
        ("application/octet-stream",),
        {},
    )


def test_url_stream_buffered_result():
    value = {"statusCode": 404, "headers": {"Access-Control-Allow-Origin": "*"}}
    seen = streamed(Payload(value))
    assert (seen.status, seen.cors, seen.all("content-type")) == (200, {}, ("application/json",))
    assert seen.body == b'{"statusCode":404,"headers":{"Access-Control-Allow-Origin":"*"}}'
    raw = streamed(RawPayload(b"\x00", "image/png"))
    assert (raw.status, raw.body, raw.all("content-type")) == (200, b"\x00", ("image/png",))


def test_url_stream_collected():
    """A function that streams behind a URL that buffers: its bytes are one payload."""
    whole = call(function_url(), "GET", "/", ORIGIN, Streamed(None, b'{"statusCode": 201}'))
    assert (whole.status, whole.invoked[0].streams) == (201, False)
    assert call(function_url(), "GET", "/", ORIGIN, Streamed(b"{}", b"x")).status == 502


def test_url_stream_fails():
    assert streamed(Streamed(None, b"", failed=True)).status == 502
    assert streamed(Streamed(None, b"", failed=True), url_failed_stream_is_error=False).status == 200
    assert streamed(Streamed(None, b"part", failed=True)).status == 200
    assert streamed(Streamed(b"{}", b"", failed=True)).status == 200
    assert streamed(Failed()).status == 502


def test_url_event():
    headers = (
        ("Origin", APP),
        ("X-A", "1"),
        ("x-a", "2"),
        ("Cookie", "a=1; b=2"),
        ("Content-Type", "application/json"),
    )
    event = call(function_url(), "POST", "/pa2%Fth/1?q=1&q=2", headers, OK, body=b"{}").event
    assert (event["version"], event["routeKey"], event["rawPath"], event["rawQueryString"]) == (
        "2.0",
        "$default",
        "/pa2%Fth/1",
        "q=1&q=2",
    )
    assert (event["cookies"], event["headers"]["cookie"], event["headers"]["x-a"]) == (
        ["a=1", "b=2"],
        "a=1; b=2",
        "1,2",
    )
    assert (event["queryStringParameters"], event["body"]) == ({"q": "1,2"}, "{}")
    context = event["requestContext"]
    assert (context["accountId"], context["stage"], context["routeKey"]) == ("anonymous", "$default", "$default")
    assert context["domainName"] == base_url(function_url()).removeprefix("https://")
    assert context["apiId"] == context["domainPrefix"] == context["domainName"].partition(".")[0]
    assert len(context["apiId"]) == 32
    plain = call(function_url(), "GET", "/", (), OK).event
    assert set(plain) == {
        "version",
        "routeKey",
        "rawPath",
        "rawQueryString",
        "headers",
        "requestContext",
        "isBase64Encoded",
    }
    assert set(plain["headers"]) == {
        "host",
        "x-amzn-trace-id",
        "x-forwarded-for",
        "x-forwarded-port",
        "x-forwarded-proto",
    }


def test_url_trailing_slash():
    event = call(function_url(), "GET", "/items/", (), OK).event
    assert (event["rawPath"], event["requestContext"]["http"]["path"]) == ("/items/", "/items")
    root = call(function_url(), "GET", "/", (), OK).event
    assert root["requestContext"]["http"]["path"] == "/"


def test_url_takes_everything_itself():
    url = function_url()
    assert match(url, "BREW", "/a") is url
    assert base_url(url).startswith("https://")
    assert base_url(url).endswith(".lambda-url.us-east-1.on.aws")


def test_url_undecided_function_is_named():
    with pytest.raises(Undecided, match="not in the project"):
        call(function_url(**FULL), "GET", "/", ORIGIN, Unread(Unknown("its code is not in the project")))
