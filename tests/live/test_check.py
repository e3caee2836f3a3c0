"""A URL, checked over real HTTP: recorded cases, what is sent and what is not, and networks that fail."""

from __future__ import annotations

import asyncio
import json
import socket
import ssl
from pathlib import Path
from typing import Any

import pytest

from corsmith.api.caller import Caller
from corsmith.api.exchange import Headers
from corsmith.live.browsers.case import prepare
from corsmith.live.browsers.certificate import server_context
from corsmith.live.browsers.server import LocalServer
from corsmith.live.browsers.site import Site
from corsmith.live.check import Sending, UrlReport, check, check_url
from corsmith.live.dial import Dialer
from corsmith.live.public import is_public

from .servers import Everywhere, Scripted

RECORDED = json.loads((Path(__file__).parents[1] / "browser" / "data" / "recorded.json").read_text("utf-8"))
APP = "https://app.example.com"
BEYOND_A_CALLER = ("mode", "redirect", "via", "stream")
"""What a case says of a request that `check` has no flag for."""


def sayable(case: dict[str, Any]) -> bool:
    request = case["request"]
    usual = {"mode": "cors", "redirect": "follow", "via": "fetch", "stream": False}
    return all(request.get(key) in (None, usual[key]) for key in BEYOND_A_CALLER)


@pytest.mark.parametrize("profile", ["chromium", "firefox"])
def test_recorded_cases_are_judged_as_browsers_did(profile: str) -> None:
    cases = [each for each in RECORDED if sayable(each["case"])]
    assert len(cases) > 390

    async def scenario() -> list[UrlReport]:
        site = Site()
        server = LocalServer(site, server_context())
        await server.start()
        sending = Sending(send=True, profile=profile, dialer=Everywhere(server.port))
        reports = []
        for number, each in enumerate(cases):
            case = site.cases[f"k{number}"] = prepare(each["case"], f"k{number}")
            reports.append(await check(case.hops[0].url, caller_of(each["case"]), sending))
        await server.stop()
        return reports

    for each, report in zip(cases, asyncio.run(scenario()), strict=True):
        known, name = each[profile], each["case"]["name"]
        if name.endswith("conn-close"):
            assert report.call.verdict == "undecided"
            assert "closed the connection" in report.problems[0]
            continue
        assert report.verdict is not None, name
        assert report.call.verdict == ("allowed" if known["allowed"] else "blocked"), name
        if not (known["error"] or "").startswith("js:"):
            assert report.verdict.error == known["error"], name
        assert report.verdict.preflight_sent == known["preflight_sent"], name
        assert sorted(report.verdict.exposed) == sorted(known["visible_headers"]), name
        about_cors = known["error"] and ":" not in known["error"] and known["error"] != "CORSDidNotSucceed2"
        explained = bool(report.findings) and not known["allowed"]
        assert explained == bool(about_cors and known["error"] != "RedirectContainsCredentials"), name


def caller_of(case: dict[str, Any]) -> Caller:
    request = case["request"]
    body = request.get("body")
    return Caller(
        case["origin"],
        request["method"],
        tuple((name, value) for name, value in request["headers"]),
        request.get("credentials", "same-origin"),
        None if body is None else body.encode(),
    )


OK = b"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nContent-Length: 2\r\n\r\nhi"
ALLOWING = (
    b"HTTP/1.1 204 No Content\r\nAccess-Control-Allow-Origin: *\r\nAccess-Control-Allow-Methods: PUT, DELETE\r\n"
    b"Access-Control-Allow-Headers: content-type, authorization, x-api-key\r\n\r\n"
)
REFUSING = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"


def checked(
    answers: list[bytes],
    method: str = "GET",
    headers: Headers = (),
    credentials: str = "same-origin",
    *,
    send: bool = False,
    path: str = "/items",
    origin: str = APP,
    host: str = "localhost",
) -> tuple[UrlReport, list[bytes]]:
    """Check a URL of a scripted server. Returns the report, and the requests' heads that the server saw."""

    async def scenario() -> tuple[UrlReport, list[bytes]]:
        async with Scripted(list(answers)).serving() as server:
            caller = Caller(origin, method, headers, credentials, b"{}" if method in ("PUT", "POST") else None)
            sending = Sending(send=send, timeout=5)
            report = await check(f"http://{host}:{server.port}{path}", caller, sending)
            return report, server.heard or []

    return asyncio.run(scenario())


def test_a_simple_call_is_one_exchange() -> None:
    report, heard = checked([OK])
    assert (report.call.verdict, report.call.error, report.problems) == ("allowed", None, ())
    # The page is deployed, the server is not.
    assert [finding.rule for finding in report.findings] == ["local-network-access"]
    assert [each.kind for each in report.call.exchanges] == ["request"]
    assert heard[0].startswith(b"GET /items HTTP/1.1\r\nHost: localhost:")
    assert b"\r\nOrigin: https://app.example.com\r\n" in heard[0]


def test_the_preflight_comes_first_and_decides() -> None:
    report, heard = checked([REFUSING], "DELETE")
    assert (report.call.verdict, report.call.error) == ("blocked", "PreflightMissingAllowOriginHeader")
    assert [head.split(b" ")[0] for head in heard] == [b"OPTIONS"]
    assert b"\r\nAccess-Control-Request-Method: DELETE\r\n" in heard[0]
    assert report.call.console is not None
    assert "has been blocked by CORS policy: Response to preflight request" in report.call.console
    assert [finding.rule for finding in report.findings] == ["preflight-blocked-in-front"]
    assert report.because


@pytest.mark.parametrize(
    ("method", "sends", "words"),
    [
        ("DELETE", [b"OPTIONS"], "The preflight allows it. The DELETE itself was not sent"),
        ("POST", [], "Browsers send it without a preflight. The POST itself was not sent"),
        ("patch", [b"OPTIONS"], None),
    ],
)
def test_methods_with_effects_are_not_sent_unasked(method: str, sends: list[bytes], words: str | None) -> None:
    report, heard = checked([ALLOWING], method)
    assert [head.split(b" ")[0] for head in heard] == sends
    if words is None:
        assert report.call.verdict == "blocked"
    else:
        assert (report.call.verdict, report.call.error, report.problems) == ("undecided", None, ())
        assert report.call.unproven.startswith(words)


def test_with_send_they_are_sent_once() -> None:
    report, heard = checked([ALLOWING, OK], "PUT", (("Content-Type", "application/json"),), send=True)
    assert report.call.verdict == "allowed"
    assert [head.split(b" ")[0] for head in heard] == [b"OPTIONS", b"PUT"]


def test_effects_never_happen_twice_for_two_browsers() -> None:
    # Firefox sends a page's own User-Agent, Chromium its own: the model asks for both, and one PUT is enough.
    allowing = ALLOWING.replace(b"content-type", b"content-type, user-agent")
    _, heard = checked([allowing, OK, allowing, OK], "PUT", (("User-Agent", "mine"),), send=True)
    assert [head.split(b" ")[0] for head in heard].count(b"PUT") == 1


def test_secrets_go_out_and_are_not_shown() -> None:
    secret = "s3cr3t"
    headers = (("Authorization", f"Bearer {secret}"), ("X-Api-Key", secret), ("Cookie", f"sid={secret}"))
    exact = OK.replace(b": *", f": {APP}\r\nAccess-Control-Allow-Credentials: true".encode())
    allowing = ALLOWING.replace(b"Origin: *", f"Origin: {APP}\r\nAccess-Control-Allow-Credentials: true".encode())
    for answers, verdict in (([allowing, exact], "allowed"), ([allowing, OK], "blocked"), ([REFUSING], "blocked")):
        report, heard = checked(answers, "GET", headers, "include", path=f"/items?token={secret}")
        assert report.call.verdict == verdict
        assert secret not in str(report.call) + str(report.findings) + str(report.problems) + report.because
        assert b"Cookie" not in heard[0]
        assert b"Authorization" not in heard[0]
        if len(answers) > 1:
            assert f"Cookie: sid={secret}".encode() in heard[1]
            assert f"Authorization: Bearer {secret}".encode() in heard[1]


def test_a_password_in_the_url_is_not_shown_either() -> None:
    report = check_url("https://user:s3cr3t@nothing.invalid/?token=s3cr3t", Caller(APP, "GET"))
    assert (report.call.verdict, report.call.exchanges) == ("blocked", ())
    assert "s3cr3t" not in str(report.call) + report.because


def test_a_cookie_stays_at_home_unless_the_call_includes_credentials() -> None:
    _, heard = checked([OK], headers=(("Cookie", "sid=1"),))
    assert b"Cookie" not in heard[0]


NO_CORS = b"HTTP/1.1 200 OK\r\napigw-requestid: x\r\nContent-Length: 0\r\n\r\n"


@pytest.mark.parametrize(
    ("last", "rule", "probes"),
    [
        (b"HTTP/1.1 204 None\r\napigw-requestid: x\r\n\r\n", "origin-mismatch", 1),
        (b"", "httpapi-no-cors-config", 0),
    ],
)
def test_more_is_asked_where_it_helps_and_shown_apart(last: bytes, rule: str, probes: int) -> None:
    report, heard = checked([NO_CORS, last])
    assert [head.split(b" ")[0] for head in heard] == [b"GET", b"OPTIONS"]
    assert [finding.rule for finding in report.findings] == [rule]
    assert [each.kind for each in report.call.exchanges] == ["request"]
    assert len(report.probes) == probes
    assert (report.call.verdict, report.problems) == ("blocked", ())


def test_asking_ends_with_the_first_answer_that_tells() -> None:
    silent = b"HTTP/1.1 200 OK\r\nx-amzn-requestid: x\r\nContent-Length: 0\r\n\r\n"
    speaking = silent.replace(b"x-amzn", b"Access-Control-Allow-Origin: *\r\nx-amzn")
    report, heard = checked([silent, silent, speaking], "PUT", (("X-A", "1"),))
    asked = [head.partition(b"Access-Control-Request-Method: ")[2].partition(b"\r\n")[0] for head in heard]
    assert asked == [b"PUT", b"PUT", b"GET"]
    assert [finding.rule for finding in report.findings] == ["allow-methods-missing"]


def test_redirects_are_followed_hop_by_hop() -> None:
    async def scenario() -> tuple[UrlReport, list[bytes]]:
        async with Scripted([OK.replace(b"*", b"null")]).serving() as last:
            moved = (
                f"HTTP/1.1 302 Found\r\nAccess-Control-Allow-Origin: *\r\nLocation: http://127.0.0.1:{last.port}/new\r\n"
                "Content-Length: 0\r\n\r\n"
            )
            async with Scripted([moved.encode()]).serving() as first:
                report = await check(f"http://localhost:{first.port}/old", Caller(APP, "GET"), Sending(timeout=5))
            return report, last.heard or []

    report, heard = asyncio.run(scenario())
    assert report.call.verdict == "allowed"
    assert [each.response.status for each in report.call.exchanges] == [302, 200]
    assert b"\r\nOrigin: null\r\n" in heard[0]


@pytest.mark.parametrize(
    "origin", ["https://APP.example.com/", "https://app.example.com:443/some/page?x#y", " https://app.example.com"]
)
def test_an_origin_is_read_as_its_owner_meant_it(origin: str) -> None:
    _, heard = checked([OK], origin=origin)
    assert b"\r\nOrigin: https://app.example.com\r\n" in heard[0]


@pytest.mark.parametrize(
    ("url", "origin", "message"),
    [
        ("api.example.com", APP, "is no http or https URL"),
        ("ftp://api.example.com/", APP, "is no http or https URL"),
        ("https://", APP, "is no http or https URL"),
        ("https://api.example.com/", "app.example.com", "is no origin: write it as https://app.example.com"),
        ("https://api.example.com/", "", "is no origin"),
        ("https://api.example.com/", "data:text/html,x", "is no origin"),
    ],
)
def test_what_is_no_url_or_origin_is_refused(url: str, origin: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        check_url(url, Caller(origin, "GET"))


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (b"", "closed the connection without answering the GET"),
        (b"HTTP/1.1 200 OK\r\nA: 1\r\n", "closed the connection without answering the GET"),
        (b"SSH-2.0-OpenSSH_9.2p1\r\n", "does not answer in HTTP/1.1: the answer begins with"),
        (b"HTTP/1.1 200 OK\r\nA: " + b"x" * 600_000, "does not answer in HTTP/1.1: its head has more than"),
        (
            b"HTTP/1.1 200 OK\r\n" + b"A: 1\r\n" * 100_000 + b"\r\n",
            "does not answer in HTTP/1.1: its head has more than",
        ),
    ],
)
def test_what_is_not_http_is_a_problem_and_no_verdict(answer: bytes, words: str) -> None:
    report, _ = checked([answer])
    assert (report.call.verdict, report.call.error, report.findings, report.verdict) == ("undecided", None, (), None)
    assert len(report.problems) == 1
    assert words in report.problems[0]
    assert "CORS" not in report.problems[0]


def slow(answer: bytes, timeout: float) -> UrlReport:
    async def scenario() -> UrlReport:
        async with Scripted([answer], waits=True).serving() as server:
            return await check(f"http://127.0.0.1:{server.port}/", Caller(APP, "GET"), Sending(timeout=timeout))

    return asyncio.run(scenario())


def test_silence_is_a_problem() -> None:
    report = slow(b"HTTP/1.1 200", 0.2)
    assert report.problems == ("127.0.0.1 did not answer the GET within 0.2 s.",)


def test_a_body_without_end_is_none() -> None:
    for framing in (
        b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
        b"\r\nhello",
        b"Content-Length: 99999999999\r\n\r\nhello",
    ):
        report = slow(b"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\n" + framing, 1)
        assert (report.call.verdict, report.problems) == ("allowed", ())


def problem(url: str, dialer: Dialer | None = None) -> str:
    report = asyncio.run(check(url, Caller(APP, "GET"), Sending(timeout=5, dialer=dialer or Dialer())))
    assert report.call.verdict == "undecided"
    (words,) = report.problems
    return words


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


def test_who_cannot_be_reached_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    port = free_port()
    assert problem(f"http://localhost:{port}/").endswith("cannot be reached: connection refused.")
    # No question leaves this machine.
    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert problem("https://nothing.invalid/").startswith("The name nothing.invalid cannot be found in the DNS")
    assert problem("https://bücher.invalid/").startswith("The name xn--bcher-kva.invalid cannot be found")


def test_a_tester_for_strangers_calls_no_private_address() -> None:
    words = problem(f"http://localhost:{free_port()}/", Dialer(permits=is_public))
    assert "which this tester does not call" in words


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.215.14", True),
        ("2606:2800:21f:cb07::1", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("169.254.169.254", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("::ffff:127.0.0.1", False),
        ("0.0.0.0", False),
    ],
)
def test_public_addresses(address: str, *, public: bool) -> None:
    assert is_public(address) is public


def over_tls(name: str, *, trusted: bool) -> UrlReport:
    """Call localhost, whose certificate is for `name`."""

    async def scenario() -> UrlReport:
        async with Scripted([OK]).serving(server_context(name)) as server:
            address = ("localhost", server.port)
            pem = await asyncio.to_thread(ssl.get_server_certificate, address)
            tls = ssl.create_default_context(cadata=pem) if trusted else None
            url = f"https://localhost:{server.port}/"
            return await check(url, Caller(APP, "GET"), Sending(timeout=5, dialer=Dialer(tls)))

    return asyncio.run(scenario())


def test_tls_is_verified() -> None:
    assert over_tls("localhost", trusted=True).call.verdict == "allowed"
    (words,) = over_tls("localhost", trusted=False).problems
    assert words.startswith("The TLS certificate of localhost is not valid: self")
    (words,) = over_tls("other.example", trusted=True).problems
    assert words.startswith("The TLS certificate of localhost is not valid: Hostname mismatch")


def test_plain_http_on_a_tls_address_is_a_problem() -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    async def scenario() -> UrlReport:
        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        async with server:
            port = server.sockets[0].getsockname()[1]
            return await check(f"https://localhost:{port}/", Caller(APP, "GET"), Sending(timeout=5))

    (words,) = asyncio.run(scenario()).problems
    assert "answers, and not in TLS" in words


def test_mixed_content_is_blocked_without_a_word_to_the_server() -> None:
    report = check_url("http://api.example.com/items", Caller(APP, "GET"))
    assert (report.call.verdict, report.call.error) == ("blocked", "blocked:mixed-content")
    assert (report.call.exchanges, report.findings) == ((), ())
    assert report.because
