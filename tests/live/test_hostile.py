"""Servers that mean ill, or do it badly, through the command: a verdict or a plain reason, in bounded time and memory."""

from __future__ import annotations

import gzip
import json
import resource
import socket
import subprocess
import sys
from typing import Any

import pytest

from corsmith.api.caller import Caller
from corsmith.live.browsers.certificate import server_context
from corsmith.live.check import check_url
from tests.live.background import serving

ALLOW = b"Access-Control-Allow-Origin: *\r\n"
LIMIT = 400 << 20


def checked(url: str, *flags: str) -> tuple[int, Any]:
    """Check a URL in a process that may have 400 MiB of memory, and not more than a minute."""
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "corsmith",
            "check",
            url,
            "--origin",
            "https://app.example.com",
            "--format",
            "json",
            *flags,
        ],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_DATA, (LIMIT, LIMIT)),
    )
    assert "Traceback" not in done.stderr
    return done.returncode, json.loads(done.stdout)


@pytest.mark.parametrize(
    ("answer", "verdict", "words"),
    [
        (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 100_000, "undecided", "its head has more than"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"y" * 1_000_000, "undecided", "its head has more than"),
        (b"HTTP/1.1 103 Early Hints\r\n\r\n" * 50_000, "undecided", "its head has more than"),
        (b"\0\0\x12\4\0\0\0\0\0", "undecided", "does not answer in HTTP/1.1"),
        (b"HTTP/1.1 200 OK\r\n" + ALLOW + b"Content-Length: 9999999999\r\n\r\n" + b"y" * 5_000_000, "allowed", ""),
        (b"HTTP/1.1 200 OK\r\n" + ALLOW + b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\ny", "allowed", ""),
        (b"HTTP/1.1 200 OK\r\n" + ALLOW + b"Content-Length: -1\r\n\r\n", "allowed", ""),
        (b"HTTP/1.1 200 OK\r\n" + ALLOW + ALLOW + b"Content-Length: 0\r\n\r\n", "blocked", "MultipleAllowOriginValues"),
        (b"HTTP/1.1 200 OK\r\nno colon\r\n: x\r\nA B: c\r\n" + ALLOW + b"Content-Length: 0\r\n\r\n", "allowed", ""),
        (b"HTTP/1.1 302 Found\r\n" + ALLOW + b"Location: /again\r\nContent-Length: 0\r\n\r\n", "blocked", "TOO_MANY_REDIRECTS"),
        (b"HTTP/1.1 302 Found\r\n" + ALLOW + b"Location: http://[\r\nContent-Length: 0\r\n\r\n", "blocked", "INVALID_REDIRECT"),
    ],
)  # fmt: skip
def test_each_comes_to_an_end(answer: bytes, verdict: str, words: str) -> None:
    with serving(lambda _: answer) as server:
        code, report = checked(server.url, "--timeout", "5")
    assert report["verdict"] == verdict
    assert code == {"allowed": 0, "blocked": 1, "undecided": 2}[verdict]
    assert words in json.dumps([report["problems"], report["error"]])
    if verdict == "undecided":
        assert "CORS" not in report["problems"][0]["message"]


def test_a_bomb_is_not_unpacked() -> None:
    bomb = gzip.compress(b"\0" * 300_000_000, 1)
    head = b"HTTP/1.1 404 Not Found\r\n" + ALLOW + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(bomb)
    with serving(lambda _: head + bomb) as server:
        code, report = checked(server.url)
    assert (code, report["verdict"]) == (0, "allowed")


def has_ipv6() -> bool:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True


def test_addresses_of_version_6_are_called() -> None:
    if not has_ipv6():
        code, report = checked("http://[::1]:65000/")
        assert (code, report["verdict"]) == (2, "undecided")
        return
    with serving(lambda _: b"HTTP/1.1 200 OK\r\n" + ALLOW + b"Content-Length: 0\r\n\r\n", host="::1") as server:
        code, report = checked(server.url + "/items")
        assert server.heard[0].startswith(b"GET /items HTTP/1.1\r\nHost: [::1]:%d\r\n" % server.port)
    assert (code, report["verdict"]) == (0, "allowed")


def test_a_certificate_that_nobody_vouches_for_is_a_problem() -> None:
    with serving(lambda _: b"", tls=server_context("localhost")) as server:
        code, report = checked(server.url.replace("127.0.0.1", "localhost"))
        plain, spoken = checked(server.url.replace("https", "http"))
    assert (code, report["verdict"]) == (2, "undecided")
    assert "The TLS certificate of localhost is not valid" in report["problems"][0]["message"]
    # The other way round: plain HTTP where TLS is spoken.
    assert (plain, spoken["verdict"]) == (2, "undecided")


def test_names_are_called_as_browsers_write_them(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    code, report = checked("http://bücher.invalid/")
    assert code == 1
    assert report["error"] == "blocked:mixed-content"
    report = check_url("https://BÜCHER.invalid/ä?ö", Caller("https://app.example.com", "GET"))
    assert report.call.verdict == "undecided"
    assert report.problems == ("The name xn--bcher-kva.invalid cannot be found in the DNS: name or service not known.",)


def test_a_list_of_hostile_servers_is_worked_off() -> None:
    answers = [
        b"",
        b"\0",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 100_000,
        b"HTTP/1.1 200 OK\r\n" + ALLOW + b"\r\n" + b"y" * 999_999,
    ]
    with serving(lambda head: answers[int(head.split(b"/")[1].split(b" ")[0]) % 4]) as server:
        urls = "\n".join(f"{server.url}/{number}" for number in range(40))
        done = subprocess.run(
            [sys.executable, "-m", "corsmith", "check", "--urls", "-", "--origin", "https://app.example.com"],
            input=urls, capture_output=True, text=True, check=False, timeout=60,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_DATA, (LIMIT, LIMIT)),
        )  # fmt: skip
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(lines) == 40
    assert [each["verdict"] for each in lines].count("allowed") == 10
    assert done.returncode == 2
