"""What people give as an address to call."""

from __future__ import annotations

import re

from corsmith.browser.url import Url, parse_url

_HAS_HOST = re.compile(r"\s*https?://[^/\\?#\s]", re.IGNORECASE)


def address(text: str) -> Url:
    """Return the http or https URL that somebody names. Raises `ValueError` for what is none.

    Browsers take any number of slashes: `https:///items` is the host `items` to them. Whoever writes that has left the
    host out, and a name that nobody meant is not looked up.
    """
    url = parse_url(text) if _HAS_HOST.match(text) else None
    # A space in a host is escaped by browsers, and nobody has such a name.
    if url is None or not url.is_http or not url.host or "%" in url.host:
        raise ValueError(f"{text[:200]!r} is no http or https URL")
    return url


def origin_of(text: str) -> str:
    """Read an origin as its owner meant it: without a slash or path at the end, the host in lower case.

    Raises `ValueError` for what is none.
    """
    if text == "null":
        return text
    url = parse_url(text) if _HAS_HOST.match(text) else None
    if url is None or not url.host:
        raise ValueError(f"{text!r} is no origin: write it as https://app.example.com")
    return url.origin
