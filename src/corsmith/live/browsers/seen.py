"""What one call looked like from the page and from the browser's own records, before it is put in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct


class Reason(Struct, frozen=True):
    """Why the browser stopped a call. `cors_error` is in the browser's own vocabulary, or None where none is known."""

    cors_error: str | None = None
    failed_parameter: str | None = None
    net_error: str | None = None
    blocked: str | None = None
    console: tuple[str | list[str], ...] = ()
    """Texts; for Firefox pairs of category and text."""


def judged(script: Mapping[str, Any], reason: Reason, wire: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the recorded format: the verdict, the error's name, and under `observed` all the rest."""
    js_error = script.get("js_error")
    allowed = js_error is None
    return {
        "allowed": allowed,
        "cors_error": None if allowed else _named(reason, str(js_error)),
        "observed": {
            "failed_parameter": None if allowed else reason.failed_parameter,
            "net_error": None if allowed else reason.net_error,
            "status": script.get("status"),
            "type": script.get("type"),
            "js_error": js_error,
            "visible_headers": script.get("visible_headers", []),
            "preflight_sent": any("access-control-request-method" in entry for entry in wire),
            "wire": list(wire),
            "console": list(reason.console),
            **({"body": script["body"]} if "body" in script else {}),
            **({"blocked_reason": reason.blocked} if reason.blocked else {}),
        },
    }


def _named(reason: Reason, js_error: str) -> str:
    if reason.cors_error:
        return reason.cors_error
    if reason.blocked:
        return f"blocked:{reason.blocked}"
    return reason.net_error or f"js:{js_error}"
