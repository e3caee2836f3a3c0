"""What is shown of a checked call: plain data for the templates, masked, in the order of reading."""

from __future__ import annotations

from msgspec import Struct

from corsmith.api.cell import Exchange
from corsmith.api.exchange import Headers
from corsmith.api.finding import Finding
from corsmith.api.report import Call
from corsmith.browser import Step
from corsmith.live.check import UrlReport
from corsmith.live.har import Har, Judgement
from corsmith.live.layers import Fingerprint
from corsmith.live.secrets import masked_text
from corsmith.rules import CATALOGUE

from .picture import NAMES, Picture, picture
from .question import Question
from .remedies import NONE, Remedies, remedies

_PAGES = frozenset(rule.id for rule in CATALOGUE)
MOST_CALLS = 200
"""The most calls of a recording that are shown."""
_MAKERS = {
    "handler": "the function",
    "gateway": "the front door itself",
    "mock": "a MOCK integration",
    "authorizer": "the front door, for its authorizer",
    "waf": "AWS WAF",
    "cloudfront": "CloudFront itself",
    "alb": "the load balancer itself",
}


class Line(Struct, frozen=True):
    """A header field. `mark`: "decides", "cors" or ""."""

    name: str
    value: str
    mark: str


class ShownExchange(Struct, frozen=True):
    """A request and its answer."""

    title: str
    request: tuple[Line, ...]
    status: int
    response: tuple[Line, ...]
    layer: str
    stops: bool


class Shown(Struct, frozen=True):
    """A whole answer. `word`: "allowed", "blocked" or "undecided"; `sentence` says it for people."""

    word: str
    sentence: str
    console: str
    error: str
    unproven: str
    problems: tuple[str, ...]
    steps: tuple[Step, ...]
    differs: tuple[str, ...]
    advice: tuple[str, ...]
    exchanges: tuple[ShownExchange, ...]
    findings: tuple[Finding, ...]
    pages: frozenset[str]
    picture: Picture
    remedies: Remedies
    link: str


def shown(question: Question, report: UrlReport) -> Shown:
    """Return what is shown of `report`."""
    call, verdict = report.call, report.verdict
    return Shown(
        call.verdict,
        _sentence(question, report),
        call.console or "",
        call.error or "",
        call.unproven,
        report.problems,
        () if verdict is None else tuple(_masked(step) for step in verdict.steps),
        () if verdict is None else verdict.differs,
        () if verdict is None else tuple(remark.text for remark in verdict.advice),
        tuple(
            exchange_shown(each, seen, stops=call.verdict == "blocked" and at == len(call.exchanges) - 1)
            for at, (each, seen) in enumerate(zip(call.exchanges, report.fingerprints, strict=True))
        ),
        report.findings,
        _PAGES,
        picture(call.exchanges, report.fingerprints, call.verdict),
        remedies(question, report.fingerprints) if call.verdict == "blocked" else NONE,
        question.link,
    )


class ShownCall(Struct, frozen=True):
    """A call of a recording. `word` is its verdict."""

    title: str
    word: str
    console: str
    unproven: str


class Recording(Struct, frozen=True):
    """What a HAR file says, the blocked calls first. `findings` are those of all calls, each once."""

    sentence: str
    calls: tuple[ShownCall, ...]
    left: int
    findings: tuple[Finding, ...]
    problems: tuple[str, ...]
    pages: frozenset[str] = _PAGES


def recording_shown(har: Har, judgement: Judgement) -> Recording:
    """Return what is shown of a judged recording."""
    order = ("blocked", "undecided", "allowed")
    calls = sorted((_call_shown(each) for each in judgement.calls), key=lambda call: order.index(call.word))
    counts = [(sum(call.word == word for call in calls), word) for word in order]
    tally = ", ".join(f"{count} {word}" for count, word in counts if count)
    passed = judgement.same_origin + judgement.others + judgement.unknown_page
    sentence = f"{len(calls)} call{'' if len(calls) == 1 else 's'} to another origin" + (
        f": {tally}." if tally else "."
    )
    if passed:
        are = " is" if passed == 1 else "s are"
        sentence += f" {passed} other request{are} no matter of CORS, or of a page that the file does not name."
    found = {(each.rule, each.message): each for each in judgement.findings}
    return Recording(
        sentence, tuple(calls[:MOST_CALLS]), max(0, len(calls) - MOST_CALLS), tuple(found.values()), har.problems
    )


def _call_shown(call: Call) -> ShownCall:
    method = call.exchanges[-1].request.method if call.exchanges else ""
    return ShownCall(f"{method} {call.url}".strip(), call.verdict, call.console or "", call.unproven)


def _sentence(question: Question, report: UrlReport) -> str:
    word, page = report.call.verdict, question.origin
    if word == "allowed":
        return f"A page at {page} may read the answer."
    if word == "blocked":
        why = report.because.rstrip(".")
        return f"A page at {page} may not read the answer" + (f": {why}." if why else ".")
    return f"Whether a page at {page} may read the answer is open."


def _masked(step: Step) -> Step:
    return Step(step.name, masked_text(step.reason), step.section, step.passed)


def exchange_shown(exchange: Exchange, seen: Fingerprint, *, stops: bool = False) -> ShownExchange:
    """Return what is shown of an exchange; `stops`: the browser stops at its answer."""
    preflight = exchange.kind == "preflight"
    title = f"{'Preflight' if preflight else 'Request'}: {exchange.request.method} {exchange.request.url}"
    return ShownExchange(
        title,
        _lines(exchange.request.headers, decides=False),
        exchange.response.status,
        _lines(exchange.response.headers, decides=stops),
        _layer(seen),
        stops,
    )


def _lines(headers: Headers, *, decides: bool) -> tuple[Line, ...]:
    found = []
    for name, value in headers:
        lower = name.lower()
        cors = lower.startswith("access-control-") or lower in ("origin", "vary")
        found.append(Line(name, value, ("decides" if decides and lower != "vary" else "cors") if cors else ""))
    return tuple(found)


def _layer(seen: Fingerprint) -> str:
    door = NAMES[seen.front_door] if seen.front_door != "unknown" else "No layer of AWS that is known"
    maker = _MAKERS.get(seen.made_by)
    return f"{door}; answered by {maker}. {seen.why}" if maker else f"{door}. {seen.why}"
