"""Each way that a call can go, judged: each answer to its preflight, then each to the request."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct, field
from msgspec.structs import replace

from corsmith.api.caller import Caller
from corsmith.api.cell import Cell, Route
from corsmith.api.cloudfront import CloudFront
from corsmith.api.model import Api
from corsmith.api.outcome import HandlerSummary, Outcome
from corsmith.api.value import Known, Unknown
from corsmith.browser import Page, PageRequest
from corsmith.gateways import base_url
from corsmith.gateways.patterns import fits

from .call import Call, Run
from .expand import expand
from .situations import NORMAL, Situation
from .twins import Question, Twins


class Behaviour(Struct, frozen=True):
    """What is known of the function behind a route. `why_unread` says why nothing is, where `summary` is None."""

    summary: HandlerSummary | None
    why_unread: Unknown

    def ways_out(self, method: str, path: str, body: str) -> tuple[Outcome | None, ...]:
        """Return what the function can do with a request; (None,) where that is not known.

        `body` is "present" or "absent".
        """
        outcomes = self.summary.outcomes if self.summary is not None else ()
        named = any(_takes(pattern, path) for outcome in outcomes for pattern in outcome.paths or ())
        reached = tuple(
            variant
            for outcome in outcomes
            if (outcome.methods is None or method in outcome.methods)
            and (
                outcome.paths is None
                or any(_takes(pattern, path) for pattern in outcome.paths)
                or (not outcome.paths and not named)
            )
            and outcome.body in ("any", body)
            for variant in expand(outcome)
        )
        return reached or (None,)


class Judge(Struct):
    """Judges calls to one Api for one browser profile. Equal calls are judged once, see `twins`."""

    api: Api
    profile: str = "model"
    _addresses: dict[int, str] = field(default_factory=dict)
    _twins: Twins = field(default_factory=Twins)

    def cells(
        self, route: Route, caller: Caller, behaviour: Behaviour, situations: tuple[Situation, ...]
    ) -> tuple[Cell, ...]:
        """Return a cell for each way the call can go: each answer to the preflight, then each to the request."""
        body = "absent" if caller.body is None else "present"
        path = route.last.path
        during = behaviour.ways_out(route.method, path, body)
        before = behaviour.ways_out("OPTIONS", path, "absent")
        unread = behaviour.summary.unread if behaviour.summary is not None and during != (None,) else ()
        url = self._address(route, caller) + route.path
        return self._twins.judged(
            Question(route, caller, situations, before, during, len(unread), url),
            lambda: tuple(self._judged(route, caller, url, situations, before, during, behaviour.why_unread, unread)),
        )

    def _judged(
        self,
        route: Route,
        caller: Caller,
        url: str,
        situations: tuple[Situation, ...],
        before: tuple[Outcome | None, ...],
        during: tuple[Outcome | None, ...],
        why_unread: Unknown,
        unread: tuple[Unknown, ...],
    ) -> Iterator[Cell]:
        request = PageRequest(
            url, method=caller.method, headers=caller.headers, credentials=caller.credentials, body=caller.body
        )
        call = Call(self.api, self.profile, route, caller, request, Page(caller.origin))
        trials = _trials(call, before, why_unread)
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
            run = call.run(NORMAL, passed, outcome, why_unread)
            if run.reached:
                yield run.cell
        for situation in situations:
            for outcome in during if situation.by_code else (None,):
                if outcome is None or not outcome.error:
                    run = call.run(situation, passed, outcome, why_unread)
                    if run.reached:
                        yield run.cell
        # What could not be read of the code may be another way out: some front doors decide without it.
        for reason in unread:
            yield call.run(NORMAL, passed, None, reason).cell

    def _address(self, route: Route, caller: Caller) -> str:
        if isinstance(route.front_door, CloudFront) and _is_own(route.front_door, caller.origin):
            return caller.origin
        key = id(route.front_door)
        if key not in self._addresses:
            self._addresses[key] = base_url(route.front_door)
        return self._addresses[key]


def _trials(call: Call, before: tuple[Outcome | None, ...], why_unread: Unknown) -> list[Run]:
    """Try the answers to the preflight: each that the code can give, or one where the code has no say in it."""
    trials: list[Run] = []
    for first in before:
        trial = call.trial(first, why_unread)
        if not trials and not trial.invoked:
            usual = next((each for each in before if each is None or each.expected), first)
            if trial.at_preflight and usual is not first:
                trial = replace(trial, first=usual, cell=replace(trial.cell, preflight_outcome=usual))
            return [trial]
        trials.append(trial)
    return trials


def _is_own(distribution: CloudFront, origin: str) -> bool:
    """Say whether a page's origin is one of the distribution's own names: then the call is no other origin's."""
    listed = distribution.aliases.value if isinstance(distribution.aliases, Known) else ()
    names = [each.value.lower() for each in listed if isinstance(each, Known)]
    return origin.startswith("https://") and any(fits(name, origin.removeprefix("https://")) for name in names)


def _takes(pattern: str, path: str) -> bool:
    """Say whether a router's pattern takes `path`: `{name}` one segment, `{name+}` the rest."""
    wanted, given = pattern.strip("/").split("/"), path.strip("/").split("/")
    for at, segment in enumerate(wanted):
        if segment.startswith("{") and segment.endswith("+}"):
            return len(given) > at
        if at >= len(given) or not (segment.startswith("{") or segment == given[at]):
            return False
    return len(wanted) == len(given)
