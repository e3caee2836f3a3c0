"""A function's result under payload format 1.0: REST APIs and HTTP APIs that ask for it.

The shape is `{statusCode, headers, multiValueHeaders, body, isBase64Encoded}`. REST APIs refuse everything else: another
top-level key, a value that is no object, a status that is no number, a header value that is neither text nor boolean
(measured, except for header values). Both maps of headers are sent: first `multiValueHeaders`, then `headers`, so that
one name in both becomes two values.
"""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from corsmith.api.exchange import Headers

from .call import Call
from .header_values import is_name, line_value, scalar_text, status_of
from .shaped import Shaped, decoded, has

_KEYS = frozenset(("statusCode", "headers", "multiValueHeaders", "body", "isBase64Encoded"))


class Reading(Struct, frozen=True):
    """How a front door reads format 1.0.

    `strict`: other keys are refused, and a missing status is 200 (REST API). `binary`: base64 bodies are decoded.
    """

    strict: bool
    binary: bool


def shape(value: Any, reading: Reading, call: Call) -> Shaped | None:
    """Return the response in `value`, None where it is malformed."""
    if not isinstance(value, dict) or not value:
        return None
    if reading.strict and not _KEYS.issuperset(value):
        return None
    status = 200 if reading.strict and value.get("statusCode") is None else status_of(value.get("statusCode"))
    multiple = _multiple(value.get("multiValueHeaders"), call)
    single = _single(value.get("headers"), call)
    body = _body(value, reading)
    if status is None or multiple is None or single is None or body is None:
        return None
    headers = _merged(multiple, single, call)
    if not has(headers, "content-type"):
        headers += (("Content-Type", "application/json"),)
    return Shaped(status, headers, body)


def _single(value: Any, call: Call) -> Headers | None:
    if value is None:
        return ()
    if not isinstance(value, dict):
        return None
    found: list[tuple[str, str]] = []
    for name, each in value.items():
        line = _line(each, call) if is_name(name) else None
        if line is None:
            return None
        found.append((name, line))
    return tuple(found)


def _multiple(value: Any, call: Call) -> Headers | None:
    if value is None:
        return ()
    if not isinstance(value, dict):
        return None
    found: list[tuple[str, str]] = []
    for name, items in value.items():
        if not isinstance(items, list) or not is_name(name):
            return None
        for each in items:
            line = _line(each, call)
            if line is None:
                return None
            found.append((name, line))
    return tuple(found)


def _line(value: Any, call: Call) -> str | None:
    if isinstance(value, str):
        return line_value(value)
    # Numbers, lists and null: only an emulator says that they are refused.
    if isinstance(value, bool) or call.assumptions.rest_header_values != "refused":
        return scalar_text(value)
    return None


def _merged(multiple: Headers, single: Headers, call: Call) -> Headers:
    if not multiple:
        return single
    spelled = {name.lower(): name for name, _ in multiple}
    given = {(name.lower(), value) for name, value in multiple}
    kept = []
    for name, value in single:
        if (name.lower(), value) in given and not call.assumptions.rest_equal_pairs_double:
            continue
        kept.append((spelled.get(name.lower(), name), value))
    return multiple + tuple(kept)


def _body(value: dict[str, Any], reading: Reading) -> bytes | None:
    body = value.get("body")
    if body is None:
        return b""
    if not isinstance(body, str):
        return None
    in_base64 = reading.binary and value.get("isBase64Encoded") is True
    return decoded(body) if in_base64 else body.encode("utf-8", "replace")
