"""The live tester beside a bare asyncio client and the scanners: URLs a second, memory, and who is right.

One server on this machine, in a process of its own: three quarters of its URLs let the page in, the others refuse its
preflight. Preflight and request for each URL, 32 at a time, connections kept. `python -m benchmarks.live` measures and writes
`benchmarks/results/live.json`. CORSCANNER and CORSY may name folders that have those scanners, CORSMITH_URLS how many URLs.
Linux only: memory is what the system says of the ended process.
"""

from __future__ import annotations

import asyncio
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httptools

RESULT = Path(__file__).parent / "results" / "live.json"
URLS = int(os.environ.get("CORSMITH_URLS", "10000"))
MANY = 10 * URLS
AT_A_TIME = 32
ROUNDS = int(os.environ.get("CORSMITH_ROUNDS", "5"))
ORIGIN = "https://app.example.com"

ALLOW = f"Access-Control-Allow-Origin: {ORIGIN}\r\n"
CONSENT = f"HTTP/1.1 204 No Content\r\n{ALLOW}Access-Control-Allow-Headers: x-a\r\n\r\n".encode()
ANSWER = f"HTTP/1.1 200 OK\r\n{ALLOW}Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{{}}".encode()
REFUSAL = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"


class Server(asyncio.Protocol):
    """Answers by the path, as fast as Python can."""

    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        self._pending = b""

    def data_received(self, data: bytes) -> None:
        *heads, self._pending = (self._pending + data).split(b"\r\n\r\n")
        for head in heads:
            preflight = head.startswith(b"OPTIONS")
            self._transport.write((REFUSAL if b" /shut" in head else CONSENT) if preflight else ANSWER)


async def serve() -> None:
    server = await asyncio.get_running_loop().create_server(Server, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


def urls(port: int, count: int) -> list[str]:
    return [f"http://127.0.0.1:{port}/{'shut' if number % 4 == 3 else 'open'}/{number}" for number in range(count)]


class Bare(asyncio.Protocol):
    """Sends a preflight and a request for each URL, reads the heads with httptools, and looks at nothing."""

    def __init__(self, paths: Iterator[str], done: asyncio.Future[None]) -> None:
        self._paths = paths
        self._done = done
        self._path = ""

    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        self._next()

    def _next(self) -> None:
        self._path = next(self._paths, "")
        if not self._path:
            self._transport.close()
            if not self._done.done():
                self._done.set_result(None)
            return
        self._asks = 2
        self._send("OPTIONS", "Access-Control-Request-Method: GET\r\nAccess-Control-Request-Headers: x-a\r\n")

    def _send(self, method: str, more: str) -> None:
        self._asks -= 1
        self._parser = httptools.HttpResponseParser(self)
        self._transport.write(
            f"{method} {self._path} HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin: {ORIGIN}\r\n{more}\r\n".encode()
        )

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Look at nothing."""

    def on_message_complete(self) -> None:
        if self._asks:
            self._send("GET", "X-A: 1\r\n")
        else:
            self._next()


async def bare(port: int, count: int) -> float:
    paths = iter([url.partition(f":{port}")[2] for url in urls(port, count)])
    loop = asyncio.get_running_loop()
    began = time.perf_counter()
    ends = [loop.create_future() for _ in range(AT_A_TIME)]
    for end in ends:
        await loop.create_connection(lambda end=end: Bare(paths, end), "127.0.0.1", port)
    await asyncio.gather(*ends)
    return count / (time.perf_counter() - began)


def ours(port: int, count: int, folder: Path) -> tuple[float, float, int]:
    """Return URLs a second (start-up included), the most memory in MiB, and how many verdicts are right."""
    listed, results = folder / "urls.txt", folder / "results.jsonl"
    listed.write_text("\n".join(urls(port, count)))
    flags = ["--origin", ORIGIN, "--header", "x-a: 1", "--concurrency", str(AT_A_TIME), "--output", str(results)]
    before = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "corsmith", "check", "--urls", str(listed), *flags], stderr=subprocess.DEVNULL
    )
    _, _, usage = os.wait4(process.pid, 0)
    process.returncode = 1
    seconds = time.perf_counter() - before
    right = 0
    with results.open() as lines:
        for line in lines:
            read = json.loads(line)
            right += read["verdict"] == ("blocked" if "/shut/" in read["url"] else "allowed")
    return count / seconds, usage.ru_maxrss / 1024, right


def scanner(name: str, folder: str, port: int, count: int, place: Path) -> float | None:
    """Return the URLs a second of a scanner in `folder`, None where it is not there or does not run."""
    commands = {
        "CORScanner": [sys.executable, f"{folder}/cors_scan.py", "-i", "{list}", "-t", "50"],
        "Corsy": [sys.executable, f"{folder}/corsy.py", "-i", "{list}", "-t", "50", "-q"],
    }
    if not folder:
        return None
    listed = place / "scanned.txt"
    listed.write_text("\n".join(urls(port, count)))
    began = time.perf_counter()
    done = subprocess.run(
        [part.format(list=listed) for part in commands[name]], cwd=folder, capture_output=True, check=False, timeout=600
    )
    return None if done.returncode else count / (time.perf_counter() - began)


@contextmanager
def served() -> Iterator[int]:
    process = subprocess.Popen([sys.executable, "-m", "benchmarks.live", "serve"], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield int(process.stdout.readline())
    finally:
        process.terminate()
        process.wait()


def measure() -> dict[str, Any]:
    with served() as port, tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        fastest = max(asyncio.run(bare(port, URLS)) for _ in range(ROUNDS))
        rounds = [ours(port, URLS, folder) for _ in range(ROUNDS)]
        many = ours(port, MANY, folder)
        scanners = {
            name: scanner(name, os.environ.get(name.upper(), ""), port, 300, folder) for name in ("CORScanner", "Corsy")
        }
    return {
        "urls": URLS,
        "bare": fastest,
        "ours": max(rate for rate, _, _ in rounds),
        "right": min(right for _, _, right in rounds),
        "many": MANY,
        "many_rate": many[0],
        "many_right": many[2],
        "memory_mib": max(each[1] for each in (*rounds, many)),
        "scanners": {name: rate for name, rate in scanners.items() if rate is not None},
    }


def table(found: dict[str, Any]) -> str:
    rows = [
        "| client | URLs a second | right |",
        "| --- | --- | --- |",
        f"| bare asyncio with httptools, no verdict | {found['bare']:,.0f} | – |",
        f"| `corsmith check --urls`, {found['urls']:,} URLs | {found['ours']:,.0f} | {found['right']:,} |",
        f"| `corsmith check --urls`, {found['many']:,} URLs | {found['many_rate']:,.0f} | {found['many_right']:,} |",
        *(f"| {name} | {rate:,.0f} | security only |" for name, rate in found["scanners"].items()),
    ]
    return "\n".join(rows) + (
        f"\n\nThe most memory: {found['memory_mib']:.0f} MiB. At that rate one machine checks "
        f"{found['many_rate'] * 3600 / 1e6:.1f} million URLs of servers as near as this one in an hour."
    )


def main() -> int:
    found = measure()
    RESULT.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    print(table(found))
    kept = found["right"] == URLS and found["many_right"] == MANY and found["memory_mib"] < 150
    return 0 if kept and found["ours"] >= found["bare"] / 4 else 1


if __name__ == "__main__":
    if sys.argv[1:] == ["serve"]:
        resource.setrlimit(resource.RLIMIT_NOFILE, (4096, 4096))
        asyncio.run(serve())
    else:
        sys.exit(main())
