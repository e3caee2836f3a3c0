"""What people give as an address: no name is looked up that nobody meant."""

from __future__ import annotations

import asyncio
import socket
import ssl
from typing import Any, NoReturn

import pytest
from click.testing import CliRunner

from corsmith.browser.url import parse_url
from corsmith.cli import main
from corsmith.cli.caller import joined
from corsmith.live.address import address
from corsmith.live.browsers.certificate import server_context
from corsmith.live.dial import Dialer, Unreachable

NONE = (
    "https:///x", "http:///x", "HTTPS:///x", "https:////x/y", "http://\\x/", "https:/x", "https:x", "http://", "https://?x",
    "https://#x", "http://:80/", "http://@/", "https://[::", "https://x y/", "https:// x/", "https://%00/", "https://%20/",
    "http://127.0.0.1:70000/", "ftp://a.example/", "a.example", "", "//a.example/", "https://\n/x",
)  # fmt: skip


@pytest.mark.parametrize("text", NONE)
def test_what_has_no_host_is_refused_before_anything_is_looked_up(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*arguments: Any, **_: Any) -> NoReturn:
        raise AssertionError(f"looked up {arguments[0]}")

    monkeypatch.setattr(socket, "getaddrinfo", never)
    with pytest.raises(ValueError, match="is no http or https URL"):
        address(text)
    result = CliRunner().invoke(main, ["check", text, "--origin", "https://app.example.com"])
    assert result.exit_code == 2
    listed = CliRunner().invoke(main, ["check", "--urls", "-"], input=text)
    assert not isinstance(listed.exception, AssertionError)


@pytest.mark.parametrize(
    ("text", "host"),
    [
        (" https://API.example.com ", "api.example.com"),
        ("http://[::1]:80/", "[::1]"),
        ("https://bücher.example", "xn--bcher-kva.example"),
    ],
)  # fmt: skip
def test_others_are_read_as_browsers_read_them(text: str, host: str) -> None:
    assert address(text).host == host


@pytest.mark.parametrize(
    ("url", "path", "expected"),
    [
        ("https://a.example", None, "https://a.example"),
        ("https://a.example", "/x", "https://a.example/x"),
        ("https://a.example/", "x", "https://a.example/x"),
        ("https://a.example/prod", "/x/1", "https://a.example/prod/x/1"),
        ("https://a.example/prod/", "/", "https://a.example/prod/"),
        ("https://a.example/prod?token=1", "/x", "https://a.example/prod/x?token=1"),
        ("https://a.example/prod?token=1#f", "/x?a=2#g", "https://a.example/prod/x?a=2"),
        ("https://a.example?token=1", "/x?", "https://a.example/x?"),
        ("https://a.example/prod", "//b.example/x", "https://a.example/prod/b.example/x"),
        ("https://a.example/prod", "https://b.example/x", "https://a.example/prod/https://b.example/x"),
    ],
)
def test_a_path_goes_before_the_query(url: str, path: str | None, expected: str) -> None:
    assert joined(url, path) == expected


def reached(error: BaseException, scheme: str = "https", monkeypatch: pytest.MonkeyPatch | None = None) -> str:
    """Return what is said of a server whose connection fails like this."""

    async def scenario() -> str:
        loop = asyncio.get_running_loop()

        async def failing(*_: Any, **__: Any) -> NoReturn:
            raise error

        assert monkeypatch is not None
        monkeypatch.setattr(loop, "create_connection", failing)
        url = parse_url(f"{scheme}://127.0.0.1:4443/")
        assert url is not None
        with pytest.raises(Unreachable) as raised:
            await Dialer(ssl.create_default_context()).connect(url)
        return str(raised.value)

    return asyncio.run(scenario())


@pytest.mark.parametrize(
    ("error", "scheme", "words"),
    [
        (ConnectionResetError(), "https", "127.0.0.1:4443 ended the connection instead of speaking TLS."),
        (ConnectionResetError(), "http", "(127.0.0.1) cannot be reached: connection reset."),
        (ConnectionRefusedError(111, "x"), "https", "(127.0.0.1) cannot be reached: connection refused."),
        (OSError(), "https", "cannot be reached: the system gives no reason."),
        (OSError("Something odd."), "http", "cannot be reached: something odd."),
        (TimeoutError(), "http", "127.0.0.1:4443 cannot be reached."),
    ],
)
def test_no_failure_is_without_words(
    error: BaseException, scheme: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert reached(error, scheme, monkeypatch).endswith(words)


def test_plain_http_behind_https_is_said_to_be() -> None:
    async def scenario(answer: bytes) -> str:
        async def plain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.read(1)
            writer.write(answer)
            writer.close()

        server = await asyncio.start_server(plain, "127.0.0.1", 0)
        async with server:
            url = parse_url(f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/")
            assert url is not None
            with pytest.raises(Unreachable) as raised:
                await Dialer().connect(url)
            await asyncio.sleep(0)
        return str(raised.value)

    assert "answers, and not in TLS" in asyncio.run(scenario(b"HTTP/1.1 400 Bad Request\r\n\r\n"))
    assert "ended the connection instead of speaking TLS" in asyncio.run(scenario(b""))


def test_a_certificate_for_another_host_is_said_in_one_sentence() -> None:
    async def scenario() -> str:
        server = await asyncio.start_server(
            lambda _, writer: writer.close(), "127.0.0.1", 0, ssl=server_context("localhost")
        )
        async with server:
            url = parse_url(f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/")
            assert url is not None
            with pytest.raises(Unreachable) as raised:
                await Dialer().connect(url)
        return str(raised.value)

    said = asyncio.run(scenario())
    assert said.startswith("The TLS certificate of 127.0.0.1 is not valid: ")
    assert not said.endswith("..")
