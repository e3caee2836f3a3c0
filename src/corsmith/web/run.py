"""Serving the application with uvicorn."""

from __future__ import annotations

import socket

import uvicorn
from starlette.types import ASGIApp

from .app import application
from .serving import Serving


def listening(host: str, port: int) -> socket.socket:
    """Open a listening socket. Raises `OSError`."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host.strip("[]"), port), family=family, backlog=512)


def configured(app: ASGIApp) -> uvicorn.Config:
    """Return the server's settings. No access log: addresses hold what visitors asked."""
    return uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=15,
        limit_concurrency=1024,
        h11_max_incomplete_event_size=64 * 1024,
    )


def run(opened: socket.socket, serving: Serving) -> None:
    """Serve until the process is told to end."""
    uvicorn.Server(configured(application(serving))).run(sockets=[opened])
