"""What a script can read of a response (Fetch Standard, "filtered response")."""

from __future__ import annotations

import itertools

from corsmith.api.exchange import Headers, values

from .fields import Fields, is_token, tokens

EXPOSE_HEADERS = "access-control-expose-headers"
SAFELISTED = frozenset(
    ("cache-control", "content-language", "content-length", "content-type", "expires", "last-modified", "pragma")
)
_CHALLENGES = frozenset(("www-authenticate", "proxy-authenticate"))
_NEVER = frozenset(("set-cookie", "set-cookie2"))


def exposed_names(fields: Fields, tainting: str, credentials: str, *, early_star_counts: bool) -> tuple[str, ...]:
    """Return the lower-case names of the headers that a script can read, sorted.

    `tainting` is the response tainting: "basic", "cors" or "opaque". A list with one bad element exposes nothing more;
    `early_star_counts`: but for a `*` that stands before it.
    """
    if tainting == "opaque":
        return ()
    if tainting == "basic":
        return tuple(sorted(fields.keys() - _NEVER))
    listed = fields.get(EXPOSE_HEADERS)
    if not listed:
        return tuple(sorted(SAFELISTED.intersection(fields)))
    names = tokens(listed)
    if names is None:
        names = ("*",) if early_star_counts and _star_comes_first(listed) else ()
    if "*" in names and credentials != "include":
        return tuple(sorted(fields.keys() - _NEVER))
    wanted = SAFELISTED.union(name.lower() for name in names)
    return tuple(sorted(wanted.intersection(fields) - _NEVER))


def without_repeated_challenges(names: tuple[str, ...], headers: Headers) -> tuple[str, ...]:
    """Return `names` without those that Firefox joins by a line break, which its `fetch()` then finds invalid."""
    return tuple(name for name in names if name not in _CHALLENGES or sum(map(bool, values(headers, name))) < 2)


def _star_comes_first(listed: str) -> bool:
    elements = (element.strip(" \t") for element in listed.split(","))
    return "*" in itertools.takewhile(lambda element: not element or is_token(element), elements)
