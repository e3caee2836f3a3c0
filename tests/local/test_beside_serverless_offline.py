"""Where serverless-offline 13 answers otherwise than AWS, the local gateway answers as AWS does.

The same functions behind both. SERVERLESS_OFFLINE names a folder that has serverless-offline, or says "install": then npm
installs it into a temporary folder.
"""

from __future__ import annotations

import http.client
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from corsmith.local.background import LocalGateway

PACKAGES = ("serverless@3.40.0", "serverless-offline@13.10.1")
ALLOWED, OTHER = "https://app.example.com", "https://other.example.net"
HANDLER = "exports.handler = async () => ({ statusCode: 200, body: 'ok' });\n"
CORS = """
  httpApi:
    cors:
      allowedOrigins: [https://app.example.com]
      allowedMethods: [GET]
      allowedHeaders: [content-type]
      allowCredentials: true
"""
SERVERLESS = """\
service: beside
frameworkVersion: '3'
provider:
  name: aws
  runtime: nodejs20.x%s
plugins: [serverless-offline]
functions:
  items: {handler: app.handler, events: [{httpApi: GET /items}]}
"""
TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Api:
    Type: AWS::Serverless::HttpApi%s
  Items:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs20.x
      Handler: app.handler
      CodeUri: .
      Events: {Get: {Type: HttpApi, Properties: {ApiId: !Ref Api, Path: /items, Method: GET}}}
"""
TEMPLATE_CORS = """
    Properties:
      CorsConfiguration:
        AllowOrigins: [https://app.example.com]
        AllowMethods: [GET]
        AllowHeaders: [content-type]
        AllowCredentials: true
"""
pytestmark = [pytest.mark.node, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    given = os.environ["SERVERLESS_OFFLINE"]
    if given != "install":
        return Path(given)
    folder = tmp_path_factory.mktemp("npm")
    npm = [shutil.which("npm") or "npm", "install", "--prefix", str(folder)]
    subprocess.run([*npm, "--ignore-scripts", "--no-audit", "--no-fund", "--silent", *PACKAGES], check=True)
    return folder


@pytest.fixture(scope="module", params=["configured", "bare"])
def ports(
    request: pytest.FixtureRequest, installed: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, int, int]]:
    """Yield which project is served, serverless-offline's port, and ours."""
    folder = tmp_path_factory.mktemp(request.param)
    configured = request.param == "configured"
    (folder / "app.js").write_text(HANDLER)
    (folder / "serverless.yml").write_text(SERVERLESS % (CORS if configured else ""))
    (folder / "template.yaml").write_text(TEMPLATE % (TEMPLATE_CORS.rstrip() if configured else ""))
    (folder / "node_modules").symlink_to(installed / "node_modules")
    port, other = _free_port(), _free_port()
    script = installed / "node_modules/serverless/bin/serverless.js"
    process = subprocess.Popen(
        [
            "node",
            str(script),
            "offline",
            "start",
            "--host",
            "127.0.0.1",
            "--httpPort",
            str(port),
            "--lambdaPort",
            str(other),
        ],
        cwd=folder,
        env={**os.environ, "SLS_TELEMETRY_DISABLED": "1", "SLS_NOTIFICATIONS_MODE": "off"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    before = Path.cwd()
    os.chdir(folder)
    try:
        _wait_for(port)
        with LocalGateway("template.yaml") as gateway:
            yield request.param, port, int(gateway.urls["Api"].rpartition(":")[2])
    finally:
        os.chdir(before)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        try:
            if ask(port, "GET", "/items", ALLOWED)["status"] == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError("serverless-offline did not start")


def ask(port: int, method: str, path: str, origin: str) -> dict[str, Any]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Origin": origin}
    if method == "OPTIONS":
        headers |= {"Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "content-type"}
    connection.request(method, path, headers=headers)
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


ROWS = {
    "configured": [("GET", "/items", bare(200))],
    "bare": [
        ("OPTIONS", "/items", bare(404)),
        ("GET", "/items", bare(200)),
        ("GET", "/nowhere", bare(404)),
        ("OPTIONS", "/nowhere", bare(404)),
    ],
}


def test_strangers_that_it_lets_in_are_kept_out_here(ports: tuple[str, int, int]) -> None:
    project, theirs, ours = ports
    for method, path, right in ROWS[project]:
        assert (method, path, ask(theirs, method, path, OTHER)["origin"]) == (method, path, OTHER)
        assert (method, path, ask(ours, method, path, OTHER)) == (method, path, right)


RIGHT: dict[str, tuple[tuple[str, ...], dict[str, Any]]] = {
    "configured": (("GET", "OPTIONS"), {"origin": ALLOWED, "credentials": "true"}),
    "bare": (("GET",), {"status": 200}),
}


def test_what_it_gets_right_is_right_here_too(ports: tuple[str, int, int]) -> None:
    project, theirs, ours = ports
    methods, wanted = RIGHT[project]
    for method in methods:
        assert ask(theirs, method, "/items", ALLOWED).items() >= wanted.items()
        assert ask(ours, method, "/items", ALLOWED).items() >= wanted.items()
