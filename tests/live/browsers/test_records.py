"""What is read from Chromium's events and from Firefox's console."""

from __future__ import annotations

from typing import Any

import pytest

from corsmith.live.browsers.chromium import Records
from corsmith.live.browsers.firefox import Message, reason
from corsmith.live.browsers.seen import Reason, judged

BLOCKED = "Cross-Origin Request Blocked: … https://a/c/k1/0. (Reason: …)."


def sent(number: str, url: str, initiator: str = "script") -> dict[str, Any]:
    return {"requestId": number, "request": {"url": url}, "initiator": {"type": initiator}}


def test_a_failure_is_joined_to_its_request_and_not_to_its_preflight() -> None:
    records = Records()
    records.sent(sent("p", "https://a/c/k1/0", "preflight"))
    records.sent(sent("r", "https://a/c/k1/0"))
    records.sent(sent("r", "https://b/elsewhere"))
    records.failed({"requestId": "p", "errorText": "net::ERR_INVALID_REDIRECT"})
    assert not records.settled("/c/k1/")
    records.failed(
        {
            "requestId": "r",
            "errorText": "net::ERR_FAILED",
            "corsErrorStatus": {"corsError": "AllowOriginMismatch", "failedParameter": "x"},
        }
    )
    assert not records.settled("/c/k1/")
    records.logged({"entry": {"text": "Failed to load resource: net::ERR_FAILED https://a/c/k1/0"}})
    records.logged({"entry": {"text": "Access to fetch at 'https://a/c/k10/0'"}})
    records.logged({"entry": {"text": "Access to fetch at 'https://a/c/k1/0'"}})
    assert records.settled("/c/k1/")
    assert records.reason("/c/k1/") == Reason(
        "AllowOriginMismatch", "x", "net::ERR_FAILED", None, ("Access to fetch at 'https://a/c/k1/0'",)
    )
    records.clear()
    assert records.reason("") == Reason()


def test_what_never_reached_the_network_is_in_an_issue() -> None:
    records = Records()
    records.issue({"issue": {"details": {}}})
    details = {"request": {"url": "https://a/c/k1/0"}, "corsErrorStatus": {"corsError": "DisallowedByMode"}}
    records.issue({"issue": {"details": {"corsIssueDetails": {**details, "isWarning": True}}}})
    assert records.reason("/c/k1/").cors_error is None
    records.issue({"issue": {"details": {"corsIssueDetails": {**details, "isWarning": False}}}})
    assert records.reason("/c/k1/").cors_error == "DisallowedByMode"


@pytest.mark.parametrize(
    ("messages", "error", "status"),
    [
        ([], None, None),
        ([("SOP", "Security Error")], None, None),
        ([("CORSDidNotSucceed2", f"{BLOCKED} Status code: (null).")], "CORSDidNotSucceed2", None),
        (
            [("CORSDidNotSucceed2", BLOCKED), ("CORSMissingAllowOrigin2", f"{BLOCKED} Status code: 403.")],
            "CORSMissingAllowOrigin2",
            "403",
        ),
        (
            [("CORSAllowHeaderFromPreflightDeprecation", "soon"), ("CORSMethodNotFound", BLOCKED)],
            "CORSMethodNotFound",
            None,
        ),
    ],
)
def test_firefox_says_why_in_the_first_telling_message(
    messages: list[Message], error: str | None, status: str | None
) -> None:
    found = reason(messages)
    assert (found.cors_error, found.failed_parameter) == (error, status)
    assert found.console == tuple(list(each) for each in messages)


@pytest.mark.parametrize(
    ("reason", "name"),
    [
        (Reason("AllowOriginMismatch", "x", "net::ERR_FAILED"), "AllowOriginMismatch"),
        (Reason(None, None, "", "mixed-content"), "blocked:mixed-content"),
        (Reason(None, None, "net::ERR_EMPTY_RESPONSE"), "net::ERR_EMPTY_RESPONSE"),
        (Reason(), "js:TypeError: Failed to fetch"),
    ],
)
def test_the_error_is_named_by_what_stopped_the_call(reason: Reason, name: str) -> None:
    verdict = judged({"js_error": "TypeError: Failed to fetch"}, reason, [{"hop": 0, "method": "GET"}])
    assert (verdict["allowed"], verdict["cors_error"], verdict["observed"]["preflight_sent"]) == (False, name, False)


def test_an_allowed_call_has_no_error_whatever_the_records_say() -> None:
    script = {"status": 200, "type": "cors", "visible_headers": ["content-type"], "body": "{}"}
    verdict = judged(script, Reason("x", "y", "z"), [{"access-control-request-method": "PUT"}])
    assert (verdict["allowed"], verdict["cors_error"]) == (True, None)
    observed = verdict["observed"]
    assert (observed["failed_parameter"], observed["net_error"], observed["preflight_sent"]) == (None, None, True)
    assert (observed["status"], observed["body"], observed["visible_headers"]) == (200, "{}", ["content-type"])
