"""Following a redirect (Fetch Standard, "HTTP-redirect fetch")."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from corsmith.api.exchange import Headers

from .failure import Kind
from .origin import same_origin
from .page import Page, PageRequest
from .profile import Profile
from .url import Url, resolve

_UNSAFE_SCHEMES = frozenset(("about", "data", "file", "filesystem", "javascript"))
_OF_BODY = frozenset(("content-encoding", "content-language", "content-location", "content-type"))


@dataclass(frozen=True, slots=True)
class Redirect:
    """Where a response redirects to, and its status."""

    url: Url
    status: int

    MOST: ClassVar[int] = 20


def judge_location(
    location: str, status: int, url: Url, page: Page, tainting: str, asked: PageRequest, profile: Profile
) -> Redirect | Kind | None:
    """Return the redirect to follow, why it is not followed, or None where the script gets it as it is.

    `url` is where the response came from, `tainting` the response tainting there.
    """
    # The bytes of a Location are UTF-8 to a browser's URL parser.
    target = resolve(url, location.encode("latin-1", "replace").decode("utf-8", "replace"))
    if target is None and profile.checks_location_first:
        return Kind.REDIRECT_INVALID
    mode = "follow" if asked.via != "fetch" else asked.redirect
    if mode == "error":
        return Kind.REDIRECT_MODE
    if mode == "manual":
        return None
    if target is None:
        return Kind.REDIRECT_INVALID
    if not target.is_http:
        return _scheme(target.scheme, tainting)
    foreign = tainting == "cors" or not same_origin(target.origin, page.origin)
    if target.has_userinfo and foreign and tainting != "opaque":
        return Kind.REDIRECT_HAS_CREDENTIALS
    return Redirect(target, status)


def _scheme(scheme: str, tainting: str) -> Kind:
    """Return how Chromium calls a redirect to a scheme that is neither http nor https (measured)."""
    if scheme in _UNSAFE_SCHEMES:
        return Kind.REDIRECT_SCHEME
    return Kind.REDIRECT_UNKNOWN_SCHEME if tainting == "opaque" else Kind.REDIRECT_CORS_SCHEME


def stripped(status: int, method: str, headers: Headers, *, crosses: bool) -> tuple[str, Headers]:
    """Return the method and headers after a redirect. `crosses`: it leads to another origin than the one it comes from."""
    gone: frozenset[str] = frozenset(("authorization",)) if crosses else frozenset()
    if (status in (301, 302) and method == "POST") or (status == 303 and method not in ("GET", "HEAD")):
        method, gone = "GET", gone | _OF_BODY
    if gone and any(name.lower() in gone for name, _ in headers):
        headers = tuple((name, value) for name, value in headers if name.lower() not in gone)
    return method, headers
