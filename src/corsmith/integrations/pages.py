"""What a page at an origin may read: assertions for tests of an application, a handler, or a URL.

    cors.page("https://app.example.com").reads(app, "/items", method="PUT", json={"name": "mug"})

A test fails with the browser's reason: what it prints on the console, what was asked and answered, and the step that decided.
"""

from __future__ import annotations

import json as json_format
from collections.abc import Mapping
from typing import Any
from urllib.parse import urljoin

from msgspec import Struct

from corsmith.api.caller import Caller
from corsmith.api.exchange import Headers, Response, values
from corsmith.browser import Ask, PageRequest, Verdict, drive, fetch
from corsmith.browser import Page as Document
from corsmith.live.address import origin_of
from corsmith.live.check import Sending, check
from corsmith.live.sent import headers_sent

from .said import said
from .served import server_of
from .waiting import waited


class Read(Struct, frozen=True):
    """What came of a call. `headers` are those that the page's script can read; `status` None: it can read nothing."""

    allowed: bool
    error: str | None
    console: str | None
    status: int | None
    headers: dict[str, str]
    body: bytes
    preflight_sent: bool
    told: str
    """All of it as text."""


class Page(Struct, frozen=True):
    """A page at `origin`. `credentials`: its calls carry cookies; `browser` judges: "model", "chromium", "firefox", …"""

    origin: str
    credentials: bool = False
    browser: str = "model"

    def reads(self, target: Any, path: str = "", **call: Any) -> Read:
        """Assert that the page may read what `target` answers, and return it. The arguments are those of `call`."""
        __tracebackhide__ = True
        read = self.call(target, path, **call)
        if not read.allowed:
            raise AssertionError(read.told)
        return read

    def cannot_read(self, target: Any, path: str = "", *, error: str | None = None, **call: Any) -> Read:
        """Assert that the browser refuses. `error` is Chromium's name of the refusal; None takes any."""
        __tracebackhide__ = True
        read = self.call(target, path, **call)
        if read.allowed or (error is not None and read.error != error):
            wanted = f"this call should be blocked{f' ({error})' if error else ''}, and is not so:\n"
            raise AssertionError(wanted + read.told)
        return read

    def call(
        self,
        target: Any,
        path: str = "",
        *,
        method: str = "GET",
        headers: Mapping[str, str] | None = None,
        json: Any = None,
        data: str | bytes | None = None,
        served_by: str | None = None,
        send: bool = False,
        timeout: float = 10.0,
    ) -> Read:
        """Make a call as the page's browser would, and return what came of it.

        `target` is a URL, to which `path` is joined, an ASGI or WSGI application, or a Lambda handler; `served_by` says
        so where the parameters do not ("asgi", "wsgi", or the handler's front door: "http_api", "rest_api",
        "function_url", "alb"). `json` is sent as JSON, `data` as it is. A URL is sent methods that may have effects only
        with `send`. `timeout` in seconds, for a URL. Raises `Undecided` where the network failed or nothing was sent.
        """
        __tracebackhide__ = True
        asked = tuple((headers or {}).items())
        body = data.encode() if isinstance(data, str) else data
        if json is not None:
            body = json_format.dumps(json).encode()
            asked = asked if values(asked, "content-type") else (*asked, ("content-type", "application/json"))
        credentials = "include" if self.credentials else "same-origin"
        caller = Caller(origin_of(self.origin), method, asked, credentials, body)
        if isinstance(target, str):
            return self._live(_joined(target, path), caller, Sending(send, timeout, self.browser))
        return self._here(target, path, caller, served_by)

    def _here(self, target: Any, path: str, caller: Caller, served_by: str | None) -> Read:
        server = server_of(target, served_by)
        answers: dict[tuple[str, int], Response] = {}

        def answer(ask: Ask) -> Response:
            # The model asks for what two browsers send: the program is run once.
            key = (ask.kind, ask.hop)
            if key not in answers:
                answers[key] = server.answer(_as_sent(ask, caller.origin, cookies))
            return answers[key]

        cookies = tuple(pair for pair in caller.headers if pair[0].lower() == "cookie") if self.credentials else ()
        own = tuple(pair for pair in caller.headers if pair[0].lower() != "cookie")
        request = PageRequest(
            f"{server.base}/{path.lstrip('/')}", caller.method, own, caller.credentials, body=caller.body
        )
        verdict = drive(fetch(Document(caller.origin), request, self.browser), answer)
        return _read(verdict, said(verdict, notes=tuple(server.raised)))

    def _live(self, url: str, caller: Caller, sending: Sending) -> Read:
        __tracebackhide__ = True
        report = waited(check(url, caller, sending))
        if report.verdict is None:
            raise Undecided(" ".join((f"{caller.method} {url}:", *report.problems, report.call.unproven)))
        causes = tuple(f"{each.rule}: {each.message}" for each in report.findings)
        return _read(report.verdict, said(report.verdict, causes=causes))


class Cors:
    """The fixture `cors`."""

    def page(self, origin: str, *, credentials: bool = False, browser: str = "model") -> Page:
        """Return a page at `origin`. Raises `ValueError` for what is none."""
        return Page(origin_of(origin), credentials, browser)


class Undecided(AssertionError):  # noqa: N818 - it names the state of the question
    """Nobody knows what the browser would say: the network failed, or the call was not sent. The message says why."""


def _joined(url: str, path: str) -> str:
    return urljoin(url if url.endswith("/") else url + "/", path.lstrip("/")) if path else url


def _as_sent(ask: Ask, origin: str, cookies: Headers) -> Any:
    from msgspec.structs import replace

    from corsmith.browser.url import parse_url

    url = parse_url(ask.request.url)
    assert url is not None, "the browser asks for URLs that it could read"
    return replace(ask.request, headers=headers_sent(ask, url, origin, cookies if ask.kind == "request" else ()))


def _read(verdict: Verdict, told: str) -> Read:
    last = verdict.judged[-1].response if verdict.judged else None
    answered = last if verdict.allowed and isinstance(last, Response) else None
    headers = {} if answered is None else {name: ", ".join(values(answered.headers, name)) for name in verdict.exposed}
    return Read(
        allowed=verdict.allowed,
        error=verdict.failure.chromium if verdict.failure is not None else None,
        console=verdict.console,
        status=None if answered is None else answered.status,
        headers=headers,
        body=b"" if answered is None else answered.body,
        preflight_sent=verdict.preflight_sent,
        told=told,
    )
