"""Header fields of a response as browsers read them (Fetch Standard, "Headers")."""

from __future__ import annotations

import re

from corsmith.api.exchange import Headers, values

Fields = dict[str, str]
"""Lower-case name to the values of all fields of that name, joined by comma and space ("get")."""

COUNTED = "Access-Control-Allow-Origin"
_FOLD = re.compile(r"[ \t]*\r?\n[ \t]+")
_TOKEN = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_LIST = re.compile(r"[ \t,]*(?:[!#$%&'*+\-.^_`|~0-9A-Za-z]+[ \t]*(?:,[ \t,]*|$))*")


def read(headers: Headers, *, empty_counts: bool = True) -> Fields:
    """Return every field's combined value. Space and tab around a value are no part of it; folded lines are joined.

    `empty_counts`: an empty value among several is one of them. Where it is not, Access-Control-Allow-Origin is one all
    the same when the name is written like this: Firefox counts such lines.
    """
    fields: Fields = {}
    for name, text in headers:
        value = (_FOLD.sub(" ", text) if "\n" in text else text).strip(" \t")
        key = name.lower()
        before = fields.get(key)
        if before is None:
            fields[key] = value
        else:
            fields[key] = f"{before}, {value}" if empty_counts or (before and value) else before + value
    if not empty_counts and len(fields) < len(headers) and sum(name == COUNTED for name, _ in headers) > 1:
        fields[COUNTED.lower()] = ", ".join(value.strip(" \t") for value in values(headers, COUNTED))
    return fields


def is_token(text: str) -> bool:
    """Say whether `text` is a token of RFC 9110, 5.6.2."""
    return _TOKEN.fullmatch(text) is not None


def tokens(value: str | None) -> tuple[str, ...] | None:
    """Return the elements of a list header, None when one of them is no token (Fetch, "extract header list values").

    An absent header is an empty list; empty elements do not count.
    """
    if not value:
        return ()
    if _TOKEN.fullmatch(value):
        return (value,)
    if _LIST.fullmatch(value) is None:
        return None
    return tuple(_TOKEN.findall(value))


def bad_token(value: str) -> str:
    """Return the first element of a list header that is no token, "" when all are."""
    elements = (element.strip(" \t") for element in value.split(","))
    return next((element for element in elements if element and not is_token(element)), "")
