"""A live URL, judged by a real browser beside the model of it.

The page's call goes to the server itself, through a relay that takes TLS off on the way. Two kinds of calls are not made
again, but judged by the browser on the answers that our own client got: those that may have effects, which must not happen
twice, and those that a redirect leads to another server, because the relay has one.
"""

from __future__ import annotations

import asyncio
from typing import Any

from msgspec import Struct

from corsmith.api.caller import Caller
from corsmith.api.exchange import Response, values
from corsmith.browser import Judged, Verdict
from corsmith.browser.url import parse_url

from .browsers import RealBrowser
from .check import Sending, UrlReport
from .dial import Dialer
from .exchange import WITHOUT_EFFECTS
from .relay import relay
from .secrets import masked_text


class RealJudgement(Struct, frozen=True):
    """What a real browser decided. `error` is in its own words; `replayed`: on answers that our client got."""

    allowed: bool
    error: str | None
    console: tuple[str, ...] = ()
    replayed: bool = False

    @property
    def about_cors(self) -> bool:
        """Whether CORS is what stopped the call: other errors have a colon in their name."""
        return self.error is not None and ":" not in self.error


async def judge_real(browser: RealBrowser, report: UrlReport, caller: Caller, sending: Sending) -> RealJudgement:
    """Let `browser` make the call of `report`, which had a verdict of its own. Raises `BrowserError`."""
    verdict = report.verdict
    assert verdict is not None, "only calls that were judged have another opinion"
    url = parse_url(verdict.asked.url)
    assert url is not None, "the URL was called"
    elsewhere = len({each.origin for each in map(parse_url, _urls(verdict)) if each is not None}) > 1
    if elsewhere or caller.method not in WITHOUT_EFFECTS:
        seen = await asyncio.to_thread(browser.judge, [_case(verdict)])
        return _read(seen[0], replayed=True)
    dialer = sending.dialer if isinstance(sending.dialer, Dialer) else Dialer()
    async with relay(url, dialer, 2 * sending.timeout) as port:
        request = {**_request(verdict), "url": url.text}
        seen_live = await asyncio.to_thread(browser.call, caller.origin, request, target=("127.0.0.1", port))
    return _read(seen_live, replayed=False)


def differs(report: UrlReport, real: RealJudgement) -> bool:
    """Say whether the browser and our model of it disagree about CORS."""
    allowed = report.call.verdict == "allowed"
    return allowed is not real.allowed and (real.allowed or real.about_cors)


def _urls(verdict: Verdict) -> tuple[str, ...]:
    return (verdict.asked.url, *(each.request.url for each in verdict.judged))


def _request(verdict: Verdict) -> dict[str, Any]:
    asked = verdict.asked
    return {
        "method": asked.method,
        "headers": [list(pair) for pair in asked.headers],
        "credentials": asked.credentials,
        "body": None if asked.body is None else asked.body.decode("utf-8", "replace"),
    }


def _case(verdict: Verdict) -> dict[str, Any]:
    """Return the exchanges of a call as a case: each hop with its two answers."""
    by_hop: dict[int, dict[str, Judged]] = {}
    for each in verdict.judged:
        by_hop.setdefault(each.hop, {})[each.kind] = each
    hops = []
    for hop in sorted(by_hop):
        some = next(iter(by_hop[hop].values()))
        url = parse_url(some.request.url)
        assert url is not None, "it was called"
        follows = hop + 1 in by_hop
        hops.append({"base": url.origin, **{key: _answer(by_hop[hop].get(kind), follows) for kind, key in _KEYS}})
    return {"name": "live", "origin": verdict.page.origin, "request": _request(verdict), "hops": hops}


_KEYS = (("preflight", "preflight"), ("request", "response"))


def _answer(judged: Judged | None, follows: bool) -> dict[str, Any]:  # noqa: FBT001 - a fact about the hop
    if judged is None or not isinstance(judged.response, Response):
        return {"status": 404, "headers": []}
    kept = [list(pair) for pair in judged.response.headers if pair[0].lower() not in _FRAMING]
    if follows and judged.kind == "request" and values(judged.response.headers, "location"):
        kept = [[name, "{next}" if name.lower() == "location" else value] for name, value in kept]
    return {"status": judged.response.status, "headers": kept}


_FRAMING = ("content-length", "transfer-encoding", "content-encoding", "connection", "keep-alive")
"""What belongs to the body as it was on the wire, which is not kept."""


def _read(seen: dict[str, Any], *, replayed: bool) -> RealJudgement:
    console = seen["observed"].get("console", ())
    return RealJudgement(
        seen["allowed"],
        seen["cors_error"],
        tuple(masked_text(each if isinstance(each, str) else " ".join(map(str, each))) for each in console),
        replayed,
    )
