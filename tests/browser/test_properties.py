"""Properties of the browser: no input makes it raise, and what holds for every call."""

from __future__ import annotations

import contextlib
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corsmith.api.exchange import NetworkFailure, Response
from corsmith.browser import (
    BROWSERS,
    MODEL,
    PROFILES,
    BadCase,
    Page,
    PageRequest,
    PreflightCache,
    Verdict,
    drive,
    fetch,
    simulate,
)

from .calls import API, PAGE, judge
from .strategies import cases

ALL = (*PROFILES, MODEL)

junk = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=8), st.binary(max_size=4)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=8), inner, max_size=3)),
    max_leaves=8,
)
any_text = st.text(max_size=30)
any_headers = st.lists(st.tuples(any_text, any_text), max_size=4).map(tuple)
slow = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], deadline=None)


def rendered(verdict: Verdict) -> None:
    """Ask a verdict for everything that is rendered late."""
    assert verdict.allowed is (verdict.error is None)
    assert (verdict.failed_parameter is None) or not verdict.allowed
    assert verdict.allowed is (verdict.failure is None)
    assert verdict.console is None or not verdict.allowed
    assert verdict.steps[-1].passed is verdict.allowed
    assert verdict.step
    assert verdict.advice == () or verdict.allowed
    assert set(verdict.differs) <= set(BROWSERS)


@slow
@given(cases(), st.sampled_from(ALL))
def test_no_case_raises(case: dict[str, Any], profile: str) -> None:
    rendered(simulate(case, profile))


@slow
@given(junk, st.sampled_from(ALL))
def test_no_junk_raises_anything_but_bad_case(junk: Any, profile: str) -> None:
    for bad in (
        junk,
        {"origin": PAGE, "request": junk, "response": {}},
        {"origin": junk, "request": {}, "response": junk},
    ):
        with contextlib.suppress(BadCase):
            rendered(simulate(bad, profile))


@slow
@given(
    st.builds(Page, any_text, any_text, st.one_of(st.none(), any_text)),
    st.builds(
        PageRequest,
        st.one_of(any_text, st.just(API)),
        any_text,
        any_headers,
        any_text,
        any_text,
        any_text,
        st.one_of(st.none(), st.binary(max_size=4)),
        any_text,
        st.booleans(),
        st.booleans(),
    ),
    st.lists(
        st.one_of(st.builds(NetworkFailure, any_text), st.builds(Response, st.integers(-1, 1000), any_headers)),
        min_size=1,
        max_size=3,
    ),
    st.sampled_from(ALL),
)
def test_no_input_raises(page: Page, request: PageRequest, answers: list[Any], profile: str) -> None:
    left = list(answers)

    def answer(ask: Any) -> Any:
        del ask
        return left.pop(0) if len(left) > 1 else left[0]

    rendered(drive(fetch(page, request, profile, PreflightCache()), answer))


@given(
    st.sampled_from(ALL),
    st.characters(exclude_characters=" \t\r\n", max_codepoint=255),
    st.booleans(),
    st.sampled_from(("GET", "PUT")),
)
def test_any_character_around_the_origin_blocks(profile: str, char: str, before: bool, method: str) -> None:
    value = char + PAGE if before else PAGE + char
    answer = Response(200, (("Access-Control-Allow-Origin", value), ("Access-Control-Allow-Methods", "PUT")))
    assert not judge(answer, profile=profile, method=method).allowed


@given(st.sampled_from(ALL), st.text(" \t", max_size=4), st.text(" \t", max_size=4))
def test_spaces_and_tabs_around_the_origin_do_not(profile: str, before: str, after: str) -> None:
    assert judge(Response(200, (("Access-Control-Allow-Origin", before + PAGE + after),)), profile=profile).allowed


@slow
@given(cases())
def test_the_model_allows_what_both_allow(case: dict[str, Any]) -> None:
    both = simulate(case, "chromium").allowed and simulate(case, "firefox").allowed
    assert simulate(case, MODEL).allowed is both


@slow
@given(cases())
def test_what_is_never_readable(case: dict[str, Any]) -> None:
    verdict = simulate(case)
    assert not {"set-cookie", "set-cookie2"} & set(verdict.exposed)
    assert verdict.exposed == tuple(sorted(set(verdict.exposed)))
    assert not verdict.exposed or verdict.allowed


@slow
@given(cases())
def test_preflights_carry_no_secret(case: dict[str, Any]) -> None:
    for each in simulate(case).judged:
        if each.kind == "preflight":
            assert each.request.method == "OPTIONS"
            assert each.request.body is None
            names = {name.lower() for name, _ in each.request.headers}
            assert names <= {"accept", "origin", "access-control-request-method", "access-control-request-headers"}
