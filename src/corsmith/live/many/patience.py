"""How long a server asks to be left alone: 429 Too Many Requests, 503 with a time (RFC 6585, 4; RFC 9110, 10.2.3)."""

from __future__ import annotations

import time
from datetime import UTC
from email.utils import parsedate_to_datetime

from corsmith.api.exchange import Response, values

MOST = 30.0
"""The most seconds that a server is waited for at a time."""
_UNTOLD = 1.0
"""Seconds that are waited where a server says 429 and no time, as API Gateway does."""


def asked_to_wait(response: Response) -> float | None:
    """Return for how many seconds a server asks not to be called, None where it does not."""
    told = values(response.headers, "retry-after")
    if response.status == 429:
        return _seconds(told[0], response) if told else _UNTOLD
    return _seconds(told[0], response) if response.status == 503 and told else None


def _seconds(text: str, response: Response) -> float:
    """Read a number of seconds or a date; what is neither is a request without a time."""
    if text.isascii() and text.isdigit():
        return float(text[:12])
    until = _moment(text)
    if until is None:
        return _UNTOLD
    # Both clocks may be wrong; the server's own stands beside its date.
    now = next((moment for moment in map(_moment, values(response.headers, "date")) if moment is not None), time.time())
    return max(0.0, until - now)


def _moment(text: str) -> float | None:
    try:
        read = parsedate_to_datetime(text)
        return (read if read.tzinfo is not None else read.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None
