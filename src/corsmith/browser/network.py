"""What stops a request before it is sent: scheme, port, mixed content, local network access (Fetch, "Main fetch")."""

from __future__ import annotations

from .failure import Kind
from .origin import is_loopback, is_private, is_trustworthy
from .page import Page
from .profile import Profile
from .url import Url, parse_url

# fmt: off
_BAD_PORTS = frozenset((
    0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103,
    104, 109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514,
    515, 526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723,
    2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
))
# fmt: on


def before_network(url: Url, page: Page, profile: Profile) -> Kind | None:
    """Return why no request for `url` leaves the browser, None where one does."""
    if not url.is_http:
        return Kind.SCHEME
    bad_port = url.port in _BAD_PORTS
    if bad_port and not profile.checks_mode_first:
        return Kind.BAD_PORT
    host = url.host or ""
    if not is_trustworthy(url) and _is_secure(page) and not (profile.asks_for_local_network and is_private(host)):
        return Kind.MIXED_CONTENT
    if bad_port:
        return Kind.BAD_PORT
    if profile.asks_for_local_network and page.local_network == "denied" and reaches_inward(url, page):
        return Kind.LOCAL_NETWORK if _is_secure(page) else Kind.INSECURE_LOCAL_NETWORK
    return None


def reaches_inward(url: Url, page: Page) -> bool:
    """Say whether the page calls a more private address than its own (Local Network Access).

    Addresses are told by their text: a name that resolves to a private address is not seen.
    """
    return _depth(url) > _depth(parse_url(page.delivered_by or page.origin))


def _depth(url: Url | None) -> int:
    if url is None or url.host is None:
        return 0
    return 2 if is_loopback(url.host) else 1 if is_private(url.host) else 0


def _is_secure(page: Page) -> bool:
    return (page.delivered_by or page.origin).startswith("https:")
