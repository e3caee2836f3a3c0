"""Measures the tester page under load: many visitors at once, each from an address of its own.

    python -m benchmarks.web [SECONDS] [VISITORS]

`corsmith serve` runs in a process of its own, believing one proxy; the visitors' addresses come in X-Forwarded-For. The
server that they ask about answers at once, so what is measured is the tester. Prints a table and writes
benchmarks/results/web.json.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

from .measured import keep

TARGET = b"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"


async def target(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer one request."""
    try:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(TARGET)
        await writer.drain()
    except (OSError, asyncio.IncompleteReadError):
        pass
    finally:
        writer.close()


async def visit(port: int, body: bytes, address: str, until: float, seen: Counter[str], took: list[float]) -> None:
    """Ask again and again until the time is over, waiting as a person would between two questions."""
    head = (
        f"POST /api/check HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n"
        f"X-Forwarded-For: {address}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    ).encode()
    while time.monotonic() < until:
        started = time.monotonic()
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(head + body)
            status = (await reader.readline()).split()[1].decode()
            await reader.read()
            writer.close()
        except (OSError, IndexError) as error:
            status = type(error).__name__
        seen[status] += 1
        took.append(time.monotonic() - started)
        await asyncio.sleep(2.0)


def memory(process: int) -> int:
    """Return the resident memory of a process in KiB."""
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1])
    return 0


async def measure(port: int, process: int, seconds: float, visitors: int) -> dict[str, object]:
    """Return what the visitors met, and the memory before, halfway and after."""
    server = await asyncio.start_server(target, "127.0.0.1", 0, backlog=512)
    body = json.dumps({"url": f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"}).encode()
    seen: Counter[str] = Counter()
    took: list[float] = []
    before = memory(process)
    until = time.monotonic() + seconds
    calls = [visit(port, body, f"203.0.{n // 250}.{n % 250}", until, seen, took) for n in range(visitors)]
    group = asyncio.gather(*calls)
    await asyncio.sleep(seconds / 2)
    halfway = memory(process)
    await group
    server.close()
    cuts = statistics.quantiles(took, n=100)
    return {
        "seconds": seconds,
        "visitors": visitors,
        "answers": dict(seen),
        "median_s": round(cuts[49], 3),
        "p99_s": round(cuts[98], 3),
        "memory_kib": [before, halfway, memory(process)],
    }


def main() -> None:
    """Measure, print, write."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 20.0
    visitors = int(sys.argv[2]) if len(sys.argv) > 2 else 500
    command = [sys.executable, "-m", "corsmith", "serve", "--port", "0", "--allow-private", "--trusted-proxies", "1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            assert process.stdout is not None
            port = urlsplit(process.stdout.readline().strip()).port
            assert port is not None
            found = asyncio.run(measure(port, process.pid, seconds, visitors))
        finally:
            process.terminate()
            process.wait(20)
    for name, value in found.items():
        print(f"{name}: {value}")
    keep("web", found)


if __name__ == "__main__":
    main()
