"""A policy in the words of the front doors, and back: the shared vectors, and what they cannot say."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lambda_cors import Policy, PolicyError

from vectors import SETTINGS

APP = "https://app.example.com"


def cases(key: str) -> Any:
    return pytest.mark.parametrize("case", [case for case in SETTINGS if key in case], ids=lambda case: case["name"])


@cases("front_door")
def test_a_front_door_says_the_policy_or_cannot(case: dict[str, Any]) -> None:
    policy = Policy(**case["policy"])
    if "settings" in case:
        assert policy.settings_for(case["front_door"]) == case["settings"]
        return
    why = f"cannot be said by {case['front_door']}; let the function answer"
    with pytest.raises(PolicyError, match=why) as error:
        policy.settings_for(case["front_door"])
    assert [[problem.field, problem.value] for problem in error.value.problems] == case["unsaid"]
    assert {problem.code for problem in error.value.problems} == {"front-door"}


@cases("settings")
def test_settings_are_read_or_refused_with_all_their_problems(case: dict[str, Any]) -> None:
    if "problems" not in case:
        assert Policy.from_settings(case["settings"]) == Policy(**case["policy"])
        return
    with pytest.raises(PolicyError) as error:
        Policy.from_settings(case["settings"])
    assert [[problem.code, problem.field] for problem in error.value.problems] == case["problems"]


SAID = {
    "no CORS setting; write one of AllowOrigins, AllowMethods, AllowHeaders, ExposeHeaders, AllowCredentials, MaxAge": {
        "AllowOrigin": [APP]
    },
    "no CORS setting; write one of AllowOrigin, AllowMethods, AllowHeaders, AllowCredentials, MaxAge": {
        "AllowOrigin": "'*'",
        "allow_origin": "'*'",
    },
    f"no constant of a REST API, which has single quotes; write \"'{APP}'\"": {"AllowOrigin": APP},
}


@pytest.mark.parametrize(("said", "settings"), SAID.items())
def test_a_problem_says_what_to_write(said: str, settings: Any) -> None:
    with pytest.raises(PolicyError) as error:
        Policy.from_settings(settings)
    [problem] = error.value.problems
    assert problem.value == settings[problem.field]
    assert str(problem) == f"{problem.field}: {problem.value!r} is {said} [{problem.code}]"


@given(
    methods=st.lists(st.sampled_from(["GET", "PUT", "PATCH", "DELETE"]), unique=True),
    headers=st.lists(st.sampled_from(["content-type", "x-a"]), unique=True),
    credentials=st.booleans(),
    max_age=st.none() | st.integers(0, 86400),
    front_door=st.sampled_from(["http_api", "function_url", "rest_api", "sam_rest_api"]),
)
def test_reading_undoes_writing(
    methods: Any, headers: Any, credentials: bool, max_age: int | None, front_door: str
) -> None:
    policy = Policy(origins=[APP], methods=methods, request_headers=headers, credentials=credentials, max_age=max_age)
    assert Policy.from_settings(json.loads(json.dumps(policy.settings_for(front_door)))) == policy


WORDS = ["AllowOrigin", "allowOrigins", "AllowMethods", "MaxAge", "AllowCredentials", "a.access-control-max-age"]
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text()
    | st.sampled_from(["'*'", "'", "*", "'-1'", "'²'", f"'{'9' * 5000}'"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(), inner, max_size=2),
    max_leaves=3,
)


@given(settings=st.dictionaries(st.sampled_from([*WORDS, "Access-Control-Allow-Origin"]) | st.text(), VALUES))
def test_any_settings_are_a_policy_or_refused(settings: Any) -> None:
    try:
        policy = Policy.from_settings(settings)
    except PolicyError as error:
        reasons = [str(problem) for problem in error.problems]
    else:
        reasons = [f"taken: {policy!r}"]
    assert reasons
    assert all(reasons)
