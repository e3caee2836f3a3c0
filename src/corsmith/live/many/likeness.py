"""Which answers are alike: the same but for values that no verdict, layer or cause depends on."""

from __future__ import annotations

import re
from functools import lru_cache

from corsmith.api.exchange import Response

from ..layers import body_tells

# fmt: off
_PASSING = frozenset((
    "date", "age", "expires", "last-modified", "etag", "content-length", "x-amzn-requestid", "x-amz-apigw-id",
    "apigw-requestid", "x-amz-cf-id", "x-amzn-trace-id", "x-amz-request-id", "x-amz-id-2", "x-request-id",
))
# fmt: on
"""Fields of which only the names count: when an answer was made, by which number it is known, how long it is."""
_USUAL = re.compile(r"[!-~](?:[ -~]{0,198}[!-~])?")

Likeness = tuple[int, tuple[tuple[str, str], ...], bytes | None]
"""Status, header fields and body, without what does not count."""


def likeness(response: Response) -> tuple[Likeness, list[str]]:
    """Return what counts of a response, and the values that do not, in their order."""
    fields: list[tuple[str, str]] = []
    values: list[str] = []
    for pair in response.headers:
        name, value = pair
        if _passes(name) and _is_usual(value, name):
            fields.append((name, ""))
            values.append(value)
        else:
            fields.append(pair)
    body = response.body
    return (response.status, tuple(fields), body if not body or body_tells(response) else None), values


def with_values(response: Response, values: list[str]) -> Response:
    """Return a response that is alike, with other values in place of those that do not count."""
    left = iter(values)
    fields = tuple(
        (name, next(left)) if _passes(name) and _is_usual(value, name) else (name, value)
        for name, value in response.headers
    )
    return Response(response.status, fields, response.body, response.made_by)


@lru_cache(maxsize=1024)
def _passes(name: str) -> bool:
    return name.lower() in _PASSING


def _is_usual(value: str, name: str) -> bool:
    """Say whether a value is plain text. A length of nothing counts: it shows who answered."""
    if len(name) == 14 and name.lower() == "content-length":
        return value.isdecimal() and value[0] in "123456789" and len(value) < 16
    return _USUAL.fullmatch(value) is not None
