"""The check command on URLs: real HTTP against a server on this machine."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from corsmith.cli import main


class Server(BaseHTTPRequestHandler):
    """Answers preflights and requests by the path; notes what came."""

    protocol_version = "HTTP/1.1"
    seen: list[tuple[str, str]]

    def answer(self) -> None:
        length = int(self.headers.get("content-length") or 0)
        self.rfile.read(length)
        Server.seen.append((self.command, self.path))
        self.send_response(204 if self.command == "OPTIONS" else 200)
        if self.path.startswith("/open"):
            self.send_header("Access-Control-Allow-Origin", "https://app.example.com")
            self.send_header("Access-Control-Allow-Methods", "PUT")
        self.send_header("Set-Cookie", "session=secret-value")
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = do_OPTIONS = do_PUT = do_POST = answer  # noqa: N815 - the names that http.server calls

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Server)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(autouse=True)
def nothing_seen() -> None:
    Server.seen = []


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["check", *arguments], catch_exceptions=False)


ORIGIN = ("--origin", "https://app.example.com")


def test_an_allowed_call(address: str) -> None:
    result = run(f"{address}/open", *ORIGIN)
    assert result.exit_code == 0
    assert result.stdout.startswith("allowed ")


def test_a_blocked_call_names_its_cause_and_exits_1(address: str) -> None:
    report = json.loads(run(f"{address}/shut", *ORIGIN, "--format", "json").stdout)
    assert (report["verdict"], report["error"]) == ("blocked", "MissingAllowOriginHeader")
    assert [finding["category"] for finding in report["findings"]] == ["blocked"]
    assert run(f"{address}/shut", *ORIGIN).exit_code == 1


def test_what_may_have_effects_is_not_sent_without_send(address: str) -> None:
    result = run(f"{address}/open", *ORIGIN, "--method", "PUT")
    assert result.exit_code == 0
    assert result.stdout.startswith("undecided ")
    assert "--send sends it" in result.stdout
    assert {method for method, _ in Server.seen} == {"OPTIONS"}


def test_send_sends_it_once(address: str) -> None:
    result = run(f"{address}/open", *ORIGIN, "--method", "PUT", "--data", "{}", "--send")
    assert result.stdout.startswith("allowed ")
    assert [method for method, _ in Server.seen].count("PUT") == 1


def test_path_is_joined_to_the_address(address: str) -> None:
    run(f"{address}/open", *ORIGIN, "--path", "/items/1")
    assert Server.seen[0] == ("GET", "/open/items/1")


def test_secrets_stay_out_of_every_output(address: str) -> None:
    flags = (*ORIGIN, "--header", "authorization: Bearer top-secret", "--format", "json")
    text = run(f"{address}/open?token=abc", *flags).stdout
    assert "top-secret" not in text
    assert "secret-value" not in text


def test_several_origins_are_several_calls_and_the_worst_counts(address: str) -> None:
    result = run(f"{address}/open", *ORIGIN, "--origin", "https://other.example", "--format", "json")
    report = json.loads(result.stdout)
    assert (result.exit_code, report["verdict"], report["summary"]["allowed"]) == (1, "blocked", 1)
    assert len(report["exchanges"]) >= 2


NETWORK = [
    ("http://127.0.0.1:1025/", "undecided"),
    ("https://name-that-does-not-exist.invalid/", "undecided"),
]


@pytest.mark.parametrize(("url", "verdict"), NETWORK)
def test_a_network_failure_is_one_line_and_no_guess_about_cors(
    url: str, verdict: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    # No question leaves this machine.
    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    result = run(url, *ORIGIN, "--format", "json", "--timeout", "3")
    report = json.loads(result.stdout)
    assert result.exit_code == 2
    assert (report["verdict"], report["findings"], len(report["problems"])) == (verdict, [], 1)


@pytest.mark.parametrize("arguments", [("http://",), ("https://api.example.com", "--origin", "not an origin")])
def test_what_is_no_url_or_origin_is_a_usage_error(arguments: tuple[str, ...]) -> None:
    assert run(*arguments).exit_code == 2


def test_a_call_that_no_finding_explains_says_why_it_was_stopped() -> None:
    result = run("http://127.0.0.1:6000/?token=abc", *ORIGIN)
    assert result.exit_code == 1
    assert "  Why: browsers send nothing to this port.\n" in result.stdout


def test_why_a_call_throws_tells_no_secret() -> None:
    result = run("http://user:hidden-word@127.0.0.1:9/?token=hidden-value", *ORIGIN)
    assert "Why: the script's call throws" in result.stdout
    assert "hidden" not in result.stdout


def test_findings_of_a_call_point_to_pages_that_exist(address: str) -> None:
    report = json.loads(run(f"{address}/shut", *ORIGIN, "--format", "json").stdout)
    root = Path(__file__).parents[2]
    assert [(root / finding["docs"]).is_file() for finding in report["findings"]] == [True]
