"""The local gateway beside serverless-offline 13: time to the first answer, requests a second, memory.

The same two trivial handlers behind an HTTP API with CORS configured. `python -m benchmarks.local` measures and writes
`benchmarks/results/local.json`. `make node` installs serverless-offline; where nobody has, it is installed first.
Linux only: memory is read from /proc.
"""

from __future__ import annotations

import json
import os
import select
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

from msgspec import Struct, field

RESULT = Path(__file__).parent / "results" / "local.json"
SECONDS = 2.0
CONNECTIONS = (1, 16)
ROUNDS = 3
TIMEOUT = 30.0
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
    RESULT.parent.mkdir(exist_ok=True)
    machine = {"python": sys.version.split()[0], "node": _said("node", "--version"), "processors": os.cpu_count()}
    RESULT.write_text(json.dumps({"machine": machine, "rows": rows}, indent=2) + "\n")
    print(table(rows, machine))
    return 1 if any(broken(each) for each in rows) else 0


def better(each: dict[str, Any]) -> float:
    """Return how many times better corsmith's figure is."""
    ours, theirs = each["values"].values()
    return float(ours / theirs if each["unit"] == "requests/s" else theirs / ours)


def broken(each: dict[str, Any]) -> bool:
    """Say whether a figure is not what was promised."""
    late = each["job"].startswith("first answer") and next(iter(each["values"].values())) >= READY
    return late or better(each) < PROMISED.get(each["job"], 0.0)


def table(rows: list[dict[str, Any]], machine: dict[str, Any]) -> str:
    """Return the figures side by side, and how much better corsmith's are."""
    tools = list(rows[0]["values"])
    lines = ["| | " + " | ".join(tools) + " | better by | promised |", "| --- |" + " ---: |" * (len(tools) + 2)]
    for each in rows:
        ours, theirs = each["values"].values()
        figures = " | ".join(f"{value:,.{2 if value < 10 else 0}f} {each['unit']}" for value in (ours, theirs))
        promise = f"{PROMISED[each['job']]:g} ×" if each["job"] in PROMISED else ""
        lines.append(
            f"| {each['job']} | {figures} | {better(each):.1f} × | {promise}{', broken' if broken(each) else ''} |"
        )
    what = (
        f"Best of {ROUNDS} interleaved rounds of {SECONDS:g} s. Python {machine['python']}, Node.js {machine['node']}"
    )
    return "\n".join([*lines, "", f"{what}, {machine['processors']} processors."])


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
                best = best_loads({tool: each.port for tool, each in started.items()}, request, connections)
                name = f"{job}, {connections} connection{'s' if connections > 1 else ''}"
                rows.append(row(name, "requests/s", {tool: load.per_second for tool, load in best.items()}))
                rows.append(row(f"{name}, p50", "ms", {tool: load.percentile(50) for tool, load in best.items()}))
                rows.append(row(f"{name}, p99", "ms", {tool: load.percentile(99) for tool, load in best.items()}))
        used = {tool: memory(each.process.pid) for tool, each in started.items()}
        rows.append(row("memory of the process tree after that", "MiB", used))
    return rows


def start_time(command: list[str], project: Path, path: str) -> float:
    """Return how long a gateway takes from its start to the first answer, seconds."""
    with running(command, project) as started:
        return first_answer(started, path)


def best_loads(ports: dict[str, int], request: bytes, connections: int) -> dict[str, Load]:
    """Return each tool's best round; the rounds alternate, so that other work on the machine meets all of them."""
    rounds = [(tool, Load(port, request).run(connections)) for _ in range(ROUNDS) for tool, port in ports.items()]
    return {
        tool: max((load for name, load in rounds if name == tool), key=lambda load: load.per_second) for tool in ports
    }


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


class Load(Struct):
    """Closed loops: each connection asks again when it has its answer.

    One thread and the system's own events: what a client costs would otherwise stand in every figure.
    """

    port: int
    request: bytes
    latencies: list[float] = field(default_factory=list)
    per_second: float = 0.0

    def run(self, connections: int) -> Load:
        """Ask for `SECONDS` on that many connections."""
        with ExitStack() as stack, select.epoll() as events:
            clients = {}
            for _ in range(connections):
                client = stack.enter_context(socket.create_connection(("127.0.0.1", self.port)))
                client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                events.register(client, select.EPOLLIN)
                clients[client.fileno()] = client
            began = time.perf_counter()
            self._ask(clients, events, began + SECONDS)
            self.per_second = len(self.latencies) / (time.perf_counter() - began)
        return self

    def _ask(self, clients: dict[int, socket.socket], events: select.epoll, until: float) -> None:
        asked, unread = {}, dict.fromkeys(clients, b"")
        for number, client in clients.items():
            asked[number] = time.perf_counter()
            client.sendall(self.request)
        while asked:
            for number, _ in events.poll(TIMEOUT) or _nothing_came():
                answer = unread[number] + clients[number].recv(65_536)
                if not _is_whole(answer):
                    unread[number] = answer
                    continue
                now = time.perf_counter()
                self.latencies.append(now - asked.pop(number))
                unread[number] = b""
                if now < until:
                    asked[number] = now
                    clients[number].sendall(self.request)
                else:
                    # A gateway may close it now.
                    events.unregister(clients[number])

    def percentile(self, share: int) -> float:
        """Return that percentile of the latencies, milliseconds."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, len(ordered) * share // 100)] * 1000


def _is_whole(answer: bytes) -> bool:
    """Say whether that is an answer to its end; answers are read by their Content-Length."""
    head, found, body = answer.partition(b"\r\n\r\n")
    if answer:
        assert answer[9:12] in (b"200", b"204"), head
        return bool(found) and len(body) >= _length(head)
    raise ConnectionError("the gateway closed a connection")


def _nothing_came() -> list[tuple[int, int]]:
    raise TimeoutError("the gateway does not answer")


def memory(pid: int) -> float:
    """Return the proportional set size of a process and all below it, MiB."""
    total = 0
    waiting = [pid]
    while waiting:
        each = waiting.pop()
        try:
            rollup = Path(f"/proc/{each}/smaps_rollup").read_text()
            total += int(next(line for line in rollup.splitlines() if line.startswith("Pss:")).split()[1])
            for task in Path(f"/proc/{each}/task").iterdir():
                waiting += [int(child) for child in (task / "children").read_text().split()]
        except (OSError, StopIteration):
            continue
    return total / 1024


def _length(head: bytes) -> int:
    at = head.lower().find(b"content-length:")
    return int(head[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _said(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


if __name__ == "__main__":
    sys.exit(main())
