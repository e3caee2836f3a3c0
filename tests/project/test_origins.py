"""Origins are read as their owner meant them."""

from __future__ import annotations

import pytest

from corsmith.api.model import Api, Declared
from corsmith.project.origins import STAND_IN, declared, meant

MEANT = [
    ("https://app.example.com", "https://app.example.com"),
    ("https://app.example.com/", "https://app.example.com"),
    ("https://app.example.com/login", "https://app.example.com"),
    ("'https://app.example.com'", "https://app.example.com"),
    ("app.example.com", "https://app.example.com"),
    ("localhost:3000", "http://localhost:3000"),
    ("http://localhost:3000", "http://localhost:3000"),
    ("https://app.example.com:443", "https://app.example.com"),
    ("https://app.example.com:8443", "https://app.example.com:8443"),
    ("HTTPS://App.Example.com", "https://app.example.com"),
    ("http://[::1]:3000", "http://[::1]:3000"),
    ("*", None),
    ("'*'", None),
    ("https://*.example.com", None),
    ("null", None),
    ("", None),
    ("ftp://x.example", None),
    ("https://a.example:99999999", None),
    ("not an origin", None),
]


@pytest.mark.parametrize(("text", "origin"), MEANT)
def test_what_is_meant(text: str, origin: str | None) -> None:
    assert meant(text) == origin


def test_a_project_s_origins_each_once_or_one_stand_in() -> None:
    texts = ("https://a.example", "'*'", "https://a.example/", "https://b.example,https://c.example")
    api = Api("t", "sam", declared_origins=tuple(Declared(text) for text in texts))
    assert declared(api) == ("https://a.example", "https://b.example", "https://c.example")
    assert declared(Api("t", "sam")) == (STAND_IN,)
