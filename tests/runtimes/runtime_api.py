"""Lambda's Runtime API for one function at a time, as far as its official clients use it, on loopback."""

import json
import os
import socket
import subprocess
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from queue import Queue
from typing import Any

import h11

FUNCTION = "arn:aws:lambda:eu-west-1:123456789012:function:f"


class Posted:
    """What the client posted for one invocation."""

    def __init__(self, target: str, headers: Mapping[str, str], body: bytes, trailers: Mapping[str, str]) -> None:
        self.ok = target.endswith("/response")
        self.headers = headers
        self.body = body
        self.trailers = trailers

    def json(self) -> Any:
        return json.loads(self.body)


class RuntimeApi:
    """Starts a client, hands it events one by one, and gives back what it posts.

    command: the official client's, with the handler's name. Use it as a context manager.
    """

    def __init__(self, command: list[str], folder: Path, environment: Mapping[str, str] | None = None) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._events: Queue[tuple[dict[str, str], bytes]] = Queue()
        self._posted: Queue[Posted] = Queue()
        self._count = 0
        port = self._socket.getsockname()[1]
        own = {
            "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{port}",
            "AWS_LAMBDA_FUNCTION_NAME": "f",
            "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "128",
            "AWS_REGION": "eu-west-1",
            "LAMBDA_TASK_ROOT": str(folder),
        }
        threading.Thread(target=self._serve, daemon=True).start()
        self._process = subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, **own, **(environment or {})},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        self._output = b""
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> "RuntimeApi":
        return self

    def __exit__(self, *error: object) -> None:
        self._process.kill()
        self._process.wait()
        self._reader.join()
        assert self._process.stdout is not None
        self._process.stdout.close()
        self._socket.close()

    @property
    def output(self) -> str:
        """What the client has printed until now."""
        return self._output.decode(errors="replace")

    def invoke(self, event: object, custom: Mapping[str, str] | None = None, milliseconds: int = 30_000) -> Posted:
        """The client's answer to the event. milliseconds: what remains until the deadline."""
        self._count += 1
        headers = {
            "Lambda-Runtime-Aws-Request-Id": f"id-{self._count}",
            "Lambda-Runtime-Deadline-Ms": str(int(time.time() * 1000) + milliseconds),
            "Lambda-Runtime-Invoked-Function-Arn": FUNCTION,
            "Lambda-Runtime-Trace-Id": "Root=1-0-0",
            "Content-Type": "application/json",
        }
        if custom is not None:
            headers["Lambda-Runtime-Client-Context"] = json.dumps({"custom": dict(custom)})
        self._events.put((headers, json.dumps(event).encode()))
        return self._posted.get(timeout=30)

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._output += line

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection: socket.socket) -> None:
        http = h11.Connection(h11.SERVER)
        try:
            while self._exchange(connection, http):
                http.start_next_cycle()
        except (OSError, h11.ProtocolError):
            return
        finally:
            connection.close()

    def _exchange(self, connection: socket.socket, http: h11.Connection) -> bool:
        target, headers, body, trailers = "", {}, b"", {}
        while True:
            event = http.next_event()
            if event is h11.NEED_DATA:
                data = connection.recv(65536)
                http.receive_data(data)
                if not data:
                    return False
            elif isinstance(event, h11.Request):
                target, headers = event.target.decode(), _plain(event.headers)
            elif isinstance(event, h11.Data):
                body += bytes(event.data)
            elif isinstance(event, h11.EndOfMessage):
                trailers = _plain(event.headers)
                break
            else:
                return False
        status, said, answer = 202, {"Content-Type": "application/json"}, b'{"status":"OK"}'
        if target.endswith("/invocation/next"):
            status = 200
            said, answer = self._events.get()
        else:
            self._posted.put(Posted(target, headers, body, trailers))
        lines = [*said.items(), ("Content-Length", str(len(answer)))]
        parts = (h11.Response(status_code=status, headers=lines), h11.Data(data=answer), h11.EndOfMessage())
        connection.sendall(b"".join(http.send(part) or b"" for part in parts))
        return http.our_state is h11.DONE and http.their_state is h11.DONE


def _plain(headers: Any) -> dict[str, str]:
    return {name.decode().lower(): value.decode() for name, value in headers}
