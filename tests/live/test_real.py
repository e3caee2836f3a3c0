"""A real browser beside the model, on live URLs: through the command, over plain HTTP and TLS, with and without redirects."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest
from click.testing import CliRunner, Result

from corsmith.api.caller import Caller
from corsmith.api.report import Call
from corsmith.browser.url import parse_url
from corsmith.cli import main
from corsmith.live.browsers import Chromium
from corsmith.live.browsers.certificate import server_context
from corsmith.live.check import Sending, UrlReport, check
from corsmith.live.dial import Dialer
from corsmith.live.real import RealJudgement, differs, judge_real
from corsmith.live.relay import relay
from tests.live.background import serving

APP = "https://app.example.com"
OPEN = b"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nContent-Length: 2\r\n\r\nhi"
SHUT = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"
ALLOWING = (
    b"HTTP/1.1 204 None\r\nAccess-Control-Allow-Origin: *\r\nAccess-Control-Allow-Methods: PUT\r\n"
    b"Access-Control-Allow-Headers: x-a\r\n\r\n"
)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["check", *arguments, "--origin", APP], catch_exceptions=False)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Chromium]:
    with Chromium() as browser:
        yield browser


def judged(browser: Chromium, url: str, caller: Caller, *, send: bool = False) -> tuple[UrlReport, RealJudgement]:
    async def scenario() -> tuple[UrlReport, RealJudgement]:
        sending = Sending(send=send, timeout=5, profile="chromium")
        report = await check(url, caller, sending)
        return report, await judge_real(browser, report, caller, sending)

    return asyncio.run(scenario())


@pytest.mark.chromium
def test_chromium_makes_the_call_itself(chromium: Chromium) -> None:
    with serving(
        lambda head: ALLOWING if head.startswith(b"OPTIONS") else SHUT if b"/shut" in head else OPEN
    ) as server:
        for path, allowed, error in (("/open", True, None), ("/shut", False, "MissingAllowOriginHeader")):
            server.heard.clear()
            report, real = judged(chromium, server.url + path, Caller(APP, "GET", (("X-A", "1"),)))
            assert (real.allowed, real.error, real.replayed) == (allowed, error, False)
            assert not differs(report, real)
            assert [head.split(b" ")[0] for head in server.heard] == [b"OPTIONS", b"GET"] * 2


@pytest.mark.chromium
def test_effects_do_not_happen_again(chromium: Chromium) -> None:
    with serving(lambda head: ALLOWING if head.startswith(b"OPTIONS") else OPEN) as server:
        _, real = judged(chromium, server.url, Caller(APP, "PUT", body=b"{}"), send=True)
        assert (real.allowed, real.replayed) == (True, True)
        assert [head.split(b" ")[0] for head in server.heard] == [b"OPTIONS", b"PUT"]


@pytest.mark.chromium
def test_redirects_to_another_server_are_judged_on_the_answers_that_came(chromium: Chromium) -> None:
    with serving(lambda _: OPEN) as last:
        moved = b"HTTP/1.1 302 Found\r\nAccess-Control-Allow-Origin: *\r\nLocation: %s/new\r\nContent-Length: 0\r\n\r\n"
        with serving(lambda _: moved % last.url.replace("127.0.0.1", "localhost").encode()) as first:
            report, real = judged(chromium, first.url, Caller(APP, "GET"))
        assert len(last.heard) == 1
    assert (report.call.verdict, real.allowed, real.replayed) == ("allowed", True, True)


@pytest.mark.chromium
def test_the_command_says_what_chromium_decides() -> None:
    with serving(lambda _: SHUT) as server:
        result = run(server.url, "--browser", "real-chromium", "--format", "json")
        away = run(f"{server.url.rpartition(':')[0]}:{server.port + 1}", "--browser", "real-chromium")
    report = json.loads(result.stdout)
    assert (result.exit_code, report["verdict"], report["error"]) == (1, "blocked", "MissingAllowOriginHeader")
    assert report["remarks"][0]["message"] == "Chromium itself decides: blocked (MissingAllowOriginHeader)."
    assert away.exit_code == 2


@pytest.mark.firefox
def test_the_command_says_what_firefox_decides() -> None:
    with serving(lambda _: OPEN) as server:
        result = run(server.url, "--browser", "real-firefox", "--format", "json")
        assert len(server.heard) == 2
    report = json.loads(result.stdout)
    assert (result.exit_code, report["verdict"]) == (0, "allowed")
    assert report["remarks"][0]["message"] == "Firefox itself decides: allowed."


class Fixed:
    """A browser that decides as it is told."""

    def __init__(self, *, allowed: bool, error: str | None) -> None:
        self.seen: dict[str, Any] = {"allowed": allowed, "cors_error": error, "observed": {"console": ["says so"]}}

    def call(self, *_: Any, **__: Any) -> dict[str, Any]:
        return self.seen

    def __enter__(self) -> Fixed:
        return self

    def close(self) -> None:
        """End nothing."""


@pytest.mark.parametrize(
    ("answer", "fixed", "verdict", "error", "disagrees"),
    [
        (OPEN, Fixed(allowed=False, error="AllowOriginMismatch"), "blocked", "AllowOriginMismatch", True),
        (SHUT, Fixed(allowed=True, error=None), "allowed", None, True),
        (OPEN, Fixed(allowed=False, error="net::ERR_CONNECTION_RESET"), "allowed", None, False),
        (OPEN, Fixed(allowed=True, error=None), "allowed", None, False),
    ],
)
def test_disagreement_is_a_defect_of_ours(
    answer: bytes, fixed: Fixed, verdict: str, error: str | None, *, disagrees: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("corsmith.live.browsers.Chromium", lambda: fixed)
    with serving(lambda _: answer) as server:
        report = json.loads(run(server.url, "--browser", "real-chromium", "--format", "json").stdout)
    assert (report["verdict"], report["error"]) == (verdict, error)
    assert ("a defect of corsmith" in report["remarks"][0]["message"]) is disagrees


def test_a_browser_that_is_missing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CORSMITH_CHROMIUM", "/nowhere/chromium")
    result = run("http://127.0.0.1:9999/", "--browser", "real-chromium")
    assert result.exit_code == 2
    assert result.stderr.startswith("corsmith: --browser real-chromium: ")


def test_only_urls_have_a_server_for_a_browser() -> None:
    assert "is for URLs" in run(".", "--browser", "real-firefox").stderr


def test_a_call_without_a_verdict_differs_from_nothing() -> None:
    report = UrlReport(Call("https://a.example/", (), "allowed", None, None))
    assert not differs(report, RealJudgement(allowed=False, error="js:TypeError"))


def test_the_relay_takes_tls_off_and_changes_nothing() -> None:
    async def through(url: str, dialer: Dialer) -> bytes:
        target = parse_url(url)
        assert target is not None
        async with relay(target, dialer, 5) as port:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(b"GET / HTTP/1.1\r\nHost: a.example\r\n\r\n")
            answer = await reader.readexactly(len(OPEN))
            writer.transport.abort()
            return answer

    tls = server_context("localhost")
    with serving(lambda _: OPEN, tls=tls) as server:
        trusting = Dialer(tls=_trusting(server.port))
        assert asyncio.run(through(f"https://localhost:{server.port}/", trusting)) == OPEN
        assert server.heard == [b"GET / HTTP/1.1\r\nHost: a.example\r\n\r\n"]


def _trusting(port: int) -> Any:
    import ssl

    return ssl.create_default_context(cadata=ssl.get_server_certificate(("localhost", port)))


def test_the_relay_ends_what_does_not_end() -> None:
    async def through(url: str) -> bytes:
        target = parse_url(url)
        assert target is not None
        async with relay(target, Dialer(), 0.3) as port:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(b"GET / HTTP/1.1\r\nHost: a.example\r\n\r\n")
            data = await reader.read()
            writer.transport.abort()
            return data

    with serving(lambda _: b"HTTP/1.1 200 OK\r\n\r\nand no end") as server:
        assert asyncio.run(through(server.url)).endswith(b"and no end")
    # Nobody is there: the connection ends at once.
    assert asyncio.run(through(server.url)) == b""
