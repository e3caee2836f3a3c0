"""The patterns of `fileset`: `*`, `**`, `?` and `{a,b}`."""

from __future__ import annotations

import re

_PARTS = re.compile(r"\*\*/?|\*|\?|\{[^{}]*\}")
LONGEST = 200


def matches(pattern: str, path: str) -> bool:
    """Say whether a path fits."""
    if len(pattern) > LONGEST:
        return False
    at, found = 0, ""
    for part in _PARTS.finditer(pattern):
        found += re.escape(pattern[at : part.start()]) + _meaning(part.group())
        at = part.end()
    return re.fullmatch(found + re.escape(pattern[at:]), path) is not None


def _meaning(part: str) -> str:
    if part.startswith("{"):
        return "(?:" + "|".join(re.escape(each) for each in part[1:-1].split(",")) + ")"
    return {"**/": "(?:[^/]+/)*", "**": ".*", "*": "[^/]*", "?": "[^/]"}[part]
