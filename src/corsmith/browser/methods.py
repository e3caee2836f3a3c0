"""Methods: which a script may use, how they are normalised, which are safelisted (Fetch Standard, "Methods")."""

from __future__ import annotations

SAFELISTED = frozenset(("GET", "HEAD", "POST"))
_NORMALISED = frozenset(("DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"))
_FORBIDDEN = frozenset(("CONNECT", "TRACE", "TRACK"))


def normalise(method: str) -> str:
    """Return the method that is sent: upper case for six names, as written for all others (`patch` stays `patch`)."""
    if method in SAFELISTED:
        return method
    upper = method.upper()
    return upper if upper in _NORMALISED else method


def is_forbidden(method: str) -> bool:
    """Say whether scripts may not use the method: CONNECT, TRACE and TRACK, in any case."""
    return method.upper() in _FORBIDDEN
