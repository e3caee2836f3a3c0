"""A policy in the words of the front doors, and back."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lambda_cors import Policy, PolicyError

APP = "https://app.example.com"
FULL = Policy(
    origins=[APP, "http://localhost:3000"],
    methods=["GET", "PATCH"],
    request_headers=["Content-Type"],
    response_headers=["ETag"],
    credentials=True,
    max_age=0,
)


@pytest.mark.parametrize("front_door", ["http_api", "function_url"])
def test_the_settings_say_what_the_policy_says(front_door: str) -> None:
    assert FULL.settings_for(front_door) == {
        "AllowOrigins": [APP, "http://localhost:3000"],
        "AllowMethods": ["GET", "PATCH"],
        "AllowHeaders": ["content-type"],
        "ExposeHeaders": ["etag"],
        "AllowCredentials": True,
        "MaxAge": 0,
    }
    assert Policy(origins="*").settings_for(front_door) == {"AllowOrigins": ["*"]}


@pytest.mark.parametrize(
    ("policy", "front_door", "wrong"),
    [
        ({"origins": ["https://*.example.com", APP]}, "http_api", [("origins", "https://*.example.com")]),
        ({"origins": ["http://localhost:*"]}, "function_url", [("origins", "http://localhost:*")]),
        (
            {"origins": [APP], "methods": ["OPTIONS", "GET", "PURGE"], "max_age": -1},
            "function_url",
            [("methods", "OPTIONS"), ("methods", "PURGE"), ("max_age", "-1")],
        ),
        ({"origins": [APP]}, "rest_api", [("", "")]),
    ],
)
def test_what_a_front_door_cannot_say_is_refused(policy: Any, front_door: str, wrong: list[tuple[str, str]]) -> None:
    with pytest.raises(PolicyError, match=f"cannot be said by {front_door}; let the function answer") as error:
        Policy(**policy).settings_for(front_door)
    assert [(problem.field, problem.value) for problem in error.value.problems] == wrong
    assert {problem.code for problem in error.value.problems} == {"front-door"}


def test_an_http_api_takes_what_a_function_url_does_not() -> None:
    policy = Policy(origins=[APP], methods=["OPTIONS"], max_age=-1)
    assert policy.settings_for("http_api") == {"AllowOrigins": [APP], "AllowMethods": ["OPTIONS"], "MaxAge": -1}


def test_settings_are_read_as_cloudformation_and_the_api_write_them() -> None:
    assert Policy.from_settings({"AllowOrigins": [APP], "MaxAge": 5}) == Policy(origins=[APP], max_age=5)
    assert Policy.from_settings({"allowOrigins": ["*"], "allowMethods": ["*"]}) == Policy(origins="*", methods="*")


def test_unknown_keys_are_refused_all_at_once() -> None:
    with pytest.raises(PolicyError) as error:
        Policy.from_settings({"AllowOrigin": APP, "": 1, "AllowOrigins": [APP]})
    assert [(problem.code, problem.field) for problem in error.value.problems] == [
        ("front-door-key", "AllowOrigin"),
        ("front-door-key", ""),
    ]
    assert "write one of AllowOrigins, AllowMethods, AllowHeaders, ExposeHeaders, AllowCredentials, MaxAge" in str(
        error.value
    )


def test_broken_settings_are_refused_as_a_policy_is() -> None:
    with pytest.raises(PolicyError, match="wildcard-with-credentials"):
        Policy.from_settings({"AllowOrigins": ["*"], "AllowCredentials": True})


@given(
    methods=st.lists(st.sampled_from(["GET", "PUT", "PATCH", "DELETE"]), unique=True),
    headers=st.lists(st.sampled_from(["content-type", "x-a"]), unique=True),
    credentials=st.booleans(),
    max_age=st.none() | st.integers(0, 86400),
)
def test_reading_undoes_writing(methods: Any, headers: Any, credentials: bool, max_age: int | None) -> None:
    policy = Policy(origins=[APP], methods=methods, request_headers=headers, credentials=credentials, max_age=max_age)
    for front_door in ("http_api", "function_url"):
        assert Policy.from_settings(policy.settings_for(front_door)) == policy
