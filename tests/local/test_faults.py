"""Faults at random: every request gets an answer, and its own; the gateway lives, and its memory does not grow.

`python tests/local/test_faults.py 100000` runs as many as that.
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
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from corsmith.local.background import LocalGateway

PROJECT = Path(__file__).parents[1] / "fixtures" / "faults"
CLIENTS = 8
FAULTS = ("fine",) * 30 + ("raise", "junk", "huge", "print", "slow", "exit", "malformed", "large")
EXPECTED = {"fine": 200, "print": 200, "slow": 200, "raise": 500, "junk": 500, "huge": 500, "exit": 500}
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


def soak(port: int, count: int, seed: int) -> tuple[Counter[tuple[str, int]], int]:
    """Send `count` requests; return how often each kind got each status, and how many answers were another's."""
    chosen = random.Random(seed).choices(FAULTS, k=count)
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


def main(count: int) -> None:
    """Send `count` requests to a gateway in a process of its own, and print what it holds after each twentieth (Linux)."""
    command = [sys.executable, "-m", "corsmith", "dev", str(PROJECT), "--port", "0", "--format", "json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        port = urlsplit(json.loads(process.stdout.readline())["url"]).port or 0
        process.stdout.readline()
        total: Counter[tuple[str, int]] = Counter()
        for part in range(20):
            answers, of_others = soak(port, count // 20, seed=part)
            total += answers
            held = int(Path(f"/proc/{process.pid}/statm").read_text().split()[1]) * resource.getpagesize() // 2**20
            print(f"{sum(total.values()):,} requests, of others: {of_others}, gateway's memory: {held} MiB", flush=True)
        print(sorted(total.items()))
        process.terminate()


if __name__ == "__main__":
    main(int(sys.argv[1]))
