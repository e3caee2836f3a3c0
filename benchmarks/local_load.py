"""Requests to a local gateway, and what they cost it. Linux only: processor time and memory are read from /proc."""

from __future__ import annotations

import select
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from msgspec import Struct, field

TIMEOUT = 30.0


class Load(Struct):
    """Closed loops: each connection asks again when it has its answer.

    One thread, and for one connection nothing but sending and receiving: what a client costs stands in every figure.
    """

    port: int
    request: bytes
    latencies: list[float] = field(default_factory=list)
    per_second: float = 0.0

    def run(self, connections: int, seconds: float) -> Load:
        """Ask for so many seconds on that many connections."""
        with ExitStack() as stack:
            clients = [
                stack.enter_context(socket.create_connection(("127.0.0.1", self.port), TIMEOUT))
                for _ in range(connections)
            ]
            for client in clients:
                client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            began = time.perf_counter()
            if connections == 1:
                self._ask_alone(clients[0], began + seconds)
            else:
                self._ask_together(clients, began + seconds)
            self.per_second = len(self.latencies) / (time.perf_counter() - began)
        return self

    def _ask_alone(self, client: socket.socket, until: float) -> None:
        # A socket with a time limit asks the system twice.
        client.settimeout(None)
        request, send, receive, now = self.request, client.sendall, client.recv, time.perf_counter
        usual, asked = -1, 0.0
        while asked < until:
            asked = now()
            send(request)
            answer = receive(65_536)
            while len(answer) != usual and not is_whole(answer):
                answer += receive(65_536)
            usual = len(answer)
            self.latencies.append(now() - asked)

    def _ask_together(self, clients: list[socket.socket], until: float) -> None:
        by_number = {client.fileno(): client for client in clients}
        asked, unread = {}, dict.fromkeys(by_number, b"")
        with select.epoll() as events:
            for number, client in by_number.items():
                client.setblocking(False)
                events.register(client, select.EPOLLIN)
                asked[number] = time.perf_counter()
                client.sendall(self.request)
            while asked:
                for number, _ in events.poll(TIMEOUT) or _nothing_came():
                    answer = unread[number] + by_number[number].recv(65_536)
                    if not is_whole(answer):
                        unread[number] = answer
                        continue
                    now = time.perf_counter()
                    self.latencies.append(now - asked.pop(number))
                    unread[number] = b""
                    if now < until:
                        asked[number] = now
                        by_number[number].sendall(self.request)
                    else:
                        # A gateway may close it now.
                        events.unregister(by_number[number])

    def percentile(self, share: int) -> float:
        """Return that percentile of the latencies, milliseconds."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, len(ordered) * share // 100)] * 1000


def is_whole(answer: bytes) -> bool:
    """Say whether that is an answer to its end; answers are read by their Content-Length."""
    head, found, body = answer.partition(b"\r\n\r\n")
    if answer:
        assert answer[9:12] in (b"200", b"204"), head
        return bool(found) and len(body) >= _length(head)
    raise ConnectionError("the gateway closed a connection")


def _nothing_came() -> list[tuple[int, int]]:
    raise TimeoutError("the gateway does not answer")


def _length(head: bytes) -> int:
    at = head.lower().find(b"content-length:")
    return int(head[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0


def processes(pid: int) -> Iterator[int]:
    """Yield a process and all below it."""
    waiting = [pid]
    while waiting:
        each = waiting.pop()
        yield each
        try:
            for task in Path(f"/proc/{each}/task").iterdir():
                waiting += [int(child) for child in (task / "children").read_text().split()]
        except OSError:
            continue


def processor_time(pid: int) -> float:
    """Return what the threads of a process and all below it have used so far, seconds."""
    total = 0
    for each in processes(pid):
        try:
            total += sum(int(task.read_text().split()[0]) for task in Path(f"/proc/{each}/task").glob("*/schedstat"))
        except OSError:
            continue
    return total / 1e9


def memory(pid: int) -> float:
    """Return the proportional set size of a process and all below it, MiB."""
    total = 0
    for each in processes(pid):
        try:
            rollup = Path(f"/proc/{each}/smaps_rollup").read_text()
            total += int(next(line for line in rollup.splitlines() if line.startswith("Pss:")).split()[1])
        except (OSError, StopIteration):
            continue
    return total / 1024
