"""One test for each fact about Application Load Balancers, by its name."""

from __future__ import annotations

import pytest
from fronts import APP, HERE, OK, ORIGIN, call, preflight
from msgspec.structs import replace

from corsmith.api.alb import Alb, AlbRedirect, AlbRule, AlbTarget, Elsewhere, FixedResponse
from corsmith.api.value import Known, Undecided, Unknown, known_texts
from corsmith.gateways import Failed, Payload, RawPayload, Slow, Streamed, Throttled, TimedOut, Unread, base_url, match

TARGET = AlbTarget(Known("Shop"), HERE)
NOT_FOUND = FixedResponse(Known("404"), Known("text/plain"), Known("no such rule"), HERE)


def rule(priority=10, action=TARGET, **conditions):
    settings = {name: known_texts(*value) for name, value in conditions.items() if name != "headers"}
    headers = tuple((name, known_texts(*value)) for name, value in conditions.get("headers", {}).items())
    return AlbRule(Known(priority), action, HERE, headers=headers, **settings)


def listener(*rules, default=NOT_FOUND, **settings):
    return Alb("Listener", HERE, rules, default, **settings)


MULTI = listener(rule(action=AlbTarget(Known("Shop"), HERE, Known(True))))


def got(value, alb=None, **assumed):
    return call(alb or listener(rule()), "GET", "/", ORIGIN, Payload(value), **assumed)


def test_alb_no_cors():
    seen = call(listener(rule()), "OPTIONS", "/a", preflight(), OK)
    assert (seen.status, seen.event["httpMethod"], seen.cors, seen.made_by) == (200, "OPTIONS", {}, "handler")
    assert seen.relied == ()


def test_alb_rules_by_priority():
    first, second = rule(10, paths=("/shop/*",)), rule(20, NOT_FOUND, paths=("/*",))
    alb = listener(second, first)
    assert match(alb, "GET", "/shop/a") is first
    assert match(alb, "GET", "/other") is second
    assert match(listener(first), "GET", "/shop") is None
    assert call(alb, "GET", "/shop/a", (), OK).status == 200
    assert call(listener(first), "GET", "/none").status == 404
    assert match(listener(rule(paths=("/a?c/[x]",))), "GET", "/abc/[x]") is not None
    assert match(listener(rule(paths=("/a?c",))), "GET", "/ac") is None
    assert match(listener(rule(paths=("/A",))), "GET", "/a") is None
    assert match(listener(), "GET", "/") is None


def test_alb_rule_conditions():
    alb = listener(rule(headers={"X-Tenant": ("blue*",)}))
    assert call(alb, "GET", "/", (("x-tenant", "blue-1"),), OK).status == 200
    assert call(alb, "GET", "/", (("x-tenant", "red"),)).status == 404
    assert call(alb, "GET", "/").status == 404
    hosts = listener(rule(hosts=("API.example.com", "*.shop.example.com")))
    for host, status in (
        ("api.example.com", 200),
        ("a.shop.example.com:443", 200),
        ("other.example.com", 404),
        ("127.0.0.1:3000", 200),
        ("x.us-east-1.elb.amazonaws.com", 200),
    ):
        told = (OK,) if status == 200 else ()
        assert call(hosts, "GET", "", ORIGIN, *told, url=f"https://{host}/").status == status


def test_alb_conditions_that_nothing_decides():
    unsure = replace(rule(paths=("/a",)), others=(Unknown("the sender's address"),))
    with pytest.raises(Undecided, match="the sender's address"):
        call(listener(unsure), "GET", "/a")
    assert call(listener(unsure), "GET", "/b").status == 404
    assert match(listener(unsure), "GET", "/a") is unsure


def test_alb_default_action_takes_the_rest_for_a_function():
    only = rule(paths=("/a",))
    alb = listener(only, default=TARGET)
    assert match(alb, "GET", "/a") is only
    assert match(alb, "OPTIONS", "/b") is TARGET


def test_alb_base_url():
    shared = (rule(hosts=("a.example.com", "b.example.com")), rule(), rule(hosts=("b.example.com",)))
    assert base_url(listener(*shared)) == "https://b.example.com"
    apart = (rule(hosts=("a.example.com",)), rule(hosts=("b.example.com",)))
    assert base_url(listener(*apart)).endswith(".us-east-1.elb.amazonaws.com")
    assert base_url(listener()).endswith(".us-east-1.elb.amazonaws.com")
    assert base_url(listener(rule(), rule(hosts=("*.shop.example.com",)))) == "https://www.shop.example.com"
    unknown = AlbRule(Known(1), TARGET, HERE, hosts=Known((Unknown("?"), Known("a?.example.com"))))
    no_host = AlbRule(Known(1), TARGET, HERE, hosts=Known((Unknown("?"),)))
    assert base_url(listener(no_host)).endswith(".us-east-1.elb.amazonaws.com")
    assert base_url(listener(AlbRule(Known(1), TARGET, HERE, hosts=Unknown("?")), unknown)) == "https://ax.example.com"


def test_alb_options_not_routed():
    seen = call(listener(rule(methods=("GET", "HEAD"))), "OPTIONS", "/read/a", preflight())
    assert (seen.status, seen.asks, seen.cors) == (404, [], {})
    assert match(listener(rule(methods=("GET",))), "GET", "/") is not None


def test_alb_fixed_response():
    seen = call(listener(), "GET", "/", ORIGIN)
    assert (seen.status, seen.body, seen.all("content-type"), seen.made_by) == (
        404,
        b"no such rule",
        ("text/plain",),
        "alb",
    )
    assert seen.all("server") == ("awselb/2.0",)


def test_alb_redirect():
    plain = call(listener(default=AlbRedirect(Known("HTTP_301"))), "GET", "", (), url="https://a.example:8443/x/y?q=1")
    assert (plain.status, plain.all("location"), plain.made_by) == (301, ("https://a.example:8443/x/y?q=1",), "alb")
    bare = call(listener(default=AlbRedirect()), "GET", "", (), url="http://a.example/x")
    assert (bare.status, bare.all("location")) == (302, ("https://a.example:443/x",))


def test_alb_elsewhere():
    with pytest.raises(Undecided, match="sign-in"):
        call(listener(default=Elsewhere("a sign-in comes first")), "GET", "/")


def test_alb_single_value():
    value = {"statusCode": 200, "headers": {"X-One": "1"}, "multiValueHeaders": {"X-Many": ["1", "2"]}, "body": "b"}
    seen = got(value)
    assert (seen.headers, seen.body) == ((("X-One", "1"),), b"b")


def test_alb_multi_value():
    value = {"statusCode": "200", "headers": {"X-One": "1"}, "multiValueHeaders": {"X-Many": ["1", "2"]}}
    seen = got(value, MULTI)
    assert seen.headers == (("X-Many", "1"), ("X-Many", "2"))
    assert got({"statusCode": 200, "headers": {"X-One": "1"}}, MULTI).headers == ()


def test_alb_event():
    headers = (("Origin", APP), ("X-A", "1"), ("x-a", "2"))
    event = call(listener(rule()), "POST", "/a%20b?q=1%20&q=2&r", headers, OK, body=b"hi").event
    assert set(event) == {
        "requestContext",
        "httpMethod",
        "path",
        "queryStringParameters",
        "headers",
        "body",
        "isBase64Encoded",
    }
    assert (event["path"], event["queryStringParameters"]) == ("/a%20b", {"q": "2", "r": ""})
    assert (event["headers"]["origin"], event["headers"]["x-a"], event["body"]) == (APP, "2", "hi")
    assert event["headers"]["host"].endswith("amazonaws.com")
    assert "targetGroupArn" in event["requestContext"]["elb"]
    many = call(MULTI, "POST", "/?q=1&q=2", headers, OK, body=b"\xff").event
    assert (many["multiValueHeaders"]["x-a"], many["multiValueQueryStringParameters"]) == (
        ["1", "2"],
        {"q": ["1", "2"]},
    )
    assert "headers" not in many
    assert (many["body"], many["isBase64Encoded"]) == ("/w==", True)
    empty = call(listener(rule()), "GET", "/", (), OK).event
    assert (empty["body"], empty["isBase64Encoded"], empty["queryStringParameters"]) == ("", False, {})


@pytest.mark.parametrize(
    "value",
    [
        "hello",
        None,
        {},
        {"body": "x"},
        {"statusCode": "OK"},
        {"statusCode": 200, "body": {"a": 1}},
        {"statusCode": 200, "headers": ["a"]},
        {"statusCode": 200, "headers": {"X-A": ["b"]}},
        {"statusCode": 200, "headers": {"X A": "b"}},
        {"statusCode": 200, "headers": {"X-A": "b\n"}},
        {"statusCode": 200, "body": "***", "isBase64Encoded": True},
    ],
)
def test_alb_needs_status(value):
    seen = got(value)
    assert (seen.status, seen.all("content-type"), seen.cors) == (502, ("text/html",), {})
    assert b"<h1>502 Bad Gateway</h1>" in seen.body


@pytest.mark.parametrize("value", [["a"], {"X-A": "b"}, {"X-A": [["b"]]}])
def test_alb_malformed_multi_value(value):
    assert got({"statusCode": 200, "multiValueHeaders": value}, MULTI).status == 502


def test_alb_header_values():
    seen = got({"statusCode": 200, "headers": {"X-A": True, "X-B": 5}})
    assert (seen.all("x-a"), seen.all("x-b"), seen.relied) == (("true",), ("5",), ("alb_header_values",))
    assert got({"statusCode": 200, "headers": {"X-A": True}}, alb_header_values="refused").status == 502
    assert got({"statusCode": 200, "multiValueHeaders": {"X-A": [True]}}, MULTI).all("x-a") == ("true",)


@pytest.mark.parametrize("told", [Failed(), TimedOut(), Slow(), RawPayload(b"x"), Streamed(b"{}", b"x")])
def test_alb_function_fails(told):
    seen = call(listener(rule()), "GET", "/", ORIGIN, told)
    assert (seen.status, seen.made_by, seen.cors) == (502, "alb", {})


def test_alb_too_large():
    alb = listener(rule())
    assert call(alb, "POST", "/", (), body=b"x" * 1_048_577).status == 413
    assert call(alb, "POST", "/", (), OK, body=b"x" * 1_048_576).status == 200
    assert got({"statusCode": 200, "body": "x" * 1_048_577}).status == 502
    assert got({"statusCode": 200, "body": "x" * 1_048_576}).status == 200
    assert got({"statusCode": 200, "body": "aGk=", "isBase64Encoded": True}).body == b"hi"


def test_alb_not_permitted():
    refused = listener(rule(action=AlbTarget(Known("Shop"), HERE, permitted=Known(False))))
    for alb, situation in ((refused, {}), (listener(rule()), {"not_permitted": True})):
        assert call(alb, "GET", "/", ORIGIN, **situation).status == 502


def test_alb_throttled():
    seen = call(listener(rule()), "GET", "/", ORIGIN, Throttled())
    assert seen.status == 503
    assert b"503 Service Temporarily Unavailable" in seen.body


def test_alb_waf():
    seen = call(listener(rule()), "GET", "/", ORIGIN, waf_blocks=True)
    assert (seen.status, seen.made_by) == (403, "waf")
    assert b"403 Forbidden" in seen.body


def test_alb_inserted_headers():
    inserts = (("Access-Control-Allow-Origin", Known(APP)), ("X-New", Known("1")))
    value = {"statusCode": 200, "headers": {"access-control-allow-origin": "*", "X-A": "1"}}
    seen = got(value, listener(rule(), inserts=inserts))
    assert seen.headers == (("X-A", "1"), ("Access-Control-Allow-Origin", APP), ("X-New", "1"))


def test_alb_undecided_function_is_named():
    with pytest.raises(Undecided, match="not in the project"):
        call(listener(rule()), "GET", "/", (), Unread(Unknown("its code is not in the project")))
