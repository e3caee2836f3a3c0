"""Both runtimes say the same of what nobody wrote down: generated policies, origins, events and results."""

import json
import subprocess
from collections.abc import Iterator
from typing import Any

import cases_requests
import pytest
from clients import FUNCTIONS, NODE
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lambda_cors import Policy, PolicyError, cors
from vectors import leaves, named

pytestmark = pytest.mark.node
LENIENT = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
PIECES = (
    "https:// http:// HTTPS:// capacitor:// file:// app . .. example .com localhost 127.0.0.1 [::1] * *. :* :443 :80 :8080 :0 "
    ":70000 / // /x ? # @ null , ' é ü.example co.uk vercel.app _ - A \\ 1 xn--a"
)
PARTS = st.sampled_from([*PIECES.split(), " ", "\0"])
ORIGINS = st.lists(PARTS, max_size=6).map("".join)
METHODS = ["GET", "get", "patch", "PATCH", "TRACE", "ANY", "*", "", "a b"]
NAMES = st.sampled_from([*METHODS, "content-type", "Cookie", "sec-x", "é", "etag"])
TEXTS = ["x", "", "a, b", "Origin", "*", "a\nb", "é", "\t"]
VALUES = st.sampled_from([*TEXTS, 7, True, None, ["x"], ["x", "y"], [], {}, [7], [None]])
OWN = ["Access-Control-Allow-Origin", "access-control-max-age"]
FIELDS = st.sampled_from([*OWN, "Vary", "vary", "a", "A", "Set-Cookie", "", "b c"])
MAPS = st.dictionaries(FIELDS, VALUES, max_size=4)
PLAIN = st.none() | st.booleans() | st.integers(-5, 5) | st.just("text") | st.lists(st.integers(0, 3), max_size=2)
RESULTS = PLAIN | st.fixed_dictionaries(
    {},
    optional={
        "statusCode": st.sampled_from([200, 204, "200", "20", 99, 600, None, True, 200.5]),
        "headers": MAPS | st.none() | st.just([]) | st.just("x"),
        "multiValueHeaders": MAPS | st.none() | st.just([]),
        "body": st.sampled_from(["", "x", None, 7, {}, "é"]),
        "isBase64Encoded": st.sampled_from([True, False, None, "x", 0]),
        "cookies": st.sampled_from([["a=b"], [], "a", None, [7]]),
        "statusDescription": st.sampled_from(["OK", 7, None, "a\nb"]),
        "is_base64_encoded": st.sampled_from([True, None]),
        "other": st.just(1),
    },
)  # fmt: skip


class Other:
    """The Node runtime, asked line by line."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [NODE, FUNCTIONS / "agree_node.mjs"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def ask(self, **question: Any) -> Any:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(question) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())


@pytest.fixture(scope="module")
def other() -> Iterator[Other]:
    running = Other()
    with running.process:
        yield running
    assert running.process.returncode == 0


@LENIENT
@given(
    policy=st.fixed_dictionaries(
        {"origins": st.lists(ORIGINS, max_size=3) | st.sampled_from(["*", "x", 5])},
        optional={
            "methods": st.lists(NAMES, max_size=3),
            "request_headers": st.lists(NAMES, max_size=3),
            "response_headers": st.lists(NAMES, max_size=3),
            "credentials": st.sampled_from([True, False, "true", 1]),
            "max_age": st.sampled_from([None, 0, -1, -2, 600, 86401, "600", True, 1.5]),
        },
    ),
    origins=st.lists(ORIGINS, max_size=4),
)
def test_the_same_policies_are_taken_and_refused(other: Other, policy: dict[str, Any], origins: list[str]) -> None:
    said: list[Any]
    try:
        made = Policy(**policy)
        said = [made.allows(origin) for origin in origins]
    except PolicyError as error:
        said = [problem.code for problem in error.problems]
    theirs = other.ask(policy=policy, origins=origins)
    assert sorted(map(str, theirs)) == sorted(map(str, said)) if said and isinstance(said[0], str) else theirs == said


@LENIENT
@given(
    door=st.sampled_from(cases_requests.DOORS),
    name=st.sampled_from(["app", "open", "bare"]),
    method=st.sampled_from(["GET", "OPTIONS"]),
    headers=st.dictionaries(
        st.sampled_from(["Origin", "origin", "Access-Control-Request-Method", "access-control-request-headers"]),
        ORIGINS
        | st.sampled_from(["https://app.example.com", "PUT", "content-type", "x-trace ,authorization", "x-evil"]),
    ),
    result=RESULTS,
)
def test_the_same_leaves(other: Other, door: str, name: str, method: str, headers: dict[str, str], result: Any) -> None:
    event = cases_requests.event(door, method, headers)
    said = leaves(cors(named(name))(lambda event, context: result)(event, None))
    theirs = other.ask(event=event, result=result, name=name)
    if said["body"] is not None and said["body"].startswith(("{", "[")):
        said["body"], theirs["body"] = json.loads(said["body"]), json.loads(theirs["body"])
    assert {key: value for key, value in theirs.items() if value is not None} == {
        key: value for key, value in said.items() if value is not None
    }
