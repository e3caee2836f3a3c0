"""A function's result once it has been understood as an HTTP response."""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any

from msgspec import Struct

from corsmith.api.exchange import Headers


class Shaped(Struct, frozen=True):
    """Status, headers and body that a function asked for."""

    status: int
    headers: Headers
    body: bytes


def has(headers: Headers, name: str) -> bool:
    """Say whether a header called `name` (lower case) is among `headers`."""
    return name in [key.lower() for key, _ in headers]


def compact(value: Any) -> bytes:
    """Return `value` as JSON without blanks."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "replace")


def decoded(body: str) -> bytes | None:
    """Return what base64 text stands for, None where it is not base64."""
    try:
        return base64.b64decode(body, validate=True)
    except (binascii.Error, ValueError):
        return None
