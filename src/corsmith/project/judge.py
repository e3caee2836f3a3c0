"""One call judged: the browser asks, the front door answers, the function does what was read of its code."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from corsmith.api.caller import Caller
from corsmith.api.cell import Cell, Exchange, Route
from corsmith.api.model import Api
from corsmith.api.outcome import HandlerSummary, Outcome, Raised, Returned, materialise
from corsmith.api.value import OneOf, Undecided, Unknown
from corsmith.browser import Ask, Page, PageRequest, fetch
from corsmith.gateways import Answered, Failed, Invoke, InvokeResult, Payload, Told, answer, base_url

from .expand import expand
from .situations import NORMAL, Situation


@dataclass(frozen=True, slots=True)
class Behaviour:
    """What is known of the function behind a route. `why_unread` says why nothing is, where `summary` is None."""

    summary: HandlerSummary | None
    why_unread: Unknown

    def ways_out(self, method: str, path: str, body: str) -> tuple[Outcome | None, ...]:
        """Return what the function can do with a request; (None,) where that is not known.

        `body` is "present" or "absent". Only what is expected counts, unless nothing else can happen.
        """
        outcomes = self.summary.outcomes if self.summary is not None else ()
        reached = tuple(
            variant
            for outcome in outcomes
            if (outcome.methods is None or method in outcome.methods)
            and (outcome.paths is None or any(_takes(pattern, path) for pattern in outcome.paths))
            and outcome.body in ("any", body)
            for variant in expand(outcome)
        )
        return reached or (None,)


@dataclass(slots=True)
class Judge:
    """Judges calls to one Api for one browser profile."""

    api: Api
    profile: str = "model"
    _addresses: dict[int, str] = field(default_factory=dict)

    def cells(
        self, route: Route, caller: Caller, behaviour: Behaviour, situations: tuple[Situation, ...]
    ) -> Iterator[Cell]:
        """Yield a cell for each way the call can go: each answer to the preflight, then each to the request."""
        body = "absent" if caller.body is None else "present"
        during = behaviour.ways_out(route.method, route.path, body)
        before = _likely(behaviour.ways_out("OPTIONS", route.path, "absent"))
        passed: Outcome | None = None
        stopped = 0
        for first in before:
            cell, at_preflight, invoked = self._judge(route, caller, NORMAL, first, during[0], behaviour)
            if not at_preflight:
                passed = first
                break
            stopped += 1
            yield cell
            if not invoked:
                break
        if stopped == len(before) or (stopped and not invoked):
            return
        for outcome in during:
            yield self._judge(route, caller, NORMAL, passed, outcome, behaviour)[0]
        for situation in situations:
            yield self._judge(route, caller, situation, passed, during[0], behaviour)[0]
        for reason in behaviour.summary.unread if behaviour.summary is not None else ():
            yield Cell(self.api, route, caller, "", None, passed, (), None, reason)

    def _judge(
        self,
        route: Route,
        caller: Caller,
        situation: Situation,
        first: Outcome | None,
        then: Outcome | None,
        behaviour: Behaviour,
    ) -> tuple[Cell, bool, bool]:
        """Return the cell, whether it ended at the preflight, and whether the function was asked at the preflight."""
        request = PageRequest(
            self._address(route) + route.path,
            method=caller.method,
            headers=caller.headers,
            credentials=caller.credentials,
            body=caller.body,
        )
        browser = fetch(Page(caller.origin), request, self.profile)
        exchanges: list[Exchange] = []
        relied: tuple[str, ...] = ()
        asked: list[str] = []
        verdict: Any = None
        undecided: Unknown | OneOf[Any] | None = None
        kind = "request"
        try:
            ask = next(browser)
            while True:
                kind = ask.kind
                preflight = kind == "preflight"
                answered = self._answer(
                    route, ask, NORMAL if preflight else situation, first if preflight else then, behaviour, asked
                )
                relied = answered.relied
                exchanges.append(Exchange(kind, ask.request, answered.response))
                ask = browser.send(answered.response)
        except StopIteration as stop:
            verdict = stop.value
        except Undecided as reason:
            undecided = reason.value
        cell = Cell(self.api, route, caller, situation.name, then, first, tuple(exchanges), verdict, undecided, relied)
        return cell, kind == "preflight", "preflight" in asked

    def _answer(
        self,
        route: Route,
        ask: Ask,
        situation: Situation,
        outcome: Outcome | None,
        behaviour: Behaviour,
        asked: list[str],
    ) -> Answered:
        door = answer(route.front_door, ask.request, situation.circumstances)
        told: Told | None = None
        try:
            question = next(door)
            while True:
                if isinstance(question, Invoke):
                    asked.append(ask.kind)
                    told = situation.result or _done(outcome, question.event, behaviour.why_unread)
                else:
                    told = situation.decision
                question = door.send(told)
        except StopIteration as stop:
            answered: Answered = stop.value
            return answered

    def _address(self, route: Route) -> str:
        key = id(route.front_door)
        if key not in self._addresses:
            self._addresses[key] = base_url(route.front_door)
        return self._addresses[key]


def _done(outcome: Outcome | None, event: dict[str, Any], why_unread: Unknown) -> InvokeResult:
    if outcome is None:
        raise Undecided(why_unread)
    if isinstance(outcome.result, Returned):
        return Payload(materialise(outcome.result.result, event))
    return Failed("exception" if isinstance(outcome.result, Raised) else "marshal")


def _likely(outcomes: tuple[Outcome | None, ...]) -> tuple[Outcome | None, ...]:
    """Return the outcomes that a preflight really meets: what only a crash brings about counts where nothing else does."""
    return tuple(each for each in outcomes if each is None or each.expected) or outcomes


def _takes(pattern: str, path: str) -> bool:
    """Say whether a router's pattern takes `path`: `{name}` one segment, `{name+}` the rest."""
    wanted, given = pattern.strip("/").split("/"), path.strip("/").split("/")
    for at, segment in enumerate(wanted):
        if segment.startswith("{") and segment.endswith("+}"):
            return len(given) > at
        if at >= len(given) or not (segment.startswith("{") or segment == given[at]):
            return False
    return len(wanted) == len(given)
