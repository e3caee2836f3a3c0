"""The live tester beside a bare asyncio client and the scanners: URLs a second, memory, and who is right.

One server on this machine, in a process of its own: three quarters of its URLs let the page in, the others refuse its
preflight. Every answer has a number and a body of its own. Preflight and request for each URL, 32 at a time, connections
kept. `python -m benchmarks.live` measures and writes
`benchmarks/results/live.json`. corsair_scan is installed from the package index into `build/scanners`; CORSCANNER and CORSY
name the folders of those scanners, which no index has (chenjj/CORScanner, s0md3v/Corsy). CORSMITH_URLS is how many URLs.
Linux only: memory is what the system says of the ended processes.
"""

from __future__ import annotations

import asyncio
import itertools
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

from .measured import commit_of, keep, version_of

URLS = int(os.environ.get("CORSMITH_URLS", "10000"))
MANY = 10 * URLS
AT_A_TIME = 32
ROUNDS = int(os.environ.get("CORSMITH_ROUNDS", "5"))
ORIGIN = "https://app.example.com"

ALLOW = f"Access-Control-Allow-Origin: {ORIGIN}\r\n".encode()
CONSENT = b"HTTP/1.1 204 No Content\r\n%sAccess-Control-Allow-Headers: x-a\r\nX-Request-Id: %012d\r\n\r\n"
REFUSAL = b"HTTP/1.1 403 Forbidden\r\n%sX-Request-Id: %012d\r\nContent-Length: 0\r\n\r\n"
ANSWER = (
    b"HTTP/1.1 200 OK\r\n%sContent-Type: application/json\r\nX-Request-Id: %012d\r\nContent-Length: 22\r\n\r\n"
    b'{"number":%011d}'
)
FOLDERS = ("open", "open", "open", "shut")
ODD = ("odd",)
"""A folder whose answers differ in a field that might count: nothing that was judged before is of use."""


NUMBERS = itertools.count()


class Server(asyncio.Protocol):
    """Answers by the path, as fast as Python can."""

    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        self._pending = b""

    def data_received(self, data: bytes) -> None:
        *heads, self._pending = (self._pending + data).split(b"\r\n\r\n")
        for head in heads:
            number = next(NUMBERS)
            allow = ALLOW + b"X-Odd: %d\r\n" % number if b" /odd" in head else ALLOW
            if not head.startswith(b"OPTIONS"):
                self._transport.write(ANSWER % (allow, number, number))
            elif b" /shut" in head:
                self._transport.write(REFUSAL % (b"", number))
            else:
                self._transport.write(CONSENT % (allow, number))


async def serve() -> None:
    server = await asyncio.get_running_loop().create_server(Server, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


def urls(port: int, count: int, folders: tuple[str, ...] = FOLDERS) -> list[str]:
    return [f"http://127.0.0.1:{port}/{folders[number % len(folders)]}/{number}" for number in range(count)]


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


async def bare(port: int, count: int) -> tuple[float, float]:
    """Return URLs a second, and the microseconds of processor time for one."""
    paths = iter([url.partition(f":{port}")[2] for url in urls(port, count)])
    loop = asyncio.get_running_loop()
    began, worked = time.perf_counter(), time.process_time()
    ends = [loop.create_future() for _ in range(AT_A_TIME)]
    for end in ends:
        await loop.create_connection(lambda end=end: Bare(paths, end), "127.0.0.1", port)
    await asyncio.gather(*ends)
    return count / (time.perf_counter() - began), (time.process_time() - worked) / count * 1e6


def ours(
    port: int, count: int, folder: Path, jobs: int, folders: tuple[str, ...] = FOLDERS
) -> tuple[float, float, int, float]:
    """Return URLs a second, the most memory of one process in MiB, how many verdicts are right, and microseconds of CPU.

    Start-up is included.
    """
    listed, results = folder / "urls.txt", folder / "results.jsonl"
    listed.write_text("\n".join(urls(port, count, folders)))
    flags = ["--origin", ORIGIN, "--header", "x-a: 1", "--concurrency", str(AT_A_TIME), "--output", str(results)]
    command = [sys.executable, "-m", "corsmith", "check", "--urls", str(listed), *flags, "--jobs", str(jobs)]
    before = time.perf_counter()
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    _, _, usage = os.wait4(process.pid, 0)
    process.returncode = 1
    seconds = time.perf_counter() - before
    right = 0
    with results.open() as lines:
        for line in lines:
            read = json.loads(line)
            right += read["verdict"] == ("blocked" if "/shut/" in read["url"] else "allowed")
    return count / seconds, usage.ru_maxrss / 1024, right, (usage.ru_utime + usage.ru_stime) / count * 1e6


SCANNERS = Path(__file__).parents[1] / "build" / "scanners"
NEEDED = ("corsair-scan==0.2.0", "requests", "gevent", "tldextract", "colorama", "future", "PySocks")
# The scanners ask for the list of public suffixes when they start; nothing leaves this machine here.
OFFLINE = "import runpy, sys, tldextract\ntldextract.extract = tldextract.TLDExtract(suffix_list_urls=())\n"
PROGRAM = OFFLINE + "sys.path.insert(0, '.'); sys.argv = sys.argv[1:]; runpy.run_path(sys.argv[0], run_name='__main__')"
CORSAIR = (
    OFFLINE
    + """
from corsair_scan.corsair_scan import corsair_scan
calls = [{"url": url, "verb": "GET", "params": {}, "headers": {"Origin": sys.argv[1]}} for url in sys.stdin.read().split()]
assert len(corsair_scan(calls)["report"]) == len(calls)
"""
)


def scanners(port: int, place: Path) -> dict[str, float]:
    """Return the URLs a second of each scanner that is there."""
    python = SCANNERS / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", SCANNERS], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *NEEDED], check=True)
    found = {"corsair_scan": scanner([python, "-c", CORSAIR, ORIGIN], place, urls(port, 100))}
    if corscanner := os.environ.get("CORSCANNER"):
        listed = place / "scanned.txt"
        listed.write_text("\n".join(urls(port, 100)))
        command = [python, "-c", PROGRAM, "cors_scan.py", "-i", listed, "-t", "50"]
        found["CORScanner"] = scanner(command, Path(corscanner), urls(port, 100))
    if corsy := os.environ.get("CORSY"):
        found["Corsy"] = scanner([python, "-c", PROGRAM, "corsy.py", "-t", "50", "-q"], Path(corsy), urls(port, 3000))
    return found


def scanner(command: list[Any], folder: Path, listed: list[str]) -> float:
    """Return the URLs a second of a scanner, start-up included. It is given the list on standard input as well."""
    began = time.perf_counter()
    given = "\n".join(listed)
    subprocess.run(command, cwd=folder, input=given, text=True, stdout=subprocess.DEVNULL, check=True, timeout=600)
    return len(listed) / (time.perf_counter() - began)


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
        alone = [asyncio.run(bare(port, URLS)) for _ in range(ROUNDS)]
        rounds = {jobs: [ours(port, URLS, folder, jobs) for _ in range(ROUNDS)] for jobs in (1, 2)}
        many = {jobs: ours(port, MANY, folder, jobs) for jobs in (1, 2)}
        odd = ours(port, URLS, folder, 1, ODD)
        beside = scanners(port, folder)
    all_rounds = [each for found in rounds.values() for each in found]
    return {
        "urls": URLS,
        "bare": max(rate for rate, _ in alone),
        "bare_cpu": min(cpu for _, cpu in alone),
        "ours": {str(jobs): max(each[0] for each in found) for jobs, found in rounds.items()},
        "cpu": {str(jobs): min(each[3] for each in found) for jobs, found in rounds.items()},
        "right": min(each[2] for each in all_rounds),
        "many": MANY,
        "many_rates": {str(jobs): each[0] for jobs, each in many.items()},
        "many_cpu": {str(jobs): each[3] for jobs, each in many.items()},
        "many_right": min(each[2] for each in many.values()),
        "odd_rate": odd[0],
        "odd_right": odd[2],
        "odd_cpu": odd[3],
        "memory_mib": max(each[1] for each in (*all_rounds, *many.values())),
        "scanners": beside,
    }


def fastest(found: dict[str, Any]) -> float:
    """Return the URLs a second of the fastest run of ours."""
    return max(*found["many_rates"].values(), *found["ours"].values())


def shown(found: dict[str, Any]) -> str:
    best = fastest(found)
    odd = f"{found['odd_rate']:,.0f} | {found['odd_cpu']:.0f} µs"
    rows = [
        "| client | URLs a second | CPU of the client for one | right |",
        "| --- | ---: | ---: | ---: |",
        f"| bare asyncio with httptools, no verdict | {found['bare']:,.0f} | {found['bare_cpu']:.0f} µs | – |",
        *(
            f"| `corsmith check --urls --jobs {jobs}`, {found[count]:,} URLs | {rate:,.0f} | {found[cpu][jobs]:.0f} µs "
            f"| {found[right]:,} |"
            for count, rates, cpu, right in (
                ("urls", "ours", "cpu", "right"),
                ("many", "many_rates", "many_cpu", "many_right"),
            )
            for jobs, rate in found[rates].items()
        ),
        f"| the same, `--jobs 1`, no answers alike | {odd} | {found['odd_right']:,} |",
        *(f"| {name} | {rate:,.0f} | | no preflight |" for name, rate in sorted(found["scanners"].items())),
    ]
    return "\n".join(rows) + (
        "\n\nThe server shares the processors. The most memory of one process: "
        f"{found['memory_mib']:.0f} MiB. At {best:,.0f} URLs a second one machine checks {best * 3600 / 1e6:.1f} million URLs "
        "of servers as near as this one in an hour."
    )


def main() -> int:
    found = measure()
    clones = {"CORScanner": os.environ.get("CORSCANNER"), "Corsy": os.environ.get("CORSY")}
    peers = {name: commit_of(Path(folder)) for name, folder in clones.items() if folder}
    keep("live", found, {"httptools": version_of("httptools"), "corsair_scan": NEEDED[0].partition("==")[2], **peers})
    print(shown(found))
    best = fastest(found)
    beside = found["scanners"]
    kept = (
        found["right"] == URLS,
        found["many_right"] == MANY,
        found["odd_right"] == URLS,
        found["memory_mib"] < 150,
        best >= found["bare"] / 4,
        best >= 3 * beside.get("Corsy", 0),
        best >= 100 * beside.get("CORScanner", 0),
    )
    return 0 if all(kept) else 1


if __name__ == "__main__":
    if sys.argv[1:] == ["serve"]:
        resource.setrlimit(resource.RLIMIT_NOFILE, (4096, 4096))
        asyncio.run(serve())
    else:
        sys.exit(main())
