"""The profile "model": allowed when today's Chromium and Firefox both allow; where browsers differ, it says so."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace

from corsmith.api.exchange import Headers

from .fetch import Answer, Ask, Asking, Page, PageRequest, fetch_as
from .profile import CHROMIUM, FIREFOX, PROFILES
from .verdict import Verdict

MODEL = "model"
Seen = dict[tuple[str, str, str, Headers], Answer]
"""What was answered already, by kind, method, URL and the request's headers."""


def fetch(page: Page, request: PageRequest, profile: str = MODEL) -> Asking:
    """Return the fetch of `request` by a script of `page`: a generator that asks for exchanges and returns the verdict.

    `profile`: "model", "standard", "chromium", "firefox" or "webkit". Raises `KeyError` for another one.
    """
    return _agreed(page, request) if profile == MODEL else fetch_as(page, request, PROFILES[profile])


def _agreed(page: Page, request: PageRequest) -> Asking:
    seen: Seen = {}
    chromium = yield from _recorded(fetch_as(page, request, CHROMIUM), seen)
    firefox = yield from _recorded(fetch_as(page, request, FIREFOX), seen)
    blocking = chromium if not chromium.allowed else firefox
    others = (chromium, firefox, *(_replayed(page, request, name, seen) for name in ("standard", "webkit")))
    differs = tuple(each.profile for each in others if each is not None and each.allowed is not blocking.allowed)
    # Errors are named in Chromium's vocabulary, whoever blocks.
    return replace(
        blocking,
        profile=MODEL,
        vocabulary="chromium",
        exposed=tuple(name for name in chromium.exposed if name in firefox.exposed),
        differs=differs,
        notes=tuple(dict.fromkeys((*chromium.notes, *firefox.notes))),
    )


def _recorded(asking: Asking, seen: Seen) -> Generator[Ask, Answer, Verdict]:
    """Ask only for what was not answered yet."""
    try:
        ask = next(asking)
        while True:
            key = _key(ask)
            if key not in seen:
                seen[key] = yield ask
            ask = asking.send(seen[key])
    except StopIteration as stop:
        verdict: Verdict = stop.value
        return verdict


def _replayed(page: Page, request: PageRequest, profile: str, seen: Seen) -> Verdict | None:
    """Return another browser's verdict on the same exchanges, None where it would ask for one that was not made."""
    try:
        next(recorded := _recorded(fetch_as(page, request, PROFILES[profile]), seen))
    except StopIteration as stop:
        verdict: Verdict = stop.value
        return verdict
    recorded.close()
    return None


def _key(ask: Ask) -> tuple[str, str, str, Headers]:
    return ask.kind, ask.request.method, f"{ask.hop} {ask.request.url}", ask.request.headers
