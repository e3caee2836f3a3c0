"""Errors that cost nobody anything, provoked: whether the page could read them, or would see a CORS error instead."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from corsmith.api.caller import Caller
from corsmith.api.cell import Exchange
from corsmith.api.exchange import Headers, NetworkFailure, Response
from corsmith.api.finding import Finding
from corsmith.browser import Page, PageRequest, Verdict, fetch
from corsmith.browser.url import parse_url

from .check import Sending
from .exchange import WITHOUT_EFFECTS, Carrier, Client
from .explain import explain_live
from .passing import passing
from .secrets import masked_request, masked_response, masked_text

_NOWHERE = "corsmith-no-such-path"
_LARGE = "x" * 12_000
"""More than the 10,240 bytes of headers that API Gateway takes (API Gateway developer guide, "Quotas")."""
_PROOFS = ("authorization", "x-api-key", "cookie")


class Attempt(Struct, frozen=True):
    """A call that ought to fail. `what` says how, for people."""

    what: str
    url: str
    caller: Caller


class Provoked(Struct, frozen=True):
    """What came of an attempt. `status` below 400: there was no error. `findings` are empty where the page can read it."""

    attempt: Attempt
    status: int
    readable: bool
    exchange: Exchange | None = None
    findings: tuple[Finding, ...] = ()
    problem: str = ""


def attempts(url: str, caller: Caller, *, send: bool) -> Iterator[Attempt]:
    """Yield the calls to make: with `send` also those that may have effects, which go where nothing ought to happen."""
    safe = replace(caller, method=caller.method if caller.method in WITHOUT_EFFECTS else "GET", body=None)
    yield Attempt("an unknown path", _beside(url), safe)
    for method in ("HEAD", "GET"):
        if method != caller.method:
            yield Attempt(f"the method {method}", url, replace(safe, method=method))
            break
    if any(name.lower() in _PROOFS for name, _ in caller.headers):
        yield Attempt("no token", url, replace(safe, headers=_without_proofs(caller.headers)))
    wrong = (*_without_proofs(caller.headers), ("Authorization", "Bearer corsmith-no-such-token"))
    yield Attempt("a wrong token", url, replace(safe, headers=wrong))
    yield Attempt("headers of 12 kB", url, replace(safe, headers=(*caller.headers, ("X-Corsmith-Large", _LARGE))))
    if send and caller.method not in WITHOUT_EFFECTS and caller.method != "DELETE":
        headers = caller.headers
        if not any(name.lower() == "content-type" for name, _ in headers):
            headers = (*headers, ("Content-Type", "application/json"))
        yield Attempt("a broken body", url, replace(caller, headers=headers, body=b'{"corsmith'))


async def provoke(url: str, caller: Caller, sending: Sending, pool: Carrier) -> tuple[Provoked, ...]:
    """Make every attempt, one after the other. Preflights are taken as passed: they are judged by the call itself."""
    return tuple([await _make(each, sending, pool) for each in attempts(url, caller, send=sending.send)])


async def _make(attempt: Attempt, sending: Sending, pool: Carrier) -> Provoked:
    caller = attempt.caller
    headers = tuple(pair for pair in caller.headers if pair[0].lower() != "cookie")
    cookies = (
        tuple(pair for pair in caller.headers if pair[0].lower() == "cookie") if caller.credentials == "include" else ()
    )
    request = PageRequest(attempt.url, caller.method, headers, caller.credentials, body=caller.body)
    client = Client(caller.origin, pool, sending.timeout, cookies)
    asking = fetch(Page(caller.origin), request, sending.profile)
    answers: dict[int, Response] = {}
    exchange: Exchange | None = None
    try:
        ask = next(asking)
        while True:
            if ask.kind == "preflight":
                ask = asking.send(passing(ask))
                continue
            # A model asks for what two browsers send; once is enough.
            if ask.hop not in answers:
                answer = await client.exchange(ask)
                if isinstance(answer, NetworkFailure):
                    return Provoked(attempt, 0, readable=False, problem=masked_text(answer.reason))
                answers[ask.hop] = answer
                exchange = Exchange("request", masked_request(ask.request), masked_response(answer))
            ask = asking.send(answers[ask.hop])
    except StopIteration as stop:
        verdict: Verdict = stop.value
    status = exchange.response.status if exchange is not None else 0
    findings = explain_live(caller, verdict) if status >= 400 and not verdict.allowed else ()
    return Provoked(attempt, status, verdict.allowed, exchange, findings)


def merged(provoked: tuple[Provoked, ...]) -> tuple[Finding, ...]:
    """Return one finding for each rule, which names every error that shows it."""
    by_rule: dict[str, list[tuple[Finding, Provoked]]] = {}
    for each in provoked:
        for finding in each.findings:
            by_rule.setdefault(finding.rule, []).append((finding, each))
    return tuple(_one(group) for group in by_rule.values())


def _one(group: list[tuple[Finding, Provoked]]) -> Finding:
    finding = group[0][0]
    shown = ", ".join(f"{each.status} for {each.attempt.what}" for _, each in group)
    return replace(finding, message=f"{finding.message} Provoked: {shown}.")


def _beside(url: str) -> str:
    """Return a URL at the same server, in the same folder, where nothing is."""
    target = parse_url(url)
    assert target is not None, "the URL was checked"
    folder = target.path.partition("?")[0].rstrip("/")
    return f"{target.scheme}://{target.text.split('://', 1)[1].split('/', 1)[0]}{folder}/{_NOWHERE}"


def _without_proofs(headers: Headers) -> Headers:
    return tuple(pair for pair in headers if pair[0].lower() not in _PROOFS)
