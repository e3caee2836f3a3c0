"""The CORS-preflight cache as a value (Fetch Standard, "CORS-preflight cache").

A cache never changes: storing and clearing return another one. Times are seconds on any clock that only goes forward.
"""

from __future__ import annotations

import re

from msgspec import Struct

from .fields import Fields, tokens
from .methods import SAFELISTED
from .preflight import ALLOW_HEADERS, ALLOW_METHODS, Consent
from .profile import MaxAge, Profile

MAX_AGE = "access-control-max-age"


class Key(Struct, frozen=True):
    """What an entry belongs to: the origin that was allowed, the whole URL with its query, credentials or not.

    Browsers also partition by the top-level site; here a cache belongs to one page.
    """

    origin: str
    url: str
    credentials: bool


class Entry(Struct, frozen=True):
    """One thing that is allowed until `expires`: a method, or a header name in lower case; the other one is "".

    "*" stands for every one, as far as `*` goes for uncredentialed calls.
    """

    key: Key
    expires: float
    method: str = ""
    header: str = ""


class PreflightCache(Struct, frozen=True):
    """What earlier preflights allowed."""

    entries: tuple[Entry, ...] = ()

    def covers(self, key: Key, consent: Consent, profile: Profile, now: float) -> bool:
        """Say whether a call needs no preflight, because everything it needs is remembered.

        An entry of a credentialed call also serves others, except in Firefox. Nothing is covered by nothing: a call
        that is preflighted for no method and no header (an upload listener) needs an entry for its method.
        """
        valid = [entry for entry in self.entries if entry.expires > now and _serves(entry.key, key, profile)]
        methods = {entry.method for entry in valid}
        headers = {entry.header for entry in valid}
        if not valid or not (consent.method in SAFELISTED or consent.method in methods or "*" in methods):
            return False
        for name in consent.unsafe:
            star = "*" in headers and (name != "authorization" or profile.wildcard_covers_authorization)
            if name not in headers and not star:
                return False
        return True

    def without(self, key: Key) -> PreflightCache:
        """Return the cache without the entries of an origin and URL, as after a failed or repeated preflight."""
        return PreflightCache(
            tuple(entry for entry in self.entries if (entry.key.origin, entry.key.url) != (key.origin, key.url))
        )

    def with_entries(self, entries: tuple[Entry, ...]) -> PreflightCache:
        """Return the cache with `entries` added."""
        return PreflightCache(self.entries + entries)


def entries_of(fields: Fields, key: Key, consent: Consent, profile: Profile, now: float) -> tuple[Entry, ...]:
    """Return what a preflight's successful answer lets the browser remember."""
    age = max_age(fields.get(MAX_AGE), profile.max_age)
    if age <= 0:
        return ()
    expires = now + age
    listed = tokens(fields.get(ALLOW_METHODS)) or (consent.method,)
    names = tokens(fields.get(ALLOW_HEADERS)) or ()
    kept_methods = [method for method in listed if method != "*" or not key.credentials]
    kept_names = [name.lower() for name in names if name != "*" or not key.credentials]
    return (
        *(Entry(key, expires, method=method) for method in kept_methods),
        *(Entry(key, expires, header=name) for name in kept_names),
    )


_INTEGER = re.compile(r"([+-]?)0*([0-9]+)")
_LONGEST = 15
"""Digits from which on a number of seconds is beyond every limit."""
_OVERFLOW = 2**31 - 1


def max_age(value: str | None, rule: MaxAge) -> int:
    """Return for how many seconds a preflight's answer is remembered; 0 where it is not."""
    match = _INTEGER.fullmatch(value or "")
    if match is None:
        return rule.default if not value or rule.grammar != "digits or nothing" else 0
    sign, digits = match.groups()
    age = int(digits) if len(digits) <= _LONGEST else 10**_LONGEST
    if sign and rule.grammar != "integer":
        return rule.default if rule.grammar == "delta-seconds" else 0
    if age > _OVERFLOW and rule.grammar == "integer":
        return rule.default
    if sign == "-":
        return 0
    return age if rule.cap is None else min(age, rule.cap)


def _serves(entry: Key, wanted: Key, profile: Profile) -> bool:
    if (entry.origin, entry.url) != (wanted.origin, wanted.url):
        return False
    return entry.credentials is wanted.credentials or (entry.credentials and profile.name != "firefox")
