"""Faults at random: every request gets an answer, and its own; the gateway lives, and its memory does not grow.

`python tests/local/test_faults.py 100000` runs as many as that, and fails where memory grows.
"""

from __future__ import annotations

import http.client
import json
import random
import resource
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from corsmith.local.background import LocalGateway

PROJECT = Path(__file__).parents[1] / "fixtures" / "faults"
CLIENTS = 8
FAULTS = ("fine",) * 30 + ("raise", "junk", "huge", "print", "slow", "exit", "malformed", "large")
EXPECTED = {"fine": 200, "print": 200, "slow": 200, "raise": 500, "junk": 500, "huge": 500, "exit": 500}
GROWTH = 1024
"""KiB that the gateway's memory may differ by."""

STATES = threading.local()
OPENED: list[http.client.HTTPConnection] = []


def ask(port: int, number: int, what: str) -> tuple[str, int, bool]:
    """Send a request; return what it was, the status, and whether the answer was its own."""
    if what == "malformed":
        return what, _malformed(port), True
    language = ("py", "js")[number % 2]
    connection = getattr(STATES, "connection", None)
    if connection is None:
        connection = STATES.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        OPENED.append(connection)
    body = b"x" * 11_000_000 if what == "large" else json.dumps({"number": number, "do": what}).encode()
    try:
        connection.request("POST", f"/{language}", body, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        text = answer.read().decode()
    except (BrokenPipeError, ConnectionResetError):
        # Only a body over the limit may be cut off while it is being sent.
        connection.close()
        return what, 413 if what == "large" else 0, True
    if answer.will_close:
        connection.close()
    return what, answer.status, answer.status != 200 or json.loads(text) == {"number": number}


def _malformed(port: int) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.putrequest("GET", "/py", skip_host=True)
    connection.putheader("Host", "a")
    connection.putheader("Host", "b")
    connection.endheaders()
    status = connection.getresponse().status
    connection.close()
    return status


def soak(port: int, count: int, seed: int, faults: tuple[str, ...] = FAULTS) -> tuple[Counter[tuple[str, int]], int]:
    """Send `count` requests; return how often each kind got each status, and how many answers were another's."""
    chosen = random.Random(seed).choices(faults, k=count)
    with ThreadPoolExecutor(CLIENTS) as clients:
        done = list(clients.map(lambda pair: ask(port, *pair), enumerate(chosen)))
    while OPENED:
        OPENED.pop().close()
    return Counter((what, status) for what, status, _ in done), sum(not own for _, _, own in done)


@pytest.mark.node
def test_every_request_gets_its_own_answer_whatever_the_functions_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(PROJECT)
    with LocalGateway("template.yaml") as gateway:
        answers, of_others = soak(urlsplit(gateway.urls["Api"]).port or 0, 400, seed=20)
    assert of_others == 0
    expected = EXPECTED | {"malformed": 400, "large": 413}
    assert {(what, status) for what, status in answers} == {(what, expected[what]) for what, _ in answers}
    assert {what for what, _ in answers} == set(FAULTS)


@contextmanager
def gateway() -> Iterator[tuple[int, Callable[[], int]]]:
    """Run the command; yield its port, and what tells the memory that it holds, KiB (Linux)."""
    command = [sys.executable, "-m", "corsmith", "dev", str(PROJECT), "--port", "0", "--format", "json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        port = urlsplit(json.loads(process.stdout.readline())["url"]).port or 0
        process.stdout.readline()
        statm = Path(f"/proc/{process.pid}/statm")
        yield port, lambda: int(statm.read_text().split()[1]) * resource.getpagesize() // 1024
        process.terminate()


@pytest.mark.node
def test_memory_is_what_it_was_when_each_fault_has_been_met() -> None:
    quick = tuple(each for each in FAULTS if each not in ("slow", "exit"))
    with gateway() as (port, held):
        soak(port, 300, seed=1, faults=quick)
        before = held()
        soak(port, 600, seed=2, faults=quick)
        assert held() - before < GROWTH


def main(count: int) -> int:
    """Send `count` requests, print what the gateway holds after each twentieth, and say whether that grew."""
    total: Counter[tuple[str, int]] = Counter()
    seen = []
    with gateway() as (port, held):
        for part in range(20):
            answers, of_others = soak(port, count // 20, seed=part)
            total += answers
            seen.append(held())
            print(
                f"{sum(total.values()):,} requests, of others: {of_others}, gateway's memory: {seen[-1]:,} KiB",
                flush=True,
            )
    print(sorted(total.items()))
    grown = min(seen[-5:]) - max(seen[:5])
    print(f"grown by {grown} KiB")
    return int(grown > GROWTH)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
