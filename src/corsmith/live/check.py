"""Checking a URL: the browser's CORS protocol, driven over real HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from corsmith.api.caller import Caller
from corsmith.api.cell import Exchange
from corsmith.api.exchange import Headers, NetworkFailure, Response
from corsmith.api.finding import Finding
from corsmith.api.report import Call
from corsmith.browser import Ask, Page, PageRequest, Verdict, fetch

from .address import address, origin_of
from .dial import Dialer, Dials
from .exchange import WITHOUT_EFFECTS, Carrier, Client
from .explain import explain_live, probed, probes_for
from .explain.stopped import Probed
from .layers import Fingerprint, fingerprint
from .pool import Pool
from .secrets import masked_request, masked_response, masked_text, masked_url

BECAUSE_OF_EFFECTS = "because it may have effects."
"""How `Call.unproven` ends where a call was not sent for that reason."""


class Sending(Struct, frozen=True):
    """How calls are made. `send`: also those that may have effects. `timeout` in seconds, for each exchange."""

    send: bool = False
    timeout: float = 10.0
    profile: str = "model"
    dialer: Dials = field(default_factory=Dialer)


class UrlReport(Struct, frozen=True):
    """What came of one call. `call` is as the page's browser saw it; nothing in it needs masking any more.

    `problems` are failures of the network, one sentence each: they say nothing about CORS, and the verdict is then
    "undecided". `fingerprints` belong to `call.exchanges`, in their order. `verdict` is the browser's own, None when
    it had none; what it holds is as it was sent, secrets included.
    """

    call: Call
    findings: tuple[Finding, ...] = ()
    problems: tuple[str, ...] = ()
    fingerprints: tuple[Fingerprint, ...] = ()
    verdict: Verdict | None = None
    because: str = ""
    """Why the browser stopped the call, in its own terms; also where that is not a matter of CORS."""
    probes: tuple[Exchange, ...] = ()
    """What was asked beyond the call, to tell causes apart. No part of the verdict."""


def check_url(
    url: str, caller: Caller, *, send: bool = False, timeout: float = 10.0, profile: str = "model"
) -> UrlReport:
    """Call `url` as a page of `caller` would, and say what its browser makes of it.

    `profile`: "model", "standard", "chromium", "firefox" or "webkit". Without `send` a call whose method may have
    effects stops after its preflight. Raises `ValueError` for a URL or an origin that is none.
    """
    return asyncio.run(check(url, caller, Sending(send, timeout, profile)))


Told = Callable[[Exchange, Fingerprint], None]
"""Takes an exchange when its answer is there, masked, and which layer answered."""


async def check(
    url: str, caller: Caller, sending: Sending, pool: Carrier | None = None, told: Told | None = None
) -> UrlReport:
    """Do the same inside a running event loop. `pool` holds the connections of earlier calls, for this one as well.

    `told` is called with each exchange of the call as it happens.
    """
    if pool is None:
        own = Pool(sending.dialer)
        try:
            return await check(url, caller, sending, own, told)
        finally:
            own.close()
    target = address(url)
    origin = origin_of(caller.origin)
    caller = replace(caller, origin=origin)
    carries = caller.credentials == "include" or (caller.credentials == "same-origin" and origin == target.origin)
    cookies = tuple(pair for pair in caller.headers if pair[0].lower() == "cookie")
    request = PageRequest(
        url.strip(), caller.method, _without_cookies(caller.headers), caller.credentials, body=caller.body
    )
    client = Client(origin, pool, sending.timeout, cookies if carries else ())
    return await _Driven(caller, request, client, sending, told).run()


class _Stopped(Exception):  # noqa: N818 - a call that goes no further, which is no error
    """The call goes no further; the message says why."""


class _NotSent(_Stopped):
    """A call that may have effects was not sent."""


class _Driven(Struct):
    """One call under way."""

    caller: Caller
    request: PageRequest
    client: Client
    sending: Sending
    told: Told | None = None
    exchanges: list[Exchange] = field(default_factory=list)
    layers: list[Fingerprint] = field(default_factory=list)
    """Which layer made each of the exchanges' answers."""
    effects: dict[tuple[str, str, int], Response] = field(default_factory=dict)

    async def run(self) -> UrlReport:
        asking = fetch(Page(self.caller.origin), self.request, self.sending.profile)
        try:
            ask = next(asking)
            while True:
                ask = asking.send(await self._answer(ask))
        except StopIteration as stop:
            return await self._judged(stop.value)
        except _NotSent as unproven:
            return self._undecided(unproven=str(unproven))
        except _Stopped as problem:
            return self._undecided(problem=str(problem))

    async def _answer(self, ask: Ask) -> Response:
        method = ask.request.method
        harmless = ask.kind == "preflight" or method in WITHOUT_EFFECTS
        if not harmless and not self.sending.send:
            raise _NotSent(self._left_open(method))
        key = (method, ask.request.url, ask.hop)
        # The model asks for what two browsers send. They may differ in a header, but effects must not happen twice.
        if not harmless and key in self.effects:
            return self.effects[key]
        answer = await self.client.exchange(ask)
        if isinstance(answer, NetworkFailure):
            raise _Stopped(answer.reason)
        layer = fingerprint(ask.request, answer)
        self.layers.append(layer)
        response = replace(answer, made_by=layer.made_by)
        exchange = Exchange(ask.kind, ask.request, response)
        self.exchanges.append(exchange)
        if self.told is not None:
            (shown,) = _shown((exchange,))
            self.told(shown, layer)
        if not harmless:
            self.effects[key] = response
        return response

    def _left_open(self, method: str) -> str:
        asked = any(each.kind == "preflight" for each in self.exchanges)
        before = "The preflight allows it." if asked else "Browsers send it without a preflight."
        return f"{before} The {method} itself was not sent, {BECAUSE_OF_EFFECTS}"

    async def _judged(self, verdict: Verdict) -> UrlReport:
        console = verdict.console
        call = Call(
            masked_url(self.request.url),
            _shown(self.exchanges),
            "allowed" if verdict.allowed else "blocked",
            # What a script is told when its call cannot be made quotes the URL.
            masked_text(verdict.failure.chromium) if verdict.failure is not None else None,
            masked_text(console) if console is not None else None,
        )
        because = "" if verdict.allowed else masked_text(verdict.steps[-1].reason)
        probe, probes = await self._probe(verdict)
        findings = explain_live(self.caller, verdict, probe)
        return UrlReport(call, findings, (), tuple(self.layers), verdict, because, probes)

    async def _probe(self, verdict: Verdict) -> tuple[Probed | None, tuple[Exchange, ...]]:
        """Ask more questions where they tell causes apart. A network that fails now takes nothing back."""
        latest, made = None, []
        for ask in probes_for(verdict):
            response = await self.client.exchange(ask)
            if isinstance(response, NetworkFailure):
                break
            latest = probed(ask, response)
            made.append(Exchange("preflight", ask.request, response))
            if latest.allows:
                break
        return latest, _shown(made)

    def _undecided(self, *, unproven: str = "", problem: str = "") -> UrlReport:
        open_question = unproven or "The network failed before the browser could decide."
        call = Call(masked_url(self.request.url), _shown(self.exchanges), "undecided", None, None, open_question)
        return UrlReport(call, (), (masked_text(problem),) if problem else (), tuple(self.layers))


def _shown(exchanges: Sequence[Exchange]) -> tuple[Exchange, ...]:
    return tuple(
        Exchange(each.kind, masked_request(each.request), masked_response(each.response)) for each in exchanges
    )


def _without_cookies(headers: Headers) -> Headers:
    return tuple(pair for pair in headers if pair[0].lower() != "cookie")
