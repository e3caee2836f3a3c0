"""The tester, served on loopback by the server that people run; and a listener that must hear nothing."""

from __future__ import annotations

import http.client
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

import uvicorn
from msgspec import Struct

from corsmith.web.app import application
from corsmith.web.limits import Limits, Rate
from corsmith.web.run import configured
from corsmith.web.serving import Serving

PLENTY = Rate(1e9, 1e9)


class Answer(Struct, frozen=True):
    """What came back: status, headers under lower-case names, text."""

    status: int
    headers: dict[str, str]
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)


class Site(Struct, frozen=True):
    """A tester that runs."""

    port: int

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def send(self, method: str, path: str, body: str | bytes = "", **headers: str) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body.encode() if isinstance(body, str) else body, sent)
        got = connection.getresponse()
        text = got.read().decode()
        connection.close()
        return Answer(got.status, {name.lower(): value for name, value in got.getheaders()}, text)

    def get(self, path: str, **headers: str) -> Answer:
        return self.send("GET", path, **headers)

    def form(self, path: str, fields: dict[str, str], **headers: str) -> Answer:
        kind = {"content_type": "application/x-www-form-urlencoded"}
        return self.send("POST", path, urlencode(fields), **kind, **headers)

    def api(self, name: str, body: Any, **headers: str) -> Answer:
        return self.send("POST", f"/api/{name}", json.dumps(body), content_type="application/json", **headers)


@contextmanager
def served(serving: Serving, *, visitor: Rate = PLENTY, target: Rate = PLENTY, at_once: int = 64) -> Iterator[Site]:
    """Serve until the block ends."""
    import time

    opened = socket.create_server(("127.0.0.1", 0), backlog=512)
    server = uvicorn.Server(configured(application(serving, Limits(time.monotonic, visitor, target, at_once))))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [opened]}, daemon=True)
    thread.start()
    try:
        yield Site(opened.getsockname()[1])
    finally:
        server.should_exit = True
        thread.join(20)
        opened.close()


class Listener:
    """Listens, answers each request with `answer`, and counts who comes."""

    def __init__(self, answer: bytes = b"", host: str = "127.0.0.1") -> None:
        self.heard: list[bytes] = []
        self._answer = answer
        self._socket = socket.create_server((host, 0), backlog=64)
        self.port = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(5)
                try:
                    self.heard.append(connection.recv(65536))
                    connection.sendall(self._answer)
                except OSError:
                    self.heard.append(b"")

    def close(self) -> None:
        self._socket.close()


@contextmanager
def listening(answer: bytes = b"", host: str = "127.0.0.1") -> Iterator[Listener]:
    """A listener until the block ends."""
    listener = Listener(answer, host)
    try:
        yield listener
    finally:
        listener.close()


class Holding:
    """Answers its first visitor at once, and the second when `go_on` is set."""

    def __init__(self, *answers: bytes) -> None:
        self.go_on = threading.Event()
        self._answers = answers
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=8)
        self.port = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        for number, answer in enumerate(self._answers):
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(20)
                connection.recv(65536)
                if number:
                    self.go_on.wait(20)
                connection.sendall(answer)

    def close(self) -> None:
        self.go_on.set()
        self._socket.close()
        self._thread.join(20)


@contextmanager
def holding(*answers: bytes) -> Iterator[Holding]:
    """A server that holds back all answers but the first, until the block ends."""
    server = Holding(*answers)
    try:
        yield server
    finally:
        server.close()


def response(status: str, headers: dict[str, str], body: str = "{}") -> bytes:
    """Return the bytes of an HTTP response after which the connection closes."""
    sent = {**headers, "Content-Length": str(len(body.encode())), "Connection": "close"}
    head = "".join(f"{name}: {value}\r\n" for name, value in sent.items())
    return f"HTTP/1.1 {status}\r\n{head}\r\n{body}".encode()
