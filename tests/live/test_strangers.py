"""Origins that must be refused: which are tried, who lets them in, and under which rule that is reported."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable

import pytest

from corsmith.api.caller import Caller
from corsmith.api.finding import Severity
from corsmith.browser.origin import parse_origin
from corsmith.live.check import Sending
from corsmith.live.pool import Pool
from corsmith.live.probing import Probed, probe
from corsmith.live.strangers import strangers
from tests.live.background import Background, serving

APP = "https://app.example.com"
Judge = Callable[[str], bool]
"""From an Origin to whether the server takes it."""


def origin_in(head: bytes) -> str:
    found = re.search(rb"\r\nOrigin: ([^\r]*)\r\n", head)
    return found[1].decode() if found else ""


def answering(takes: Judge, credentials: str = "true") -> Callable[[bytes], bytes]:
    def answers(head: bytes) -> bytes:
        origin = origin_in(head)
        lines = [b"HTTP/1.1 200 OK", b"Content-Length: 0"]
        if takes(origin):
            lines.append(b"Access-Control-Allow-Origin: " + origin.encode())
            lines += [b"Access-Control-Allow-Credentials: " + credentials.encode()] if credentials else []
        return b"\r\n".join([*lines, b"", b""])

    return answers


def at(url: str, caller: Caller) -> Probed:
    async def scenario() -> Probed:
        sending = Sending(timeout=5)
        pool = Pool(sending.dialer)
        try:
            return await probe(url, caller, sending, pool)
        finally:
            pool.close()

    return asyncio.run(scenario())


def probed(takes: Judge, credentials: str = "true", method: str = "GET") -> tuple[Probed, Background]:
    with serving(answering(takes, credentials)) as server:
        return at(f"{server.url}/items?token=s3cr3t", Caller(APP, method, (("X-A", "s3cr3t"),))), server


def test_the_list_holds_what_the_scanners_try() -> None:
    tried = {each.origin for each in strangers(APP, "https://api.example.net")}
    assert {
        "https://attacker.example",
        "null",
        "https://app.example.com.attacker.example",
        "https://corsmithexample.com",
        "https://appxexample.com",
        "http://app.example.com",
        "https://app.example.com:8443",
        "https://APP.EXAMPLE.COM",
        "https://app.example.com.",
        "https://corsmith-probe.app.example.com",
        "https://corsmith-probe.example.com",
        "https://app.example.com@attacker.example",
        "https://app.example.com%60.attacker.example",
        "https://app.example.com_.attacker.example",
        f"{APP}, https://attacker.example",
        "https://api.example.net.attacker.example",
    } <= tried
    assert len(tried) >= 45
    assert not tried & {APP, "https://api.example.net"}


@pytest.mark.parametrize(
    "page", ["null", "http://localhost:5173", "https://[::1]:8443", "http://192.168.1.5", "https://a.b"]
)
def test_every_page_has_strangers(page: str) -> None:
    found = strangers(page, "http://127.0.0.1:3000")
    assert {"any"} <= {each.kind for each in found}
    assert page not in {each.origin for each in found}
    for each in found:
        assert each.sendable == (each.origin == "null" or parse_origin(each.origin) is not None)
        assert "\n" not in each.origin


def test_what_no_browser_sends_is_marked() -> None:
    unsendable = {each.kind for each in strangers(APP, APP) if not each.sendable}
    assert {"userinfo", "case", "list"} <= unsendable
    assert not unsendable & {"any", "null", "http", "port", "suffix", "dot"}


@pytest.mark.parametrize(
    ("takes", "credentials", "rules"),
    [
        (lambda origin: origin == APP, "true", {}),
        (lambda _: False, "true", {}),
        (lambda _: True, "true", {"insecure-reflects-origin-with-credentials": Severity.ERROR}),
        (lambda _: True, "True", {}),
        (lambda _: True, "", {}),
        (lambda origin: origin in (APP, "null"), "true", {"insecure-null-origin": Severity.ERROR}),
        (lambda origin: origin in (APP, "null"), "", {"insecure-null-origin": Severity.WARNING}),
        (lambda origin: origin.startswith(APP), "true", {"insecure-suffix-origin-match": Severity.ERROR}),
        (lambda origin: origin.endswith("example.com"), "", {"insecure-suffix-origin-match": Severity.WARNING}),
        (lambda origin: "app.example.com" in origin, "true",
         {"insecure-suffix-origin-match": Severity.ERROR, "insecure-http-origin-with-credentials": Severity.ERROR}),
        (lambda origin: re.fullmatch("https://app.example.com", origin) is not None, "true",
         {"insecure-regex-origin-bypass": Severity.ERROR}),
        (lambda origin: origin in (APP, "http://app.example.com"), "true",
         {"insecure-http-origin-with-credentials": Severity.ERROR}),
        (lambda origin: origin in (APP, "http://app.example.com"), "", {}),
        (lambda origin: origin.endswith(".example.com"), "true",
         {"insecure-suffix-origin-match": Severity.INFO, "insecure-http-origin-with-credentials": Severity.ERROR}),
        (lambda origin: origin.lower() == APP, "true", {"insecure-suffix-origin-match": Severity.INFO}),
        (lambda origin: origin in (APP, f"{APP}:8443"), "true", {"insecure-suffix-origin-match": Severity.INFO}),
    ],
)  # fmt: skip
def test_each_weakness_is_a_rule(takes: Judge, credentials: str, rules: dict[str, Severity]) -> None:
    found, _ = probed(takes, credentials)
    assert {each.rule: each.severity for each in found.findings} == rules
    assert found.problems == ()
    for each in found.findings:
        assert each.evidence is not None
        assert each.evidence.response is not None
        assert each.evidence.stage == "actual"


def test_an_open_api_without_cookies_is_no_weakness() -> None:
    star = answering(lambda _: False)
    with serving(lambda head: star(head).replace(b"\r\n\r\n", b"\r\nAccess-Control-Allow-Origin: *\r\n\r\n")) as server:
        found = at(server.url, Caller(APP, "GET"))
    assert (found.admitted, found.findings) == ((), ())


def test_methods_with_effects_are_asked_for_and_never_sent() -> None:
    found, server = probed(lambda _: True, method="DELETE")
    assert {head.split(b" ")[0] for head in server.heard} == {b"OPTIONS"}
    assert [each.evidence.stage for each in found.findings if each.evidence] == ["preflight"]
    assert found.tried == len(server.heard)


def test_strangers_do_not_get_the_callers_secrets() -> None:
    found, server = probed(lambda _: True)
    assert all(b"X-A: s3cr3t" not in head for head in server.heard)
    assert "s3cr3t" not in str(found.findings)
    assert {head.split(b" ")[0] for head in server.heard} == {b"OPTIONS", b"GET"}


def test_a_server_that_goes_away_is_one_problem() -> None:
    with serving(lambda _: b"") as server:
        found = at(server.url, Caller(APP, "GET"))
    assert (found.findings, len(found.problems)) == ((), 1)
    assert "closed the connection" in found.problems[0]
