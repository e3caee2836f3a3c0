"""Where serverless-offline 13 answers otherwise than AWS, the local gateway answers as AWS does.

The same Serverless project behind both. `make node` installs the peer.
"""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest

from corsmith.local.background import LocalGateway

PEER = Path(__file__).parents[2] / "benchmarks" / "peers" / "serverless-offline"
ALLOWED, OTHER = "https://app.example.com", "https://other.example.net"
HANDLER = "exports.handler = async () => ({ statusCode: 200, body: 'ok' });\n"
SERVICE = """\
service: beside
frameworkVersion: '3'
provider:
  name: aws
  runtime: nodejs20.x
"""
CONFIGURED = """\
  httpApi:
    cors:
      allowedOrigins: [https://app.example.com]
      allowedMethods: [GET]
      allowedHeaders: [content-type]
      allowCredentials: true
"""
FUNCTION = """\
plugins: [serverless-offline]
functions:
  items:
    handler: app.handler
    events:
      - %s
"""
PROJECTS = {
    "configured": SERVICE + CONFIGURED + FUNCTION % "httpApi: GET /items",
    "bare": SERVICE + FUNCTION % "httpApi: GET /items",
    "rest": SERVICE + FUNCTION % "http: {method: get, path: items, cors: {origin: 'https://app.example.com'}}",
    "rest without cors": SERVICE + FUNCTION % "http: {method: get, path: items}",
}
pytestmark = [pytest.mark.node, pytest.mark.timeout(300)]


class Both(NamedTuple):
    """A project behind both: which, and the two addresses."""

    project: str
    theirs: str
    ours: str


@pytest.fixture(scope="module", params=PROJECTS)
def both(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    folder = tmp_path_factory.mktemp("beside")
    (folder / "app.js").write_text(HANDLER)
    (folder / "serverless.yml").write_text(PROJECTS[request.param])
    (folder / "node_modules").symlink_to(PEER / "node_modules")
    port = _free_port()
    before = Path.cwd()
    os.chdir(folder)
    process = _serverless_offline(folder, port)
    try:
        with LocalGateway("serverless.yml") as gateway:
            (ours,) = gateway.urls.values()
            theirs = f"http://127.0.0.1:{port}{urlsplit(ours).path}"
            _wait_for(theirs)
            yield Both(request.param, theirs, ours)
    finally:
        os.chdir(before)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _serverless_offline(folder: Path, port: int) -> subprocess.Popen[bytes]:
    script = PEER / "node_modules" / "serverless" / "bin" / "serverless.js"
    assert script.is_file(), "run `make node` first"
    ports = ["--httpPort", str(port), "--lambdaPort", str(_free_port())]
    return subprocess.Popen(
        ["node", str(script), "offline", "start", "--host", "127.0.0.1", *ports],
        cwd=folder,
        env={**os.environ, "SLS_TELEMETRY_DISABLED": "1", "SLS_NOTIFICATIONS_MODE": "off"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(address: str) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        try:
            if ask(address, "GET", "/items", ALLOWED)["status"] == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError("serverless-offline did not start")


def ask(address: str, method: str, path: str, origin: str) -> dict[str, Any]:
    place = urlsplit(address)
    connection = http.client.HTTPConnection(place.netloc, timeout=60)
    headers = {"Origin": origin}
    if method == "OPTIONS":
        headers |= {"Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "content-type"}
    connection.request(method, place.path + path, headers=headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return {
        "status": answer.status,
        "origin": answer.getheader("access-control-allow-origin"),
        "credentials": answer.getheader("access-control-allow-credentials"),
    }


def bare(status: int) -> dict[str, Any]:
    return {"status": status, "origin": None, "credentials": None}


WRONG = {
    # A stranger's page reads what the configuration allows to one origin only.
    "configured": [("GET", "/items", bare(200))],
    # Nothing is configured, and everybody may read everything, with cookies, even what is not there.
    "bare": [
        ("OPTIONS", "/items", bare(404)),
        ("GET", "/items", bare(200)),
        ("GET", "/nowhere", bare(404)),
        ("OPTIONS", "/nowhere", bare(404)),
    ],
    # The handler sends no header, and nobody adds one for it; a path that nobody defined has no preflight.
    "rest": [("GET", "/items", bare(200)), ("OPTIONS", "/nowhere", bare(403)), ("GET", "/nowhere", bare(403))],
    "rest without cors": [
        ("OPTIONS", "/items", bare(403)),
        ("GET", "/items", bare(200)),
        ("OPTIONS", "/nowhere", bare(403)),
    ],
}


def test_strangers_that_it_lets_in_are_kept_out_here(both: Both) -> None:
    for method, path, right in WRONG[both.project]:
        theirs = ask(both.theirs, method, path, OTHER)
        assert (method, path, theirs["origin"]) == (method, path, OTHER)
        assert (method, path, ask(both.ours, method, path, OTHER)) == (method, path, right)


RIGHT: dict[str, tuple[tuple[str, ...], dict[str, Any]]] = {
    "configured": (("GET", "OPTIONS"), {"origin": ALLOWED, "credentials": "true"}),
    "bare": (("GET",), {"status": 200}),
    "rest": (("OPTIONS",), {"origin": ALLOWED}),
    "rest without cors": (("GET",), {"status": 200}),
}


def test_what_it_gets_right_is_right_here_too(both: Both) -> None:
    methods, wanted = RIGHT[both.project]
    for method in methods:
        assert ask(both.theirs, method, "/items", ALLOWED).items() >= wanted.items()
        assert ask(both.ours, method, "/items", ALLOWED).items() >= wanted.items()
