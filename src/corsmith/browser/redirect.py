"""Following a redirect (Fetch Standard, "HTTP-redirect fetch")."""

from __future__ import annotations

from typing import ClassVar

from msgspec import Struct

from corsmith.api.exchange import Headers

from .failure import Kind
from .network import before_network
from .origin import same_origin
from .page import Page, PageRequest
from .profile import Profile
from .url import Url, resolve

_UNSAFE_SCHEMES = frozenset(("about", "blob", "data", "file", "filesystem"))
_BLANK = "about:blank"
"""The one page of its scheme that Firefox goes on with."""
_OF_LOCATION = (Kind.REDIRECT_SCHEME, Kind.REDIRECT_HAS_CREDENTIALS)
_OF_BODY = frozenset(("content-encoding", "content-language", "content-location", "content-type"))


class Redirect(Struct, frozen=True):
    """Where a response redirects to, and its status."""

    url: Url
    status: int

    MOST: ClassVar[int] = 20


def judge_target(
    target: Url | None, status: int, page: Page, tainting: str, asked: PageRequest, profile: Profile
) -> Redirect | Kind | None:
    """Return the redirect to follow, why it is not followed, or None where the script gets the response as it is.

    `target` is where the response leads (`location_url`), `tainting` the response tainting of where it came from.
    """
    mode = redirect_mode(asked)
    if mode == "manual":
        return None
    found = _followed(target, status, page, tainting, asked, profile)
    if mode == "error" and not (profile.names_location_before_mode and found in _OF_LOCATION):
        return Kind.REDIRECT_MODE
    return found


def _followed(
    target: Url | None, status: int, page: Page, tainting: str, asked: PageRequest, profile: Profile
) -> Redirect | Kind:
    if target is None:
        return Kind.REDIRECT_INVALID
    if not target.is_http:
        return _scheme(target.scheme, tainting)
    foreign = not same_origin(target.origin, page.origin)
    if target.has_userinfo:
        with_cors = asked.via != "fetch" or asked.mode not in ("no-cors", "same-origin")
        if with_cors and (foreign or tainting != "basic"):
            return Kind.REDIRECT_HAS_CREDENTIALS
        if profile.blocks_embedded_credentials and asked.via == "fetch":
            return Kind.EMBEDDED_CREDENTIALS
    return Redirect(target, status)


def location_url(location: str, url: Url, profile: Profile) -> Url | None:
    """Return the URL that a response from `url` leads to, None where its Location is none."""
    # The bytes of a Location are UTF-8 to a browser's URL parser.
    target = resolve(url, location.encode("latin-1", "replace").decode("utf-8", "replace"))
    if target is not None and "%20" in (target.host or "") and not profile.accepts_space_in_host:
        return None
    return target


def redirect_mode(asked: PageRequest) -> str:
    """Return the redirect mode, of which XMLHttpRequest knows one only."""
    return asked.redirect if asked.via == "fetch" else "follow"


def gives_up_on(target: Url | None, page: Page, asked: PageRequest, tainting: str, profile: Profile) -> Kind | None:
    """Return why the browser gives up on a redirect before it checks the response that carries it, None where not."""
    early = profile.unfollowable_schemes
    if early is None or (profile.gives_up_only_to_follow and redirect_mode(asked) != "follow"):
        return None
    if target is None:
        return Kind.REDIRECT_INVALID
    if target.scheme in early and target.text != _BLANK:
        return _scheme(target.scheme, tainting)
    mixed = profile.gives_up_on_mixed_content and before_network(target, page, profile) is Kind.MIXED_CONTENT
    return Kind.MIXED_CONTENT if mixed else None


def _scheme(scheme: str, tainting: str) -> Kind:
    """Return how Chromium calls a redirect to a scheme that is neither http nor https (measured)."""
    if scheme in _UNSAFE_SCHEMES:
        return Kind.REDIRECT_SCHEME
    return (
        Kind.REDIRECT_UNKNOWN_SCHEME if tainting == "opaque" or scheme in ("ws", "wss") else Kind.REDIRECT_CORS_SCHEME
    )


def stripped(status: int, method: str, headers: Headers, *, crosses: bool) -> tuple[str, Headers]:
    """Return the method and headers after a redirect. `crosses`: it leads to another origin than the one it comes from."""
    gone: frozenset[str] = frozenset(("authorization",)) if crosses else frozenset()
    if (status in (301, 302) and method == "POST") or (status == 303 and method not in ("GET", "HEAD")):
        method, gone = "GET", gone | _OF_BODY
    if gone and any(name.lower() in gone for name, _ in headers):
        headers = tuple((name, value) for name, value in headers if name.lower() not in gone)
    return method, headers
