"""All recorded cases, in the words of both browsers: what the model says of each is compared with what was seen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from corsmith.browser import MODEL, Verdict, simulate

from .recorded import FOUND, RECORDED, about_cors, without_paths

Seen = dict[str, Any]
both = pytest.mark.parametrize("browser", ["chromium", "firefox"])


def judged(browser: str, told: Callable[[Verdict, Seen], object]) -> dict[str, object]:
    """Return by name what `told` says of each case's verdict, and of what was seen."""
    return {each["case"]["name"]: told(simulate(each["case"], browser), each[browser]) for each in RECORDED}


def seen(browser: str, told: Callable[[Seen], object]) -> dict[str, object]:
    """Return by name what `told` says of what was seen."""
    return {each["case"]["name"]: told(each[browser]) for each in RECORDED}


def test_how_many_there_are() -> None:
    assert len({each["case"]["name"] for each in RECORDED}) == 418


@both
def test_the_recorded_cases(browser: str) -> None:
    assert judged(browser, lambda verdict, _: _decision(verdict)) == seen(browser, _observed)


@both
def test_what_was_printed(browser: str) -> None:
    """An allowed call has no text; a text that is not about CORS is not compared, but none about CORS is made up."""

    def said(verdict: Verdict, seen: Seen) -> object:
        return verdict.console if seen["allowed"] else about_cors([verdict.console or ""])

    assert judged(browser, said) == seen(browser, lambda seen: None if seen["allowed"] else about_cors(seen["console"]))


@both
def test_what_was_sent(browser: str) -> None:
    """Each request's method and origin, and what each preflight asked for, hop by hop."""

    def sent(verdict: Verdict, seen: Seen) -> object:
        requests = [_wire(each.request.method, dict(each.request.headers)) for each in verdict.judged]
        # A streamed body needs a connection that the recording server does not offer.
        return _tried(seen, requests[:-1] if seen["error"] == "net::ERR_ALPN_NEGOTIATION_FAILED" else requests)

    assert judged(browser, sent) == seen(
        browser, lambda seen: _tried(seen, [_wire(entry["method"], entry) for entry in seen["wire"]])
    )


def test_the_model_is_what_both_allow() -> None:
    def opinion(each: dict[str, Any]) -> tuple[bool, set[str]]:
        verdict = simulate(each["case"], MODEL)
        return verdict.allowed, set(verdict.differs) - {"webkit"}

    def expected(each: dict[str, Any]) -> tuple[bool, set[str]]:
        allowed = each["chromium"]["allowed"] and each["firefox"]["allowed"]
        return allowed, {name for name in ("chromium", "firefox") if each[name]["allowed"] is not allowed}

    assert {each["case"]["name"]: opinion(each) for each in RECORDED} == {
        each["case"]["name"]: expected(each) for each in RECORDED
    }


def test_cases_that_were_judged_wrongly_once() -> None:
    said = [_decision(simulate(each["case"], each["browser"])) for each in FOUND]
    assert said == [_observed(each) for each in FOUND]


def _decision(verdict: Verdict) -> tuple[object, ...]:
    return verdict.allowed, without_paths(verdict.error), verdict.preflight_sent, list(verdict.exposed)


def _observed(seen: Seen) -> tuple[object, ...]:
    readable = sorted(set(seen["visible_headers"]))
    return seen["allowed"], without_paths(seen["error"]), seen["preflight_sent"], readable


def _tried(seen: Seen, entries: list[tuple[str | None, ...]]) -> list[tuple[str | None, ...]]:
    """Return the entries without repetitions where the connection was closed: browsers then try again."""
    if seen["error"] not in ("net::ERR_EMPTY_RESPONSE", "CORSDidNotSucceed2", "CORSMultipleAllowOriginNotAllowed"):
        return entries
    return [entry for at, entry in enumerate(entries) if at == 0 or entry != entries[at - 1]]


def _wire(method: str, headers: dict[str, str]) -> tuple[str | None, ...]:
    lower = {name.lower(): value for name, value in headers.items()}
    asked = lower.get("access-control-request-method"), lower.get("access-control-request-headers")
    return method, lower.get("origin"), *asked
