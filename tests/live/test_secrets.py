"""What must not be shown, is not; what people need to see, is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corsmith.api.exchange import Request, Response
from corsmith.live.secrets import masked_headers, masked_request, masked_response, masked_text, masked_url

SECRET = "s3cr3t-value"


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("Authorization", f"Bearer {SECRET}", "Bearer ***"),
        ("authorization", f"AWS4-HMAC-SHA256 Credential={SECRET}", "AWS4-HMAC-SHA256 ***"),
        ("Authorization", SECRET, "***"),
        ("Proxy-Authorization", f"basic {SECRET}", "basic ***"),
        ("Cookie", f"sid={SECRET}", "***"),
        ("Set-Cookie", f"sid={SECRET}; Path=/", "***"),
        ("X-Api-Key", SECRET, "***"),
        ("x-apikey", SECRET, "***"),
        ("X-Amz-Security-Token", SECRET, "***"),
        ("X-CSRF-Token", SECRET, "***"),
        ("X-Session-Id", SECRET, "***"),
        ("Location", f"https://u:{SECRET}@a/?token={SECRET}&x=1", "https://a/?token=***&x=1"),
        ("Content-Type", "application/json", "application/json"),
        ("Access-Control-Allow-Credentials", "true", "true"),
        ("Access-Control-Request-Headers", "authorization,x-api-key", "authorization,x-api-key"),
        ("Origin", "https://app.example.com", "https://app.example.com"),
        ("x-amzn-requestid", "1-2-3", "1-2-3"),
        ("Author", "me", "me"),
    ],
)
def test_headers(name: str, value: str, shown: str) -> None:
    assert masked_headers(((name, value),)) == ((name, shown),)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://a/b?x=1#f", "https://a/b?x=1#f"),
        (f"https://user:{SECRET}@a:8443/b", "https://a:8443/b"),
        (f"https://a/?access_token={SECRET}", "https://a/?access_token=***"),
        (
            f"https://a/?page=2&X-Amz-Signature={SECRET}&X-Amz-Credential={SECRET}",
            "https://a/?page=2&X-Amz-Signature=***&X-Amz-Credential=***",
        ),
        (f"https://a/?apikey={SECRET}&author=jane", "https://a/?apikey=***&author=jane"),
        (f"https://a/?sig={SECRET}&code={SECRET}&key={SECRET}", "https://a/?sig=***&code=***&key=***"),
        ("https://a/?design=1&keyboard=2&encode=3", "https://a/?design=1&keyboard=2&encode=3"),
        ("https://a/x@y?z", "https://a/x@y?z"),
    ],
)
def test_urls(url: str, shown: str) -> None:
    assert masked_url(url) == shown


def test_bodies_are_never_shown() -> None:
    request = Request("POST", f"https://a/?token={SECRET}", (("Cookie", SECRET),), SECRET.encode())
    response = Response(200, (("Set-Cookie", SECRET),), SECRET.encode(), "handler")
    assert SECRET not in f"{masked_request(request)}{masked_response(response)}"
    assert masked_response(response).made_by == "handler"


@given(st.text(max_size=80))
def test_masking_twice_changes_nothing_more(text: str) -> None:
    assert masked_url(masked_url(text)) == masked_url(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Access to fetch at 'https://a.example/?token=t1&page=2' from origin 'https://b.example' has been blocked.",
         "Access to fetch at 'https://a.example/?token=***&page=2' from origin 'https://b.example' has been blocked."),
        ("It redirects to /in?code=c-1, and browsers stay.", "It redirects to /in?code=***, and browsers stay."),
        ("'https://me:p'w@a.example/' is no URL.", "'https://a.example/' is no URL."),
        ("Cross-Origin Request Blocked … at https://a.example/x?sig=abc. (Reason: CORS header missing).",
         "Cross-Origin Request Blocked … at https://a.example/x?sig=***. (Reason: CORS header missing)."),
        ("Nothing to hide.", "Nothing to hide."),
    ],
)  # fmt: skip
def test_sentences_keep_what_follows_a_url(text: str, shown: str) -> None:
    assert masked_text(text) == shown
