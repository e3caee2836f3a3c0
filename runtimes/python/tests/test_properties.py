"""Whatever a request brings and a handler gives back: a valid response, nothing reflected, nobody else allowed."""

import json
import string
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lambda_cors import Policy, PolicyError, cors

from vectors import CASES, named

APP = "https://app.example.com"
EVENTS = {case["name"]: case["event"] for case in CASES if case["name"].endswith((": allowed", ": preflight"))}
TOKEN = set(string.ascii_letters + string.digits + "!#$%&'*+-.^_`|~")
KEYS = {
    "statusCode",
    "headers",
    "multiValueHeaders",
    "body",
    "isBase64Encoded",
    "cookies",
    "statusDescription",
    "is_base64_encoded",
}
POLICIES = [named(name) for name in ("app", "open", "bare")]
JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3) | st.tuples(inner),
    max_leaves=6,
)
NAMES = (
    st.sampled_from(["Vary", "vary", "x", "Access-Control-Allow-Origin", "access-control-max-age", "Set-Cookie", ""])
    | st.text()
)
MAPS = st.dictionaries(NAMES, st.text() | JUNK, max_size=4)
RESULTS = JUNK | st.fixed_dictionaries(
    {"statusCode": st.sampled_from([200, 204, 500, "200", 99, None]) | st.integers() | JUNK},
    optional={
        "headers": MAPS | JUNK,
        "multiValueHeaders": st.dictionaries(NAMES, st.lists(st.text()) | JUNK, max_size=3) | JUNK,
        "body": st.text() | JUNK,
        "isBase64Encoded": st.booleans() | JUNK,
        "cookies": st.lists(st.text()) | JUNK,
        "statusDescription": st.text() | JUNK,
        "wrong": JUNK,
    },
)


def is_line(text: object) -> bool:
    return isinstance(text, str) and not any((c < " " and c != "\t") or "\x7f" <= c < "\xa0" for c in text)


def assert_valid(response: Any, *, multi: bool, lists: bool) -> None:
    """What every front door asks of a response."""
    json.dumps(response, ensure_ascii=False, allow_nan=False).encode()
    assert set(response) <= KEYS
    assert type(response["statusCode"]) is int
    assert 100 <= response["statusCode"] < 600
    assert response.get("body") is None or isinstance(response["body"], str)
    assert isinstance(response.get("isBase64Encoded", False), bool)
    assert ("multiValueHeaders" in response) or not multi
    seen: list[str] = []
    for key in ("headers", "multiValueHeaders"):
        for name, value in (response.get(key) or {}).items():
            assert name
            assert set(name) <= TOKEN
            assert isinstance(value, list) == (key == "multiValueHeaders") or (lists and isinstance(value, list))
            assert all(map(is_line, value if isinstance(value, list) else [value]))
            if name.lower() == "vary" or name.lower().startswith("access-control-"):
                seen.append(name.lower())
    assert len(seen) == len(set(seen))


@settings(max_examples=400)
@given(event=st.sampled_from(sorted(EVENTS)), policy=st.sampled_from(POLICIES), result=RESULTS)
def test_any_result_becomes_a_valid_response(event: str, policy: Policy, result: object) -> None:
    response = cors(policy)(lambda event, context: result)(EVENTS[event], None)
    assert_valid(response, multi="alb_multi" in event, lists="lattice_2" in event)


@settings(max_examples=400)
@given(
    event=st.sampled_from(sorted(EVENTS)),
    policy=st.sampled_from(POLICIES),
    fields=st.dictionaries(
        st.sampled_from(["origin", "access-control-request-method", "access-control-request-headers", "vary", "host"]),
        st.text() | st.lists(st.text(), max_size=3) | st.none() | st.binary().map(lambda b: b.decode("latin-1")),
        max_size=5,
    ),
    debug=st.booleans(),
)
def test_nothing_of_a_request_comes_back_but_an_allowed_origin(
    event: str, policy: Policy, fields: dict[str, Any], debug: bool
) -> None:
    made = dict(EVENTS[event])
    for key in ("headers", "multiValueHeaders"):
        if made.get(key) is not None:
            lines = {n: v if isinstance(v, list) or key == "headers" else [v] for n, v in fields.items()}
            made[key] = {n: v for n, v in made[key].items() if n.lower() not in fields} | lines
    response = cors(policy, debug=debug)(lambda event, context: {"statusCode": 200, "body": ""})(made, None)
    assert_valid(response, multi="alb_multi" in event, lists="lattice_2" in event)
    ours = {
        *policy.headers_for(APP).values(),
        *policy.preflight_headers_for(APP, "GET", None).values(),
        *policy.headers_for(None).values(),
        *policy.preflight_headers_for("https://evil.test", "GET", None).values(),
    }
    for key in ("headers", "multiValueHeaders"):
        for name, value in (response.get(key) or {}).items():
            said = value[0] if isinstance(value, list) else value
            assert said in ours or (name == "Access-Control-Allow-Origin" and policy.allows(said))


EVENT_KEYS = ["headers", "multiValueHeaders", "httpMethod", "requestContext", "method", "path", "raw_path", "version"]
EVENT_KEYS += ["resource", "routeKey", "rawPath"]


@given(event=JUNK | st.dictionaries(st.sampled_from(EVENT_KEYS), JUNK))
def test_any_event_is_read(event: object) -> None:
    for arguments in ({"policy": POLICIES[0]}, {"policy": {"GET /": POLICIES[0]}, "debug": True}):
        response = cors(**arguments)(lambda event, context: {"statusCode": 200})(event, None)
        assert response["statusCode"] == 200 or response["statusCode"] == 204


EXACT = [
    "https://app.example.com",
    "https://admin.example.com",
    "http://localhost:3000",
    "https://foo.com",
    "https://bar.com",
]
MANY = Policy(origins=[*EXACT, "https://*.example.org"])


@given(origin=st.sampled_from(EXACT), extra=st.text(min_size=1), place=st.integers(0, 30))
@example("https://foo.com", ".evil.test", 30)
@example("https://foo.com", "/", 30)
@example("https://foo.com", "\n", 30)
def test_one_character_more_or_less_is_another_origin(origin: str, extra: str, place: int) -> None:
    for wrong in (origin + extra, extra + origin, origin[:place] + extra + origin[place:]):
        assert wrong in EXACT or not MANY.allows(wrong)
    assert not MANY.allows(origin[:-1])
    assert not MANY.allows(origin.upper())


def test_two_listed_origins_make_no_third() -> None:
    hosts = [origin.partition("://")[2] for origin in EXACT]
    for one in hosts:
        for other in hosts:
            for wrong in (f"https://{one}{other}", f"https://{one}.{other}", f"https://{one},https://{other}"):
                assert not MANY.allows(wrong)
    assert not Policy(origins=["https://foo.com", "https://bar.com"]).allows("https://barfoo.com")


@given(label=st.text(min_size=1, max_size=12))
@example("evil.test/")
@example("a.")
@example("a\r\nb")
@example("a b")
@example("me@")
@example("a..b")
@example("")
def test_a_sub_domain_is_made_of_labels(label: str) -> None:
    fine = all(part and set(part) <= set(string.ascii_lowercase + string.digits + "-_") for part in label.split("."))
    assert MANY.allows(f"https://{label}.example.org") == fine


ORIGIN_LIKE = st.text() | st.from_regex(
    r"(https?|null|\*)?(://)?[a-zA-Z0-9.*\[\]:@/?#-]{0,20}(:[0-9*]{0,6})?/?", fullmatch=True
)


@settings(max_examples=400)
@given(origins=st.lists(ORIGIN_LIKE, max_size=3), credentials=st.booleans())
def test_a_policy_is_right_or_refused_with_reasons(origins: list[str], credentials: bool) -> None:
    try:
        policy = Policy(origins=origins, credentials=credentials)
    except PolicyError as error:
        reasons = [str(problem) for problem in error.problems]
    else:
        reasons = []
        assert eval(repr(policy)) == policy
        assert all(policy.allows(origin) or "*" in origin for origin in origins)
    assert all(reasons)


@given(
    origin=st.from_regex(r"https?://[A-Za-z0-9-]{1,8}(\.[a-z]{1,5}){1,2}(:[0-9]{1,5})?(/[a-z]{0,3})?", fullmatch=True)
)
def test_doing_what_the_problem_says_helps(origin: str) -> None:
    try:
        Policy(origins=[origin], credentials=True)
    except PolicyError as error:
        fixes = [problem.fix for problem in error.problems if problem.fix.startswith("write 'http")]
        fixes = [fix for fix in fixes if "such as" not in fix]
        if fixes and len({problem.code for problem in error.problems} & {"origin-malformed"}) == 0:
            Policy(origins=[fixes[-1].removeprefix("write ").strip("'")], credentials=True)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One test for each row of the advisories below."""
    if "header" in metafunc.fixturenames:
        metafunc.parametrize(
            "header", ["vary", "x-forwarded-host", "referer", "access-control-request-headers", "cookie"]
        )


def test_no_header_of_the_request_is_copied_out(header: str) -> None:
    """A request's `Vary` was once copied into responses (GHSA-q7jf-gf43-6x6p)."""
    for name in ("http_api: allowed", "http_api: preflight"):
        made = {**EVENTS[name], "headers": {**EVENTS[name]["headers"], header: "Evil"}}
        response = cors(POLICIES[0])(lambda event, context: {"statusCode": 200, "body": ""})(made, None)
        assert "evil" not in json.dumps(response).lower()
