"""The local gateway beside serverless-offline 13: time to the first answer, requests a second, processor time, memory.

The same two trivial handlers behind an HTTP API with CORS configured. `python -m benchmarks.local` measures and writes
`benchmarks/results/local.json`. `make node` installs serverless-offline; where nobody has, it is installed first.
Linux only: memory is read from /proc.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from msgspec import Struct

from .local_floors import floors
from .local_load import Load, memory, processor_time
from .measured import keep

SECONDS = 2.0
CONNECTIONS = (1, 16)
ROUNDS = 3
PEER = Path(__file__).parent / "peers" / "serverless-offline"

PROMISED = {
    "first answer of GET /js": 3.0,
    "first answer of GET /py": 3.0,
    "preflight, 1 connection": 3.0,
    "preflight, 16 connections": 3.0,
    "GET /js, 1 connection": 2.0,
    "GET /js, 16 connections": 2.0,
    "memory of the process tree after that": 2.0,
}
"""How many times better than the peer the local gateway is to be."""

READY = 1.0
"""Seconds to the first answer, at most."""

TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Api:
    Type: AWS::Serverless::HttpApi
    Properties:
      CorsConfiguration:
        AllowOrigins: [https://app.example.com]
        AllowMethods: [GET, POST]
        AllowHeaders: [content-type]
  Js:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs20.x
      Handler: app.handler
      CodeUri: .
      Events: {Get: {Type: HttpApi, Properties: {ApiId: !Ref Api, Path: /js, Method: GET}}}
  Py:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.11
      Handler: app.handler
      CodeUri: .
      Events: {Get: {Type: HttpApi, Properties: {ApiId: !Ref Api, Path: /py, Method: GET}}}
"""
SERVERLESS = """\
service: bench
frameworkVersion: '3'
provider:
  name: aws
  runtime: nodejs20.x
  httpApi:
    cors:
      allowedOrigins: [https://app.example.com]
      allowedMethods: [GET, POST]
      allowedHeaders: [content-type]
plugins: [serverless-offline]
functions:
  js: {handler: app.handler, events: [{httpApi: GET /js}]}
  py: {handler: app.handler, runtime: python3.11, events: [{httpApi: GET /py}]}
"""
NODE = "exports.handler = async () => ({ statusCode: 200, body: 'ok' });\n"
PYTHON = 'def handler(event, context):\n    return {"statusCode": 200, "body": "ok"}\n'

ORIGIN = "Host: 127.0.0.1\r\nOrigin: https://app.example.com\r\n"
PREFLIGHT = (
    f"OPTIONS /js HTTP/1.1\r\n{ORIGIN}Access-Control-Request-Method: POST\r\n"
    "Access-Control-Request-Headers: content-type\r\n\r\n"
).encode()


def get(path: str) -> bytes:
    """Return a GET request."""
    return f"GET {path} HTTP/1.1\r\n{ORIGIN}\r\n".encode()


def main() -> int:
    """Measure both, write the figures, and print them as a table; return 1 where a promise is broken."""
    with tempfile.TemporaryDirectory() as name:
        project = Path(name)
        for file, text in (("template.yaml", TEMPLATE), ("serverless.yml", SERVERLESS), ("app.js", NODE)):
            (project / file).write_text(text)
        (project / "app.py").write_text(PYTHON)
        rows = measured({"corsmith dev": corsmith(), "serverless-offline 13": serverless(project)}, project)
        bounds = floors(PREFLIGHT, project)
    found = {"rows": rows, "floors": bounds}
    package = json.loads((PEER / "node_modules" / "serverless-offline" / "package.json").read_text(encoding="utf-8"))
    node = _said("node", "--version").removeprefix("v")
    keep("local", found, {"serverless-offline": package["version"], "Node.js": node})
    print(shown(found))
    return 1 if any(broken(each) for each in rows) else 0


def better(each: dict[str, Any]) -> float:
    """Return how many times better corsmith's figure is."""
    ours, theirs = each["values"].values()
    return float(ours / theirs if each["unit"] == "requests/s" else theirs / ours)


def broken(each: dict[str, Any]) -> bool:
    """Say whether a figure is not what was promised."""
    late = each["job"].startswith("first answer") and next(iter(each["values"].values())) >= READY
    return late or better(each) < PROMISED.get(each["job"], 0.0)


def shown(found: dict[str, Any]) -> str:
    """Return the figures side by side, and how much better corsmith's are."""
    rows = found["rows"]
    tools = list(rows[0]["values"])
    lines = ["| | " + " | ".join(tools) + " | better by | promised |", "| --- |" + " ---: |" * (len(tools) + 2)]
    for each in rows:
        ours, theirs = each["values"].values()
        figures = " | ".join(f"{value:,.{2 if value < 10 else 0}f} {each['unit']}" for value in (ours, theirs))
        promise = f"{PROMISED[each['job']]:g} ×" if each["job"] in PROMISED else ""
        lines.append(
            f"| {each['job']} | {figures} | {better(each):.1f} × | {promise}{', broken' if broken(each) else ''} |"
        )
    told = f"Best of {ROUNDS} interleaved rounds of {SECONDS:g} s; processor time is that of the whole process tree."
    return "\n".join([*lines, "", told, *_floors_shown(found)])


def _floors_shown(found: dict[str, Any]) -> list[str]:
    """Return what nobody can be faster than on the same machine, and the share of it that corsmith reaches."""
    ours = {each["job"]: next(iter(each["values"].values())) for each in found["rows"]}
    lines = []
    for each in found.get("floors", ()):
        share = f"{ours[each['job']] / each['per_second'] * 100:.0f} %"
        lines.append(f"| {each['what']} | {each['per_second']:,} requests/s | {each['job']} | {share} |")
    head = ["", "| at most | | for | corsmith dev reaches |", "| --- | ---: | --- | ---: |"]
    return [*head, *lines] if lines else []


def corsmith() -> list[str]:
    """Return how corsmith is started; the port is appended."""
    return [sys.executable, "-m", "corsmith", "dev", "template.yaml", "--port"]


def serverless(project: Path) -> list[str]:
    """Return how serverless-offline is started, after installing it where it is not."""
    modules = PEER / "node_modules"
    if not (modules / ".ready").exists():
        npm = ["npm", "ci", "--silent", "--no-fund", "--no-audit", "--ignore-scripts", "--prefix", str(PEER)]
        subprocess.run(npm, check=True)
        (modules / ".ready").touch()
    (project / "node_modules").symlink_to(modules)
    script = project / "node_modules/serverless/bin/serverless.js"
    node = shutil.which("node") or "node"
    return [node, str(script), "offline", "start", "--noPrependStageInUrl", "--host", "127.0.0.1", "--httpPort"]


def measured(tools: dict[str, list[str]], project: Path) -> list[dict[str, Any]]:
    """Return the figures: each with its unit, and the value of each tool."""
    rows = []
    for path in ("/js", "/py"):
        seconds = {
            tool: min(start_time(command, project, path) for _ in range(ROUNDS)) for tool, command in tools.items()
        }
        rows.append(row(f"first answer of GET {path}", "s", seconds))
    with ExitStack() as stack:
        started = {tool: stack.enter_context(running(command, project)) for tool, command in tools.items()}
        for each in started.values():
            for path in ("/js", "/py"):
                first_answer(each, path)
        for job, request in (("preflight", PREFLIGHT), ("GET /js", get("/js")), ("GET /py", get("/py"))):
            for connections in CONNECTIONS:
                name = f"{job}, {connections} connection{'s' if connections > 1 else ''}"
                rows += loaded(name, started, request, connections)
        used = {tool: memory(each.process.pid) for tool, each in started.items()}
        rows.append(row("memory of the process tree after that", "MiB", used))
    return rows


def start_time(command: list[str], project: Path, path: str) -> float:
    """Return how long a gateway takes from its start to the first answer, seconds."""
    with running(command, project) as started:
        return first_answer(started, path)


def loaded(name: str, started: dict[str, Started], request: bytes, connections: int) -> list[dict[str, Any]]:
    """Return each tool's best figures; the rounds alternate, so that other work on the machine meets all of them."""
    rounds: dict[str, list[tuple[Load, float]]] = {tool: [] for tool in started}
    for _ in range(ROUNDS):
        for tool, each in started.items():
            before = processor_time(each.process.pid)
            load = Load(each.port, request).run(connections, SECONDS)
            used = processor_time(each.process.pid) - before
            rounds[tool].append((load, used / len(load.latencies) * 1e6))
    best = {tool: max((load for load, _ in each), key=lambda load: load.per_second) for tool, each in rounds.items()}
    return [
        row(name, "requests/s", {tool: load.per_second for tool, load in best.items()}),
        row(f"{name}, processor time", "µs", {tool: min(used for _, used in each) for tool, each in rounds.items()}),
        row(f"{name}, p50", "ms", {tool: load.percentile(50) for tool, load in best.items()}),
        row(f"{name}, p99", "ms", {tool: load.percentile(99) for tool, load in best.items()}),
    ]


def row(job: str, unit: str, values: dict[str, float]) -> dict[str, Any]:
    """Return one figure."""
    return {"job": job, "unit": unit, "values": {tool: round(value, 3) for tool, value in values.items()}}


class Started(Struct, frozen=True):
    """A running gateway. `at` is when it was started."""

    process: subprocess.Popen[bytes]
    port: int
    at: float


@contextmanager
def running(command: list[str], project: Path) -> Iterator[Started]:
    """Run a gateway, and end it with whatever it started."""
    port = _free_port()
    environment = {**os.environ, "SLS_TELEMETRY_DISABLED": "1", "SLS_NOTIFICATIONS_MODE": "off", "CI": "1"}
    extra = ["--lambdaPort", str(_free_port())] if "offline" in command else []
    at = time.monotonic()
    process = subprocess.Popen(
        [*command, str(port), *extra],
        cwd=project,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield Started(process, port, at)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def first_answer(started: Started, path: str) -> float:
    """Return how long after its start the gateway answered 200, seconds."""
    while time.monotonic() - started.at < 60:
        try:
            with socket.create_connection(("127.0.0.1", started.port), 30) as connection:
                connection.sendall(get(path))
                if connection.recv(4096).startswith(b"HTTP/1.1 200"):
                    return time.monotonic() - started.at
        except OSError:
            pass
        time.sleep(0.01)
    raise TimeoutError(f"no answer to {path}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _said(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


if __name__ == "__main__":
    sys.exit(main())
