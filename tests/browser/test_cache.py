"""The preflight cache: what it remembers, for whom, for how long."""

from __future__ import annotations

import pytest

from corsmith.api.exchange import Response
from corsmith.browser import PROFILES, Ask, Page, PageRequest, PreflightCache, Verdict, drive, fetch
from corsmith.browser.cache import max_age

from .calls import ALLOWING, API, PAGE, allowing

METHODS = ("Access-Control-Allow-Methods", "PUT, DELETE")
HEADERS = ("Access-Control-Allow-Headers", "X-A, x-b")
CREDENTIALS = ("Access-Control-Allow-Credentials", "true")


@pytest.mark.parametrize(
    ("value", "standard", "chromium", "firefox", "webkit"),
    [
        (None, 5, 5, 5, 5),
        ("", 5, 5, 5, 5),
        ("0", 0, 0, 0, 0),
        ("600", 600, 600, 600, 600),
        ("0000000000000000000600", 600, 600, 600, 600),
        ("7201", 7201, 7200, 7201, 600),
        ("99999", 99999, 7200, 86400, 600),
        ("99999999999999999999", 10**15, 5, 86400, 5),
        ("9" * 5000, 10**15, 5, 86400, 5),
        ("2147483647", 2147483647, 7200, 86400, 600),
        ("2147483648", 2147483648, 5, 86400, 5),
        ("123456789012345", 123456789012345, 5, 86400, 5),
        ("-1", 5, 0, 0, 0),
        ("+600", 5, 600, 0, 600),
        ("abc", 5, 5, 0, 5),
        ("1.5", 5, 5, 0, 5),
        ('"600"', 5, 5, 0, 5),
        ("5, 5", 5, 5, 0, 5),
    ],
)
def test_for_how_long(value: str | None, standard: int, chromium: int, firefox: int, webkit: int) -> None:
    wanted = {"standard": standard, "chromium": chromium, "firefox": firefox, "webkit": webkit}
    assert {name: max_age(value, profile.max_age) for name, profile in PROFILES.items()} == wanted


def _call(
    cache: PreflightCache,
    now: float = 0.0,
    profile: str = "chromium",
    preflight: Response | None = None,
    **asked: object,
) -> Verdict:
    answer = preflight or allowing(204, METHODS, HEADERS, CREDENTIALS)

    def answered(ask: Ask) -> Response:
        return answer if ask.kind == "preflight" else allowing(200, CREDENTIALS)

    request = PageRequest(str(asked.pop("url", API)), **asked)  # type: ignore[arg-type]
    return drive(fetch(Page(PAGE), request, profile, cache, now), answered)


def _filled(**asked: object) -> PreflightCache:
    cache = _call(PreflightCache(), method="PUT", **asked).cache
    assert cache is not None
    return cache


def test_nothing_is_remembered_without_a_cache() -> None:
    verdict = drive(fetch(Page(PAGE), PageRequest(API, "PUT")), lambda ask: allowing(204, METHODS))
    assert verdict.cache is None


def test_a_second_call_is_not_preflighted() -> None:
    cache = _filled()
    assert len(cache.entries) == 4
    assert _call(PreflightCache(), method="PUT").preflight_sent
    again = _call(cache, 4.9, method="PUT")
    assert not again.preflight_sent
    assert again.cache == cache
    assert _call(cache, 5.0, method="PUT").preflight_sent


@pytest.mark.parametrize(
    ("asked", "covered"),
    [
        ({"method": "DELETE"}, True),
        ({"method": "PATCH"}, False),
        ({"headers": (("X-A", "1"), ("X-B", "1"))}, True),
        ({"headers": (("X-A", "1"), ("X-C", "1"))}, False),
        ({"method": "PUT", "url": API + "?x"}, False),
        ({"method": "POST", "via": "xhr-upload", "body": b"x"}, True),
    ],
)
def test_what_is_covered(asked: dict[str, object], covered: bool) -> None:
    assert _call(_filled(), **asked).preflight_sent is not covered


@pytest.mark.parametrize(
    ("profile", "sent"), [("standard", False), ("chromium", False), ("firefox", True), ("webkit", False)]
)
def test_a_call_with_credentials_serves_one_without(profile: str, sent: bool) -> None:
    cache = _call(PreflightCache(), profile=profile, method="PUT", credentials="include").cache
    assert cache is not None
    assert _call(cache, profile=profile, method="PUT").preflight_sent is sent
    assert not _call(cache, profile=profile, method="PUT", credentials="include").preflight_sent


def test_a_call_without_credentials_serves_none_with() -> None:
    assert _call(_filled(), method="PUT", credentials="include").preflight_sent


def test_wildcards_are_remembered_without_credentials() -> None:
    star = allowing(204, ("Access-Control-Allow-Methods", "*"), ("Access-Control-Allow-Headers", "*"))
    cache = _call(PreflightCache(), preflight=star, method="PUT").cache
    assert cache is not None
    assert not _call(cache, method="PATCH", headers=(("X-Z", "1"),)).preflight_sent
    assert not _call(cache, headers=(("Authorization", "1"),)).preflight_sent
    assert _call(cache, headers=(("Authorization", "1"),), profile="standard", preflight=star).preflight_sent


def test_wildcards_are_not_remembered_with_credentials() -> None:
    star = allowing(204, CREDENTIALS, ("Access-Control-Allow-Methods", "PUT, *"), ("Access-Control-Allow-Headers", "*"))
    cache = _call(PreflightCache(), preflight=star, method="PUT", credentials="include").cache
    assert cache is not None
    assert [(entry.method, entry.header) for entry in cache.entries] == [("PUT", "")]


def test_a_method_that_is_not_listed_is_remembered_alone() -> None:
    cache = _call(PreflightCache(), preflight=allowing(204, HEADERS), headers=(("X-A", "1"),)).cache
    assert cache is not None
    assert [(entry.method, entry.header) for entry in cache.entries] == [("GET", ""), ("", "x-a"), ("", "x-b")]


def test_nothing_is_remembered_for_no_time() -> None:
    cache = _call(
        PreflightCache(), preflight=allowing(204, METHODS, ("Access-Control-Max-Age", "0")), method="PUT"
    ).cache
    assert cache == PreflightCache()


def test_a_failed_preflight_clears_its_url() -> None:
    cache = _filled()
    other = _call(cache, method="PUT", url=API + "?x").cache
    assert other is not None
    assert len(other.entries) == 8
    failed = _call(other, preflight=Response(403, ALLOWING), method="PATCH").cache
    assert failed is not None
    assert {entry.key.url for entry in failed.entries} == {API + "?x"}
