"""How near names are: what is taken for a slip, and what is left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corsmith.rules.spelling import HEADERS, distance, header_meant, key_meant

MEANT = {
    "Access-Control-Allow-Origins": "Access-Control-Allow-Origin",
    "access-control-allow-orgin": "Access-Control-Allow-Origin",
    "Acess-Control-Allow-Origin": "Access-Control-Allow-Origin",
    "Access-Control-Allowed-Origin": "Access-Control-Allow-Origin",
    "Access_Control_Allow_Origin": "Access-Control-Allow-Origin",
    "Access-Allow-Control-Origin": "Access-Control-Allow-Origin",
    "Access-Control-Origin": "Access-Control-Allow-Origin",
    "Access-Control-Allow-Header": "Access-Control-Allow-Headers",
    "Access-Control-Allow-Method": "Access-Control-Allow-Methods",
    "Access-Control-Allow-Credential": "Access-Control-Allow-Credentials",
    "Access-Control-Expose-Header": "Access-Control-Expose-Headers",
}
OTHERS = (
    *HEADERS,
    *(name.lower() for name in HEADERS),
    *(name.upper() for name in HEADERS),
    "Access-Control-Request-Method",
    "Access-Control-Request-Headers",
    "Access-Control-Allow-Private-Network",
    "Allow",
    "Cache-Control",
    "Content-Type",
    "Origin",
    "Timing-Allow-Origin",
    "X-Frame-Options",
    "Strict-Transport-Security",
    "Service-Worker-Allowed",
)


@pytest.mark.parametrize("name", MEANT)
def test_a_misspelt_header(name: str) -> None:
    assert header_meant(name) == MEANT[name]


@pytest.mark.parametrize("name", OTHERS)
def test_a_header_that_is_what_it_says(name: str) -> None:
    assert header_meant(name) is None


@pytest.mark.parametrize(
    ("key", "known", "meant"),
    [
        ("AllowOrigin", ("AllowOrigins", "AllowMethods"), "AllowOrigins"),
        ("allowOrigins", ("AllowOrigins", "AllowMethods"), "AllowOrigins"),
        ("AllowedOrigins", ("AllowOrigins", "AllowMethods"), "AllowOrigins"),
        ("AllowOrigins", ("AllowOrigins", "AllowOrigin"), None),
        ("Auth", ("Cors", "AllowOrigins"), None),
        ("ExposeHeaders", ("AllowHeaders",), None),
        ("", ("Cors",), None),
        ("AllowOrigins", (), None),
    ],
)
def test_a_misspelt_key(key: str, known: tuple[str, ...], meant: str | None) -> None:
    assert key_meant(key, known) == meant


TEXTS = st.text("abcd-", max_size=8)


@given(TEXTS, TEXTS)
def test_a_distance_counts_edits(one: str, other: str) -> None:
    apart = distance(one, other)
    assert (apart == 0) is (one == other)
    assert apart == distance(other, one)
    assert abs(len(one) - len(other)) <= apart <= max(len(one), len(other))


@given(TEXTS, st.integers(0, 8), st.sampled_from("abcd-"))
def test_one_edit_is_one(text: str, at: int, letter: str) -> None:
    at = min(at, len(text))
    assert distance(text, text[:at] + letter + text[at:]) == 1
    swapped = text[:at] + text[at : at + 2][::-1] + text[at + 2 :]
    assert distance(text, swapped) == (swapped != text)


def test_no_two_headers_are_as_near_as_a_slip() -> None:
    nearest = min(distance(a.lower(), b.lower()) for a in HEADERS for b in HEADERS if a != b)
    assert nearest > 4
