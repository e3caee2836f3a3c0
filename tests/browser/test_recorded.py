"""All recorded cases, in the words of both browsers."""

from __future__ import annotations

from typing import Any

import pytest

from corsmith.browser import MODEL, simulate

from .recorded import FOUND, RECORDED, about_cors, without_paths

BOTH = [
    pytest.param(each["case"], each[browser], browser, id=f"{browser}-{each['case']['name']}")
    for each in RECORDED
    for browser in ("chromium", "firefox")
]


@pytest.mark.parametrize(("case", "seen", "browser"), BOTH)
def test_a_recorded_case(case: dict[str, Any], seen: dict[str, Any], browser: str) -> None:
    verdict = simulate(case, browser)
    assert verdict.allowed is seen["allowed"]
    assert without_paths(verdict.error) == without_paths(seen["error"])
    assert verdict.preflight_sent is seen["preflight_sent"]
    assert list(verdict.exposed) == sorted(seen["visible_headers"])


@pytest.mark.parametrize(("case", "seen", "browser"), BOTH)
def test_what_was_printed(case: dict[str, Any], seen: dict[str, Any], browser: str) -> None:
    verdict = simulate(case, browser)
    said = about_cors(seen["console"])
    if seen["allowed"]:
        assert verdict.console is None
    elif said is None:
        assert about_cors([verdict.console or ""]) in (None, said)
    else:
        assert about_cors([verdict.console or ""]) == said


@pytest.mark.parametrize(("case", "seen", "browser"), BOTH)
def test_what_was_sent(case: dict[str, Any], seen: dict[str, Any], browser: str) -> None:
    """Each request's method and origin, and what each preflight asked for, hop by hop."""
    sent = [_wire(each.request.method, dict(each.request.headers)) for each in simulate(case, browser).judged]
    wire = [_wire(entry["method"], entry) for entry in seen["wire"]]
    # A connection that is closed is tried again and again.
    tried = [entry for at, entry in enumerate(wire) if at == 0 or entry != wire[at - 1]]
    assert sent in (tried, wire) or "ALPN" in (seen["error"] or "")


def _wire(method: str, headers: dict[str, str]) -> tuple[str, str | None, str | None, str | None]:
    lower = {name.lower(): value for name, value in headers.items()}
    asked = lower.get("access-control-request-method"), lower.get("access-control-request-headers")
    return method, lower.get("origin"), *asked


@pytest.mark.parametrize("each", RECORDED, ids=lambda each: each["case"]["name"])
def test_the_model_is_what_both_allow(each: dict[str, Any]) -> None:
    verdict = simulate(each["case"], MODEL)
    chromium, firefox = each["chromium"]["allowed"], each["firefox"]["allowed"]
    assert verdict.allowed is (chromium and firefox)
    otherwise = {
        name for name, allowed in (("chromium", chromium), ("firefox", firefox)) if allowed is not verdict.allowed
    }
    assert set(verdict.differs) - {"webkit"} == otherwise


@pytest.mark.parametrize("each", FOUND, ids=lambda each: each["case"]["name"])
def test_a_case_that_was_judged_wrongly_once(each: dict[str, Any]) -> None:
    verdict = simulate(each["case"], each["browser"])
    assert verdict.allowed is each["allowed"]
    assert without_paths(verdict.error) == without_paths(each["error"])
    assert verdict.preflight_sent is each["preflight_sent"]
    assert list(verdict.exposed) == sorted(set(each["visible_headers"]))


def test_how_many_there_are() -> None:
    assert len(RECORDED) == 418
