"""A real Chromium's verdict on each call: a page at the shop's origin makes it, and its script sees it or does not."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from corsmith.live.browsers import Chromium

from .calls import Call


def chromium_verdict(browser: Chromium, address: str, call: Call) -> str:
    """Return "allowed" or "blocked"; what the page could read but was not to get is said as it is."""
    parts = urlsplit(address)
    assert parts.hostname is not None
    assert parts.port is not None
    request: dict[str, Any] = {
        "url": f"https://{call.api.lower()}.example.net{parts.path}{call.path}",
        "method": call.method,
        "headers": [list(pair) for pair in call.headers],
        "credentials": "include" if call.credentials else "same-origin",
    }
    if call.body is not None:
        request["body"] = call.body
    seen = browser.call(call.origin, request, target=(parts.hostname, parts.port))
    if not seen["allowed"]:
        # Names of CORS errors are single words; anything else is a fault of the set-up and must not pass for a verdict.
        return "blocked" if seen["cors_error"].isalpha() else seen["cors_error"]
    status = seen["observed"]["status"]
    wanted = status == call.status if call.status else status < 400
    return "allowed" if wanted else f"allowed, but {status}"
