"""What addresses really answer, beside what is expected of them; and what of it is kept as evidence."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from corsmith.account.expected import Expected
from corsmith.account.live import agreement
from corsmith.api.caller import Caller
from corsmith.api.cell import Exchange
from corsmith.api.exchange import Request, Response
from corsmith.api.report import Call
from corsmith.cli import main
from corsmith.live.check import UrlReport

from . import states
from .reading_aws import FakeAws, serving
from .servers import free_port
from .states import GOOD_CORS, PAGE, PLACE

Answers = Callable[[str], tuple[int, dict[str, str]]]
"""The method to a status and headers."""


class _Api(BaseHTTPRequestHandler):
    server: _ApiServer

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_OPTIONS(self) -> None:
        self._answer()

    def do_GET(self) -> None:
        self._answer()

    def do_PUT(self) -> None:
        raise AssertionError("a request that may have effects was sent")

    def _answer(self) -> None:
        self.server.asked.append(f"{self.command} {self.path}")
        status, headers = self.server.answers(self.command)
        self.send_response(status)
        for name, value in {"content-length": "0", **headers}.items():
            self.send_header(name, value)
        self.end_headers()


class _ApiServer(ThreadingHTTPServer):
    def __init__(self, answers: Answers) -> None:
        super().__init__(("127.0.0.1", 0), _Api)
        self.answers = answers
        self.asked: list[str] = []


@contextmanager
def api(answers: Answers) -> Iterator[tuple[str, list[str]]]:
    server = _ApiServer(answers)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", server.asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def allowing(method: str) -> tuple[int, dict[str, str]]:
    return 204, {
        "Access-Control-Allow-Origin": PAGE,
        "Access-Control-Allow-Methods": "PUT",
        "Access-Control-Allow-Headers": "content-type",
        "Apigw-Requestid": "AbCdEf=",
        "Set-Cookie": "session=secret",
        "X-Account": "123456789012",
    }


def refusing(method: str) -> tuple[int, dict[str, str]]:
    return 403, {"X-Amzn-ErrorType": "ForbiddenException"}


def audit(address: str, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> Result:
    aws = FakeAws()
    made = states.http("http1", cors=GOOD_CORS)
    made["api"]["ApiEndpoint"] = address
    aws.http, aws.functions = [made], [states.function()]
    with serving(aws) as url:
        monkeypatch.setenv("AWS_ENDPOINT_URL", url)
        result = CliRunner().invoke(main, ["audit", "--live", *arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    return result


def test_what_is_answered_as_expected(monkeypatch: pytest.MonkeyPatch) -> None:
    with api(allowing) as (address, asked):
        result = audit(address, monkeypatch)
    assert result.exit_code == 0
    assert "1 call made: 1 as expected, 0 not, 0 failed" in result.stdout
    assert asked == ["OPTIONS /things"]


def test_what_is_answered_otherwise_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    with api(refusing) as (address, _):
        result = audit(address, monkeypatch, "--format", "json")
    found = json.loads(result.stdout)
    (each,) = [each for each in found["findings"] if each["rule"] == "live-differs-from-model"]
    assert "makes it blocked (PreflightMissingAllowOriginHeader)" in each["message"]
    assert each["route"] == "PUT /things"
    assert each["resources"][0]["arn"].endswith("/routes/r1")
    assert each["docs"] == "docs/audit.md"
    assert found["live"] == {"made": 1, "agree": 0, "differ": 1, "failed": 0}


def test_a_network_that_fails_says_nothing_about_cors(monkeypatch: pytest.MonkeyPatch) -> None:
    result = audit(f"http://127.0.0.1:{free_port()}", monkeypatch)
    assert "1 call made: 0 as expected, 0 not, 1 failed" in result.stdout
    assert "live-differs-from-model" not in result.stdout


def test_evidence_names_nobody(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "evidence.jsonl"
    with api(allowing) as (address, _):
        audit(address, monkeypatch, "--save-evidence", str(file))
    text = file.read_text()
    for secret in ("127.0.0.1", "shop.example.com", "AbCdEf", "secret", states.ACCOUNT, "http1", "/things"):
        assert secret not in text
    (line,) = [json.loads(each) for each in text.splitlines()]
    assert line["front_door"] == "http_api"
    assert line["agrees"] is True
    (exchange,) = line["exchanges"]
    assert ["Access-Control-Allow-Origin", "https://page.example"] in exchange["response"]["headers"]
    assert ["Apigw-Requestid", "***"] in exchange["response"]["headers"]
    assert ["Access-Control-Request-Method", "PUT"] in exchange["request"]["headers"]


def expected(verdict: str, *, at_preflight: bool = False) -> Expected:
    return Expected(
        PLACE, "arn", "http_api", "a", "PUT /a", "https://a/", Caller(PAGE, "PUT"), verdict, None, at_preflight, None
    )


def answered(verdict: str, *kinds: str, problem: str = "") -> UrlReport:
    response = Response(200, ())
    exchanges = tuple(Exchange(kind, Request("OPTIONS", "https://a/", ()), response) for kind in kinds)
    call = Call("https://a/", exchanges, verdict, None, None)
    return UrlReport(call, problems=(problem,) if problem else ())


@pytest.mark.parametrize(
    ("thought", "got", "agrees"),
    [
        (expected("allowed"), answered("allowed", "preflight", "request"), True),
        (expected("blocked"), answered("blocked", "request"), True),
        (expected("allowed"), answered("blocked", "request"), False),
        (expected("blocked"), answered("allowed", "request"), False),
        # Only the preflight was sent, and it allows the call.
        (expected("allowed"), answered("undecided", "preflight"), True),
        (expected("blocked", at_preflight=True), answered("undecided", "preflight"), False),
        (expected("blocked"), answered("undecided", "preflight"), None),
        (expected("undecided"), answered("undecided", "preflight"), None),
        (expected("allowed"), answered("undecided"), None),
        # The code is not known, but its preflight was expected to pass.
        (expected("undecided"), answered("blocked", "preflight"), False),
        (expected("undecided"), answered("blocked", "preflight", "request"), None),
        (expected("undecided"), answered("allowed", "request"), None),
        (expected("allowed"), answered("undecided", problem="no such host"), None),
    ],
)
def test_when_two_verdicts_agree(thought: Expected, got: UrlReport, agrees: bool | None) -> None:
    assert agreement(thought, got) is agrees
