"""Judging what a HAR file holds: the browser's protocol, driven by the recorded exchanges."""

from __future__ import annotations

import shlex
from bisect import bisect_right
from collections import defaultdict

from msgspec import Struct, field
from msgspec.structs import replace

from corsmith.api.caller import Caller
from corsmith.api.cell import Exchange
from corsmith.api.exchange import Headers, Request, Response, values
from corsmith.api.finding import Finding
from corsmith.api.report import Call
from corsmith.browser import Ask, Page, PageRequest, Verdict, fetch

from ..explain import explain_live
from ..layers import fingerprint
from ..passing import passing
from ..secrets import masked_headers, masked_request, masked_response, masked_text, masked_url
from .calls import crosses, document_origin, is_call, own_headers, page_origin
from .entry import Entry
from .read import Har


class Judgement(Struct, frozen=True):
    """What came of the recorded calls that leave their page's origin, in the order of the file.

    `same_origin` and `others` count what was not judged: calls of a page to its own server, and requests that CORS says
    nothing about. `unknown_page` counts calls whose page the file does not name.
    """

    calls: tuple[Call, ...]
    findings: tuple[Finding, ...] = ()
    same_origin: int = 0
    others: int = 0
    unknown_page: int = 0


def judged(
    har: Har, profile: str = "model", *, origin: str | None = None, credentials: bool | None = None
) -> Judgement:
    """Judge every call of a file. `origin` and `credentials` replace what the file says of the caller."""
    file = _File(har.entries)
    calls: list[Call] = []
    findings: list[Finding] = []
    document = document_origin(har.entries)
    same = others = unknown = 0
    for number, entry in enumerate(har.entries):
        if number in file.used or entry.is_preflight:
            continue
        if not is_call(entry):
            others += 1
            continue
        page = origin or page_origin(entry) or document
        if not page:
            unknown += 1
        elif not crosses(entry, page):
            same += 1
        else:
            call, found = _Recorded(file, number, entry, page, profile, credentials).judge()
            calls.append(call)
            findings += found
    for number, entry in enumerate(har.entries):
        page = origin or entry.header("origin")
        if number not in file.used and entry.is_preflight and page:
            call, found = _Recorded(file, number, _behind(entry), page, profile, credentials).judge()
            # One that passed says nothing of its call, which another file may hold.
            if call.verdict == "blocked":
                calls.append(call)
                findings += found
    return Judgement(tuple(calls), tuple(findings), same, others, unknown)


def _behind(preflight: Entry) -> Entry:
    """Return the call that a preflight asks for, where the file holds nothing else of it."""
    method = preflight.header("access-control-request-method")
    request = Request(method, preflight.request.url, (("Origin", preflight.header("origin")),))
    return Entry(request, preflight.url, None, "fetch", preflight.page, preflight.error)


_NEAR = 8
"""How many preflights are looked at for a call: they stand near it."""


class _File:
    """The entries by what was asked, and which of them belong to a call that was judged."""

    def __init__(self, entries: tuple[Entry, ...]) -> None:
        self.entries = entries
        self.used: set[int] = set()
        self._preflights: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
        self._begun: dict[tuple[str, str], int] = {}
        """How many of the preflights, from the first on, are known to belong to calls: files repeat a call a thousand times."""
        self._requests: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
        for number, entry in enumerate(entries):
            if entry.is_preflight:
                self._preflights[entry.url.text, entry.header("access-control-request-method")].append(number)
            else:
                self._requests[entry.url.text, entry.request.method].append(number)

    def preflight(self, url: str, method: str, near: int) -> Entry | None:
        """Return the preflight for a call at `near`: the nearest that belongs to no other call, else the latest."""
        found = self._preflights.get((url, method))
        if not found:
            return None
        begin = self._begun.get((url, method), 0)
        while begin < len(found) and found[begin] in self.used:
            begin += 1
        self._begun[url, method] = begin
        free = [each for each in found[begin : begin + _NEAR] if each not in self.used]
        number = min(free, key=lambda each: abs(each - near), default=found[min(begin, len(found) - 1)])
        self.used.add(number)
        return self.entries[number]

    def follows(self, url: str, method: str, after: int) -> int | None:
        """Return the number of the request to which a redirect led, None where it is not in the file."""
        found = self._requests.get((url, method), [])
        later = (found[at] for at in range(bisect_right(found, after), len(found)))
        return next((each for each in later if each not in self.used), None)


class _Missing(Exception):  # noqa: N818 - it names the state of the file
    """The file does not hold what the browser would need to go on; the message is a sentence."""


class _Recorded(Struct):
    """One call of a file."""

    file: _File
    number: int
    entry: Entry
    page: str
    profile: str
    credentials: bool | None
    exchanges: list[Exchange] = field(default_factory=list)
    answers: dict[tuple[str, int], Response] = field(default_factory=dict)
    """What was answered at each hop: two browsers may ask for it in slightly different words."""
    assumed: bool = False
    """Whether the call left although its preflight is not in the file."""

    def judge(self) -> tuple[Call, tuple[Finding, ...]]:
        """Return the verdict on the call, and what explains it."""
        entry = self.entry
        wanted = self.file.preflight(entry.url.text, entry.request.method, self.number)
        headers = own_headers(entry, wanted)
        caller = Caller(self.page, entry.request.method, headers, self._mode())
        request = PageRequest(entry.request.url, caller.method, headers, caller.credentials)
        asking = fetch(Page(self.page), request, self.profile)
        self.file.used.add(self.number)
        try:
            ask = next(asking)
            while True:
                key = (ask.kind, ask.hop)
                if key not in self.answers:
                    self.answers[key] = self._answer(ask, wanted)
                ask = asking.send(self.answers[key])
        except StopIteration as stop:
            verdict: Verdict = stop.value
            return self._call(verdict), explain_live(caller, verdict)
        except _Missing as missing:
            return self._undecided(str(missing), headers), ()

    def _mode(self) -> str:
        if self.credentials is not None:
            return "include" if self.credentials else "same-origin"
        return "include" if self.entry.cookies else "same-origin"

    def _answer(self, ask: Ask, wanted: Entry | None) -> Response:
        if ask.kind == "preflight":
            found = wanted if ask.hop == 0 else self._preflight_of(ask)
            if found is not None and found.response is not None:
                return self._seen(ask, found.response)
            if self.entry.response is None:
                raise _Missing(self._lost(found))
            self.assumed = True
            return passing(ask)
        if ask.hop:
            number = self.file.follows(ask.request.url, ask.request.method, self.number)
            if number is None:
                raise _Missing(f"The redirect to {ask.request.url} is not in the file.")
            self.number, self.entry = number, self.file.entries[number]
            self.file.used.add(number)
        if self.entry.response is None:
            raise _Missing(self._lost(None))
        return self._seen(ask, self.entry.response)

    def _preflight_of(self, ask: Ask) -> Entry | None:
        method = next(iter(values(ask.request.headers, "access-control-request-method")), "")
        return self.file.preflight(ask.request.url, method, self.number)

    def _seen(self, ask: Ask, recorded: Response) -> Response:
        response = replace(recorded, made_by=fingerprint(ask.request, recorded).made_by)
        self.exchanges.append(Exchange(ask.kind, ask.request, response))
        return response

    def _lost(self, preflight: Entry | None) -> str:
        """Say what may have happened where the browser kept no answer, what is likeliest first."""
        error = self.entry.error or (preflight.error if preflight is not None else "")
        if error and "ERR_FAILED" not in error and "CORS" not in error.upper() and error.startswith("net::"):
            return f"The network failed ({error}), which says nothing about CORS."
        said = f" ({error})" if error else ""
        asked = any(each.kind == "preflight" for each in self.exchanges)
        first = "its preflight passed, so the answer itself had no fitting CORS headers" if asked else (
            "its preflight was refused (browsers leave preflights out of the file); the answer had no fitting CORS headers"
        )  # fmt: skip
        return f"The browser kept no answer{said}. Likely, in this order: {first}; the network failed."

    def _call(self, verdict: Verdict) -> Call:
        console = verdict.console
        because = ""
        if self.assumed:
            because = "Its preflight is not in the file: it passed, for the request was sent."
        return Call(
            masked_url(verdict.asked.url),
            self._shown(),
            "allowed" if verdict.allowed else "blocked",
            masked_text(verdict.failure.chromium) if verdict.failure is not None else None,
            masked_text(console) if console is not None else None,
            because,
        )

    def _undecided(self, missing: str, headers: Headers) -> Call:
        entry = self.entry
        return Call(
            masked_url(entry.request.url),
            self._shown(),
            "undecided",
            None,
            None,
            f"{masked_text(missing)} To be sure: {_command(entry, self.page, headers, self._mode())}",
        )

    def _shown(self) -> tuple[Exchange, ...]:
        return tuple(
            Exchange(each.kind, masked_request(each.request), masked_response(each.response)) for each in self.exchanges
        )


def _command(entry: Entry, page: str, headers: Headers, credentials: str) -> str:
    parts = ["corsmith", "check", masked_url(entry.request.url), "--origin", page, "--method", entry.request.method]
    for name, value in masked_headers(headers):
        parts += ["--header", f"{name}: {value}"]
    if credentials == "include":
        parts.append("--credentials")
    return shlex.join(parts)
