"""The calls of a page as DevTools and the console tell them, and the explanation of those that CORS stopped."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct, field

from corsmith.api.exchange import Headers, Request, Response
from corsmith.api.report import Report
from corsmith.api.tree import Memory, Tree
from corsmith.browser.url import parse_url
from corsmith.explain import Explained, explain
from corsmith.live.har import Har, judged
from corsmith.live.har.entry import Entry
from corsmith.live.secrets import masked_url
from corsmith.report.ink import Ink
from corsmith.report.text import render


class Seen(Struct):
    """One request, as far as DevTools has told of it. `of` is the call that a preflight belongs to."""

    url: str
    method: str
    headers: dict[str, str]
    page: str
    of: str = ""
    status: int = 0
    answered: Headers = ()
    error: str = ""
    over: bool = False
    read: bool = False
    """The page got its head."""
    asked: dict[str, str] = field(default_factory=dict)


class SeenCalls:
    """What was seen since the watching began. `to`: only calls to URLs that begin so count."""

    def __init__(self, to: str | tuple[str, ...] = "") -> None:
        self._to = to
        self._seen: dict[str, Seen] = {}
        self._extra: dict[str, tuple[int, Headers]] = {}
        self._printed: list[str] = []

    def attach(self, session: Any) -> None:
        """Listen to a DevTools session."""
        for event, take in (
            ("requestWillBeSent", self._sent),
            ("requestWillBeSentExtraInfo", self._asked),
            ("responseReceived", self._answered),
            ("responseReceivedExtraInfo", self._answered_extra),
            ("loadingFinished", self._finished),
            ("loadingFailed", self._failed),
        ):
            session.on(f"Network.{event}", take)

    def printed(self, message: Any) -> None:
        """Take what the page's console says."""
        text = str(message.text)
        if message.type in ("error", "warning") and "CORS" in text.upper().replace("CROSS-ORIGIN", "CORS"):
            self._printed.append(text)

    @property
    def unsettled(self) -> bool:
        """Whether more is to come of a call: what becomes of one that was answered, or the answer of one that was stopped."""
        return any(self._is_open(key, each) for key, each in self._seen.items())

    def _is_open(self, key: str, each: Seen) -> bool:
        preflight = self._preflight_of(key)
        if each.over:
            # The head as it was on the wire may be told after the failure.
            return bool(each.error) and not each.status and not (preflight is not None and preflight.status)
        return not each.read and bool(each.status or preflight)

    def explanation(self) -> str:
        """Return what CORS stopped, with the cause; "" where it stopped nothing."""
        blocked = [key for key, each in self._seen.items() if each.error and self._counts(each.url) and not each.of]
        # A page that polls makes the same call again and again: it is explained once.
        alike = {(each.method, each.url, each.error): key for key in reversed(blocked) for each in (self._seen[key],)}
        report = self._report(sorted(alike.values(), key=blocked.index))
        told = {call.url for call in report.calls if call.verdict == "blocked"}
        others = [each for each in self._from_console() if masked_url(each.message.url or "") not in told]
        parts = [render(report, Ink()).rstrip("\n")] if report.calls else []
        parts += ["\n".join(_lines(each)) for each in others]
        if not parts:
            return ""
        known = {masked_url(self._seen[key].url) for key in blocked}
        number = len(blocked) + sum(masked_url(each.message.url or "") not in known for each in others)
        head = f"corsmith: the browser stopped {number} call{'' if number == 1 else 's'} of this page"
        return "\n\n".join((head, *parts))

    def _report(self, keys: list[str]) -> Report:
        entries: list[Entry] = []
        for key in keys:
            preflight = self._preflight_of(key)
            entries += (made for each in (preflight, self._seen[key]) if each and (made := _entry(each)))
        found = judged(Har(tuple(entries)))
        calls = tuple(call for call in found.calls if call.verdict == "blocked")
        return Report(Tree(Memory({})), findings=found.findings if calls else (), calls=calls)

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
        return next((each for each in self._seen.values() if each.of == key), None)

    def _sent(self, event: Mapping[str, Any]) -> None:
        request, initiator = event["request"], event.get("initiator", {})
        is_preflight = initiator.get("type") == "preflight" or event.get("type") == "Preflight"
        self._seen[event["requestId"]] = Seen(
            request["url"],
            request["method"],
            dict(request["headers"]),
            event.get("documentURL", ""),
            str(initiator.get("requestId", "?")) if is_preflight else "",
        )

    def _asked(self, event: Mapping[str, Any]) -> None:
        each = self._seen.get(event["requestId"])
        if each is not None:
            each.asked = dict(event["headers"])

    def _answered(self, event: Mapping[str, Any]) -> None:
        each = self._seen.get(event["requestId"])
        if each is not None:
            each.read = True
            each.status = each.status or event["response"]["status"]
            each.answered = each.answered or _pairs(event["response"]["headers"])

    def _answered_extra(self, event: Mapping[str, Any]) -> None:
        each = self._seen.get(event["requestId"])
        if each is not None:
            # As they were on the wire: what CORS hides from the page is in them, too.
            each.status, each.answered = event["statusCode"], _pairs(event["headers"])

    def _finished(self, event: Mapping[str, Any]) -> None:
        each = self._seen.get(event["requestId"])
        if each is not None:
            each.over = True

    def _failed(self, event: Mapping[str, Any]) -> None:
        each = self._seen.get(event["requestId"])
        if each is not None:
            each.over = True
            each.error = event.get("corsErrorStatus", {}).get("corsError", "")


def _pairs(headers: Mapping[str, str]) -> Headers:
    return tuple((name, line) for name, value in headers.items() for line in str(value).split("\n"))


def _entry(each: Seen) -> Entry | None:
    url = parse_url(each.url)
    if url is None:
        return None
    headers = tuple({**each.headers, **each.asked}.items())
    response = Response(each.status, each.answered) if each.status else None
    return Entry(Request(each.method, url.text, headers), url, response, "fetch", each.page, each.error)


def _lines(each: Explained) -> Iterator[str]:
    message = each.message
    yield f"blocked {message.url or 'a call'}" + (f" ({message.error})" if message.error else "")
    for cause in each.causes[:3]:
        yield f"  likely: {cause.rule}: {cause.why}"
    yield f"  to be sure: {each.next}"
