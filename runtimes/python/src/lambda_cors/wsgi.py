"""The policy around a WSGI application, outermost, so that even the application's 500 keeps its headers."""

import sys
from itertools import islice

from lambda_cors.responses import CRASH, JSON, replaced, report

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any, TypeAlias

    from lambda_cors.policy import Policy

    App: TypeAlias = Callable[[dict[str, Any], Any], Iterable[bytes]]


def cors(policy: "Policy") -> "Callable[[App], App]":
    """A decorator for WSGI applications: `app.wsgi_app = cors(policy)(app.wsgi_app)`."""

    def decorate(app: "App") -> "App":
        def wrapped(environ: "dict[str, Any]", start_response: "Any") -> "Iterable[bytes]":
            origin = environ.get("HTTP_ORIGIN")
            method = environ.get("HTTP_ACCESS_CONTROL_REQUEST_METHOD")
            if environ["REQUEST_METHOD"] == "OPTIONS" and origin is not None and method is not None:
                names = environ.get("HTTP_ACCESS_CONTROL_REQUEST_HEADERS")
                start_response("204 No Content", [*policy.preflight_headers_for(origin, method, names).items()])
                return ()

            def answer(status: str, headers: "Iterable[tuple[str, str]]", *exc_info: "Any") -> "Any":
                return start_response(status, replaced(headers, policy.headers_for(origin)), *exc_info)

            try:
                chunks = app(environ, answer)
                if isinstance(chunks, list | tuple):
                    return chunks
                stream = _stream(chunks)
                next(stream)
            except Exception as error:  # noqa: BLE001 - the outermost layer answers for all
                report("the application failed", error)
                answer("500 Internal Server Error", JSON.items(), sys.exc_info())
                return (CRASH.encode(),)
            return stream

        return wrapped

    return decorate


def _stream(chunks: "Iterable[bytes]") -> "Iterator[bytes]":
    try:
        lines = iter(chunks)
        first = [*islice(lines, 1)]
        # Reached before the server sees anything: a lazy application fails above, while the status can still change.
        yield b""
        yield from first
        yield from lines
    finally:
        getattr(chunks, "close", bool)()
