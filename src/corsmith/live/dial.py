"""Connecting to a server: names, addresses, TLS. Every failure is one plain sentence."""

from __future__ import annotations

import asyncio
import ipaddress
import os
import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from typing import Protocol, TypeVar

from msgspec import Struct

from corsmith.browser.url import Url

from .connection import Connection

_NEXT_AFTER = 3.0
"""Seconds after which the next address of a name is tried: IPv6 that leads nowhere is common."""
_PORTS = {"http": 80, "https": 443}
_NO_TLS = ("WRONG_VERSION_NUMBER", "HTTP_REQUEST", "PACKET_LENGTH_TOO_LONG", "RECORD_LAYER_FAILURE")
"""OpenSSL's reasons where what came is no record of TLS."""


P = TypeVar("P", bound=asyncio.Protocol)


class Unreachable(Exception):  # noqa: N818 - it names the state of the server
    """No connection. The message is a sentence for people."""


class Dials(Protocol):
    """Whatever connects to the server of a URL: this machine's network, or a test's own servers."""

    async def connect(self, url: Url) -> Connection:
        """Open a connection. Raises `Unreachable`."""


def anywhere(address: str) -> bool:
    """Permit every address."""
    del address
    return True


class Dialer(Struct, frozen=True):
    """How to connect. `tls` None means the system's certificate authorities, verified.

    `permits` is asked about each address after the name was looked up, and the connection goes to that very address.
    """

    tls: ssl.SSLContext | None = None
    permits: Callable[[str], bool] = anywhere

    async def connect(self, url: Url) -> Connection:
        """Open a connection to the server of `url`. Raises `Unreachable`."""
        _, connection = await self.open(url, Connection)
        return connection

    async def open(self, url: Url, protocol: Callable[[], P]) -> tuple[asyncio.Transport, P]:
        """Open a connection that `protocol` takes. Raises `Unreachable`."""
        name = (url.host or "").strip("[]")
        port = url.port or _PORTS[url.scheme]
        addresses = await _addresses(name, port)
        permitted = [address for address in addresses if self.permits(address)]
        if not permitted:
            raise Unreachable(f"{name} is at {addresses[0]}, which this tester does not call.")
        context = (self.tls or _authorities()) if url.scheme == "https" else None
        failure: Unreachable | None = None
        loop = asyncio.get_running_loop()
        for address in permitted:
            patience = None if address == permitted[-1] else _NEXT_AFTER
            try:
                async with asyncio.timeout(patience):
                    return await loop.create_connection(
                        protocol, address, port, ssl=context, server_hostname=name if context else None
                    )
            except TimeoutError:
                continue
            except ssl.SSLCertVerificationError as error:
                said = error.verify_message.rstrip(".")
                raise Unreachable(f"The TLS certificate of {name} is not valid: {said}.") from error
            except ssl.SSLError as error:
                if error.reason in _NO_TLS:
                    raise Unreachable(
                        f"{name}:{port} answers, and not in TLS. Call it by http: if that is what it speaks."
                    ) from error
                raise Unreachable(f"{name}:{port} does not speak TLS as it should: {_words(error)}.") from error
            except ConnectionError as error:
                if context is not None and not isinstance(error, ConnectionRefusedError):
                    raise Unreachable(f"{name}:{port} ended the connection instead of speaking TLS.") from error
                failure = Unreachable(f"{name}:{port} ({address}) cannot be reached: {_words(error)}.")
            except OSError as error:
                failure = Unreachable(f"{name}:{port} ({address}) cannot be reached: {_words(error)}.")
        raise failure or Unreachable(f"{name}:{port} cannot be reached.")


async def _addresses(name: str, port: int) -> list[str]:
    """Look a name up; addresses come in the order of the system's preference, each once."""
    with suppress(ValueError):
        return [str(ipaddress.ip_address(name))]
    try:
        found = await asyncio.get_running_loop().getaddrinfo(name, port, type=socket.SOCK_STREAM)
    except (socket.gaierror, UnicodeError) as error:
        raise Unreachable(f"The name {name} cannot be found in the DNS: {_words(error)}.") from error
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def _words(error: Exception) -> str:
    """Return the system's words for an error, without numbers and addresses, or what kind of error it is."""
    if isinstance(error, ssl.SSLError):
        said = (error.reason or str(error)).replace("_", " ")
    elif isinstance(error, OSError) and error.errno and not isinstance(error, socket.gaierror):
        said = os.strerror(error.errno)
    else:
        said = str(getattr(error, "strerror", None) or error)
    return said.lower().rstrip(". ") or _kind(error)


def _kind(error: Exception) -> str:
    """Return the name of an error's class as words."""
    name = type(error).__name__.removesuffix("Error")
    words = "".join(f" {char.lower()}" if char.isupper() else char for char in name).strip()
    return "the system gives no reason" if name in ("OS", "") else words


@cache
def _authorities() -> ssl.SSLContext:
    return ssl.create_default_context()
