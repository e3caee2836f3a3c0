"""One case given as data: the page, the request, and what the server answers at each hop."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from corsmith.api.exchange import NetworkFailure, Response

from .fetch import Answer, Ask, Page, PageRequest, drive
from .model import fetch
from .verdict import Verdict

BASE = "https://api.example.net"


class BadCase(ValueError):  # noqa: N818 - it names the case
    """A case is not of the documented form."""


def simulate(case: Mapping[str, Any], profile: str = "chromium") -> Verdict:
    """Return the verdict on `case` (keys: origin, base, request, preflight, response, hops) in `profile`.

    Raises `BadCase` when a key is missing or of the wrong type, `KeyError` for an unknown profile.
    """
    try:
        hops = case.get("hops") or [case]
        urls = [f"{hop.get('base', BASE)}/c/{index}" for index, hop in enumerate(hops)]
        origin = case["origin"] or "null"
        request = _request(case["request"], urls[0])
    except (KeyError, TypeError, AttributeError) as error:
        raise BadCase(f"the case {json.dumps(case, default=str)[:200]} lacks or misuses {error}") from None

    def answer(ask: Ask) -> Answer:
        hop = hops[ask.hop] if ask.hop < len(hops) else {}
        given = hop.get("preflight" if ask.kind == "preflight" else "response")
        following = urls[ask.hop + 1] if ask.hop + 1 < len(urls) else ""
        return _answer(given, {"{next}": following, "{self}": urls[min(ask.hop, len(urls) - 1)], "{origin}": origin})

    return drive(fetch(Page(origin), request, profile), answer)


def _request(given: Mapping[str, Any], url: str) -> PageRequest:
    body = given.get("body")
    return PageRequest(
        url,
        method=given["method"],
        headers=tuple((name, value) for name, value in given.get("headers", ())),
        credentials=given.get("credentials", "same-origin"),
        mode=given.get("mode", "cors"),
        redirect=given.get("redirect", "follow"),
        body=body.encode("utf-8", "surrogatepass") if isinstance(body, str) else body,
        via=given.get("via", "fetch"),
        stream=bool(given.get("stream")),
    )


def _answer(given: Mapping[str, Any] | None, names: Mapping[str, str]) -> Answer:
    if given is None:
        return Response(404, (("Content-Length", "0"),))
    if given.get("close"):
        return NetworkFailure("net::ERR_EMPTY_RESPONSE")
    headers = []
    for name, value in given.get("headers", ()):
        for placeholder, text in names.items():
            value = value.replace(placeholder, text)
        headers.append((name, value))
    status = given["status"]
    # The recording server adds the length by itself, where a response can have one.
    return Response(status, tuple(headers) if status in (204, 304) else (*headers, ("Content-Length", "0")))
