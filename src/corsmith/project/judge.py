"""One call judged: the browser asks, the front door answers, the function does what was read of its code."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from corsmith.api.caller import Caller
from corsmith.api.cell import Cell, Exchange, Route
from corsmith.api.cloudfront import CloudFront
from corsmith.api.exchange import Request
from corsmith.api.model import Api
from corsmith.api.outcome import HandlerSummary, Outcome, Raised, Returned, materialise
from corsmith.api.value import Known, OneOf, Undecided, Unknown
from corsmith.browser import Ask, Page, PageRequest, fetch
from corsmith.gateways import Answered, Failed, Invoke, InvokeResult, Payload, Told, Unread, answer, base_url
from corsmith.gateways.patterns import fits

from .expand import expand
from .situations import NORMAL, OVER_HTTP_1, Situation


class Behaviour(Struct, frozen=True):
    """What is known of the function behind a route. `why_unread` says why nothing is, where `summary` is None."""

    summary: HandlerSummary | None
    why_unread: Unknown

    def ways_out(self, method: str, path: str, body: str) -> tuple[Outcome | None, ...]:
        """Return what the function can do with a request; (None,) where that is not known.

        `body` is "present" or "absent".
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


class _Run(Struct, frozen=True):
    """One run of the browser. `at_preflight`: it ended there; `invoked`: the code was asked at the preflight."""

    cell: Cell
    first: Outcome | None
    reached: bool
    preflighted: bool
    at_preflight: bool
    invoked: bool


class Judge(Struct):
    """Judges calls to one Api for one browser profile."""

    api: Api
    profile: str = "model"
    _addresses: dict[int, str] = field(default_factory=dict)

    def cells(
        self, route: Route, caller: Caller, behaviour: Behaviour, situations: tuple[Situation, ...]
    ) -> Iterator[Cell]:
        """Yield a cell for each way the call can go: each answer to the preflight, then each to the request."""
        body = "absent" if caller.body is None else "present"
        path = route.last.path
        during = behaviour.ways_out(route.method, path, body)
        before = behaviour.ways_out("OPTIONS", path, "absent")
        trials = [self._judge(route, caller, NORMAL, first, None, behaviour) for first in before]
        if not any(trial.preflighted for trial in trials):
            passed = None
        else:
            stops = [trial for trial in trials if trial.at_preflight]
            likely = [stop for stop in stops if stop.first is None or stop.first.expected]
            through = [trial for trial in trials if trial.preflighted and not trial.at_preflight]
            # What only a crash brings about is no answer to a preflight while another way out is.
            for stop in likely or (() if through else stops):
                yield stop.cell
                if not stop.invoked:
                    return
            if not through:
                return
            passed = through[0].first
        for outcome in during:
            run = self._judge(route, caller, NORMAL, passed, outcome, behaviour)
            if run.reached:
                yield run.cell
        for situation in situations:
            for outcome in during if situation.by_code else (None,):
                if outcome is None or not outcome.error:
                    run = self._judge(route, caller, situation, passed, outcome, behaviour)
                    if run.reached:
                        yield run.cell
        # What could not be read of the code may be another way out: some front doors decide without it.
        for reason in behaviour.summary.unread if behaviour.summary is not None and during != (None,) else ():
            yield self._judge(route, caller, NORMAL, passed, None, Behaviour(None, reason)).cell

    def _judge(
        self,
        route: Route,
        caller: Caller,
        situation: Situation,
        first: Outcome | None,
        then: Outcome | None,
        behaviour: Behaviour,
    ) -> _Run:
        request = PageRequest(
            self._address(route, caller) + route.path,
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
        kinds: list[str] = []
        reached = True
        try:
            ask = next(browser)
            while True:
                kind = ask.kind
                kinds.append(kind)
                preflight = kind == "preflight"
                if exchanges and exchanges[-1].kind == "request":
                    raise Undecided(Unknown(f"it redirects to {ask.request.url}, and what answers there is not judged"))
                answered = self._answer(
                    route,
                    ask,
                    _at_preflight(situation) if preflight else situation,
                    first if preflight else then,
                    behaviour,
                    asked,
                )
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
        except _NotReached:
            reached = False
        cell = Cell(self.api, route, caller, situation.name, then, first, tuple(exchanges), verdict, undecided, relied)
        return _Run(
            cell,
            first,
            reached,
            "preflight" in kinds and reached,
            kinds[-1:] == ["preflight"] and reached,
            "preflight" in asked,
        )

    def _answer(
        self,
        route: Route,
        ask: Ask,
        situation: Situation,
        outcome: Outcome | None,
        behaviour: Behaviour,
        asked: list[str],
    ) -> Answered:
        door = answer(route.front_door, _sent(route, ask.request), situation.circumstances)
        told: Told | None = None
        try:
            question = next(door)
            while True:
                if isinstance(question, Invoke):
                    asked.append(ask.kind)
                    event = question.event if situation.spelled else _in_lower_case(question.event)
                    told = situation.result or _done(outcome, event, behaviour.why_unread)
                else:
                    told = situation.decision
                question = door.send(told)
        except StopIteration as stop:
            answered: Answered = stop.value
            return answered

    def _address(self, route: Route, caller: Caller) -> str:
        if isinstance(route.front_door, CloudFront) and _is_own(route.front_door, caller.origin):
            return caller.origin
        key = id(route.front_door)
        if key not in self._addresses:
            self._addresses[key] = base_url(route.front_door)
        return self._addresses[key]


def _at_preflight(situation: Situation) -> Situation:
    """What happens to the request has not happened yet; the browser is the same one."""
    return OVER_HTTP_1 if situation.spelled else NORMAL


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


def _is_own(distribution: CloudFront, origin: str) -> bool:
    """Say whether a page's origin is one of the distribution's own names: then the call is no other origin's."""
    listed = distribution.aliases.value if isinstance(distribution.aliases, Known) else ()
    names = [each.value.lower() for each in listed if isinstance(each, Known)]
    return origin.startswith("https://") and any(fits(name, origin.removeprefix("https://")) for name in names)


def _sent(route: Route, request: Request) -> Request:
    """Return the request with the Host that every browser sends, where it may reach the origin server."""
    if route.behavior is None:
        return request
    host = request.url.partition("://")[2].partition("/")[0]
    return replace(request, headers=(*request.headers, ("Host", host)))


class _NotReached(Exception):  # noqa: N818 - it is an answer, not an error
    """The event does not take this way out of the code, so there is no such cell."""


def _done(outcome: Outcome | None, event: dict[str, Any], why_unread: Unknown) -> InvokeResult:
    if outcome is None:
        return Unread(why_unread)
    reached = outcome.reached_by(event)
    if reached is False:
        raise _NotReached
    if reached is None:
        return Unread(Unknown("whether the code takes this way for the page's origin cannot be read", outcome.span))
    if isinstance(outcome.result, Returned):
        try:
            return Payload(materialise(outcome.result.result, event))
        except Undecided as reason:
            return Unread(reason.value)
    return Failed("exception" if isinstance(outcome.result, Raised) else "marshal")


def _takes(pattern: str, path: str) -> bool:
    """Say whether a router's pattern takes `path`: `{name}` one segment, `{name+}` the rest."""
    wanted, given = pattern.strip("/").split("/"), path.strip("/").split("/")
    for at, segment in enumerate(wanted):
        if segment.startswith("{") and segment.endswith("+}"):
            return len(given) > at
        if at >= len(given) or not (segment.startswith("{") or segment == given[at]):
            return False
    return len(wanted) == len(given)
