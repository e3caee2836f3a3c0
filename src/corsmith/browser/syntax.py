"""The small grammars of CORS headers: tokens, lists, and values joined from several lines."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from corsmith.api.exchange import Headers

_TOKEN = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_FOLD = re.compile(r"\r?\n[ \t]+")


def is_token(text: str) -> bool:
    """Say whether `text` is an RFC 9110 token."""
    return _TOKEN.fullmatch(text) is not None


def clean(value: str) -> str:
    """Return a field value as browsers see it: folded lines joined, spaces and tabs at both ends gone."""
    if "\n" in value:
        value = _FOLD.sub(" ", value)
    return value.strip(" \t")


def lines(headers: Headers, name: str) -> list[str]:
    """Return the cleaned value of every field called `name` (given in lower case), in wire order."""
    return [clean(value) for key, value in headers if key.lower() == name]


def get(headers: Headers, name: str) -> str | None:
    """Return all values of `name` joined by comma and space, None where there is none (Fetch, "get")."""
    values = lines(headers, name)
    return ", ".join(values) if values else None


@lru_cache(maxsize=4096)
def _elements(value: str) -> tuple[tuple[str, ...], str | None]:
    found: list[str] = []
    for part in value.split(","):
        element = part.strip(" \t")
        if element:
            if _TOKEN.fullmatch(element) is None:
                return tuple(found), element
            found.append(element)
    return tuple(found), None


def extract(values: Iterable[str]) -> tuple[tuple[str, ...], str | None]:
    """Return the tokens of a list header, and the first element that is none (Fetch, "extract header list values").

    One bad element fails the whole header; the tokens before it are of no use then.
    """
    found: tuple[str, ...] = ()
    for value in values:
        tokens, bad = _elements(value)
        found += tokens
        if bad is not None:
            return found, bad
    return found, None
