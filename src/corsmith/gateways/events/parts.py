"""What the events of several front doors are made of."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from ..call import Call

TRACE = "Root=1-67891233-abcdef012345678912345678"


def clock(time_ms: int) -> str:
    """Return Unix milliseconds as API Gateway writes them: `01/Jan/2026:00:00:00 +0000`."""
    return _clock(time_ms // 1000)


@lru_cache(maxsize=64)
def _clock(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%d/%b/%Y:%H:%M:%S +0000")


def forwarded(call: Call) -> tuple[tuple[str, str], ...]:
    """Return the headers that AWS adds on the way in."""
    return _forwarded(call.circumstances.source_ip)


@lru_cache(maxsize=64)
def _forwarded(address: str) -> tuple[tuple[str, str], ...]:
    return (
        ("X-Amzn-Trace-Id", TRACE),
        ("X-Forwarded-For", address),
        ("X-Forwarded-Port", "443"),
        ("X-Forwarded-Proto", "https"),
    )


def body_text(call: Call) -> str | None:
    """Return the body as text, None without one. Bytes that are no UTF-8 are replaced."""
    body = call.request.body
    return body.decode("utf-8", "replace") if body else None


def base64_text(body: bytes) -> str:
    """Return `body` in base64."""
    return base64.b64encode(body).decode("ascii")


def is_plain_text(content_type: str | None, body: bytes) -> bool:
    """Say whether payload 2.0 carries this body as text: text, JSON, XML and JavaScript do, all else is base64."""
    kind = (content_type or "").partition(";")[0].strip().lower()
    textual = kind.startswith("text/") or kind.endswith(("json", "xml", "javascript")) or not kind
    return textual and _is_utf8(body)


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def user_agent(call: Call) -> str:
    """Return the User-Agent header, "" without one."""
    return call.header("user-agent") or ""


def authorizer_context_as_text(context: dict[str, Any]) -> dict[str, Any]:
    """Return what REST APIs hand on of an authorizer's context: booleans and numbers become text."""
    return {name: value if isinstance(value, str) else json.dumps(value) for name, value in context.items()}
