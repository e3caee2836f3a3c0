"""Redirects into a network that they do not come from: they are not followed, and nothing is sent there."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import pytest
from msgspec import Struct, field

from corsmith.api.caller import Caller
from corsmith.browser.url import Url
from corsmith.live.check import Sending, UrlReport, check
from corsmith.live.connection import Connection
from tests.live.background import Background, serving

OPEN = b"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nContent-Length: 2\r\n\r\nhi"


class Named(Struct, frozen=True):
    """Takes every host for one port of this machine, which has the addresses that the test gives it."""

    port: int
    addresses: Mapping[str, str]
    asked: list[str] = field(default_factory=list)

    async def connect(self, url: Url) -> Connection:
        self.asked.append(url.host or "")
        address = self.addresses.get(url.host or "", "93.184.215.14")

        class Pretending(Connection):
            """At the address that the test gives it."""

            @property
            def peer(self) -> str:
                return address

        _, connection = await asyncio.get_running_loop().create_connection(Pretending, "127.0.0.1", self.port)
        return connection


def followed(
    to: str, addresses: Mapping[str, str], start: str = "http://api.example.net/"
) -> tuple[UrlReport, Background, Named]:
    moved = f"HTTP/1.1 302 Found\r\nAccess-Control-Allow-Origin: *\r\nLocation: {to}\r\nContent-Length: 0\r\n\r\n"
    with serving(lambda head: moved.encode() if head.startswith(b"GET / ") else OPEN) as server:
        dialer = Named(server.port, addresses)
        caller = Caller("http://app.example.com", "GET")
        report = asyncio.run(check(start, caller, Sending(timeout=5, dialer=dialer)))
        return report, server, dialer


@pytest.mark.parametrize(
    ("to", "addresses"),
    [
        ("http://internal.example.net/x", {"internal.example.net": "10.1.2.3"}),
        ("http://localhost/x", {"localhost": "127.0.0.1"}),
        ("http://v6.example.net/x", {"v6.example.net": "::1"}),
        ("http://mapped.example.net/x", {"mapped.example.net": "::ffff:10.0.0.1"}),
        ("http://scoped.example.net/x", {"scoped.example.net": "fe80::1%eth0"}),
    ],
)
def test_what_begins_outside_stays_outside(to: str, addresses: Mapping[str, str]) -> None:
    report, server, _ = followed(to, addresses)
    assert report.call.verdict == "undecided"
    assert "inside this network, and is not followed" in report.problems[0]
    assert len(server.heard) == 1


@pytest.mark.parametrize(
    "to",
    [
        "http://169.254.169.254/latest/meta-data/",
        "http://[fe80::1]/x",
        "http://[fd00:ec2::254]/latest/",
        "http://[::ffff:169.254.169.254]/x",
        "http://2852039166/x",
        "http://0xa9fea9fe/x",
    ],
)
@pytest.mark.parametrize("start", ["http://api.example.net/", "http://localhost/"])
def test_metadata_is_never_called_and_not_even_connected_to(to: str, start: str) -> None:
    report, server, dialer = followed(to, {"localhost": "127.0.0.1"}, start)
    assert report.call.verdict == "undecided"
    assert "is not followed" in report.problems[0]
    assert (len(server.heard), len(dialer.asked)) == (1, 1)


def test_within_the_own_network_redirects_are_followed() -> None:
    addresses = {"localhost": "127.0.0.1", "internal.example.net": "10.1.2.3"}
    report, _, _ = followed("http://internal.example.net/x", addresses, "http://localhost/")
    assert report.call.verdict == "allowed"


def test_outside_redirects_are_followed() -> None:
    report, _, dialer = followed("http://other.example.net/x", {})
    assert (report.call.verdict, dialer.asked) == ("allowed", ["api.example.net", "other.example.net"])
