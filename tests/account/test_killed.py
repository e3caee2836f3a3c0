"""A reading whose process is killed, by the system and at any call: the next run asks only what was not answered."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from . import states
from .reading_aws import FakeAws, serving
from .test_read import _SHOWN

CALLS = 26
"""How many calls the account below takes."""


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeAws]:
    world = FakeAws()
    world.rest = [states.rest("rest1"), states.rest("rest2", methods={"POST": states.proxy(apiKeyRequired=True)})]
    world.http = [states.http("http1", cors=states.GOOD_CORS)]
    world.functions = [states.function("orders"), states.function("open", urls=[states.url(name="open")])]
    world.domains = [{"domain": {"DomainName": f"d{n}.example.com"}, "mappings": []} for n in range(2)]
    own = {"CachePolicyId": "own"}
    world.distributions = [
        {**states.distribution("rest1.execute-api.eu-west-1.amazonaws.com", **own), "Id": f"E{n}", **_SHOWN}
        for n in range(2)
    ]
    with serving(world) as address:
        monkeypatch.setenv("AWS_ENDPOINT_URL", address)
        yield world


def audit(aws: FakeAws, kill_at: int | None) -> tuple[int, dict[str, Any]]:
    """Run the command in a process of its own, killed when it makes that call; return its exit code and what it says."""
    command = [sys.executable, "-m", "corsmith", "audit", "--format", "json"]
    running = subprocess.Popen(command, env=dict(os.environ), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)

    def before(operation: str, given: dict[str, Any]) -> None:
        if len(aws.calls) == kill_at:
            running.send_signal(signal.SIGKILL)
            running.wait()

    aws.before = before
    said, _ = running.communicate()
    aws.before = None
    return running.returncode, json.loads(said) if said else {}


def asked(aws: FakeAws) -> Counter[str]:
    """Count the questions, each with its arguments; who is asking is asked by every run."""
    return Counter(f"{name} {json.dumps(given)}" for name, given in aws.calls if name != "GetCallerIdentity")


@pytest.mark.parametrize("at", [8, 14, CALLS])
def test_what_was_answered_is_not_asked_again(aws: FakeAws, at: int) -> None:
    code, _ = audit(aws, at)
    assert code == -signal.SIGKILL
    assert len(aws.calls) == at
    code, found = audit(aws, None)
    assert code in (0, 1), found["problems"]
    assert found["summary"]["front_doors"] == 4
    twice = {question for question, count in asked(aws).items() if count > 1}
    # The call that it died at had no answer: it alone is made again.
    last = aws.calls[at - 1]
    assert twice <= {f"{last[0]} {json.dumps(last[1])}"}
    assert len(asked(aws)) == CALLS - 1
    whole, again = found, audit(aws, None)[1]
    assert whole["findings"] == again["findings"]
