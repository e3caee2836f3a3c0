"""One test for each fact about CloudFront, by its name."""

from __future__ import annotations

import pytest
from fronts import APP, HERE, OK, ORIGIN, OTHER, call, function_url, http_api, preflight, rest_api

from corsmith.api.cloudfront import CacheBehavior, CloudFront, ErrorPage, PolicyCors, PolicyHeader
from corsmith.api.value import Known, Undecided, Unknown, known_texts
from corsmith.gateways import Failed, Payload, base_url, match

ALL = ("GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE")
URL = function_url()
OWN = Payload({"statusCode": 200, "headers": {"Access-Control-Allow-Origin": "*", "X-A": "1"}})


def behavior(pattern="*", target=URL, allowed=ALL, forwarded=("*",), key=(), **settings):
    return CacheBehavior(
        Known(pattern),
        target,
        HERE,
        allowed_methods=known_texts(*allowed),
        forwarded=known_texts(*forwarded),
        cache_key=known_texts(*key),
        **settings,
    )


def distribution(*behaviors, **settings):
    return CloudFront("Site", HERE, behaviors or (behavior(),), **settings)


def policy(*origins, **settings):
    lists = {
        name: known_texts(*value) if isinstance(value, tuple) else Known(value) for name, value in settings.items()
    }
    return Known(PolicyCors(known_texts(*origins), span=HERE, **lists))


def test_cloudfront_behavior_order():
    first, second, last = behavior("/api/*"), behavior("img/*.png"), behavior("*")
    site = distribution(first, second, last)
    assert match(site, "GET", "/api/a/b") is first
    assert match(site, "GET", "/img/a.png") is second
    assert match(site, "GET", "/img/a.jpg") is last
    assert call(distribution(behavior("/api/*")), "GET", "/other").status == 404
    assert base_url(site).startswith("https://d")
    assert base_url(site).endswith(".cloudfront.net")


def test_cloudfront_options_refused():
    seen = call(distribution(behavior(allowed=("GET", "HEAD"))), "OPTIONS", "/a", preflight())
    assert (seen.status, seen.asks, seen.cors, seen.made_by) == (403, [], {}, "cloudfront")
    assert (seen.all("server"), seen.all("x-cache")) == (("CloudFront",), ("Error from cloudfront",))
    assert call(distribution(), "OPTIONS", "/a", preflight(), OK).status == 200


def test_cloudfront_drops_headers():
    cors = function_url(allow_origins=(APP,), allow_methods=("PUT",))
    bare = call(distribution(behavior(target=cors, forwarded=())), "GET", "/a", ORIGIN, OK)
    assert (bare.cors, "origin" in bare.event["headers"]) == ({}, False)
    named = call(
        distribution(behavior(target=cors, forwarded=("Origin",))),
        "GET",
        "/a",
        (*ORIGIN, ("X-A", "1"), ("Accept", "a/b")),
        OK,
    )
    assert (named.cors, "x-a" in named.event["headers"], named.event["headers"]["accept"]) == (
        {"allow-origin": (APP,)},
        False,
        "a/b",
    )
    wide = call(distribution(behavior(target=cors)), "OPTIONS", "/a", (*preflight(), ("Host", "www.example.com")))
    assert (wide.status, wide.cors["allow-methods"]) == (200, ("PUT",))


def test_cloudfront_forwards_host():
    seen = call(distribution(behavior(forwarded=("*", "Host"))), "GET", "/a", (*ORIGIN, ("Host", "www.example.com")))
    assert (seen.status, seen.asks, seen.all("x-amzn-errortype")) == (403, [], ("ForbiddenException",))
    assert call(distribution(behavior(forwarded=("host",))), "GET", "/a", ORIGIN, OK).status == 200


def test_cloudfront_target_answers():
    staged = behavior(target=rest_api("GET /items"), stage=Known("Prod"))
    seen = call(distribution(staged), "GET", "/items?q=1", ORIGIN, OK)
    assert (seen.status, seen.made_by, seen.event["path"], seen.event["queryStringParameters"]) == (
        200,
        "handler",
        "/items",
        {"q": "1"},
    )
    default = behavior(target=http_api("GET /items", allow_origins=(APP,)))
    refused = call(distribution(default), "GET", "/none", ORIGIN)
    assert (refused.status, refused.cors, refused.relied) == (
        404,
        {"allow-origin": (APP,)},
        ("http_errors_carry_cors",),
    )
    with pytest.raises(Undecided, match="not defined in the project"):
        call(distribution(behavior(target=None)), "GET", "/a")


def test_cloudfront_target_sees_the_circumstances():
    site = distribution(behavior(target=rest_api("GET /items"), stage=Known("Prod")))
    assert call(site, "GET", "/items", ORIGIN, throttled=True, stage="x").status == 429
    assert call(distribution(), "GET", "/items", ORIGIN, OK, deployed=site).event["path"] == "/items"


def test_cloudfront_cache_without_origin():
    cors = function_url(allow_origins=(APP, OTHER), allow_methods=("GET",))
    shared = distribution(behavior(target=cors))
    assert call(shared, "GET", "/a", ORIGIN, OK, cached_for=OTHER).cors == {"allow-origin": (OTHER,)}
    assert call(shared, "GET", "/a", ORIGIN, OK, cached_for="").cors == {}
    assert call(shared, "GET", "/a", (), OK, cached_for=OTHER).cors == {}
    assert call(shared, "PUT", "/a", ORIGIN, OK, cached_for=OTHER).cors == {"allow-origin": (APP,)}
    for kept in ({"key": ("Origin",)}, {"key": ("*",)}, {"caches": Known(False)}):
        apart = distribution(behavior(target=cors, **kept))
        assert call(apart, "GET", "/a", ORIGIN, OK, cached_for=OTHER).cors == {"allow-origin": (APP,)}


def test_cloudfront_policy_override():
    seen = call(distribution(behavior(cors=policy(APP))), "GET", "/a", ORIGIN, OWN)
    assert (seen.cors, seen.all("vary"), seen.all("x-a")) == ({"allow-origin": (APP,)}, ("Origin",), ("1",))


def test_cloudfront_policy_without_override():
    site = distribution(behavior(cors=policy(APP, override=False, allow_credentials=True)))
    kept = call(site, "GET", "/a", ORIGIN, OWN)
    assert (kept.cors, kept.relied) == ({"allow-origin": ("*",)}, ("cloudfront_fills_gaps",))
    filled = call(site, "GET", "/a", ORIGIN, OWN, cloudfront_fills_gaps=True)
    assert filled.cors == {"allow-origin": ("*",), "allow-credentials": ("true",)}
    alone = call(site, "GET", "/a", ORIGIN, OK)
    assert (alone.cors, alone.relied) == ({"allow-origin": (APP,), "allow-credentials": ("true",)}, ())


@pytest.mark.parametrize(
    ("origins", "credentials", "sent"),
    [
        (("*",), False, "*"),
        (("*",), True, APP),
        (("https://*.example.com",), False, APP),
        (("*.example.com",), False, APP),
        ((OTHER, APP), False, APP),
        ((OTHER,), False, None),
        (("https://*.example.net",), False, None),
    ],
)
def test_cloudfront_policy_origins(origins, credentials, sent):
    seen = call(distribution(behavior(cors=policy(*origins, allow_credentials=credentials))), "GET", "/a", ORIGIN, OK)
    assert seen.cors.get("allow-origin") == (None if sent is None else (sent,))
    assert seen.all("vary") == (("Origin",) if sent == APP else ())
    assert call(distribution(behavior(cors=policy(*origins))), "GET", "/a", (), OK).cors == {}


def test_cloudfront_policy_preflight():
    full = policy(APP, allow_methods=("ALL",), allow_headers=("X-A", "X-B"), expose_headers=("X-C",), max_age=600)
    asked = call(distribution(behavior(cors=full)), "OPTIONS", "/a", preflight(), OK)
    assert asked.cors == {
        "allow-origin": (APP,),
        "expose-headers": ("X-C",),
        "allow-methods": ("GET,DELETE,HEAD,OPTIONS,PATCH,POST,PUT",),
        "allow-headers": ("X-A,X-B",),
        "max-age": ("600",),
    }
    assert set(call(distribution(behavior(cors=full)), "GET", "/a", ORIGIN, OK).cors) == {
        "allow-origin",
        "expose-headers",
    }
    short = call(distribution(behavior(cors=policy(APP, allow_methods=("PUT",)))), "OPTIONS", "/a", preflight(), OK)
    assert short.cors == {"allow-origin": (APP,), "allow-methods": ("PUT",)}


def test_cloudfront_policy_keeps_status():
    seen = call(distribution(behavior(allowed=("GET",), cors=policy(APP))), "OPTIONS", "/a", preflight())
    assert (seen.status, seen.cors["allow-origin"]) == (403, (APP,))


def test_cloudfront_policy_custom_headers():
    headers = (
        PolicyHeader("X-A", Known("2"), Known(False)),
        PolicyHeader("Access-Control-Allow-Origin", Known(APP)),
        PolicyHeader("X-New", Known("1"), Known(False)),
    )
    seen = call(distribution(behavior(headers=headers)), "GET", "/a", ORIGIN, OWN)
    assert (seen.all("x-a"), seen.cors["allow-origin"], seen.all("x-new")) == (("1",), (APP,), ("1",))


def test_cloudfront_error_pages():
    pages = (
        ErrorPage(Known(502), Known("/index.html"), Known(200)),
        ErrorPage(Known(404)),
        ErrorPage(Known(403), Known("/e.html")),
    )
    site = distribution(behavior(cors=policy(APP)), error_pages=pages)
    shown = call(site, "GET", "/a", ORIGIN, Failed())
    assert (shown.status, shown.all("content-type"), shown.made_by) == (200, ("text/html",), "cloudfront")
    assert shown.cors == {"allow-origin": (APP,)}
    own = Payload({"statusCode": 404, "body": "mine"})
    assert (call(site, "GET", "/a", ORIGIN, own).status, call(site, "GET", "/a", ORIGIN, own).body) == (404, b"mine")
    assert call(site, "GET", "/a", ORIGIN, Payload({"statusCode": 403, "body": "mine"})).body == b""
    assert call(site, "GET", "/a", ORIGIN, OK).body == b"ok"


def test_cloudfront_code_undecided():
    with pytest.raises(Undecided, match="viewer-response"):
        call(distribution(behavior(code=Unknown("a function runs at viewer-response"))), "GET", "/a", ORIGIN, OK)


def test_cloudfront_waf():
    seen = call(distribution(), "GET", "/a", ORIGIN, waf_blocks=True)
    assert (seen.status, seen.made_by) == (403, "waf")
