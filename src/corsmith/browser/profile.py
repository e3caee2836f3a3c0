"""What browsers do differently from the Fetch Standard, as data: one Profile per browser.

Measured in Chromium 156 and in Firefox ESR 153. WebKit's row is read from its source and was not run.
"""

from __future__ import annotations

from msgspec import Struct


class MaxAge(Struct, frozen=True):
    """How Access-Control-Max-Age is read. `cap` in seconds (None: no cap); see `corsmith.browser.cache`."""

    cap: int | None = None
    grammar: str = "delta-seconds"
    default: int = 5


class Profile(Struct, frozen=True):
    """One browser. The defaults are the letter of the Fetch Standard.

    `preflight_checks` is the order in which a preflight's answer is looked at; it decides which error is reported.
    """

    name: str
    preflight_checks: tuple[str, ...] = ("cors", "status", "methods list", "headers list", "method", "headers")
    wildcard_covers_authorization: bool = False
    ignores_user_agent: bool = False
    safelists_client_hints: bool = False
    combines_repeated_headers: bool = False
    """Entries of one name are judged as one, joined by comma and space."""
    safelisted_total: int | None = 1024
    keeps_repeated_names: bool = False
    """A name that occurs several times is asked for several times."""
    preflight_keeps_page_origin: bool = False
    """After a tainting redirect the preflight still carries the page's origin."""
    preflights_again: bool = False
    """A call that was preflighted before, or had unsafe headers, is preflighted at every hop, whatever redirects left."""
    unfollowable_schemes: frozenset[str] | None = None
    """Redirects to these schemes, or to no URL at all, fail before the response that redirects is checked."""
    gives_up_only_to_follow: bool = False
    gives_up_on_mixed_content: bool = False
    """The same goes for redirects in mode "follow" only; the same goes for redirects that would be mixed content."""
    checks_mode_first: bool = False
    """What is looked at before a request is sent: the mode, mixed content, the port; and not the port first, the mode last."""
    keeps_keepalive_apart: bool = False
    """Redirects of a call that may outlive the page are followed without the page's part in it."""
    drops_client_hints: bool = False
    """A redirect to another origin than the page's takes client hints off."""
    names_location_before_mode: bool = False
    """In redirect mode "error", a Location that could not be followed is reported, not the redirect."""
    accepts_space_in_host: bool = False
    ignores_empty_location: bool = False
    blocks_embedded_credentials: bool = False
    """`fetch()` is not redirected to a URL with a user name or password, its own origin's not either."""
    high_bytes_are_unsafe: bool = False
    """Bytes from 0x80 on make Accept and Content-Type unsafe."""
    commas_spoil_content_type: bool = False
    """A Content-Type with a comma is several types, and none of them safelisted."""
    exposes_all_by_early_star: bool = False
    """In Access-Control-Expose-Headers, a `*` counts although an element behind it is no token."""
    joins_empty_values: bool = True
    """An empty value is joined with the others of its header by a comma, as any is."""
    hides_repeated_challenges: bool = False
    """`fetch()` cannot read WWW-Authenticate and Proxy-Authenticate where they have several values."""
    fails_on_proxy_authentication: bool = False
    """A response with status 407 is an error."""
    upload_listener_needs_body: bool = False
    """A listener on XMLHttpRequest's upload object forces a preflight only where there is a body."""
    streams_with_cors: bool = False
    """A streamed body makes the call one with CORS, whatever its mode."""
    streams_uploads: bool = True
    asks_for_local_network: bool = False
    """Local network access needs the user's permission, and is then exempt from mixed content blocking."""
    max_age: MaxAge = MaxAge()


STANDARD = Profile("standard")
CHROMIUM = Profile(
    "chromium",
    preflight_checks=("redirect", "cors", "status", "methods list", "headers list", "method", "headers"),
    wildcard_covers_authorization=True,
    ignores_user_agent=True,
    safelists_client_hints=True,
    combines_repeated_headers=True,
    unfollowable_schemes=frozenset(),
    checks_mode_first=True,
    keeps_keepalive_apart=True,
    drops_client_hints=True,
    names_location_before_mode=True,
    accepts_space_in_host=True,
    ignores_empty_location=True,
    blocks_embedded_credentials=True,
    fails_on_proxy_authentication=True,
    upload_listener_needs_body=True,
    streams_with_cors=True,
    asks_for_local_network=True,
    max_age=MaxAge(cap=7200, grammar="integer"),
)
FIREFOX = Profile(
    "firefox",
    preflight_checks=("cors", "redirect", "status", "methods list", "method", "headers list", "headers"),
    wildcard_covers_authorization=True,
    safelisted_total=None,
    keeps_repeated_names=True,
    preflight_keeps_page_origin=True,
    preflights_again=True,
    unfollowable_schemes=frozenset(("about", "data", "file", "javascript", "blob", "ws", "wss")),
    gives_up_only_to_follow=True,
    gives_up_on_mixed_content=True,
    high_bytes_are_unsafe=True,
    commas_spoil_content_type=True,
    exposes_all_by_early_star=True,
    joins_empty_values=False,
    hides_repeated_challenges=True,
    streams_uploads=False,
    max_age=MaxAge(cap=86400, grammar="digits or nothing"),
)
WEBKIT = Profile(
    "webkit",
    preflight_checks=("status", "cors", "methods list", "headers list", "method", "headers"),
    wildcard_covers_authorization=True,
    combines_repeated_headers=True,
    streams_uploads=False,
    max_age=MaxAge(cap=600, grammar="integer"),
)
PROFILES = {profile.name: profile for profile in (STANDARD, CHROMIUM, FIREFOX, WEBKIT)}
"""Profiles by name. `fetch` and `simulate` also take "model": what today's Chromium and Firefox agree to allow."""

BROWSERS = (CHROMIUM.name, FIREFOX.name, WEBKIT.name)
