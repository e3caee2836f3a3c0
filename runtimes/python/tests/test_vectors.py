"""The vectors that the runtimes of both languages pass."""

import copy
import subprocess
import sys
from typing import Any

import pytest
from lambda_cors import Policy, PolicyError

from vectors import CASES, FOLDER, POLICIES, Context, agrees, handler_of


@pytest.mark.parametrize("case", POLICIES, ids=lambda case: case["name"])
def test_a_policy_is_taken_or_refused_with_all_its_problems(case: dict[str, Any]) -> None:
    problems = []
    try:
        policy = Policy(**case["policy"])
    except PolicyError as error:
        problems = [[problem.code, problem.field] for problem in error.problems]
    else:
        assert eval(repr(policy), {"Policy": Policy}) == policy
    assert problems == case["problems"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_what_leaves_is_what_the_vector_says(case: dict[str, Any]) -> None:
    given = copy.deepcopy(case["handler"].get("returns"))
    event = copy.deepcopy(case["event"])
    remaining = case["handler"].get("remaining")
    response = handler_of(case)(event, Context(remaining) if remaining else None)
    agrees(case, response)
    assert case["handler"].get("returns") == given, "the handler's own object was changed"
    assert event == case["event"], "the event was changed"


def test_the_vectors_are_in_step_with_their_source() -> None:
    subprocess.run([sys.executable, FOLDER / "make.py", "--check"], check=True)
