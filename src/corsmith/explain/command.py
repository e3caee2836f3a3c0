"""The command that decides which of the causes it is."""

from __future__ import annotations

import re

from .found import Message

_SAFE = re.compile(r"[\w@%+=:,./-]+", re.ASCII)
_SAMPLES = {"authorization": "Bearer token", "content-type": "application/json"}


def next_command(message: Message, page: str | None) -> str:
    """Return the `corsmith check` command for a message. What the text does not say stands as a word in capitals."""
    origin = message.origin or page or "https://YOUR-PAGE"
    parts = ["corsmith", "check", message.url or "https://YOUR-API/PATH", "--origin", origin]
    method = message.method if message.method not in (None, "OPTIONS") else None
    if (
        method is None
        and message.error is not None
        and "Preflight" in message.error
        and "Header" not in message.error[:6]
    ):
        method = "POST"
    if method is not None:
        parts += ["--method", method]
    if message.error == "HeaderDisallowedByPreflightResponse" and message.header is not None:
        name = message.header if not message.header.startswith("Access-Control") else "authorization"
        parts += ["--header", f"{name}: {_SAMPLES.get(name, '1')}"]
    if message.error is not None and ("Wildcard" in message.error or "InvalidAllowCredentials" in message.error):
        parts.append("--credentials")
    return " ".join(_quoted(part) for part in parts)


def _quoted(part: str) -> str:
    return part if _SAFE.fullmatch(part) else "'" + part.replace("'", "'\"'\"'") + "'"
