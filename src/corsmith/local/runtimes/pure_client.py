"""Stands in for the compiled part of awslambdaric, which is made for some interpreters only and asks twice.

A result and the question for the next event leave together, so that an invocation takes one packet each way.
"""

import os
import re
import socket

_BASE = "/2018-06-01/runtime/"
_BLANK = b"\r\n\r\n"
_LENGTH = re.compile(rb"\r\n[Cc]ontent-[Ll]ength: (\d+)\r\n")
_NEXT = f"GET {_BASE}invocation/next HTTP/1.1\r\nHost: runtime\r\n\r\n".encode()
_connected: list[socket.socket] = []
_posts: list[bytes] = []


def initialize_client(user_agent: str) -> None:
    """Connect to the Runtime API that the environment names."""
    del user_agent
    host, _, port = os.environ["AWS_LAMBDA_RUNTIME_API"].partition(":")
    connection = socket.create_connection((host, int(port)))
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    _connected[:] = [connection]


def next() -> tuple[bytes, dict[str, str | int]]:  # noqa: A001 - the compiled part's name
    """Wait for the next event: its body, and the headers that tell about it; the deadline is a number."""
    (connection,) = _connected
    connection.sendall(b"".join((*_posts, _NEXT)))
    unread = b""
    for _ in _posts:
        # Refused or not, the Runtime API has told the caller.
        _, _, unread = _answer(connection, unread)
    _posts.clear()
    head, body, _ = _answer(connection, unread)
    lines = head.decode("latin-1").split("\r\n")
    headers: dict[str, str | int] = {}
    for line in lines[1:]:
        name, _, headers[name] = line.partition(": ")
    headers["Lambda-Runtime-Deadline-Ms"] = int(headers["Lambda-Runtime-Deadline-Ms"])
    return body, headers


def post_invocation_result(
    invoke_id: str, result_data: bytes, content_type: str, invocation_id: str | None = None
) -> None:
    """Post what the handler returned, with the question for the next event."""
    del invocation_id
    _post(f"invocation/{invoke_id}/response", result_data, content_type)


def post_error(invoke_id: str, error_response_data: str, xray_fault: str, invocation_id: str | None = None) -> None:
    """Post the exception that the handler raised, with the question for the next event."""
    del xray_fault, invocation_id
    _post(f"invocation/{invoke_id}/error", error_response_data.encode(), "application/json")


def _post(path: str, body: bytes | str, content_type: str) -> None:
    octets = body.encode() if isinstance(body, str) else body
    head = f"Host: runtime\r\nContent-Type: {content_type}\r\nContent-Length: {len(octets)}\r\n\r\n"
    _posts.append(f"POST {_BASE}{path} HTTP/1.1\r\n{head}".encode() + octets)


def _answer(connection: socket.socket, unread: bytes) -> tuple[bytes, bytes, bytes]:
    """Return head and body of the next answer, and what came after it."""
    end = unread.find(_BLANK)
    while end < 0:
        unread += _more(connection)
        end = unread.find(_BLANK)
    length = _LENGTH.search(unread, 0, end + 2)
    start = end + len(_BLANK)
    stop = start + int(length[1]) if length else start
    if len(unread) < stop:
        pieces, size = [unread], len(unread)
        while size < stop:
            pieces.append(_more(connection))
            size += len(pieces[-1])
        unread = b"".join(pieces)
    return unread[:end], unread[start:stop], unread[stop:]


def _more(connection: socket.socket) -> bytes:
    piece = connection.recv(262_144)
    if not piece:
        # The Runtime API is gone when corsmith is: then there is nothing left to do.
        raise SystemExit(1)
    return piece
