"""What no gateway can be faster than on this machine: the way there and back, and the function's own runtime client."""

from __future__ import annotations

import importlib.util
import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from corsmith.local import launch

from .local_load import Load, processes

SECONDS = 1.0
ROUNDS = 3

ANSWER = (
    b"HTTP/1.1 204 No Content\r\napigw-requestid: 00000000-0000-4=\r\n"
    b"access-control-allow-origin: https://app.example.com\r\nvary: origin\r\naccess-control-allow-methods: GET,POST\r\n"
    b"access-control-allow-headers: content-type\r\ndate: Thu, 01 Jan 2026 00:00:00 GMT\r\nconnection: keep-alive\r\n\r\n"
)
LOOP = """\
import socket, sys
listening = socket.create_server(("127.0.0.1", 0))
print(listening.getsockname()[1], flush=True)
answer = sys.argv[1].encode("latin-1")
while True:
    client, _ = listening.accept()
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    receive, send = client.recv, client.send
    while receive(65536):
        send(answer)
"""
EVENT = {
    "version": "2.0",
    "routeKey": "GET /py",
    "rawPath": "/py",
    "rawQueryString": "",
    "headers": {"host": "127.0.0.1", "origin": "https://app.example.com"},
    "requestContext": {"apiId": "api", "http": {"method": "GET", "path": "/py"}, "stage": "$default"},
    "isBase64Encoded": False,
}
ACCEPTED = b'HTTP/1.1 202 Accepted\r\nContent-Type: application/json\r\nContent-Length: 16\r\n\r\n{"status":"OK"}\n'


def floors(preflight: bytes, project: Path) -> list[dict[str, Any]]:
    """Return the figures, each with the job that it bounds."""
    there_and_back = max(_loop(preflight) for _ in range(ROUNDS))
    client = max(_client(project) for _ in range(ROUNDS))
    what = "a loop that receives and sends the same bytes"
    asked = "awslambdaric, asked by a Runtime API that does nothing else"
    return [
        {"what": what, "job": "preflight, 1 connection", "per_second": round(there_and_back)},
        {"what": asked, "job": "GET /py, 1 connection", "per_second": round(client)},
        {"what": asked, "job": "GET /py, 16 connections", "per_second": round(client)},
    ]


def _loop(request: bytes) -> float:
    command = [sys.executable, "-c", LOOP, ANSWER.decode("latin-1")]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as server:
        assert server.stdout is not None
        port = int(server.stdout.readline())
        per_second = Load(port, request).run(1, SECONDS).per_second
        server.kill()
    return per_second


def _client(project: Path) -> float:
    """Return how many events a second a Python function of `project` takes through the client that corsmith gives it."""
    own = Path(importlib.util.find_spec("awslambdaric").origin or "").parent.parent  # type: ignore[union-attr]
    script = Path(launch.__file__).parent / "runtimes" / "python_function.py"
    with socket.create_server(("127.0.0.1", 0)) as listening:
        environment = {
            **os.environ,
            "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{listening.getsockname()[1]}",
            "LAMBDA_TASK_ROOT": str(project),
        }
        with subprocess.Popen([sys.executable, str(script), str(own), "app.handler"], env=environment) as function:
            connection, _ = listening.accept()
            with connection:
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                per_second = _asked(connection, _event())
                assert list(processes(function.pid)) == [function.pid]
                function.kill()
    return per_second


def _event() -> bytes:
    body = json.dumps(EVENT).encode()
    return (
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
        b"Lambda-Runtime-Trace-Id: Root=1-00000000-000000000000000000000000;Parent=0000000000000000;Sampled=0\r\n"
        b"Lambda-Runtime-Aws-Request-Id: 00000000-0000-4000-8000-000000000000\r\n"
        b"Lambda-Runtime-Deadline-Ms: 4000000000000\r\n"
        b"Lambda-Runtime-Invoked-Function-Arn: arn:aws:lambda:us-east-1:123456789012:function:Py\r\n"
        b"Content-Length: %d\r\n\r\n" % len(body)
    ) + body


def _asked(connection: socket.socket, event: bytes) -> float:
    connection.recv(65_536)
    connection.send(event)
    began = time.perf_counter()
    count = 0
    while time.perf_counter() < began + SECONDS:
        # The client sends a response and the next question in one piece.
        answer = connection.recv(65_536)
        assert answer.startswith(b"POST /2018-06-01/runtime/invocation/"), answer
        connection.send(ACCEPTED + event)
        count += 1
    return count / (time.perf_counter() - began)
