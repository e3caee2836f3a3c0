"""The policy around WSGI applications."""

import sys
from collections.abc import Iterator
from typing import Any
from wsgiref.util import setup_testing_defaults
from wsgiref.validate import validator

import pytest
from lambda_cors import wsgi

from vectors import named

APP = "https://app.example.com"
CORS = [
    ("Access-Control-Allow-Origin", APP),
    ("Access-Control-Allow-Credentials", "true"),
    ("Access-Control-Expose-Headers", "etag,x-request-id"),
]


def hello(environ: Any, start_response: Any) -> Any:
    start_response("200 OK", [("vary", "Accept"), ("ACCESS-CONTROL-ALLOW-ORIGIN", "*"), ("Content-Type", "text/plain")])
    return [b"hel", b"lo"]


def lazy(environ: Any, start_response: Any) -> Iterator[bytes]:
    start_response("200 OK", [("Content-Type", "text/plain")])
    yield b"hel"
    yield b"lo"


def failing(environ: Any, start_response: Any) -> Any:
    raise RuntimeError("boom")


def lazily_failing(environ: Any, start_response: Any) -> Iterator[bytes]:
    start_response("200 OK", [("Content-Type", "text/plain")])
    raise RuntimeError("boom")
    yield b""


class Closing:
    """An iterable that wants to be closed."""

    def __init__(self, *chunks: bytes) -> None:
        self.chunks = iter(chunks)
        self.closed = 0

    def __iter__(self) -> Iterator[bytes]:
        return self.chunks

    def close(self) -> None:
        self.closed += 1


def asked(app: Any, method: str = "GET", **environ: str) -> tuple[str, list[tuple[str, str]], bytes, Any]:
    """Status, headers, body and the error information that a server would have got; PEP 3333 is checked on the way."""
    started: list[Any] = []

    def start_response(status: str, headers: Any, exc_info: Any = None) -> Any:
        started[:] = [status, list(headers), exc_info]
        return lambda data: None

    made: dict[str, Any] = {"REQUEST_METHOD": method, "QUERY_STRING": "", **environ}
    setup_testing_defaults(made)
    chunks = validator(wsgi.cors(named("app"))(app))(made, start_response)
    body = b"".join(chunks)
    chunks.close()  # type: ignore[attr-defined]
    return started[0], started[1], body, started[2]


@pytest.mark.parametrize("app", [hello, lazy])
def test_the_policys_headers_take_the_place_of_the_applications(app: Any) -> None:
    status, headers, body, _ = asked(app, HTTP_ORIGIN=APP)
    vary = "Accept, Origin" if app is hello else "Origin"
    assert (status, body) == ("200 OK", b"hello")
    assert headers == [("Content-Type", "text/plain"), *CORS, ("Vary", vary)]


def test_a_denied_origin_and_none_get_vary_alone() -> None:
    for environ in ({}, {"HTTP_ORIGIN": "https://evil.test"}):
        assert asked(hello, **environ)[1] == [("Content-Type", "text/plain"), ("Vary", "Accept, Origin")]


PREFLIGHT = {"HTTP_ORIGIN": APP, "HTTP_ACCESS_CONTROL_REQUEST_METHOD": "PUT"}


def answer(**environ: str) -> tuple[str, dict[str, str]]:
    started: list[Any] = []
    app = wsgi.cors(named("app"))(hello)
    assert list(app({"REQUEST_METHOD": "OPTIONS", **environ}, lambda *given: started.extend(given))) in (
        [],
        [b"hel", b"lo"],
    )
    return started[0], dict(started[1])


def test_a_preflight_is_answered() -> None:
    status, headers = answer(**PREFLIGHT, HTTP_ACCESS_CONTROL_REQUEST_HEADERS="x-trace")
    assert status == "204 No Content"
    assert headers["Access-Control-Allow-Origin"] == APP
    assert headers["Access-Control-Allow-Methods"] == "GET,PUT,PATCH"
    assert list(answer(**PREFLIGHT, HTTP_ACCESS_CONTROL_REQUEST_HEADERS="x-evil")[1]) == ["Vary"]


@pytest.mark.parametrize("missing", list(PREFLIGHT))
def test_an_options_request_that_is_no_preflight_reaches_the_application(missing: str) -> None:
    assert answer(**{name: value for name, value in PREFLIGHT.items() if name != missing})[0] == "200 OK"
    assert asked(hello, "GET", **PREFLIGHT)[0] == "200 OK"


@pytest.mark.parametrize("app", [failing, lazily_failing])
def test_a_crash_becomes_a_500_with_headers(app: Any, caplog: pytest.LogCaptureFixture) -> None:
    status, headers, body, error = asked(app, HTTP_ORIGIN=APP)
    assert status == "500 Internal Server Error"
    assert headers == [("content-type", "application/json"), *CORS, ("Vary", "Origin")]
    assert body == b'{"message":"Internal Server Error"}'
    assert error[0] is RuntimeError
    assert caplog.messages == ["the application failed: boom"]
    assert caplog.records[0].name == "lambda_cors"
    assert caplog.records[0].exc_info[0] is RuntimeError  # type: ignore[index]


def test_the_application_is_closed_however_far_it_was_read() -> None:
    for read in (0, 1, 5):
        chunks = Closing(b"a", b"b", b"c")

        def app(environ: Any, start_response: Any, chunks: Closing = chunks) -> Any:
            start_response("200 OK", [])
            return chunks

        made = wsgi.cors(named("app"))(app)({"REQUEST_METHOD": "GET"}, lambda *given: None)
        taken = [chunk for chunk, _ in zip(made, range(read), strict=False)]
        made.close()  # type: ignore[attr-defined]
        assert taken == [b"a", b"b", b"c"][:read]
        assert chunks.closed == 1


def test_the_application_gets_what_the_server_gave_and_is_read_as_it_is_sent() -> None:
    read: list[int] = []

    def app(environ: Any, start_response: Any) -> Any:
        start_response("200 OK", [])
        return (read.append(number) or environ["chunk"] for number in range(3))  # type: ignore[func-returns-value]

    made = iter(wsgi.cors(named("app"))(app)({"REQUEST_METHOD": "GET", "chunk": b"x"}, lambda *given: None))
    assert read == [0]
    assert next(made) == b"x"
    assert read == [0]
    assert list(made) == [b"x", b"x"]


def test_an_application_may_have_nothing_to_close() -> None:
    def app(environ: Any, start_response: Any) -> Any:
        start_response("200 OK", [])
        return map(bytes, ([65], [66]))

    assert list(wsgi.cors(named("app"))(app)({"REQUEST_METHOD": "GET"}, lambda *given: None)) == [b"A", b"B"]


def test_an_empty_body_is_empty() -> None:
    chunks = Closing()
    made = wsgi.cors(named("app"))(lambda environ, start: chunks)({"REQUEST_METHOD": "GET"}, lambda *given: None)
    assert list(made) == []
    assert chunks.closed == 1


def test_the_write_function_of_the_server_reaches_the_application() -> None:
    written: list[bytes] = []

    def app(environ: Any, start_response: Any) -> Any:
        start_response("200 OK", [], None)(b"x")
        return ()

    wsgi.cors(named("app"))(app)({"REQUEST_METHOD": "GET"}, lambda *given: written.append)
    assert written == [b"x"]
    assert sys.exc_info() == (None, None, None)
