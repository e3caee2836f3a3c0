"""500 REST APIs of 20 resources and 500 HTTP APIs: how many calls, how fast, how much memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from . import states
from .reading_aws import FakeAws, serving

COUNT, RESOURCES = 500, 20
REPOSITORY = Path(__file__).parents[2]


def account() -> FakeAws:
    aws = FakeAws()
    resources = [{"id": "root", "path": "/"}]
    for n in range(RESOURCES - 1):
        methods = {"POST": states.proxy(), "OPTIONS": states.preflight()}
        resources.append(
            {"id": f"r{n}", "parentId": "root", "pathPart": f"p{n}", "path": f"/p{n}", "resourceMethods": methods}
        )
    first = states.rest(resources=resources)
    served = json.dumps(states.exported(first)).encode()
    for n in range(COUNT):
        aws.rest.append({**first, "api": {**first["api"], "id": f"rest{n:04}"}, "exports": {"prod": served}})
        aws.http.append(states.http(f"http{n:04}", cors=states.GOOD_CORS))
    aws.functions = [states.function()]
    return aws


@pytest.mark.timeout(900)
def test_a_large_account(tmp_path: Path) -> None:
    aws = account()
    with serving(aws) as address:
        own = {"AWS_ENDPOINT_URL": address, "PYTHONPATH": str(REPOSITORY)}
        done = subprocess.run(
            [sys.executable, "-m", "tests.account.large", str(tmp_path)],
            env={**os.environ, **own},
            cwd=REPOSITORY,
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["failures"] == []
    assert told["front_doors"] == 2 * COUNT
    # For each REST API its resources, gateway responses, stages and what its one deployment holds; for each HTTP API its
    # routes, integrations and stages: no call gives two of these. One call each for the lists.
    fewest = 4 * COUNT + 3 * COUNT + 5 + 2
    assert sum(told["calls"].values()) <= 1.3 * fewest
    assert sum(told["calls"].values()) == len(aws.calls) - aws.count("GetCallerIdentity")
    assert told["within_1s"] <= 10
    assert told["resources_within_2s"] <= 5
    assert told["mib"] < 300
