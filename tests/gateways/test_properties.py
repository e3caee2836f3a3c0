"""What holds for every request, configuration and result."""

from __future__ import annotations

import contextlib
import json
import string
from typing import Any

import pytest
from fronts import (
    APP,
    HERE,
    OTHER,
    call,
    function_url,
    gateway_response,
    http_api,
    method,
    mock,
    parameters,
    response,
    rest_api,
    route,
)
from hypothesis import assume, given
from hypothesis import strategies as st

from corsmith.api.alb import Alb, AlbRule, AlbTarget, FixedResponse
from corsmith.api.cloudfront import CacheBehavior, CloudFront
from corsmith.api.value import Known, known_texts
from corsmith.gateways import (
    Failed,
    InvokeResult,
    Payload,
    RawPayload,
    Slow,
    Streamed,
    Throttled,
    TimedOut,
    base_url,
)
from corsmith.gateways.cors_settings import RESPONSE_HEADERS
from corsmith.gateways.lenient_json import MalformedError, read
from corsmith.gateways.routing import PathTable, segments
from corsmith.gateways.vtl.evaluate import render
from corsmith.gateways.vtl.methods import Input, Parameters, Util
from corsmith.gateways.vtl.nodes import Unsupported

MARK = "zqx7marker"
METHODS = st.sampled_from(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "BREW"])
ORIGINS = st.sampled_from([APP, OTHER, "null", f"https://{MARK}.example", APP.upper()])
TEXT = st.text(string.ascii_letters + string.digits + "-/*. ", max_size=12)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 700) | st.floats(allow_nan=False) | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)


def cased(name: str) -> st.SearchStrategy[str]:
    """`name` in any case."""
    return st.lists(st.booleans(), min_size=len(name), max_size=len(name)).map(
        lambda upper: "".join(c.upper() if up else c.lower() for c, up in zip(name, upper, strict=True))
    )


CORS_NAME = st.sampled_from(sorted(RESPONSE_HEADERS)).flatmap(cased)
RESULTS: st.SearchStrategy[Any] = st.one_of(
    st.builds(
        Payload,
        st.fixed_dictionaries(
            {"statusCode": st.sampled_from([200, "201", 404, 500, 99])},
            optional={
                "headers": st.dictionaries(CORS_NAME | st.just("X-A"), TEXT | st.booleans() | st.none(), max_size=4),
                "multiValueHeaders": st.dictionaries(CORS_NAME, st.lists(TEXT, max_size=2), max_size=2),
                "body": st.text(max_size=5) | st.none(),
                "cookies": st.lists(st.just("a=1"), max_size=2),
                "extra": st.none(),
            },
        ),
    ),
    st.builds(Payload, JSON),
    st.builds(RawPayload, st.binary(max_size=4)),
    st.builds(Streamed, st.none() | st.just(b'{"statusCode": 201}'), st.binary(max_size=4), failed=st.booleans()),
    st.sampled_from([Failed(), Failed("init"), TimedOut(), Slow(), Throttled()]),
)
PREFLIGHT = st.fixed_dictionaries(
    {},
    optional={
        "Origin": ORIGINS,
        "Access-Control-Request-Method": METHODS | st.just(MARK),
        "Access-Control-Request-Headers": st.sampled_from(["content-type", "x-a,x-b", MARK]),
        "Accept": st.sampled_from(["*/*", MARK]),
        "Content-Type": st.sampled_from(["application/json", "text/plain", MARK]),
        "Cookie": st.just(MARK),
        "Authorization": st.just(MARK),
        "User-Agent": st.just(MARK),
        "X-Api-Key": st.just(MARK),
    },
)
HEADERS = st.tuples(PREFLIGHT, st.sampled_from([str.lower, str.title, str.upper])).map(
    lambda each: tuple((each[1](name), value) for name, value in each[0].items())
)
PATHS = st.sampled_from(
    ["/", "/items", "/items/", "/items/7", f"/{MARK}", f"/items?q={MARK}", "//", "/items/%2F", "/a|b?c|d"]
)
SETTINGS = {
    "allow_origins": (APP, "http://localhost:3000"),
    "allow_methods": ("GET", "PUT"),
    "allow_headers": ("Content-Type", "x-a"),
    "expose_headers": ("X-Total",),
    "max_age": 5,
    "allow_credentials": True,
}
STAR = {
    **SETTINGS,
    "allow_origins": ("*",),
    "allow_methods": ("*",),
    "allow_headers": ("*",),
    "allow_credentials": False,
}
REST = rest_api(
    method("OPTIONS /items", mock("{statusCode: 200}", response())),
    "GET /items",
    "ANY /items/{id}",
    gateway_responses=(gateway_response("DEFAULT_4XX", parameters(Access_Control_Allow_Origin="'*'")),),
)
URL = function_url(**SETTINGS)
ALB = Alb(
    "L",
    HERE,
    (AlbRule(Known(1), AlbTarget(Known("F"), HERE), HERE, known_texts("/items*")),),
    FixedResponse(Known("404")),
)
DOORS = {
    "rest": REST,
    "rest-bare": rest_api("ANY /{proxy+}"),
    "http": http_api("GET /items", "ANY /items/{id}", **SETTINGS),
    "http-star": http_api("$default", **STAR),
    "http-bare": http_api(route("ANY /{proxy+}", payload_format="1.0")),
    "url": URL,
    "url-star": function_url(**STAR),
    "url-bare": function_url(),
    "url-stream": function_url(invoke_mode="RESPONSE_STREAM", **SETTINGS),
    "alb": ALB,
    "cloudfront": CloudFront("C", HERE, (CacheBehavior(Known("*"), URL, HERE, forwarded=known_texts("*")),)),
}
DOOR = st.sampled_from(sorted(DOORS))


def answered(
    door: str, verb: str, path: str, headers: Any, told: InvokeResult, body: bytes | None = None, **situation: Any
) -> Any:
    """Drive a front door whose function answers `told`, whenever it is asked."""
    front_door = DOORS[door]
    asked: list[Any] = []

    def reply(ask: Any) -> Any:
        asked.append(ask)
        return told

    try:
        seen = call(front_door, verb, path, headers, reply, body=body, **situation)
    except AssertionError:
        # The script was not used up: the front door answered alone.
        seen = call(front_door, verb, path, headers, body=body, **situation)
    assert len(asked) <= 1
    return seen


@given(DOOR, METHODS, PATHS, HEADERS, RESULTS, st.none() | st.binary(max_size=3))
def test_every_request_gets_exactly_one_response(door, verb, path, headers, told, body):
    seen = answered(door, verb, path, headers, told, body)
    assert 100 <= seen.status <= 599
    assert seen.made_by in {"handler", "gateway", "mock", "cloudfront", "alb"}
    assert isinstance(seen.body, bytes)
    for name, value in seen.headers:
        assert name
        assert value == value.strip(" \t")
        assert not set(name + value) & {"\r", "\n", "\0"}
        value.encode("latin-1")


@given(DOOR, METHODS, PATHS, HEADERS, RESULTS)
def test_the_same_call_gets_the_same_response(door, verb, path, headers, told):
    first, second = (answered(door, verb, path, headers, told).answered for _ in range(2))
    assert first == second


@given(DOOR, METHODS, PATHS, HEADERS, st.sampled_from([Failed(), Slow(), Payload({"statusCode": 200}), Payload("x")]))
def test_a_response_carries_no_bytes_of_the_request_but_an_allowed_origin(door, verb, path, headers, told):
    seen = answered(door, verb, path, headers, told)
    assert MARK.encode() not in seen.body
    origins = {value for name, value in headers if name.lower() == "origin"}
    for name, value in seen.headers:
        if MARK in value.lower():
            assert (name.lower(), value) in {("access-control-allow-origin", origin) for origin in origins}
            assert door == "url-star"


@given(st.sampled_from(["http", "http-star"]), PATHS, HEADERS, RESULTS)
def test_an_http_api_with_cors_replaces(door, path, headers, told):
    seen = answered(door, "GET", path, headers, told)
    alone = answered(door, "GET", path, headers, Payload({"statusCode": 200}))
    assert seen.cors == alone.cors
    assert all(len(values) == 1 for values in seen.cors.values())


@given(PATHS, HEADERS, st.dictionaries(CORS_NAME, TEXT, max_size=5))
def test_a_front_door_without_cors_adds_nothing(path, headers, own):
    told = Payload({"statusCode": 200, "headers": own})
    for door in ("url-bare", "rest-bare"):
        seen = answered(door, "GET", path, headers, told)
        if seen.made_by == "handler":
            sent = sorted((name.lower(), value) for name, value in seen.headers if name.lower() in RESPONSE_HEADERS)
            assert sent == sorted((name.lower(), value.strip(" \t")) for name, value in own.items())


@given(HEADERS, st.dictionaries(CORS_NAME, TEXT, max_size=5))
def test_a_function_url_doubles(headers, own):
    seen = answered("url", "GET", "/", headers, Payload({"statusCode": 200, "headers": own}))
    added = answered("url", "GET", "/", headers, Payload({"statusCode": 200}))
    sent = sorted((name, value) for name, value in seen.headers if name in RESPONSE_HEADERS)
    expected = [(name.lower(), value.strip(" \t")) for name, value in own.items()]
    expected += [pair for pair in added.headers if pair[0] in RESPONSE_HEADERS]
    assert sent == sorted(expected)


@given(
    DOOR,
    HEADERS,
    st.sampled_from(
        [{"throttled": True}, {"waf_blocks": True}, {"not_permitted": True}, {"client_certificate_missing": True}]
    ),
)
def test_situations_get_a_response(door, headers, situation):
    assert answered(door, "GET", "/items", headers, Payload({"statusCode": 200}), **situation).status >= 200


DIRECTIVES = (
    "#set(",
    "#if(",
    "#else",
    "#elseif(",
    "#end",
    "#foreach($x",
    "in",
    "#define($b)",
    "#",
    "$",
    "$!",
    "${",
    "}",
)
PARTS = (
    "$a",
    "$b",
    "$input",
    ".params(",
    "$context",
    ".x",
    "$util",
    ".keySet()",
    "'o'",
    '"$a"',
    "text",
    "\\",
    "null",
    "1",
)
MARKS = (")", "=", "==", "&&", "!", "+", ",", "[", "]", " ")
TEMPLATE = st.lists(st.sampled_from([*DIRECTIVES, *PARTS, *MARKS]) | st.text(max_size=3), max_size=14).map("".join)


@given(TEMPLATE)
def test_a_template_yields_text_or_is_refused(template):
    places = [Parameters({"o": "1"}, lambda: "") for _ in range(3)]
    scope = {"input": Input(*places, "{}"), "context": {"x": "y"}, "util": Util()}
    with contextlib.suppress(Unsupported):
        assert isinstance(render(template, scope).text, str)


@given(st.text("{}[]:,'\"ab1 -.\\\n", max_size=12) | st.text(max_size=5))
def test_lenient_json_reads_or_refuses(text):
    with contextlib.suppress(MalformedError):
        assert isinstance(read(text), dict | list | int | str)


@given(JSON)
def test_lenient_json_reads_json(value):
    def shown(each):
        if isinstance(each, dict):
            return {name: shown(inner) for name, inner in each.items()}
        if isinstance(each, list):
            return [shown(inner) for inner in each]
        return each if type(each) in (int, str) else json.dumps(each)

    plain = json.dumps(value, ensure_ascii=False)
    assume("\\" not in plain)
    assert read(plain) == shown(value)


SEGMENT = st.sampled_from(["a", "b", "{x}", "{y}"])
PATTERN = st.tuples(st.lists(SEGMENT, max_size=3), st.booleans()).map(
    lambda each: "/" + "/".join([*each[0], *(["{rest+}"] if each[1] else [])])
)
ROUTES = st.lists(st.tuples(st.sampled_from(["GET", "OPTIONS", "ANY"]), PATTERN), max_size=8)
ROW = st.lists(st.sampled_from(["a", "b", "c"]), max_size=4)


def fits(pattern: list[str], row: list[str]) -> bool:
    if pattern and pattern[-1].endswith("+}"):
        return len(row) >= len(pattern) and fits(pattern[:-1], row[: len(pattern) - 1])
    return len(pattern) == len(row) and all(
        want.startswith("{") or want == given for want, given in zip(pattern, row, strict=True)
    )


def rank(pattern: list[str]) -> list[int]:
    """Text before one segment before the rest, from the left."""
    return [2 if part.endswith("+}") else 1 if part.startswith("{") else 0 for part in pattern]


@given(ROUTES, st.sampled_from(["GET", "OPTIONS", "PUT"]), ROW)
def test_routing_finds_what_a_search_of_all_routes_finds(routes, verb, row):
    table: PathTable[tuple[str, str]] = PathTable((each, pattern, (each, pattern)) for each, pattern in routes)
    admitted = [(each, pattern) for each, pattern in routes if each in (verb, "ANY") and fits(segments(pattern), row)]
    found = table.find(verb, row)
    if not admitted:
        assert found is None
        return
    best = min(admitted, key=lambda each: (rank(segments(each[1])), each[0] == "ANY"))
    assert found is not None
    assert (rank(segments(found[1])), found[0]) == (rank(segments(best[1])), best[0])


@pytest.mark.parametrize("door", sorted(DOORS))
def test_addresses_are_stable_and_absolute(door):
    address = base_url(DOORS[door])
    assert address == base_url(DOORS[door])
    assert address.startswith("https://")
    assert not address.endswith("/")
