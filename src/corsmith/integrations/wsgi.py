"""WSGI applications (PEP 3333), run in this process."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit

from corsmith.api.exchange import Headers, Request, Response

from .served import INTERNAL_ERROR, crashed

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
_SHOWN = 1 << 16
"""The most bytes of a body that are read: only its head is judged."""


def respond(app: Application, request: Request, raised: list[str]) -> Response:
    """Return what a WSGI server sends for `request`. What the application raises is noted, and is a 500."""
    head: list[tuple[int, Headers]] = []

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: object = None) -> Callable[[bytes], None]:
        del exc_info
        head[:] = [(int(status.split()[0]), tuple((str(name), str(value)) for name, value in headers))]
        return written.append

    written: list[bytes] = []
    try:
        result = app(environ_of(request), start_response)
        try:
            for chunk in result:
                written.append(chunk)
                if sum(map(len, written)) > _SHOWN:
                    break
        finally:
            close = getattr(result, "close", None)
            if close is not None:
                close()
    except Exception as error:  # noqa: BLE001 - whatever an application raises, its server answers 500
        raised.append(crashed(error))
        return INTERNAL_ERROR
    if not head:
        raised.append("the application never called start_response")
        return INTERNAL_ERROR
    status, headers = head[0]
    return Response(status, headers, b"".join(written))


def environ_of(request: Request) -> dict[str, Any]:
    """Return the environment of a request."""
    url = urlsplit(request.url)
    body = request.body or b""
    environ: dict[str, Any] = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        # A native string holds the bytes of the path, one character a byte.
        "PATH_INFO": unquote_to_bytes(url.path or "/").decode("latin-1"),
        "QUERY_STRING": url.query,
        "SERVER_NAME": url.hostname or "",
        "SERVER_PORT": str(url.port or {"https": 443}.get(url.scheme, 80)),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": url.scheme,
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in request.headers:
        key = name.upper().replace("-", "_")
        key = key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"
        environ[key] = f"{environ[key]},{value}" if key in environ else value
    return environ
