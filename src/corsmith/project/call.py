"""One caller at one route: the browser asks, the front door answers, the function does what was read of its code."""

from __future__ import annotations

import json
import re
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from corsmith.api.caller import Caller
from corsmith.api.cell import Cell, Exchange, Route
from corsmith.api.exchange import Request
from corsmith.api.model import Api
from corsmith.api.outcome import Outcome, Raised, Returned, materialise
from corsmith.api.value import OneOf, Undecided, Unknown
from corsmith.browser import Ask, Page, PageRequest, fetch
from corsmith.gateways import Answered, Failed, Invoke, InvokeResult, Payload, Streamed, Told, Unread, answer

from .situations import NORMAL, OVER_HTTP_1, Situation

_ALTERED = re.compile(r"[\x00-\x1f?#\\]| $")
"""What no path of an address holds as it is: browsers take it out, cut the path there, or write a slash (URL Standard)."""


class Run(Struct, frozen=True):
    """One run of the browser. `at_preflight`: it ended there; `invoked`: the code was asked at the preflight."""

    cell: Cell
    first: Outcome | None
    reached: bool
    preflighted: bool
    at_preflight: bool
    invoked: bool


class Call(Struct):
    """A call of `caller`, judged once for each way that it can go. The preflight is answered once for all of them."""

    api: Api
    profile: str
    route: Route
    caller: Caller
    request: PageRequest
    page: Page
    _preflights: dict[tuple[Request, int, bool], tuple[Answered, bool]] = field(default_factory=dict)

    def trial(self, first: Outcome | None, why_unread: Unknown) -> Run:
        """Run as far as the answer to the preflight, where the function then does `first`."""
        return self._run(NORMAL, first, None, why_unread, beyond=False)

    def run(self, situation: Situation, first: Outcome | None, then: Outcome | None, why_unread: Unknown) -> Run:
        """Run to the end: the function does `first` at the preflight and `then` at the request."""
        return self._run(situation, first, then, why_unread, beyond=True)

    def _run(
        self,
        situation: Situation,
        first: Outcome | None,
        then: Outcome | None,
        why_unread: Unknown,
        *,
        beyond: bool,
    ) -> Run:
        browser = fetch(self.page, self.request, self.profile)
        exchanges: list[Exchange] = []
        relied: tuple[str, ...] = ()
        kind = ""
        preflighted = invoked = False
        verdict: Any = None
        undecided: Unknown | OneOf[Any] | None = None
        reached = True
        try:
            if _ALTERED.search(self.route.path):
                raise Undecided(Unknown(f"a browser asks for another path than {self.route.path!r}"))
            ask = next(browser)
            while True:
                kind = ask.kind
                preflight = kind == "preflight"
                preflighted = preflighted or preflight
                if exchanges and exchanges[-1].kind == "request":
                    raise Undecided(Unknown(f"it redirects to {ask.request.url}, and what answers there is not judged"))
                if not (beyond or preflight):
                    break
                if preflight:
                    answered, asked = self._preflight(ask, situation, first, why_unread)
                    invoked = invoked or asked
                else:
                    answered, _ = self._answer(ask, situation, then, why_unread)
                relied = answered.relied
                exchanges.append(Exchange(kind, ask.request, answered.response))
                ask = browser.send(answered.response)
        except StopIteration as stop:
            verdict = stop.value
            if not exchanges:
                # Nothing was sent: the address or a header is none that a browser takes.
                undecided, verdict = Unknown(f"no page can make this call ({verdict.error})"), None
        except Undecided as reason:
            undecided = reason.value
            invoked = invoked or (kind == "preflight" and isinstance(reason, _Asked))
        except _NotReached:
            reached = False
            invoked = invoked or kind == "preflight"
        cell = Cell(
            self.api, self.route, self.caller, situation.name, then, first, tuple(exchanges), verdict, undecided, relied
        )
        return Run(cell, first, reached, preflighted and reached, kind == "preflight" and reached, invoked)

    def _preflight(
        self, ask: Ask, situation: Situation, first: Outcome | None, why_unread: Unknown
    ) -> tuple[Answered, bool]:
        """Answer the preflight: what happens to the request has not happened yet; the browser is the same one."""
        key = (ask.request, id(first), situation.spelled)
        known = self._preflights.get(key)
        if known is None:
            at_first = OVER_HTTP_1 if situation.spelled else NORMAL
            known = self._preflights[key] = self._answer(ask, at_first, first, why_unread)
        return known

    def _answer(
        self, ask: Ask, situation: Situation, outcome: Outcome | None, why_unread: Unknown
    ) -> tuple[Answered, bool]:
        """Return the front door's answer, and whether the code was asked."""
        door = answer(self.route.front_door, _sent(self.route, ask.request), situation.circumstances)
        asked = False
        told: Told | None = None
        try:
            question = next(door)
            while True:
                if isinstance(question, Invoke):
                    asked = True
                    event = question.event if situation.spelled else _in_lower_case(question.event)
                    told = situation.result or _done(outcome, event, question.unknown or why_unread)
                else:
                    told = situation.decision
                question = door.send(told)
        except StopIteration as stop:
            answered: Answered = stop.value
            return answered, asked
        except Undecided as reason:
            raise (_Asked(reason.value) if asked else reason) from None


class _Asked(Undecided):
    """The code was asked, and what it does is not known."""


class _NotReached(Exception):  # noqa: N818 - it is an answer, not an error
    """The event does not take this way out of the code, so there is no such cell."""


def _in_lower_case(event: dict[str, Any]) -> dict[str, Any]:
    """Return an event of format 1.0 as the browsers' HTTP/2 makes it: API Gateway hands names on as they were sent."""
    if "httpMethod" not in event:
        return event
    changed = {
        key: {name.lower(): value for name, value in event[key].items()}
        for key in ("headers", "multiValueHeaders")
        if event.get(key)
    }
    return {**event, **changed}


def _sent(route: Route, request: Request) -> Request:
    """Return the request with the Host that every browser sends, where it may reach the origin server."""
    if route.behavior is None:
        return request
    host = request.url.partition("://")[2].partition("/")[0]
    return replace(request, headers=(*request.headers, ("Host", host)))


def _done(outcome: Outcome | None, event: dict[str, Any], why_unread: Unknown | OneOf[Any]) -> InvokeResult:
    if outcome is None:
        return Unread(why_unread)
    reached = outcome.reached_by(event)
    if reached is False:
        raise _NotReached
    if reached is None:
        return Unread(Unknown("whether the code takes this way for the page's origin cannot be read", outcome.span))
    if isinstance(outcome.result, Returned):
        try:
            value = materialise(outcome.result.result, event)
            return Streamed(json.dumps(value).encode()) if outcome.streamed else Payload(value)
        except Undecided as reason:
            return Unread(reason.value)
    return Failed("exception" if isinstance(outcome.result, Raised) else "marshal")
