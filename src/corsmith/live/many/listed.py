"""A line of a list of calls: a URL, or a JSON object that says more of its call."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import Any

from msgspec import Struct

from corsmith.api.exchange import Headers

from ..address import address

_KEYS = frozenset(("url", "origin", "method", "headers", "credentials", "body"))
_CREDENTIALS = ("omit", "same-origin", "include")


class Listed(Struct, frozen=True):
    """A call of a list. What is None is as the flags of the command say. `wrong` says why a line is none."""

    url: str
    host: str = ""
    origin: str | None = None
    method: str | None = None
    headers: Headers | None = None
    credentials: str | None = None
    body: bytes | None = None
    wrong: str = ""


def listed(line: str) -> Listed | None:
    """Read a line; None for an empty one and for a comment (`#`).

    An object has `url`, and if it likes `origin`, `method`, `headers` (an object, or pairs), `credentials` ("omit",
    "same-origin", "include") and `body` (text).
    """
    text = line.strip()
    if not text or text.startswith("#"):
        return None
    return _object(text) if text.startswith("{") else _at(text)


def _at(url: str, **more: Any) -> Listed:
    usual = _USUAL.match(url)
    try:
        host = _host(f"{usual[1]}/") if usual is not None else address(url).host or ""
    except ValueError:
        return Listed(url, wrong=f"{url[:200]!r} is no http or https URL")
    return Listed(url, host, **more)


_USUAL = re.compile(r"(https?://[A-Za-z0-9.:-]{1,200})/")


@lru_cache(maxsize=1024)
def _host(start: str) -> str:
    """Return the host of URLs that begin so: what follows the first slash has no part in it."""
    return address(start).host or ""


def _object(text: str) -> Listed:
    try:
        read: Any = json.loads(text)
    except (ValueError, RecursionError) as error:
        return Listed(text, wrong=f"is no JSON: {error}")
    url = read.get("url")
    if not isinstance(url, str):
        return Listed(text, wrong="has no url")
    unknown = sorted(set(read) - _KEYS)
    if unknown:
        return Listed(url, wrong=f"has {unknown[0]!r}, which is none of {', '.join(sorted(_KEYS))}")
    for key in ("origin", "method", "credentials", "body"):
        if not isinstance(read.get(key, ""), str):
            return Listed(url, wrong=f"{key} is no text")
    if read.get("credentials", "omit") not in _CREDENTIALS:
        return Listed(url, wrong=f"credentials is none of {', '.join(_CREDENTIALS)}")
    headers = _headers(read.get("headers", {})) if "headers" in read else None
    if headers is None and "headers" in read:
        return Listed(url, wrong="headers are neither an object nor pairs of texts")
    body = read.get("body")
    return _at(
        url,
        origin=read.get("origin"),
        method=read.get("method"),
        headers=headers,
        credentials=read.get("credentials"),
        body=None if body is None else body.encode("utf-8", "surrogatepass"),
    )


def _headers(read: Any) -> Headers | None:
    pairs = list(read.items()) if isinstance(read, dict) else read
    if not isinstance(pairs, list):
        return None
    for pair in pairs:
        if not isinstance(pair, list | tuple) or len(pair) != 2 or not all(isinstance(each, str) for each in pair):
            return None
    return tuple((name, value) for name, value in pairs)
