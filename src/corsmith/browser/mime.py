"""The one thing CORS asks of a MIME type: its essence (MIME Sniffing Standard, 4.4 "Parsing a MIME type")."""

from __future__ import annotations

import re

_TYPE = re.compile(r"[ \t\r\n]*([!#$%&'*+\-.^_`|~0-9A-Za-z]+/[!#$%&'*+\-.^_`|~0-9A-Za-z]+)[ \t\r\n]*(?:;|$)")


def essence(value: str) -> str | None:
    """Return `type/subtype` in lower case, None when `value` is no MIME type. Parameters never make it one less."""
    match = _TYPE.match(value)
    return match[1].lower() if match is not None else None
