"""Real browsers as judges: Chromium and Firefox decide what a page may read.

A browser that runs here takes one local server for every host and port (TLS and plain on one port), so a page can be
at any origin (`https://app.example.com`, `http://localhost:3000`, the opaque `null`) and its requests, preflights
included, are the browser's own: nothing is intercepted, and no packet leaves this machine.

    judge_chromium(cases) -> list[dict]         start, judge, end
    judge_firefox(cases) -> list[dict]

    with Chromium() as browser:                 Firefox() has the same methods
        verdicts = browser.judge(cases)         as often as you like; a case never sees another one's preflight cache
        verdict = browser.call("https://app.example.com", request, target=("127.0.0.1", 3000))

**Cases** are mappings: `origin`; `base` (origin of the first URL, default `https://api.example.net`); `request`
(`method`, `headers` as pairs, `credentials`, `mode`, `body`, `redirect`, `keepalive`, `via`, `stream`); `preflight`
and `response` (`status` and `headers` as pairs, or `close`: true); for redirects `hops`, each with `base`,
`preflight`, `response`, and `{next}`, `{self}`, `{origin}` in a Location.

**Verdicts**, one for each case and in their order, are dicts: `name`; `allowed`; `cors_error` (Chromium's name of the
error or Firefox's message id; `net::…`, `blocked:…` or `js:…` where something else than CORS stopped the call; None
when allowed); `observed`: `failed_parameter`, `net_error`, `status`, `type`, `js_error`, `visible_headers`,
`preflight_sent`, `wire` (what the server saw, hop by hop), `console` (Chromium: texts; Firefox: pairs of category and
text), `body` (of a `call`).

**Calls** reach a server that is not ours, on this machine: `request` is as in a case, with a `url`. The bytes pass
unchanged; an https URL is decrypted on the way, so that `https://api.example.net` can stand for a plain local port.
Without `target` the URL itself must be on loopback. Each call starts with an empty preflight cache.

`BrowserMissingError` says what to install; `BrowserError` is every other failure of a browser, never a verdict. The
environment variables CORSMITH_CHROMIUM and CORSMITH_FIREFOX name a program. Needs the extra `corsmith[browsers]`.

Speed, measured on two busy cores: some 100 cases a second in Chromium, 70 to 100 in Firefox; starting takes 1 to 5 s.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .case import Case
from .chromium import Chromium
from .failures import BrowserError, BrowserMissingError
from .firefox import Firefox
from .judge import RealBrowser

__all__ = [
    "BrowserError",
    "BrowserMissingError",
    "Chromium",
    "Firefox",
    "RealBrowser",
    "judge_chromium",
    "judge_firefox",
]


def judge_chromium(cases: Iterable[Case], *, program: str | None = None) -> list[dict[str, Any]]:
    """Judge cases with a Chromium that is started for them. `program` is its path; None looks for it."""
    with Chromium(program) as browser:
        return browser.judge(cases)


def judge_firefox(cases: Iterable[Case], *, program: str | None = None) -> list[dict[str, Any]]:
    """Judge cases with a Firefox that is started for them. `program` is its path; None looks for it."""
    with Firefox(program) as browser:
        return browser.judge(cases)
