"""What AWS really answers, beside what the model expects: the same calls, made to the public addresses of an account.

Calls that may have effects stop after their preflight. What differs is evidence about the facts that the model rests on.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable

from msgspec import Struct

from corsmith.api.finding import Category, Confidence, Finding, Severity
from corsmith.live.check import Sending, UrlReport, check
from corsmith.live.pool import Pool

from .expected import Expected
from .found import Found

DIFFERS = "live-differs-from-model"
"""The id of findings about answers that are not as expected."""
AT_A_TIME = 8


class Answered(Struct, frozen=True):
    """A call that was made. `agrees` None: nothing can be said, because a side is undecided."""

    expected: Expected
    report: UrlReport
    agrees: bool | None


def call_all(expected: Iterable[Expected], sending: Sending, step: Callable[[str], None]) -> tuple[Answered, ...]:
    """Make the calls, some at a time, and compare. `step` is told of each."""
    return asyncio.run(_all(tuple(expected), sending, step))


async def _all(expected: tuple[Expected, ...], sending: Sending, step: Callable[[str], None]) -> tuple[Answered, ...]:
    pool = Pool(sending.dialer)
    turns = asyncio.Semaphore(AT_A_TIME)

    async def one(each: Expected) -> Answered:
        async with turns:
            report = await check(each.url, each.caller, sending, pool)
        step(each.url)
        return Answered(each, report, agreement(each, report))

    try:
        return tuple(await asyncio.gather(*(one(each) for each in expected)))
    finally:
        pool.close()


def agreement(expected: Expected, report: UrlReport) -> bool | None:
    """Say whether what was answered is what was expected; None where one of the two leaves it open."""
    call = report.call
    if report.problems:
        return None
    if call.verdict == "undecided":
        # Only the preflight was sent, and it allows the call.
        preflighted = any(each.kind == "preflight" for each in call.exchanges)
        return (
            not expected.at_preflight
            if preflighted and (expected.at_preflight or expected.verdict == "allowed")
            else None
        )
    if expected.verdict == "undecided":
        stopped = bool(call.exchanges) and call.exchanges[-1].kind == "preflight" and call.verdict == "blocked"
        return False if stopped and not expected.at_preflight else None
    return call.verdict == expected.verdict


def findings(answered: Iterable[Answered]) -> tuple[Found, ...]:
    """Return a finding for each call that is not answered as expected."""
    return tuple(_finding(each) for each in answered if each.agrees is False)


def _finding(answered: Answered) -> Found:
    expected, call = answered.expected, answered.report.call
    got = call.verdict if call.verdict != "undecided" else "the preflight allows it"
    thought = expected.verdict + (f" ({expected.error})" if expected.error else "")
    finding = Finding(
        rule=DIFFERS,
        severity=Severity.WARNING,
        confidence=Confidence.HIGH,
        category=Category.ADVICE,
        message=f"{expected.route} at {call.url}: a browser's verdict was expected to be {thought}; what the address answers "
        f"makes it {got}{f' ({call.error})' if call.error else ''}. Something stands in front of the API, the address serves "
        "another definition, or a fact that corsmith rests on is wrong: --save-evidence FILE keeps the exchange.",
        front_door=expected.front_door,
        api=expected.api,
        route=expected.route,
    )
    places = (expected.deployed,) if expected.deployed is not None else ()
    return Found(finding, expected.place, expected.door, places)
