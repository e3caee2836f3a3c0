"""What a script can read of a response (Fetch, "filtered response")."""

from __future__ import annotations

from corsmith.api.exchange import Response

from .syntax import extract, lines

_SAFELISTED = frozenset(
    ("cache-control", "content-language", "content-length", "content-type", "expires", "last-modified", "pragma")
)
_NEVER = frozenset(("set-cookie", "set-cookie2"))


def exposed_names(response: Response, tainting: str, *, include: bool) -> tuple[str, ...]:
    """Return the lower-case names of the headers that a script can read, sorted."""
    if tainting == "opaque" or not response.headers:
        return ()
    present = {name.lower() for name, _ in response.headers} - _NEVER
    if tainting == "basic":
        return tuple(sorted(present))
    named, bad = extract(lines(response.headers, "access-control-expose-headers"))
    if bad is not None:
        named = ()
    if "*" in named and not include:
        return tuple(sorted(present))
    return tuple(sorted(present & (_SAFELISTED | {name.lower() for name in named})))
