"""Answers on their way out: whole ones as bytes, streamed ones piece by piece."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator

from .head import CHUNKED, head
from .message import Outgoing

_LOG = logging.getLogger(__name__)


def octets(answer: Outgoing, body: bytes, connection: bytes, *, head_only: bool) -> bytes:
    """Return all that goes out for a whole answer; `connection` is the line that says whether the connection stays."""
    bare = is_bare(answer.status)
    framing = b"" if bare else b"content-length: %d\r\n" % len(body)
    return head(answer, framing, connection) + (b"" if head_only or bare else body)


def is_bare(status: int) -> bool:
    """Say whether responses of that status have no body (RFC 9110, 6.4.1)."""
    return status in (204, 304) or status < 200


async def send_pieces(
    pieces: AsyncIterator[bytes], transport: asyncio.Transport, writable: asyncio.Event, frame: bytes | None
) -> None:
    """Send the body that follows a head, each piece when the client has taken those before.

    `frame`: `CHUNKED`, b"" where the end of the connection is the end of the body, None where no body may leave.
    """
    try:
        async for piece in pieces:
            if transport.is_closing():
                break
            if piece and frame is not None:
                transport.write(b"%x\r\n%b\r\n" % (len(piece), piece) if frame is CHUNKED else piece)
                await writable.wait()
    except Exception as error:  # noqa: BLE001 - the head has gone out: all that is left to say is that this is not the end
        _LOG.debug("a streamed answer was cut: %s", error)
        transport.abort()
    finally:
        # A generator that is not read to its end learns of it only so.
        if isinstance(pieces, AsyncGenerator):
            await pieces.aclose()
    if frame is CHUNKED and not transport.is_closing():
        transport.write(b"0\r\n\r\n")
