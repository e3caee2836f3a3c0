"""What browsers do differently from the Fetch Standard, as data: one Profile per browser.

Measured in Chromium 156 and Firefox ESR 153; WebKit's row is read from its source.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Profile:
    """One browser. The defaults are the letter of the standard.

    `preflight_order` is the order in which a preflight's answer is looked at, which decides the reported error:
    "redirect", "cors", "status", "lists" (both lists parsed, then method, then headers) or "list by list".
    """

    name: str
    vocabulary: str = "chromium"
    preflight_order: tuple[str, ...] = ("cors", "status", "lists")
    star_covers_authorization: bool = False
    drops_user_agent: bool = False
    safelists_client_hints: bool = False
    combines_repeated: bool = False
    limits_safelisted_total: bool = True
    preflight_keeps_page_origin: bool = False
    """After a tainting redirect the preflight still carries the page's origin."""
    preflights_again: bool = False
    """A call that was preflighted once is preflighted after every redirect, whatever it has become."""
    streams_uploads: bool = True
    asks_before_local_network: bool = False
    """Mixed content to private addresses is asked for instead of blocked (Local Network Access)."""


STANDARD = Profile("standard")
CHROMIUM = Profile(
    "chromium",
    preflight_order=("redirect", "cors", "status", "lists"),
    star_covers_authorization=True,
    drops_user_agent=True,
    safelists_client_hints=True,
    combines_repeated=True,
    asks_before_local_network=True,
)
FIREFOX = Profile(
    "firefox",
    vocabulary="firefox",
    preflight_order=("cors", "redirect", "status", "list by list"),
    star_covers_authorization=True,
    limits_safelisted_total=False,
    preflight_keeps_page_origin=True,
    preflights_again=True,
    streams_uploads=False,
)
WEBKIT = Profile(
    "webkit",
    vocabulary="webkit",
    preflight_order=("status", "cors", "lists"),
    star_covers_authorization=True,
    combines_repeated=True,
    streams_uploads=False,
)
PROFILES = {profile.name: profile for profile in (STANDARD, CHROMIUM, FIREFOX, WEBKIT)}
