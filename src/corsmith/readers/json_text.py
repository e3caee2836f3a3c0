"""JSON as people write it, made readable for a YAML parser without moving a character.

YAML is nearly a superset of JSON. What it refuses is replaced by something of the same length: comments by blanks, tabs
outside strings by blanks, and escapes of surrogate halves by the replacement character.
"""

from __future__ import annotations

import json
import re

_PARTS = re.compile(r'"(?:[^"\\]|\\.)*"|//[^\n]*|/\*.*?\*/|\t', re.DOTALL)
_SURROGATE = re.compile(
    r"(?<!\\)((?:\\\\)*)\\u[dD][89abAB][0-9a-fA-F]{2}|(?<!\\)((?:\\\\)*)\\u[dD][c-fC-F][0-9a-fA-F]{2}"
)


def as_yaml(text: str) -> str:
    """Return `text` as a YAML parser takes it: as it is, but for JSON texts, whose length stays the same."""
    if not looks_like_json(text):
        return text
    if "\t" not in text and "/" not in text and "\\u" not in text:
        return text
    if "\\u" not in text and _is_strict(text):
        # Without comments, and no tab in a string.
        return text.replace("\t", " ")
    return _PARTS.sub(_part, text)


def _is_strict(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def looks_like_json(text: str) -> bool:
    """Say whether the first thing in `text`, comments aside, is a brace that opens a JSON object."""
    at = 0
    while True:
        match = re.compile(r"\s+|//[^\n]*|/\*.*?\*/", re.DOTALL).match(text, at)
        if match is None:
            return text.startswith("{", at) and not text.startswith("{{", at)
        at = match.end()


def _part(match: re.Match[str]) -> str:
    part = match.group()
    if part.startswith('"'):
        if "\\u" not in part:
            return part
        return re.sub(r"\\(?:u[dD][89a-fA-F][0-9a-fA-F]{2}|.)", _escape, part, flags=re.DOTALL)
    return re.sub(r"[^\r\n]", " ", part)


def _escape(match: re.Match[str]) -> str:
    return "\\uFFFD" if len(match.group()) == 6 else match.group()
