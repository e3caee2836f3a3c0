"""What to paste: the visitor's own call as a policy."""

from __future__ import annotations

import re

import pytest

from corsmith.api.finding import Confidence
from corsmith.generate import TARGETS
from corsmith.live.layers import Fingerprint
from corsmith.web.question import Question
from corsmith.web.remedies import LABELS, NONE, remedies

CALL = Question(
    "https://api.example.com/items",
    "https://app.example.com",
    "PUT",
    (("Content-Type", "application/json"), ("Accept", "*/*"), ("X-Trace", "1")),
    True,
)


def seen(front_door: str) -> tuple[Fingerprint, ...]:
    return (
        Fingerprint(front_door, "gateway", Confidence.HIGH, ""),
        Fingerprint("unknown", "unknown", Confidence.LOW, ""),
    )


@pytest.mark.parametrize("front_door", ["rest_api", "http_api", "function_url"])
def test_every_tool_has_its_text_for_this_very_call(front_door: str) -> None:
    found = remedies(CALL, seen(front_door))
    # OpenAPI describes API Gateway's APIs only.
    missing = {LABELS["openapi"]} if front_door == "function_url" else set()
    assert {each.label for each in found.texts} == set(LABELS.values()) - missing
    for each in found.texts:
        assert "https://app.example.com" in each.text, each.label
        assert "PUT" in each.text, each.label
        assert "x-trace" in each.text.lower(), each.label
        assert re.search(r"\baccept\b", each.text.lower()) is None, each.label


def test_a_front_door_that_nobody_knows_leaves_the_function() -> None:
    found = remedies(CALL, seen("unknown"))
    assert (found.front_door, [each.label for each in found.texts]) == ("", [LABELS["python"], LABELS["node"]])


@pytest.mark.parametrize("origin", ["null", "http://app.example.com"])
def test_what_no_policy_should_allow(origin: str) -> None:
    assert remedies(Question(CALL.url, origin, credentials=True), seen("rest_api")) == NONE


def test_every_target_has_a_label() -> None:
    assert set(LABELS) == set(TARGETS)
