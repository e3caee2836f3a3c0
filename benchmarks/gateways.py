"""Measures how many responses a second of CPU time a REST API of 300 resources gives.

Run: python -m benchmarks.gateways. Prints a table and writes benchmarks/results/gateways.json. Each resource has a GET
and a PUT behind a Lambda function and a MOCK for OPTIONS; requests go to every resource in turn. They come again in
each round, so where their paths lead is remembered; "mixed, new paths" asks for each path once.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any

from corsmith.api.exchange import Request
from corsmith.api.front_door import LambdaProxy
from corsmith.api.rest_api import GatewayResponse, IntegrationResponse, Mock, RestApi, RestMethod
from corsmith.api.span import Span
from corsmith.api.value import Known
from corsmith.gateways import Payload, answer, base_url

from .measured import keep

RESOURCES = 300
ROUNDS = 10
REPEATS = 40
HERE = Span("template.yaml", 0, 1)
ORIGIN = ("Origin", "https://app.example.com")
ASKED = (ORIGIN, ("Access-Control-Request-Method", "PUT"), ("Access-Control-Request-Headers", "content-type"))
TOLD = Payload(
    {
        "statusCode": 200,
        "headers": {"Access-Control-Allow-Origin": "https://app.example.com", "Vary": "Origin"},
        "body": "{}",
    }
)


def api(resources: int = RESOURCES) -> RestApi:
    """Return an API whose resources are nested two deep, with a path parameter at the end."""
    lines = (
        ("Access-Control-Allow-Origin", "'https://app.example.com'"),
        ("Access-Control-Allow-Methods", "'GET,PUT,OPTIONS'"),
        ("Access-Control-Allow-Headers", "'Content-Type'"),
    )
    mapped = tuple((name, Known(value)) for name, value in lines)
    mock = Mock(
        (("application/json", Known('{"statusCode": 200}')),), (IntegrationResponse(Known("200"), parameters=mapped),)
    )
    proxy = LambdaProxy(Known("Items"))
    methods = []
    for number in range(resources):
        path = f"/area{number % 20}/thing{number}/{{id}}"
        methods += [RestMethod(path, "GET", proxy, HERE), RestMethod(path, "PUT", proxy, HERE)]
        methods.append(RestMethod(path, "OPTIONS", mock, HERE))
    errors = (GatewayResponse("DEFAULT_4XX", mapped[:1]),)
    return RestApi("Bench", HERE, tuple(methods), errors)


def requests(kind: str, resources: int = RESOURCES, item: str = "7") -> list[Request]:
    """Return a request to each resource: "preflight", "proxy" (a function answers) or "refused" (no such method)."""
    address = base_url(api(1))
    verb, headers = {"preflight": ("OPTIONS", ASKED), "proxy": ("GET", (ORIGIN,)), "refused": ("DELETE", (ORIGIN,))}[
        kind
    ]
    return [Request(verb, f"{address}/area{at % 20}/thing{at}/{item}", headers) for at in range(resources)]


def serve(front_door: RestApi, batch: list[Request]) -> None:
    """Answer each request, as a driver does whose function always answers the same."""
    for request in batch:
        asking = answer(front_door, request)
        try:
            next(asking)
            asking.send(TOLD)
        except StopIteration:
            continue
        raise RuntimeError("asked twice")


def rate(front_door: RestApi, batch: list[Request]) -> float:
    """Return responses per second of CPU time: the best of several runs."""
    serve(front_door, batch)
    best = 0.0
    for _ in range(REPEATS):
        started = time.process_time()
        for _ in range(ROUNDS):
            serve(front_door, batch)
        best = max(best, ROUNDS * len(batch) / (time.process_time() - started))
    return best


def measure() -> dict[str, float]:
    """Return the rate of each kind of request, and of all kinds in equal parts."""
    front_door = api()
    kinds = {kind: requests(kind) for kind in ("preflight", "proxy", "refused")}
    rates = {kind: rate(front_door, batch) for kind, batch in kinds.items()}
    mixed = [request for together in zip(*kinds.values(), strict=True) for request in together]
    rates["mixed"] = rate(front_door, mixed)
    rates["mixed, new paths"] = max(_once(front_door, kinds, repeat) for repeat in range(REPEATS))
    rates["mixed, 30 resources"] = rate(api(30), [each for kind in kinds for each in requests(kind, 30)])
    return rates


def _once(front_door: RestApi, kinds: Iterable[str], repeat: int) -> float:
    """Return the rate where each path comes once."""
    rounds = range(ROUNDS)
    batch = [each for number in rounds for kind in kinds for each in requests(kind, item=f"{repeat}-{number}")]
    started = time.process_time()
    serve(front_door, batch)
    return len(batch) / (time.process_time() - started)


def shown(found: dict[str, Any]) -> str:
    """Return the result as a table."""
    rows = [f"| {kind} | {value:,} |" for kind, value in found["rates"].items()]
    what = f"{found['resources']} resources, best of {REPEATS} runs."
    return "\n".join(["| responses per second of CPU | |", "| --- | ---: |", *rows, "", what])


def main() -> None:
    """Measure, print, write."""
    found = {"resources": RESOURCES, "rates": {kind: round(value) for kind, value in measure().items()}}
    keep("gateways", found)
    print(shown(found))


if __name__ == "__main__":
    main()
