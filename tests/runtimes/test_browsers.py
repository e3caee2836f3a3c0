"""A real Chromium, through the local gateway, on every front door it has: what a wrapped function's page can read."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest
from clients import FUNCTIONS

from corsmith.live.browsers import Chromium

pytestmark = [pytest.mark.chromium, pytest.mark.node]
APP = "https://app.example.com"
JSON = [["content-type", "application/json"]]


class Asked(NamedTuple):
    """A call of a page, and whether it may read the answer."""

    name: str
    path: str = "ok"
    origin: str = APP
    method: str = "GET"
    headers: Any = ()
    credentials: str = "omit"
    status: int = 200
    error: str | None = None


CALLS = [
    Asked("plain"),
    Asked("credentials", credentials="include"),
    Asked("preflight", method="PUT", headers=[*JSON, ["x-trace", "1"]], credentials="include"),
    Asked("sub-domain", origin="https://a.b.example.org", method="PUT"),
    Asked("exception", "fails", method="PUT", headers=JSON, status=500),
    Asked("late", "late", status=504),
    Asked("the handler's own headers", "wrong", credentials="include"),
    Asked("origin denied", origin="https://evil.example.net", error="MissingAllowOriginHeader"),
    Asked("origin denied, preflight", origin="https://evil.example.net", method="PUT", error="PreflightMissingAllowOriginHeader"),
    Asked("look-alike", origin="https://app.example.com.evil.net", credentials="include", error="MissingAllowOriginHeader"),
    Asked("opaque", origin="null", error="MissingAllowOriginHeader"),
    Asked("method denied", method="DELETE", error="PreflightMissingAllowOriginHeader"),
    Asked("header denied", headers=[["x-evil", "1"]], error="PreflightMissingAllowOriginHeader"),
]  # fmt: skip


FRONT_DOORS = {
    "REST API": "Rest",
    "HTTP API, payload 2.0": "Http",
    "HTTP API, payload 1.0": "HttpFirst",
    "Function URL, Python": "PythonFunctionUrl",
    "Function URL, Node": "NodeFunctionUrl",
    "load balancer": "Single",
    "load balancer, multi-value headers": "Multi",
}
PAIRS = [
    (door, name) for door in FRONT_DOORS for name in ("Python", "Node") if "URL" not in door or door.endswith(name)
]


@pytest.fixture(scope="module")
def addresses() -> Iterator[dict[str, str]]:
    """The local gateway's addresses, by API."""
    command = [sys.executable, "-m", "corsmith", "dev", str(FUNCTIONS / "project"), "--port", "0", "--format", "json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=dict(os.environ)) as gateway:
        assert gateway.stdout is not None
        found: dict[str, str] = {}
        for line in gateway.stdout:
            said = json.loads(line)
            if said.get("ready"):
                break
            found[said["api"]] = said["url"]
        yield found
        gateway.terminate()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Chromium]:
    with Chromium() as browser:
        yield browser


@pytest.mark.parametrize(("front_door", "language"), PAIRS)
@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.name)
def test_what_a_page_reads(
    addresses: dict[str, str], chromium: Chromium, front_door: str, language: str, call: Asked
) -> None:
    place = urlsplit(addresses[FRONT_DOORS[front_door]])
    request = {
        "method": call.method,
        "headers": list(call.headers),
        "credentials": call.credentials,
        "url": f"https://api.example.net{place.path.rstrip('/')}/{language.lower()}/{call.path}",
    }
    assert place.hostname is not None
    assert place.port is not None
    verdict = chromium.call(call.origin, request, target=(place.hostname, place.port))
    assert verdict["cors_error"] == call.error
    assert verdict["allowed"] == (call.error is None)
    if call.error is None:
        assert verdict["observed"]["status"] == call.status
        if call.path == "ok":
            assert "x-own" in str(verdict["observed"]["visible_headers"])
