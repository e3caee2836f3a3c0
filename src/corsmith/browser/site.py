"""Sites: what decides whether a cookie travels (HTML Standard, "same site").

The registrable domain is told by a short list of public suffixes: those of AWS, where every customer's name is a site of
its own, and the usual two-label ones. The whole Public Suffix List would be more exact, and is not worth its size here.
"""

from __future__ import annotations

import re

from .url import parse_url

_AWS_SUFFIX = re.compile(
    r"(?:execute-api|lambda-url|elb)\.[a-z0-9-]+\.(?:amazonaws\.com(?:\.cn)?|on\.aws)"
    r"|[a-z0-9-]+\.elb\.amazonaws\.com(?:\.cn)?|s3(?:-website)?[.-][a-z0-9-]+\.amazonaws\.com|s3\.amazonaws\.com"
    r"|cloudfront\.net|amplifyapp\.com|awsapprunner\.com"
)
_SECOND_LEVEL = re.compile(r"(?:co|com|org|net|gov|edu|ac|ne|or)\.[a-z]{2}")
_HOSTED = frozenset(("github.io", "gitlab.io", "vercel.app", "netlify.app", "pages.dev", "web.app", "herokuapp.com"))
_ADDRESS = re.compile(r"\[.*\]|[0-9.]+")


def registrable_domain(host: str) -> str:
    """Return the part of a host that its owner registered; the host itself for addresses and single labels."""
    if _ADDRESS.fullmatch(host):
        return host
    labels = host.removesuffix(".").split(".")
    for start in range(1, len(labels)):
        suffix = ".".join(labels[start:])
        if _AWS_SUFFIX.fullmatch(suffix) or _SECOND_LEVEL.fullmatch(suffix) or suffix in _HOSTED:
            return ".".join(labels[start - 1 :])
    return ".".join(labels[-2:])


def same_site(first: str, second: str) -> bool:
    """Say whether two serialised origins are the same site: one scheme, one registrable domain."""
    one, other = parse_url(first), parse_url(second)
    if one is None or other is None or not one.host or not other.host:
        return False
    return one.scheme == other.scheme and registrable_domain(one.host) == registrable_domain(other.host)
