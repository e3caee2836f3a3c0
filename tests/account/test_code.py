"""Functions' code: downloaded on request, bounded, read and never run."""

from __future__ import annotations

import io
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from corsmith.account import code
from corsmith.account.asking import Asking, Gone
from corsmith.account.code import Downloads, NotFetched, fetch, unpacked
from corsmith.account.snapshot import FunctionState

from . import states


def archive(files: dict[str, str | bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as made:
        for name, text in files.items():
            made.writestr(name, text)
    return packed.getvalue()


def test_sources_are_unpacked_the_handlers_first(monkeypatch: pytest.MonkeyPatch) -> None:
    files = {"lib/a.py": "a", "app.py": "handler", "README": "no", "pkg/data.bin": b"\0", "index.mjs": "\ufeffjs"}
    assert list(unpacked(archive(files), "app.handler").items()) == [
        ("app.py", "handler"),
        ("index.mjs", "js"),
        ("lib/a.py", "a"),
    ]
    monkeypatch.setattr(code, "MOST_TEXT", 8)
    assert list(unpacked(archive(files), "app.handler")) == ["app.py", "lib/a.py"]


@pytest.mark.parametrize("name", ["../out.py", "/etc/passwd.py", "a/../../out.py", "..\\out.py"])
def test_names_that_lead_out_are_passed_over(name: str) -> None:
    assert unpacked(archive({name: "x", "app.py": "y"}), "app.handler") == {"app.py": "y"}


def test_an_archive_that_lies_about_sizes_is_given_up() -> None:
    packed = bytearray(archive({"app.py": "x" * 5000}))
    # The sizes in the directory and at the file are made to say 10 bytes.
    for mark, at in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        start = packed.index(mark)
        packed[start + at : start + at + 4] = (10).to_bytes(4, "little")
    with pytest.raises(zipfile.BadZipFile):
        unpacked(bytes(packed), "app.handler")


def test_not_utf_8_is_no_reason_to_fail() -> None:
    assert unpacked(archive({"app.py": b"caf\xe9"}), "app.handler") == {"app.py": "caf\ufffd"}


class Told(Asking):
    """Asks nobody."""

    def one(self, service: str, operation: str, subject: str, **arguments: object) -> dict[str, object] | None:
        if arguments["FunctionName"] == "gone":
            raise Gone(subject)
        return {"Code": {"Location": f"https://s3.example/{arguments['FunctionName']}"}}


def downloads(answer: bytes | Exception) -> tuple[Downloads, list[str]]:
    fetched: list[str] = []

    def get(address: str) -> bytes:
        fetched.append(address)
        if isinstance(answer, Exception):
            raise answer
        return answer

    return Downloads(lambda state: Told(None, state.place, None), get), fetched  # type: ignore[arg-type]


def state(name: str = "orders", runtime: str = "python3.12") -> FunctionState:
    made = states.function(name)
    made["configuration"]["Runtime"] = runtime
    return states.function_state(made)


def test_code_is_downloaded_once_and_only_where_it_can_be_read() -> None:
    reader, fetched = downloads(archive({"app.py": "x"}))
    assert reader.code(state()) == {"app.py": "x"}
    assert reader.code(state()) == {"app.py": "x"}
    assert reader.code(state("java", "java21")) == {}
    assert fetched == ["https://s3.example/orders"]


@pytest.mark.parametrize("answer", [NotFetched("it is larger than 64 MiB"), b"no archive"])
def test_code_that_cannot_be_had_is_said(answer: bytes | Exception) -> None:
    reader, _ = downloads(answer)
    assert reader.code(state()) == {}
    (failure,) = reader.failures
    assert failure.message.startswith(f"{states.function_arn('orders')}: its code cannot be read: ")


def test_a_function_that_is_gone_is_said() -> None:
    reader, _ = downloads(b"")
    assert reader.code(state("gone")) == {}
    assert "its code cannot be had" in reader.failures[0].message


class _Storage(BaseHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/code" else 403)
        self.end_headers()
        self.wfile.write(b"12345")


@pytest.fixture
def storage() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), _Storage)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_an_address_is_fetched_within_bounds(storage: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert fetch(f"{storage}/code") == b"12345"
    with pytest.raises(NotFetched, match="answered 403"):
        fetch(f"{storage}/other")
    monkeypatch.setattr(code, "LARGEST_ARCHIVE", 3)
    with pytest.raises(NotFetched, match="larger than"):
        fetch(f"{storage}/code")


@pytest.mark.parametrize("address", ["file:///etc/passwd", "http://s3.amazonaws.com/code", "ftp://127.0.0.1/code"])
def test_other_addresses_are_not_fetched(address: str) -> None:
    with pytest.raises(NotFetched, match="no address"):
        fetch(address)


def test_a_server_that_is_not_there() -> None:
    with pytest.raises(NotFetched, match="the download failed"):
        fetch("http://127.0.0.1:9/code")
