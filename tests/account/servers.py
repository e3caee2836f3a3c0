"""Emulators of AWS as servers on free loopback ports, each in a process of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

BIN = Path(sys.executable).parent


def free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        port: int = asked.getsockname()[1]
        return port


@contextmanager
def ministack(folder: Path) -> Iterator[str]:
    """Serve ministack, on loopback alone and without its other listeners, until the block ends."""
    port = free_port()
    own = {"BIND_HOST": "127.0.0.1", "IOT_MTLS_ENABLED": "0", "SFTP_ENABLED": "0", "GATEWAY_PORT": str(port)}
    with _running([str(BIN / "ministack")], port, folder, own) as address:
        yield address


@contextmanager
def moto(folder: Path) -> Iterator[str]:
    """Serve moto until the block ends."""
    port = free_port()
    with _running([str(BIN / "moto_server"), "-H", "127.0.0.1", "-p", str(port)], port, folder, {}) as address:
        yield address


@contextmanager
def localstack(python: str, folder: Path) -> Iterator[str]:
    """Serve LocalStack, which `python` has, until the block ends."""
    port = free_port()
    own = {"GATEWAY_LISTEN": f"127.0.0.1:{port}", "DISABLE_EVENTS": "1", "SKIP_SSL_CERT_DOWNLOAD": "1"}
    command = [python, "-m", "localstack.runtime.main"]
    with _running(command, port, folder, {**own, "LOCALSTACK_VOLUME_DIR": str(folder)}) as address:
        yield address


@contextmanager
def _running(command: list[str], port: int, folder: Path, own: dict[str, str]) -> Iterator[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    log = folder / "server.log"
    with log.open("w") as written:
        process = subprocess.Popen(command, cwd=folder, env={**environment, **own}, stdout=written, stderr=written)
        try:
            _wait(process, port, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    until = time.monotonic() + 120
    while time.monotonic() < until:
        assert process.poll() is None, log.read_text()
        with socket.socket() as tried:
            tried.settimeout(1)
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError(f"the server does not answer: {log.read_text()}")
