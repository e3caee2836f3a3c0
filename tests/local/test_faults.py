"""Faults at random: every request gets an answer, and its own; the gateway lives, and its memory does not grow.

`python tests/local/test_faults.py 100000` runs as many as that.
"""

from __future__ import annotations

import gc
import http.client
import json
import random
import resource
import sys
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

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


def soak(count: int, seed: int) -> tuple[Counter[tuple[str, int]], int]:
    """Send `count` requests; return how often each kind got each status, and how many answers were another's."""
    chosen = random.Random(seed).choices(FAULTS, k=count)
    with LocalGateway(str(PROJECT / "template.yaml")) as gateway, ThreadPoolExecutor(CLIENTS) as clients:
        port = int(gateway.urls["Api"].rpartition(":")[2])
        done = list(clients.map(lambda pair: ask(port, *pair), enumerate(chosen)))
        while OPENED:
            OPENED.pop().close()
    return Counter((what, status) for what, status, _ in done), sum(not own for _, _, own in done)


@pytest.mark.node
def test_every_request_gets_its_own_answer_whatever_the_functions_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(PROJECT)
    answers, of_others = soak(400, seed=20)
    assert of_others == 0
    expected = EXPECTED | {"malformed": 400, "large": 413}
    assert {(what, status) for what, status in answers} == {(what, expected[what]) for what, _ in answers}
    assert {what for what, _ in answers} == set(FAULTS)


def resident() -> int:
    """Return what this process, client and gateway, holds now, MiB (Linux)."""
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() // 2**20


if __name__ == "__main__":
    for part in range(10):
        answers, of_others = soak(int(sys.argv[1]) // 10, seed=part)
        print(sorted(answers.items()), "of others:", of_others)
        print("memory, MiB:", resident(), flush=True)
