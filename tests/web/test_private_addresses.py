"""No spelling of a private address is called, shown by a listener that hears nothing."""

from __future__ import annotations

import asyncio
import socket
from typing import Any

import pytest

from corsmith.browser.url import parse_url
from corsmith.live.dial import Dialer, Unreachable
from corsmith.live.public import PublicDialer, is_public
from corsmith.web.serving import Serving

from .serving import Site, listening, response, served

LOOPBACK = (
    "127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.0.0.1", "0x7f.1", "017700000001", "0177.0.0.1", "0177.1",
    "127.0.0.1.", "localhost", "LOCALHOST", "localhost.", "127.000.000.001",
    "0x7F.0x0.0x0.0x1", "0177.0x0.0.1", "127.255.255.254",
    "0", "0.0.0.0", "0x0", "00", "0.0", "[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[0000:0000:0000:0000:0000:0000:0000:0001]",
    "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[0:0:0:0:0:ffff:127.0.0.1]", "[::127.0.0.1]", "[64:ff9b::127.0.0.1]",
    "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[2002:7f00:0001::1]", "[2001:0:7f00:1::]", "１２７.０.０.１", "①②⑦.⓪.⓪.①",
    "127。0。0。1", "127｡0｡0｡1", "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ", "%6c%6f%63%61%6c%68%6f%73%74", "127%2e0%2e0%2e1", "1%32%37.0.0.1",
)  # fmt: skip
OTHERS = (
    "10.0.0.1", "10.255.255.255", "10.1", "167772161", "0xa000001", "012.0.0.1", "172.16.0.1", "172.31.255.255", "2886729729",
    "192.168.0.1", "192.168.1", "3232235521", "0xc0a80001", "169.254.169.254", "169.254.43518", "2852039166", "0xa9fea9fe",
    "0251.0376.0251.0376", "169.254.170.2", "100.64.0.1", "100.127.255.255", "198.18.0.1", "198.19.255.255", "192.0.0.1",
    "192.0.0.192", "192.0.2.1", "198.51.100.1", "203.0.113.1", "192.88.99.1", "224.0.0.1", "239.255.255.250", "240.0.0.1",
    "255.255.255.255", "4294967295", "0xffffffff", "0.0.0.1", "0.255.255.255",
    "[fe80::1]", "[febf::1]", "[fec0::1]", "[fc00::1]", "[fd00:ec2::254]", "[fdff:ffff::1]", "[ff02::1]", "[ff0e::1]", "[100::1]",
    "[2001:db8::1]", "[2001:10::1]", "[2001:20::1]", "[3fff::1]", "[5f00::1]", "[4000::1]",
    "[::ffff:10.0.0.1]", "[::ffff:a00:1]", "[::ffff:169.254.169.254]", "[::ffff:a9fe:a9fe]", "[::ffff:192.168.0.1]",
    "[64:ff9b::10.0.0.1]", "[64:ff9b::a9fe:a9fe]", "[64:ff9b:1::1]", "[2002:a00:1::1]", "[2002:a9fe:a9fe::]", "[2002:c0a8:1::]",
    "[::10.0.0.1]", "[::a9fe:a9fe]", "[2001:0:4136:e378:8000:63bf:3fff:fdd2]", "[::ffff:0:127.0.0.1]", "[::ffff:0:0]",
)  # fmt: skip
WRAPPED = (
    "user@{}",
    "user:password@{}",
    "api.example.com@{}",
    "api.example.com%40{}",
    "{}#@api.example.com",
    "{}?@api.example.com",
)


def urls(port: int) -> list[str]:
    """Every spelling, with the listener's port, with the default one, and inside what hides it."""
    found = [f"http://{host}:{port}/" for host in LOOPBACK]
    found += [f"http://{host}/" for host in (*LOOPBACK, *OTHERS)]
    found += [f"http://{wrapped.format(f'127.0.0.1:{port}')}/" for wrapped in WRAPPED]
    found += [
        f"http:/\\127.0.0.1:{port}/",
        f"http:127.0.0.1:{port}/",
        f"http:\\\\127.0.0.1:{port}\\",
        f"http://127.0.0.1:{port}\\@a.example/",
    ]
    found += [f"https://{host}/" for host in ("127.0.0.1", "localhost", "[::1]", "169.254.169.254")]
    return [
        *found,
        f"\thttp://127.0.0.1:{port}/",
        f"hTTp://127.0.0.1:{port}/",
        f"http://127.0.0.1:{port}",
        f"http://12\n7.0.0.1:{port}/",
    ]


@pytest.fixture(scope="module")
def site() -> Any:
    with served(Serving()) as site:
        yield site


def test_no_spelling_of_a_private_address_is_called(site: Site) -> None:
    with listening() as listener:
        tried = urls(listener.port)
        assert len(tried) >= 150
        for url in tried:
            answer = site.api("check", {"url": url})
            assert answer.status in (200, 400), url
            if answer.status == 200:
                report = answer.json
                # Browsers themselves refuse 0.0.0.0 and some ports.
                assert report["verdict"] in ("undecided", "blocked"), url
                assert report["exchanges"] == [], url
                assert report["problems"] or report["verdict"] == "blocked", url
        assert listener.heard == []


@pytest.mark.parametrize("port", [22, 25, 3306, 5432, 6379, 8080, 9200, 11211])
def test_other_ports_are_not_called(site: Site, port: int) -> None:
    report = site.api("check", {"url": f"http://93.184.215.14:{port}/"}).json
    assert report["verdict"] in ("undecided", "blocked")
    assert report["exchanges"] == []


@pytest.mark.parametrize(
    "address", ["93.184.215.14", "8.8.8.8", "2606:4700::1111", "2a00:1450::1", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_public_addresses_are(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("text", ["", "localhost", "1.2.3", "127.0.0.1:80", "fe80::1%eth0", "::ffff:10.0.0.1"])
def test_what_is_no_public_address(text: str) -> None:
    assert not is_public(text)


def connect(url: str, dialer: Any) -> None:
    parsed = parse_url(url)
    assert parsed is not None

    async def run() -> None:
        await dialer.connect(parsed)

    asyncio.run(run())


def test_a_name_is_looked_up_once_and_the_checked_address_called(monkeypatch: pytest.MonkeyPatch) -> None:
    """DNS rebinding: the first answer is public, every later one is this machine."""
    asked: list[str] = []
    called: list[Any] = []

    async def getaddrinfo(self: Any, host: str, port: int, **options: Any) -> Any:
        asked.append(host)
        address = "93.184.215.14" if len(asked) == 1 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    async def create_connection(self: Any, factory: Any, host: str, port: int, **options: Any) -> Any:
        called.append((host, port))
        raise OSError(111, "refused")

    monkeypatch.setattr("asyncio.base_events.BaseEventLoop.getaddrinfo", getaddrinfo)
    monkeypatch.setattr("asyncio.base_events.BaseEventLoop.create_connection", create_connection)
    with pytest.raises(Unreachable):
        connect("http://rebind.example/", PublicDialer())
    assert (asked, called) == (["rebind.example"], [("93.184.215.14", 80)])


def test_one_private_address_among_public_ones_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[str] = []

    async def getaddrinfo(self: Any, host: str, port: int, **options: Any) -> Any:
        return [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port))
            for each in ("10.0.0.1", "93.184.215.14", "127.0.0.1")
        ]

    async def create_connection(self: Any, factory: Any, host: str, port: int, **options: Any) -> Any:
        called.append(host)
        raise OSError(111, "refused")

    monkeypatch.setattr("asyncio.base_events.BaseEventLoop.getaddrinfo", getaddrinfo)
    monkeypatch.setattr("asyncio.base_events.BaseEventLoop.create_connection", create_connection)
    with pytest.raises(Unreachable):
        connect("http://mixed.example/", PublicDialer())
    assert called == ["93.184.215.14"]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_leads_to_a_private_address(status: int) -> None:
    """127.0.0.2 stands for the public internet: only it is permitted."""
    with listening() as secret:
        moved = response(
            f"{status} Moved", {"Location": f"http://127.0.0.1:{secret.port}/", "Access-Control-Allow-Origin": "*"}
        )
        with listening(moved, "127.0.0.2") as public:
            only = PublicDialer(
                frozenset((public.port, secret.port)), Dialer(permits=lambda address: address == "127.0.0.2")
            )
            with served(Serving(dialer=only)) as site:
                report = site.api("check", {"url": f"http://127.0.0.2:{public.port}/"}).json
        assert len(public.heard) >= 1
        assert secret.heard == []
        assert report["verdict"] == "undecided"
        assert "which this tester does not call" in report["problems"][0]["message"]
