"""The calls of a page, as DevTools, Playwright's events and the console tell them; why CORS stopped some of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec import Struct, field

from corsmith.api.exchange import Headers, Request, Response, values
from corsmith.api.finding import Finding
from corsmith.api.report import Call, Report
from corsmith.api.tree import Memory, Tree
from corsmith.browser import PageRequest
from corsmith.browser.url import parse_url
from corsmith.explain import Explained, explain
from corsmith.live.har import Har, judged
from corsmith.live.har.calls import own_headers, page_origin
from corsmith.live.har.entry import Entry
from corsmith.live.secrets import masked_url
from corsmith.report.ink import Ink
from corsmith.report.text import render

from .asked_again import preflight_again

_OF_CREDENTIALS = frozenset(
    f"{stage}{error}"
    for stage in ("", "Preflight")
    for error in ("WildcardOriginNotAllowed", "InvalidAllowCredentials")
)
"""Errors that only calls with credentials have."""
_ASKED_AGAIN = 10
"""Of how many calls, at most, the preflights are sent again."""


class Seen(Struct):
    """One request, as far as it was told of. `of` is the call that a preflight belongs to."""

    url: str
    method: str
    headers: dict[str, str]
    page: str
    of: str = ""
    status: int = 0
    answered: Headers = ()
    error: str = ""
    """Why there was no answer for the page: Chromium's name of the CORS error, or whatever another browser says."""
    over: bool = False
    read: bool = False
    """The page got its head."""
    told_all: bool = True
    """Whether preflights are told of as well, and an error is one of CORS."""
    asked: dict[str, str] = field(default_factory=dict)

    @property
    def may_be_stopped(self) -> bool:
        """Whether this is a call that CORS may have stopped: where an error is none of CORS, answers are to be judged, too."""
        return not self.of and bool(self.error or (self.over and self.status and not self.told_all))


class SeenCalls:
    """What was seen since the watching began. `to`: only calls to URLs that begin so count."""

    def __init__(self, to: str | tuple[str, ...] = "", profile: str = "model") -> None:
        self.seen: dict[str, Seen] = {}
        self._to = to
        self._profile = profile
        self._printed: list[str] = []

    def printed(self, message: Any) -> None:
        """Take what the page's console says."""
        text = str(message.text)
        if message.type in ("error", "warning") and "CORS" in text.upper().replace("CROSS-ORIGIN", "CORS"):
            self._printed.append(text)

    @property
    def unsettled(self) -> bool:
        """Whether more is to come of a call: what becomes of one that was answered, or the answer of one that was stopped."""
        return any(self._is_open(key, each) for key, each in self.seen.items())

    def _is_open(self, key: str, each: Seen) -> bool:
        if not each.told_all:
            return bool(each.status) and not each.over
        preflight = self._preflight_of(key)
        if each.over:
            # The head as it was on the wire may be told after the failure.
            return bool(each.error) and not each.status and not (preflight is not None and preflight.status)
        return not each.read and bool(each.status or preflight)

    async def ask_again(self) -> None:
        """Send the preflights of stopped calls once more, where nobody told of them."""
        todo: dict[tuple[str, str], list[str]] = {}
        for key, each in self.seen.items():
            if each.error and not each.told_all and not each.status and self._counts(each.url):
                todo.setdefault((each.method, each.url), []).append(key)
        for keys in list(todo.values())[:_ASKED_AGAIN]:
            entry = _entry(self.seen[keys[0]])
            if entry is None or not page_origin(entry):
                continue
            call = PageRequest(entry.request.url, entry.request.method, own_headers(entry, None))
            made = await preflight_again(page_origin(entry), call, self._profile)
            if made is not None:
                request, answer = made
                of = self.seen[keys[0]]
                self.seen[f"{keys[0]} preflight"] = Seen(
                    request.url, request.method, dict(request.headers), of.page, keys[0], answer.status, answer.headers
                )

    def explanation(self) -> str:
        """Return what CORS stopped, with the cause; "" where it stopped nothing."""
        failed = [key for key, each in self.seen.items() if each.may_be_stopped and self._counts(each.url)]
        # A page that polls makes the same call again and again: it is explained once.
        alike: dict[tuple[str, str, str, Headers], list[str]] = {}
        for key in failed:
            each = self.seen[key]
            alike.setdefault((each.method, each.url, each.error, each.answered), []).append(key)
        calls: list[Call] = []
        findings: list[Finding] = []
        number = 0
        for keys in alike.values():
            call, found = self._judged(keys[0])
            if call is not None:
                calls.append(call)
                findings += found
            if call is not None or self.seen[keys[0]].told_all:
                number += len(keys)
        told = {call.url for call in calls}
        others = [each for each in self._from_console() if masked_url(each.message.url or "") not in told]
        counted = told | {masked_url(self.seen[key].url) for key in failed if self.seen[key].told_all}
        number += sum(masked_url(each.message.url or "") not in counted for each in others)
        parts = ["\n".join(_lines(each)) for each in others]
        if calls:
            report = Report(Tree(Memory({})), findings=tuple(findings), calls=tuple(calls))
            parts.insert(0, render(report, Ink()).rstrip("\n"))
        if not parts:
            return ""
        head = f"corsmith: the browser stopped {number} call{'' if number == 1 else 's'} of this page"
        return "\n\n".join((head, *parts))

    def _judged(self, key: str) -> tuple[Call | None, tuple[Finding, ...]]:
        """Return a stopped call as the browser judged it, and what explains it; None where that is not known."""
        entries = (_entry(each) for each in (self._preflight_of(key), self.seen[key]) if each is not None)
        found = judged(Har(tuple(each for each in entries if each is not None)), self._profile)
        call = next((each for each in found.calls if each.verdict == "blocked"), None)
        return call, found.findings if call is not None else ()

    def _from_console(self) -> Iterator[Explained]:
        seen: set[tuple[str | None, ...]] = set()
        for text in self._printed:
            for each in explain(text):
                if each.message.key not in seen and self._counts(each.message.url or "") and not each.message.not_cors:
                    seen.add(each.message.key)
                    yield each

    def _counts(self, url: str) -> bool:
        return url.startswith(self._to) if self._to else True

    def _preflight_of(self, key: str) -> Seen | None:
        return next((each for each in self.seen.values() if each.of == key), None)


def _entry(each: Seen) -> Entry | None:
    url = parse_url(each.url)
    if url is None:
        return None
    headers = tuple({**each.headers, **each.asked}.items())
    response = Response(each.status, each.answered) if each.status else None
    cookies = bool(values(headers, "cookie")) or each.error in _OF_CREDENTIALS
    return Entry(Request(each.method, url.text, headers), url, response, "fetch", each.page, each.error, cookies)


def _lines(each: Explained) -> Iterator[str]:
    message = each.message
    yield f"blocked {message.url or 'a call'}" + (f" ({message.error})" if message.error else "")
    for cause in each.causes[:3]:
        yield f"  likely: {cause.rule}: {cause.why}"
    yield f"  to be sure: {each.next}"
