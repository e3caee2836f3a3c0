"""The plugin as pytest finds it: by its entry point, in a process of its own."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import entry_points
from pathlib import Path

import pytest

TESTS = """\
import pytest


def handler(event, context):
    return {"statusCode": 200, "headers": {"Access-Control-Allow-Origin": "https://app.example.com"}, "body": "{}"}


def test_allowed(cors):
    assert cors.page("https://app.example.com").reads(handler, "/items").status == 200


def test_blocked(cors):
    cors.page("https://app.example.com").reads(handler, "/items", method="DELETE")
"""


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    # What other plugins of this environment do is not what is tested.
    others = (
        "-p",
        "no:cacheprovider",
        "-p",
        "no:asyncio",
        "-p",
        "no:pytest-lsp",
        "-p",
        "no:timeout",
        "-p",
        "no:playwright",
    )
    return subprocess.run(
        [sys.executable, "-m", "pytest", *others, *arguments], cwd=folder, capture_output=True, text=True, check=False
    )


def test_it_is_registered() -> None:
    (found,) = (each for each in entry_points(group="pytest11") if each.name == "corsmith")
    assert found.value == "corsmith.integrations.pytest_plugin"


def test_a_test_fails_with_the_browsers_reason(tmp_path: Path) -> None:
    (tmp_path / "test_shop.py").write_text(TESTS, encoding="utf-8")
    told = run(tmp_path)
    assert told.returncode == 1
    assert "1 failed, 1 passed" in told.stdout
    assert "AssertionError: a page at https://app.example.com cannot read DELETE https://" in told.stdout
    assert "has been blocked by CORS policy" in told.stdout
    assert "stopped at" in told.stdout
    # The trace ends in the test, not in corsmith.
    assert "pages.py" not in told.stdout


def test_the_fixture_is_described(tmp_path: Path) -> None:
    (tmp_path / "test_shop.py").write_text(TESTS, encoding="utf-8")
    told = run(tmp_path, "--fixtures")
    assert "What a page at an origin may read" in told.stdout


def test_a_run_without_it_loads_nothing_of_the_toolkit(tmp_path: Path) -> None:
    (tmp_path / "test_other.py").write_text(
        "import sys\n\n\ndef test_modules():\n"
        '    loaded = {name for name in sys.modules if name.split(".")[0] == "corsmith"}\n'
        '    assert loaded <= {"corsmith", "corsmith.integrations", "corsmith.integrations.pytest_plugin"}\n'
        '    assert "msgspec" not in sys.modules\n',
        encoding="utf-8",
    )
    told = run(tmp_path)
    assert told.returncode == 0, told.stdout


class Open(BaseHTTPRequestHandler):
    """A server that lets one origin read."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Access-Control-Allow-Origin", "https://app.example.com")
        self.send_header("Access-Control-Allow-Methods", "PUT")
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}" if self.command != "HEAD" else b"")

    def do_OPTIONS(self) -> None:
        self.do_GET()

    def do_PUT(self) -> None:
        self.do_GET()

    def log_message(self, *arguments: object) -> None:
        """Stay silent."""


@pytest.fixture
def url() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Open) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


def test_a_url(tmp_path: Path, url: str) -> None:
    (tmp_path / "test_live.py").write_text(
        f'''\
def test_allowed(cors):
    assert cors.page("https://app.example.com").reads("{url}", "/items").body == b"{{}}"


def test_stranger(cors):
    cors.page("https://evil.example").cannot_read("{url}/items", error="AllowOriginMismatch")


def test_not_sent(cors):
    cors.page("https://app.example.com").reads("{url}/items", method="PUT")


def test_sent(cors):
    cors.page("https://app.example.com").reads("{url}/items", method="PUT", send=True)
''',
        encoding="utf-8",
    )
    told = run(tmp_path)
    assert "1 failed, 3 passed" in told.stdout, told.stdout
    assert "Undecided: PUT" in told.stdout
    assert "was not sent" in told.stdout
