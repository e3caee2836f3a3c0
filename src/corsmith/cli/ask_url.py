"""What is asked of one URL for one caller: the call itself, and what --errors and --probe add."""

from __future__ import annotations

from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from corsmith.api.caller import Caller
from corsmith.api.finding import Finding
from corsmith.live.address import origin_of
from corsmith.live.check import Sending, UrlReport, check
from corsmith.live.exchange import Carrier
from corsmith.live.probing import Probed, probe
from corsmith.live.provoking import Provoked, merged, provoke


class Asked(Struct, frozen=True):
    """The call, and what more was found. `remarks` are sentences about what was tried."""

    call: UrlReport
    findings: tuple[Finding, ...] = ()
    problems: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    waited: float = 0.0
    """Seconds that the server asked for."""


async def ask(url: str, caller: Caller, sending: Sending, pool: Carrier, options: dict[str, Any]) -> Asked:
    """Call `url`, and ask the questions that the flags add. Raises `ValueError` for a URL or an origin that is none."""
    call = await check(url, caller, sending, pool)
    asked = Asked(call, call.findings, call.problems)
    if options["real"] is not None and call.verdict is not None:
        asked = await options["real"].beside(asked, replace(caller, origin=origin_of(caller.origin)), sending)
    # A server that does not answer, or that no browser would call, has no errors to show.
    if call.problems or (not call.call.exchanges and call.call.verdict == "blocked"):
        return asked
    caller = replace(caller, origin=origin_of(caller.origin))
    if options["errors"]:
        asked = _with_errors(asked, await provoke(url, caller, sending, pool))
    if options["probe"]:
        asked = _with_probes(asked, await probe(url, caller, sending, pool))
    return asked


def _with_errors(asked: Asked, provoked: tuple[Provoked, ...]) -> Asked:
    known = {each.rule for each in asked.findings}
    return replace(
        asked,
        findings=(*asked.findings, *(each for each in merged(provoked) if each.rule not in known)),
        problems=(*asked.problems, *dict.fromkeys(each.problem for each in provoked if each.problem)),
        remarks=(*asked.remarks, *_errors_said(provoked)),
    )


def _errors_said(provoked: tuple[Provoked, ...]) -> tuple[str, ...]:
    errors = [each for each in provoked if each.status >= 400]
    shown = [
        f"{each.status} for {each.attempt.what} ({'readable' if each.readable else 'a CORS error'})" for each in errors
    ]
    others = [each.attempt.what for each in provoked if 0 < each.status < 400]
    parts = []
    if shown:
        parts.append(f"errors that the page would see: {', '.join(shown)}")
    if others:
        parts.append(f"no error came of {', '.join(others)}")
    return ("; ".join(parts),) if parts else ()


def _with_probes(asked: Asked, probed: Probed) -> Asked:
    let_in = len(probed.admitted)
    said = f"{probed.tried} origins that must be refused were tried: {probed.tried - let_in} refused, {let_in} let in"
    return replace(
        asked,
        findings=(*asked.findings, *probed.findings),
        problems=(*asked.problems, *probed.problems),
        remarks=(*asked.remarks, said) if not probed.problems else asked.remarks,
    )
