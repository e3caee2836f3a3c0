"""Both runtimes pass all vectors inside Lambda's official runtime clients."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from clients import node_client, python_client
from runtime_api import RuntimeApi
from vectors import CASES, agrees


@pytest.fixture(scope="module", params=["python", pytest.param("node", marks=pytest.mark.node)])
def client(request: pytest.FixtureRequest) -> Iterator[RuntimeApi]:
    start = {"python": python_client, "node": node_client}[request.param]
    with start(f"vectors_{request.param}.handler") as running:
        yield running


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_what_the_client_posts_is_what_the_vector_says(client: RuntimeApi, case: dict[str, Any]) -> None:
    remaining = case["handler"].get("remaining", 30_000)
    posted = client.invoke(case["event"], {"vector": case["name"]}, remaining)
    assert posted.ok, posted.body
    agrees(case, json.loads(posted.body))
