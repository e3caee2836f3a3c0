"""The whole of each answer that a front door makes itself, and of one that passes through it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from fronts import (
    APP,
    BEARER,
    HERE,
    JWT,
    ORIGIN,
    authorizer,
    call,
    function_url,
    gateway_response,
    http_api,
    method,
    mock,
    preflight,
    rest_api,
    route,
)

from corsmith.api.alb import Alb, AlbRedirect, AlbRule, AlbTarget, FixedResponse
from corsmith.api.cloudfront import CacheBehavior, CloudFront, ErrorPage
from corsmith.api.rest_api import PolicyRefusal
from corsmith.api.value import Known, known_texts
from corsmith.gateways import Denied, Failed, Payload, Slow, Streamed, Throttled, Unauthorized

EXPECTED = Path(__file__).parent.parent / "fixtures" / "gateway-answers.json"
FULL = {
    "allow_origins": (APP,),
    "allow_methods": ("GET", "PUT"),
    "allow_headers": ("Content-Type",),
    "expose_headers": ("X-Total",),
    "max_age": 5,
    "allow_credentials": True,
}
RESULT = Payload({"statusCode": 201, "headers": {"X-Own": "1"}, "body": "body", "cookies": ["a=1"]})
FIRST = Payload(
    {"statusCode": 201, "headers": {"X-Own": "1"}, "multiValueHeaders": {"X-Many": ["1", "2"]}, "body": "body"}
)
IAM = authorizer("iam")
ITEMS = Alb(
    "L",
    HERE,
    (AlbRule(Known(1), AlbTarget(Known("F"), HERE), HERE, known_texts("/items")),),
    FixedResponse(Known("404"), Known("text/css"), Known("none")),
)
MOVED = Alb("L", HERE, (), AlbRedirect(Known("HTTP_301")))
POLICY = rest_api("GET /items", refusals=(PolicyRefusal(("*",), ("*",), "?"),))
SPA = (ErrorPage(Known(502), Known("/index.html"), Known(200)),)


def site(forwarded, *allowed, pages=()):
    behavior = CacheBehavior(
        Known("*"), function_url(), HERE, allowed_methods=known_texts(*allowed), forwarded=known_texts(*forwarded)
    )
    return CloudFront("C", HERE, (behavior,), pages)


BIG = b"x" * 10_485_761
CASES = {
    "http preflight": (http_api(**FULL), "OPTIONS", preflight(), ()),
    "http bare options": (http_api(**FULL), "OPTIONS", (), ()),
    "http function": (http_api("GET /items", **FULL), "GET", ORIGIN, (RESULT,)),
    "http inferred": (http_api("GET /items"), "GET", ORIGIN, (Payload({"a": 1}),)),
    "http first format": (http_api(route("GET /items", payload_format="1.0")), "GET", ORIGIN, (FIRST,)),
    "http 401": (http_api(route("GET /items", JWT), **FULL), "GET", ORIGIN, ()),
    "http 401 token": (http_api(route("GET /items", JWT)), "GET", BEARER, (Unauthorized(),)),
    "http 403": (http_api(route("GET /items", JWT)), "GET", BEARER, (Denied(),)),
    "http 403 iam": (http_api(route("GET /items", IAM)), "GET", ORIGIN, ()),
    "http 404": (http_api(), "GET", ORIGIN, ()),
    "http 429": (http_api("GET /items"), "GET", ORIGIN, (), {"throttled": True}),
    "http 413": (http_api("GET /items"), "GET", ORIGIN, (), {"body": BIG}),
    "http 500": (http_api("GET /items"), "GET", ORIGIN, (Failed(),)),
    "http 503": (http_api("GET /items"), "GET", ORIGIN, (Slow(),)),
    "rest mock": (rest_api(method("OPTIONS /items", mock())), "OPTIONS", preflight(), ()),
    "rest function": (rest_api("GET /items"), "GET", ORIGIN, (FIRST,)),
    "rest 401": (rest_api(method("GET /items", None, authorizer("cognito"))), "GET", ORIGIN, ()),
    "rest 403": (rest_api(), "GET", ORIGIN, ()),
    "rest 403 policy": (POLICY, "GET", ORIGIN, ()),
    "rest 403 customised": (rest_api(gateway_responses=(gateway_response("DEFAULT_4XX"),)), "GET", ORIGIN, ()),
    "rest 413": (rest_api("GET /items"), "GET", ORIGIN, (), {"body": BIG}),
    "rest 502": (rest_api("GET /items"), "GET", ORIGIN, (Failed(),)),
    "rest 504": (rest_api("GET /items"), "GET", ORIGIN, (Slow(),)),
    "url preflight": (function_url(**FULL), "OPTIONS", preflight(), ()),
    "url bare options": (function_url(**FULL), "OPTIONS", (), (), {"url_bare_options_invokes": False}),
    "url function": (function_url(**FULL), "GET", ORIGIN, (RESULT,)),
    "url stream": (
        function_url(invoke_mode="RESPONSE_STREAM"),
        "GET",
        ORIGIN,
        (Streamed(b'{"statusCode":202}', b"part"),),
    ),
    "url 403": (function_url(may_invoke=False), "GET", ORIGIN, ()),
    "url 413": (function_url(), "GET", ORIGIN, (), {"body": BIG}),
    "url 429": (function_url(), "GET", ORIGIN, (Throttled(),)),
    "url 502": (function_url(), "GET", ORIGIN, (Failed(),)),
    "alb function": (ITEMS, "GET", ORIGIN, (FIRST,)),
    "alb fixed": (Alb("L", HERE, (), ITEMS.default), "GET", ORIGIN, ()),
    "alb redirect": (MOVED, "GET", ORIGIN, ()),
    "alb 502": (ITEMS, "GET", ORIGIN, (Failed(),)),
    "alb 503": (ITEMS, "GET", ORIGIN, (Throttled(),)),
    "alb 413": (ITEMS, "GET", ORIGIN, (), {"body": BIG}),
    "alb waf": (ITEMS, "GET", ORIGIN, (), {"waf_blocks": True}),
    "cloudfront refuses": (site(("*",), "GET"), "PUT", ORIGIN, ()),
    "cloudfront waf": (site(("*",), "GET"), "GET", ORIGIN, (), {"waf_blocks": True}),
    "cloudfront without behavior": (CloudFront("C", HERE), "GET", ORIGIN, ()),
    "cloudfront forwards host": (site(("host",), "GET"), "GET", (("host", "www.example.com"),), ()),
    "cloudfront error page": (site(("*",), "GET", pages=SPA), "GET", ORIGIN, (Failed(),)),
    "cloudfront function": (site(("*",), "GET"), "GET", ORIGIN, (RESULT,)),
}


def answers(name):
    """The answer of a case, as JSON."""
    front_door, verb, headers, told, *more = CASES[name]
    seen = call(front_door, verb, "/items", headers, *told, **(more[0] if more else {}))
    return {
        "status": seen.status,
        "headers": [list(pair) for pair in seen.headers],
        "body": seen.body.decode(),
        "made_by": seen.made_by,
    }


@pytest.mark.parametrize("name", CASES)
def test_answers(name):
    assert answers(name) == json.loads(EXPECTED.read_text())[name]
