"""The form of a case given as data, and what is wrong with one that has another."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from .origin import parse_origin

CHOICES = {
    "credentials": ("omit", "same-origin", "include"),
    "mode": ("cors", "no-cors", "same-origin"),
    "redirect": ("follow", "error", "manual"),
    "via": ("fetch", "xhr", "xhr-upload"),
}
"""The values that a request's settings can have. None, or nothing, is the second for credentials, else the first."""

_OTHER_ORIGIN = re.compile(r"[a-z][a-z0-9+.-]*://[^/?#@\s]+")
_WHAT = {type(None): "null", bool: "true or false", int: "a number", float: "a number", str: "text", list: "a list"}


def is_status(status: object) -> bool:
    """Say whether `status` is one that an HTTP response can have: a whole number from 100 to 999."""
    return type(status) is int and 100 <= status <= 999


@lru_cache(maxsize=1024)
def is_origin(text: str) -> bool:
    """Say whether `text` is an origin as browsers send it. Extensions have schemes of their own."""
    if text.startswith(("http://", "https://")):
        return parse_origin(text) is not None
    return text == "null" or _OTHER_ORIGIN.fullmatch(text) is not None


def complaint(case: object) -> str:
    """Return all that is wrong with a case: each key, what it holds, what it may hold. "" where nothing is."""
    return "; ".join(_case(case))


def _case(case: object) -> Iterator[str]:
    if not isinstance(case, Mapping):
        yield f"{_kind(case)} is no case: an object with origin, request and response"
        return
    origin = case.get("origin")
    if "origin" not in case:
        yield "origin is missing: the page's, such as https://app.example.com, or null"
    elif not isinstance(origin, str | None) or not is_origin(origin or "null"):
        yield f"origin is {origin!r:.80}; a page's origin is scheme, host and port, such as https://app.example.com"
    if "request" in case:
        yield from _request(case["request"])
    else:
        yield "request is missing: an object, which may be empty"
    hops = case.get("hops")
    if not isinstance(hops, list | tuple | None):
        yield f"hops is {_kind(hops)}, not a list"
        return
    for at, hop in enumerate(hops or [case]):
        yield from _hop(hop, f"hops[{at}]." if hops else "")


def _request(request: object) -> Iterator[str]:
    if not isinstance(request, Mapping):
        yield f"request is {_kind(request)}, not an object"
        return
    if not isinstance(request.get("method"), str | None):
        yield f"request.method is {_kind(request['method'])}, not text"
    for key, choices in CHOICES.items():
        if request.get(key) and request[key] not in choices:
            yield f"request.{key} is {request[key]!r:.80}; it can be {', '.join(choices)}"
    if not isinstance(request.get("body"), str | bytes | None):
        yield f"request.body is {_kind(request['body'])}, not text"
    yield from _headers(request.get("headers") or (), "request.headers")


def _hop(hop: object, place: str) -> Iterator[str]:
    if not isinstance(hop, Mapping):
        yield f"{place.rstrip('.')} is {_kind(hop)}, not an object with a response"
        return
    if not isinstance(hop.get("base"), str | None):
        yield f"{place}base is {_kind(hop['base'])}, not an origin"
    if hop.get("preflight") is not None:
        yield from _answer(hop["preflight"], f"{place}preflight")
    if hop.get("response") is None:
        yield f"{place}response is missing: an object with status and headers, or close"
    else:
        yield from _answer(hop["response"], f"{place}response")


def _answer(answer: object, place: str) -> Iterator[str]:
    if not isinstance(answer, Mapping):
        yield f"{place} is {_kind(answer)}, not an object with status and headers"
    elif not answer.get("close"):
        if not is_status(answer.get("status")):
            yield f"{place}.status is {answer.get('status')!r:.80}, not a whole number from 100 to 999"
        yield from _headers(answer.get("headers"), f"{place}.headers")


def _headers(headers: object, place: str) -> Iterator[str]:
    if not isinstance(headers, list | tuple):
        yield f"{place} is {_kind(headers)}, not a list of [name, value]"
        return
    for at, pair in enumerate(headers):
        if not (isinstance(pair, list | tuple) and len(pair) == 2 and all(isinstance(text, str) for text in pair)):
            yield f"{place}[{at}] is {pair!r:.80}, not [name, value], both text"


def _kind(value: Any) -> str:
    return _WHAT.get(type(value), "an object")
