"""Trying origins that must be refused, on the preflight and on the request; nothing that may have effects is sent."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterable

from msgspec import Struct

from corsmith.api.caller import Caller
from corsmith.api.exchange import Headers, NetworkFailure, Request, Response, values
from corsmith.api.finding import Category, Confidence, Evidence, Finding, Severity
from corsmith.browser import Ask
from corsmith.browser.url import parse_url

from .check import Sending
from .exchange import WITHOUT_EFFECTS, Carrier, Client
from .layers import fingerprint
from .secrets import masked_headers, masked_request, masked_response, masked_text
from .strangers import Stranger, strangers

_AT_A_TIME = 6
_RULES = {
    "any": "insecure-reflects-origin-with-credentials",
    "null": "insecure-null-origin",
    "prefix": "insecure-suffix-origin-match",
    "suffix": "insecure-suffix-origin-match",
    "dot": "insecure-regex-origin-bypass",
    "http": "insecure-http-origin-with-credentials",
}
"""The rule that each kind of stranger breaks. The other kinds belong to the page's own people: advice, under the rule of
loose comparisons."""
_ONLY_WITH_CREDENTIALS = ("insecure-reflects-origin-with-credentials", "insecure-http-origin-with-credentials")
_SAID = {
    "any": "Whatever origin a request names is sent back: {origins}. Compare the Origin with a list.",
    "null": "The origin null is allowed. Every sandboxed frame has it, so any site can get it. Take it out of the list.",
    "prefix": "The test of the Origin also accepts {origins}, which anybody can register. Compare whole origins with a list.",
    "suffix": "The test of the Origin also accepts {origins}, which anybody can register. Compare whole origins with a list.",
    "dot": (
        "The pattern that origins are compared with also accepts {origins}, which anybody can register. Escape its dots and "
        "anchor it at both ends, or compare with a list."
    ),
    "http": (
        "The origin {origins} is allowed with credentials. Whoever can change unencrypted traffic can put a script into that "
        "page, and read with the visitor's cookies. Allow the https origin alone."
    ),
}
_OWN = "The test of the Origin also accepts {origins}. That is right only if all of these are yours: compare whole origins."
_NEVER_SENT = " No browser sends {them}; the comparison is loose all the same."


class Admitted(Struct, frozen=True):
    """A stranger who was let in. `credentials`: with the visitor's cookies. `stage`: "preflight" or "actual"."""

    stranger: Stranger
    credentials: bool
    stage: str
    request: Request
    response: Response


class Probed(Struct, frozen=True):
    """What came of it: how many origins were tried, who was let in, what did not work out."""

    tried: int
    admitted: tuple[Admitted, ...]
    findings: tuple[Finding, ...]
    problems: tuple[str, ...] = ()


async def probe(url: str, caller: Caller, sending: Sending, pool: Carrier) -> Probed:
    """Try every stranger at `url`, which `caller` is meant to call. Findings name the security rules."""
    target = parse_url(url)
    assert target is not None, "the URL was checked"
    tries = strangers(caller.origin, target.origin)
    turns = asyncio.Semaphore(_AT_A_TIME)

    async def one(stranger: Stranger) -> Admitted | str | None:
        async with turns:
            return await _try(stranger, url, caller, Client(stranger.origin, pool, sending.timeout))

    results = await asyncio.gather(*(one(each) for each in tries))
    admitted = tuple(each for each in results if isinstance(each, Admitted))
    problems = tuple(dict.fromkeys(masked_text(each) for each in results if isinstance(each, str)))
    return Probed(len(tries), admitted, findings_of(caller, admitted), problems[:1])


async def _try(stranger: Stranger, url: str, caller: Caller, client: Client) -> Admitted | str | None:
    """Ask for one stranger; the request tells more than the preflight."""
    names = ",".join(sorted({name.lower() for name, _ in caller.headers if name.lower() != "cookie"}))
    asked: Headers = (("Access-Control-Request-Method", caller.method),)
    if names:
        asked = (*asked, ("Access-Control-Request-Headers", names))
    own = (("Origin", stranger.origin),)
    asks = [Ask("preflight", Request("OPTIONS", url, (("Accept", "*/*"), *asked, *own)))]
    if caller.method in WITHOUT_EFFECTS:
        # What the caller sends to prove who it is stays with the caller: a stranger would not have it.
        asks.insert(0, Ask("request", Request(caller.method, url, own)))
    found: Admitted | None = None
    for ask in asks:
        answer = await client.exchange(ask)
        if isinstance(answer, NetworkFailure):
            return answer.reason
        if found is None and ", ".join(values(answer.headers, "access-control-allow-origin")) == stranger.origin:
            credentials = values(answer.headers, "access-control-allow-credentials") == ("true",)
            stage = "preflight" if ask.kind == "preflight" else "actual"
            found = Admitted(stranger, credentials, stage, ask.request, answer)
    return found


def findings_of(caller: Caller, admitted: Iterable[Admitted]) -> tuple[Finding, ...]:
    """Return one finding for each rule that is broken. Where any origin is sent back, that says it all."""
    everybody = [each for each in admitted if each.stranger.kind == "any"]
    if everybody:
        return _told(caller, "any", _RULES["any"], everybody)
    by_kind: defaultdict[str, list[Admitted]] = defaultdict(list)
    for each in admitted:
        kind = each.stranger.kind
        by_kind[kind if kind in _RULES and each.stranger.sendable else "own"].append(each)
    if by_kind["suffix"]:
        # Whoever ends like the page is let in, whatever stands at the dot.
        by_kind["suffix"] += by_kind.pop("dot", [])
    found: list[Finding] = []
    told: set[str] = set()
    for kind in (*_RULES, "own"):
        rule = _RULES.get(kind, "insecure-suffix-origin-match")
        if by_kind[kind] and rule not in told:
            same = [each for other in by_kind if _RULES.get(other, "") == rule for each in by_kind[other]] or by_kind[
                kind
            ]
            made = _told(caller, kind, rule, same)
            told.update(each.rule for each in made)
            found += made
    return tuple(found)


def _told(caller: Caller, kind: str, rule: str, admitted: list[Admitted]) -> tuple[Finding, ...]:
    credentials = any(each.credentials for each in admitted)
    if rule in _ONLY_WITH_CREDENTIALS and not credentials:
        return ()
    # The one that shows most: readable, and with cookies.
    worst = max(admitted, key=lambda each: (each.credentials, each.stage == "actual"))
    shown = [each.stranger.origin for each in admitted]
    origins = ", ".join(shown[:3]) + (f" and {len(shown) - 3} more" if len(shown) > 3 else "")
    message = _SAID.get(kind, _OWN).format(origins=origins)
    severity = Severity.INFO
    if kind in _SAID:
        severity = Severity.ERROR if credentials else Severity.WARNING
    elif not any(each.stranger.sendable for each in admitted):
        message += _NEVER_SENT.format(them="that" if len(shown) == 1 else "those")
    layer = fingerprint(worst.request, worst.response)
    url = parse_url(worst.request.url)
    assert url is not None, "it was called"
    return (
        Finding(
            rule=rule,
            severity=severity,
            confidence=Confidence.HIGH,
            category=Category.SECURITY,
            message=message,
            front_door=layer.front_door,
            api=url.host or "",
            route=f"{caller.method.upper()} {url.path.partition('?')[0]}",
            evidence=Evidence(
                masked_request(worst.request),
                "include" if credentials else "same-origin",
                worst.stranger.origin,
                masked_response(worst.response),
                worst.stage,
                None,
                masked_headers(caller.headers) if worst.stage == "preflight" else (),
            ),
        ),
    )
