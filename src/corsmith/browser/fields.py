"""Header fields of a response as browsers read them (Fetch Standard, "Headers")."""

from __future__ import annotations

import re

from corsmith.api.exchange import Headers

Fields = dict[str, str]
"""Lower-case name to the values of all fields of that name, joined by comma and space ("get")."""

_FOLD = re.compile(r"[ \t]*\r?\n[ \t]+")
_TOKEN = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_LIST = re.compile(r"[ \t,]*(?:[!#$%&'*+\-.^_`|~0-9A-Za-z]+[ \t]*(?:,[ \t,]*|$))*")


def read(headers: Headers) -> Fields:
    """Return every field's combined value. Space and tab around a value are no part of it; folded lines are joined."""
    fields: Fields = {}
    for name, text in headers:
        value = (_FOLD.sub(" ", text) if "\n" in text else text).strip(" \t")
        key = name.lower()
        fields[key] = f"{fields[key]}, {value}" if key in fields else value
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
