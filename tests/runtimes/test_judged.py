"""The Fetch Standard, as `corsmith.browser` states it, judges what wrapped functions answer, on all eight front doors.

The policy says who may read; the browser's model, written without knowing the wrapper, has to come to the same verdict.
"""

from collections.abc import Callable, Mapping
from typing import Any

import cases_requests
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lambda_cors import Policy, cors
from vectors import leaves, named

from corsmith.browser import simulate

ORIGINS = [
    "https://app.example.com", "https://admin.example.com", "https://a.example.org", "https://a.b.example.org",
    "https://example.org", "https://evil.example.net", "http://localhost", "http://localhost:5173",
    "https://app.example.com.evil.net", "https://xexample.org", "null",
]  # fmt: skip
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
HEADERS = ["content-type: application/json", "authorization: x", "x-trace: 1", "x-evil: 1", "accept: */*"]
POLICIES = ["app", "open", "open with authorization", "bare"]


def sent(handler: Callable[[Any, Any], Any], event: Mapping[str, Any]) -> dict[str, Any]:
    """What leaves, as a case describes a response."""
    said = leaves(handler(event, None))
    return {"status": said["status"], "headers": [[name, value] for name, value in said["headers"].items()]}


def verdict(
    policy: Policy, door: str, origin: str, method: str, names: list[str], credentials: str, fails: bool
) -> Any:
    """The browser model's verdict on a page's call of a wrapped function."""

    def does(event: object, context: object) -> object:
        if fails:
            raise RuntimeError("boom")
        return {"statusCode": 200, "headers": {"etag": "1"}, "body": ""}

    handler = cors(policy)(does)
    pairs = [tuple(name.split(": ")) for name in names]
    unsafe = ",".join(sorted({name for name, _ in pairs if name != "accept"}))
    asked = {"Origin": origin, "Access-Control-Request-Method": method}
    if unsafe:
        asked["Access-Control-Request-Headers"] = unsafe
    case = {
        "origin": origin,
        "base": "https://api.example.net",
        "request": {"method": method, "headers": [list(pair) for pair in pairs], "credentials": credentials},
        "preflight": sent(handler, cases_requests.event(door, "OPTIONS", asked)),
        "response": sent(handler, cases_requests.event(door, method, {"Origin": origin})),
    }
    return simulate(case, profile="standard")


def may_read(policy: Policy, origin: str, method: str, names: list[str], credentials: str) -> bool:
    """What the policy says of the call, in the words of its own fields."""
    if origin == "null" and policy.origins != ("*",):
        return False
    if credentials == "include" and not policy.credentials:
        return False
    headers = {name.split(":")[0] for name in names} - {"accept"}
    methods = {"GET", "HEAD", "POST", *policy.methods}
    listed = set(policy.request_headers)
    named_headers = all(name in listed or ("*" in listed and name != "authorization") for name in headers)
    return policy.allows(origin) and (method in methods or "*" in methods) and named_headers


@settings(max_examples=600)
@given(
    policy=st.sampled_from(POLICIES),
    door=st.sampled_from(cases_requests.DOORS),
    origin=st.sampled_from(ORIGINS),
    method=st.sampled_from(METHODS),
    names=st.lists(st.sampled_from(HEADERS), unique=True),
    credentials=st.sampled_from(["omit", "same-origin", "include"]),
    fails=st.booleans(),
)
def test_the_standard_agrees_with_the_policy(
    policy: str, door: str, origin: str, method: str, names: list[str], credentials: str, fails: bool
) -> None:
    made = named(policy)
    judged = verdict(made, door, origin, method, names, credentials, fails)
    assert judged.allowed == may_read(made, origin, method, names, credentials)
    if judged.allowed:
        assert ("etag" in judged.exposed) == (not fails and "etag" in made.response_headers)


@pytest.mark.parametrize("door", cases_requests.DOORS)
@pytest.mark.parametrize("profile", ["chromium", "firefox", "model", "standard"])
def test_debug_lets_the_browser_name_the_cause(door: str, profile: str) -> None:
    handler = cors(named("app"), debug=True)(lambda event, context: {"statusCode": 200})
    for method, names, step in (("DELETE", "x-trace", "Method"), ("PUT", "x-evil", "Header")):
        asked = cases_requests.asks(method, names)
        case = {
            "origin": "https://app.example.com",
            "request": {"method": method, "headers": [[names, "1"]]},
            "preflight": sent(handler, cases_requests.event(door, "OPTIONS", asked)),
            "response": sent(handler, cases_requests.event(door, method, {"Origin": "https://app.example.com"})),
        }
        judged = simulate(case, profile=profile)
        assert not judged.allowed
        assert step.lower() in str(judged.error).lower()
