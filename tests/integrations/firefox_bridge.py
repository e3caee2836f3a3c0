"""Firefox ESR as Playwright can drive it: between them, a command that this Firefox does not know yet succeeds without effect.

Playwright drives an installed Firefox over WebDriver BiDi (`channel="moz-firefox"`), and opens each page with a command that
is newer than the ESR: `emulation.setMediaFeaturesOverride`, which is about colours. Run as a program in Firefox's place.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
from pathlib import Path
from typing import Any

from websockets.asyncio.client import connect
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from corsmith.live.browsers.installed import FIREFOX, program_of

LISTENING = re.compile(rb"WebDriver BiDi listening on (ws://\S+)")
LARGEST = 64 << 20


def program(folder: Path) -> str:
    """Write a program that starts this bridge; return its path."""
    made = folder / "firefox"
    made.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{__file__}" "$@"\n', encoding="utf-8")
    made.chmod(0o755)
    return str(made)


async def main(arguments: list[str]) -> int:
    """Run Firefox, and tell whoever started this where to connect."""
    firefox = await asyncio.create_subprocess_exec(program_of(FIREFOX), *arguments, stderr=asyncio.subprocess.PIPE)
    assert firefox.stderr is not None
    async for line in firefox.stderr:
        found = LISTENING.search(line)
        if found:
            break
    else:
        return await firefox.wait()
    draining = asyncio.ensure_future(firefox.stderr.read())

    async def bridge(client: ServerConnection) -> None:
        assert client.request is not None
        address = found[1].decode() + client.request.path
        async with connect(address, max_size=LARGEST, origin=None, proxy=None) as browser:
            passing = [asyncio.ensure_future(each) for each in (passed(client, browser), answered(browser, client))]
            await asyncio.wait(passing, return_when=asyncio.FIRST_COMPLETED)
            for each in passing:
                each.cancel()

    async with serve(bridge, "127.0.0.1", 0, max_size=LARGEST) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        print(f"WebDriver BiDi listening on ws://127.0.0.1:{port}", file=sys.stderr, flush=True)
        code = await firefox.wait()
    draining.cancel()
    return code


async def passed(client: Any, browser: Any) -> None:
    """Hand commands on."""
    try:
        async for message in client:
            await browser.send(message)
    except ConnectionClosed:
        return


async def answered(browser: Any, client: Any) -> None:
    """Hand events and answers on; an unknown command has succeeded."""
    try:
        async for message in browser:
            await client.send(forgiven(message))
    except ConnectionClosed:
        return


def forgiven(message: str | bytes) -> str | bytes:
    """Return a message as the client is to see it."""
    if '"unknown command"' not in str(message):
        return message
    read = json.loads(message)
    return json.dumps({"type": "success", "id": read["id"], "result": {}}) if read["type"] == "error" else message


if __name__ == "__main__":
    sys.exit(asyncio.run(main(sys.argv[1:])))
