"""`fetch` by the name of a profile. "model" is allowed when today's Chromium and Firefox both allow."""

from __future__ import annotations

from msgspec.structs import replace

from .ask import Asking
from .cache import PreflightCache
from .fetch import fetch_as
from .page import Page, PageRequest
from .profile import CHROMIUM, FIREFOX, PROFILES
from .replay import Recorded, replay
from .verdict import Judged, Rival, Verdict

MODEL = "model"


def fetch(
    page: Page, request: PageRequest, profile: str = MODEL, cache: PreflightCache | None = None, now: float = 0.0
) -> Asking:
    """Return the fetch of `request` by a script of `page`: a generator that asks for exchanges and returns the verdict.

    `profile`: "model", "standard", "chromium", "firefox" or "webkit". With a `cache`, a preflight that it covers at the
    time `now` (seconds) is not asked for, and the verdict holds the cache afterwards; the model uses no cache. Raises
    `KeyError` for another profile.
    """
    if profile == MODEL:
        return fetch_agreed(page, request, None)
    return fetch_as(page, request, PROFILES[profile], cache, now)


def fetch_agreed(page: Page, request: PageRequest, rival: Rival | None) -> Asking:
    """Fetch as Chromium does, and where it allows, as Firefox does as well, asking nothing twice."""
    chromium = yield from fetch_as(page, request, CHROMIUM, rival=rival)
    if not chromium.allowed:
        return replace(chromium, profile=MODEL, decided_by=CHROMIUM.name)
    firefox = yield from Recorded(chromium.judged).extend(fetch_as(page, request, FIREFOX, rival=rival))
    both = tuple(dict.fromkeys((*chromium.judged, *firefox.judged)))
    if firefox.allowed:
        exposed = tuple(name for name in chromium.exposed if name in firefox.exposed)
        return replace(chromium, profile=MODEL, decided_by=FIREFOX.name, exposed=exposed, witnesses=both)
    return replace(firefox, profile=MODEL, decided_by=FIREFOX.name, witnesses=both)


def other(verdict: Verdict, profile: str) -> Verdict | None:
    """Return the verdict of another profile on the answers that `verdict` rests on, None where it needs more."""
    if verdict.rival is not None:
        return verdict.rival.ask(profile)
    judged: tuple[Judged, ...] = verdict.witnesses or verdict.judged
    return replay(fetch_as(verdict.page, verdict.asked, PROFILES[profile]), judged)
