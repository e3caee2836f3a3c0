"""How near a name is to one that is known."""

from __future__ import annotations

from collections.abc import Iterable

HEADERS = (
    "Access-Control-Allow-Origin",
    "Access-Control-Allow-Methods",
    "Access-Control-Allow-Headers",
    "Access-Control-Allow-Credentials",
    "Access-Control-Expose-Headers",
    "Access-Control-Max-Age",
)
"""The response headers of the CORS protocol (Fetch Standard, "HTTP responses")."""
_OTHERS = frozenset(
    ("access-control-request-method", "access-control-request-headers", "access-control-allow-private-network")
)
_FAR = 4
"""Edits at which a header's name, of some 25 letters, may still be meant; no two of them are as near."""
_FAR_KEY = 2


def header_meant(name: str) -> str | None:
    """Return the CORS header that `name` misspells, None where it is one or is something else; case is no matter."""
    lower = name.strip().lower()
    known = {each.lower(): each for each in HEADERS}
    if name.lower() in known or lower in _OTHERS or ("allow" not in lower and "control" not in lower):
        return None
    words = lower.replace("_", "-").replace(" ", "-").split("-")
    for each, proper in known.items():
        parts = each.split("-")
        if sorted(words) == sorted(parts) or (len(words) > 1 and set(words) < set(parts) and words[-1] == parts[-1]):
            return proper
    best = min(known, key=lambda each: distance(lower, each))
    return known[best] if distance(lower, best) <= _FAR else None


def key_meant(key: str, known: Iterable[str]) -> str | None:
    """Return the setting that `key` misspells: unlike a header's, its name must have the right case."""
    others = [each for each in known if each != key]
    if key in known or not others:
        return None
    best = min(others, key=lambda each: distance(key.lower(), each.lower()))
    return best if distance(key.lower(), best.lower()) <= _FAR_KEY else None


def distance(one: str, other: str) -> int:
    """Return how many letters must be put in, taken out, replaced, or swapped with the next (optimal string alignment)."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        now = [at]
        for place, wanted in enumerate(other, 1):
            cost = min(row[place] + 1, now[place - 1] + 1, row[place - 1] + (letter != wanted))
            if at > 1 and place > 1 and letter == other[place - 2] and one[at - 2] == wanted:
                cost = min(cost, before[place - 2] + 1)
            now.append(cost)
        before, row = row, now
    return row[-1]
