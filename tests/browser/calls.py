"""Short ways to write a call and its answers."""

from __future__ import annotations

from typing import Any

from corsmith.api.exchange import Headers, NetworkFailure, Response
from corsmith.browser import Answer, Ask, Page, PageRequest, Verdict, drive, fetch

PAGE = "https://app.example.com"
API = "https://api.example.net/items"
ALLOWING: Headers = (("Access-Control-Allow-Origin", PAGE),)
LOST = NetworkFailure("net::ERR_CONNECTION_REFUSED")


def allowing(status: int = 200, *more: tuple[str, str]) -> Response:
    """Return an answer that allows the page, with more headers."""
    return Response(status, (*ALLOWING, *more))


def judge(*answers: Answer, profile: str = "chromium", page: Page | None = None, **asked: Any) -> Verdict:
    """Judge a call; the answers are given in turn, the last one again and again."""
    left = list(answers) or [allowing()]

    def answer(ask: Ask) -> Answer:
        del ask
        return left.pop(0) if len(left) > 1 else left[0]

    request = PageRequest(asked.pop("url", API), **asked)
    return drive(fetch(page or Page(PAGE), request, profile), answer)
