"""JSON as the MOCK integration reads it: names may go unquoted, quotes may be single, a trailing comma is fine.

`{ statusCode: 200 }` is what CDK deploys, `{statusCode:200}` what Serverless does.
"""

from __future__ import annotations

import re
from typing import Any

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<mark>[{}\[\]:,])
      | "(?P<double>(?:[^"\\]|\\.)*)"
      | '(?P<single>(?:[^'\\]|\\.)*)'
      | (?P<bare>[^\s{}\[\]:,"']+)
    )""",
    re.VERBOSE | re.DOTALL,
)
_WHOLE = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")


class MalformedError(ValueError):
    """The text is no object, list or value, even read leniently."""


def read(text: str) -> Any:
    """Return the value of `text`: whole numbers as int, other bare words and quoted text as str.

    Raises `MalformedError`.
    """
    tokens = _tokens(text)
    try:
        value, at = _value(tokens, 0)
    except RecursionError:
        raise MalformedError("it is nested too deep") from None
    if at != len(tokens):
        raise MalformedError(f"more text after the value: {text[:60]}")
    return value


def _tokens(text: str) -> list[tuple[str, str]]:
    found = []
    at = 0
    text = text.rstrip()
    while at < len(text):
        matched = _TOKEN.match(text, at)
        if matched is None:
            raise MalformedError(f"a quote that is not closed: {text[at : at + 60]}")
        kind = str(matched.lastgroup)
        found.append((kind, matched.group(kind)))
        at = matched.end()
    return found


def _value(tokens: list[tuple[str, str]], at: int) -> tuple[Any, int]:
    kind, text = _peek(tokens, at)
    if kind == "bare":
        return (int(text) if _WHOLE.fullmatch(text) else text), at + 1
    if kind in ("double", "single"):
        return text, at + 1
    if text == "{":
        return _object(tokens, at + 1)
    if text == "[":
        return _array(tokens, at + 1)
    raise MalformedError(f"unexpected {text or 'end'}")


def _peek(tokens: list[tuple[str, str]], at: int) -> tuple[str, str]:
    return tokens[at] if at < len(tokens) else ("end", "")


def _object(tokens: list[tuple[str, str]], at: int) -> tuple[dict[str, Any], int]:
    found: dict[str, Any] = {}
    while _peek(tokens, at) != ("mark", "}"):
        kind, name = _peek(tokens, at)
        if kind in ("mark", "end") or _peek(tokens, at + 1) != ("mark", ":"):
            raise MalformedError(f"a name and a colon are missing at {name or 'the end'}")
        found[name], at = _value(tokens, at + 2)
        at = _past_comma(tokens, at, "}")
    return found, at + 1


def _array(tokens: list[tuple[str, str]], at: int) -> tuple[list[Any], int]:
    found: list[Any] = []
    while _peek(tokens, at) != ("mark", "]"):
        value, at = _value(tokens, at)
        found.append(value)
        at = _past_comma(tokens, at, "]")
    return found, at + 1


def _past_comma(tokens: list[tuple[str, str]], at: int, closing: str) -> int:
    if _peek(tokens, at) == ("mark", ","):
        return at + 1
    if _peek(tokens, at) == ("mark", closing):
        return at
    raise MalformedError(f"a comma or {closing} is missing")
