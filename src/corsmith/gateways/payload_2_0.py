"""A function's result under payload format 2.0: HTTP APIs and Function URLs.

A JSON object with `statusCode` is a response; any other JSON value is the body of a 200, its headers included (API
Gateway developer guide, "Lambda function response for format 2.0"; Lambda developer guide, "Response payload format").
`multiValueHeaders` means nothing here. A text without `statusCode` is sent as it is, without quotes (measured for
Function URLs).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from corsmith.api.exchange import Headers

from .header_values import is_name, line_of, line_value, status_of
from .shaped import Shaped, compact, decoded, has

Refuses = Callable[[], bool]


def shape(value: Any, default_type: str, refuses_other_types: Refuses) -> Shaped | None:
    """Return the response in `value`, None where it is malformed.

    `default_type` is the Content-Type of a response that names none. `refuses_other_types` is asked only when a number or
    boolean stands as a header value.
    """
    if not isinstance(value, dict) or "statusCode" not in value:
        whole = value.encode("utf-8", "replace") if isinstance(value, str) else compact(value)
        return Shaped(200, (("content-type", "application/json"),), whole)
    status = status_of(value["statusCode"])
    headers = _headers(value.get("headers"), refuses_other_types)
    cookies = _cookies(value.get("cookies"))
    body = _body(value.get("body"), value.get("isBase64Encoded"))
    if status is None or headers is None or cookies is None or body is None:
        return None
    if not has(headers, "content-type"):
        headers += (("content-type", default_type),)
    return Shaped(status, headers + cookies, body)


def _headers(value: Any, refuses_other_types: Refuses) -> Headers | None:
    if value is None:
        return ()
    if not isinstance(value, dict):
        return None
    found: list[tuple[str, str]] = []
    for name, each in value.items():
        line = line_of(each, refuses_other_types) if is_name(name) else None
        if line is None:
            return None
        found.append((name.lower(), line))
    return tuple(found)


def _cookies(value: Any) -> Headers | None:
    if value is None:
        return ()
    if not isinstance(value, list):
        return None
    lines = [line_value(each) if isinstance(each, str) else None for each in value]
    return None if None in lines else tuple(("set-cookie", line) for line in lines if line is not None)


def _body(value: Any, is_base64: Any) -> bytes | None:
    if value is None:
        return b""
    if not isinstance(value, str):
        return compact(value)
    return decoded(value) if is_base64 is True else value.encode("utf-8", "replace")
