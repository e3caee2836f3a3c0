"""Real browsers: every recorded case once more, and calls to servers that are not ours."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from corsmith.live.browsers import BrowserError, Chromium, Firefox, RealBrowser, judge_chromium

RECORDED = Path(__file__).parents[2] / "browser" / "data" / "recorded.json"
APP = "https://app.example.com"
API = "https://api.example.net/items"
BROWSERS = [
    pytest.param(Chromium, id="chromium", marks=pytest.mark.chromium),
    pytest.param(Firefox, id="firefox", marks=pytest.mark.firefox),
]
POST = {"url": API, "method": "POST", "headers": [["Content-Type", "application/json"]], "body": "{}"}


@pytest.fixture(scope="module", params=BROWSERS)
def browser(request: pytest.FixtureRequest) -> Iterator[RealBrowser]:
    with request.param() as running:
        yield running


@pytest.fixture(scope="module")
def api() -> Iterator[tuple[str, int]]:
    """A server that knows nothing of this project: it allows any origin, but on GET it forgets to."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_OPTIONS(self) -> None:
            self.reply(204, {"Access-Control-Allow-Headers": "content-type", "Access-Control-Max-Age": "600"})

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.reply(201, {"Content-Type": "application/json"}, b'{"id": 7}')

        def do_GET(self) -> None:
            self.send_response(403)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def reply(self, status: int, headers: dict[str, str], body: bytes = b"") -> None:
            self.send_response(status)
            length = {"Content-Length": str(len(body))} if body else {}
            for name, value in {"Access-Control-Allow-Origin": "*", **headers, **length}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
            del code, size

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield "127.0.0.1", server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


def texts(console: list[Any]) -> list[str]:
    """The messages about CORS, without what precedes the reason: it holds the case's own URL."""
    lines = (line if isinstance(line, str) else line[1] for line in console)
    return [line.partition("(Reason: ")[2] or line.partition("CORS policy: ")[2] for line in lines if "CORS" in line]


def essence(verdict: dict[str, Any], error: str | None) -> dict[str, Any]:
    """What must be the same each time. An error of the script's own call quotes the URL."""
    return {
        "error": error.partition("/c/k")[0] if error else None,
        "console": texts(verdict["console"]),
        **{key: verdict[key] for key in ("visible_headers", "preflight_sent", "failed_parameter", "wire")},
    }


def test_recorded_cases_are_judged_as_they_were(browser: RealBrowser) -> None:
    recorded = json.loads(RECORDED.read_text("utf-8"))
    verdicts = browser.judge([each["case"] for each in recorded])
    before = [each[type(browser).__name__.lower()] for each in recorded]
    assert len(verdicts) > 400
    for each, verdict, known in zip(recorded, verdicts, before, strict=True):
        assert (verdict["name"], verdict["allowed"]) == (each["case"]["name"], known["allowed"])
        # How a browser calls a connection that was closed on it is no matter of CORS, and Firefox's words for it vary.
        if not verdict["name"].endswith("conn-close"):
            assert essence(verdict["observed"], verdict["cors_error"]) == essence(known, known["error"]), verdict[
                "name"
            ]


@pytest.mark.parametrize("again", [1, 2])
def test_a_page_calls_a_server_that_is_not_ours(browser: RealBrowser, api: tuple[str, int], again: int) -> None:
    verdict = browser.call(APP, POST, target=api)
    observed = verdict["observed"]
    assert (verdict["allowed"], observed["status"], observed["body"]) == (True, 201, '{"id": 7}'), again
    # A preflight each time: no call knows what an earlier one was told, whatever its Max-Age.
    assert [entry["method"] for entry in observed["wire"]] == ["OPTIONS", "POST"]
    assert observed["wire"][0]["access-control-request-headers"] == "content-type"
    assert observed["wire"][1]["origin"] == APP


@pytest.mark.parametrize("origin", [APP, "http://localhost:5173", "http://[::1]:3000", "null"])
def test_pages_can_be_at_any_origin(browser: RealBrowser, api: tuple[str, int], origin: str) -> None:
    url = f"http://127.0.0.1:{api[1]}/items" if origin.startswith("http:") else API
    verdict = browser.call(origin, {**POST, "url": url}, target=api)
    assert verdict["allowed"]
    assert {entry["origin"] for entry in verdict["observed"]["wire"]} == {origin}


def test_a_page_at_the_apis_own_origin_needs_no_leave(browser: RealBrowser, api: tuple[str, int]) -> None:
    verdict = browser.call("https://api.example.net", {"url": API}, target=api)
    assert (verdict["allowed"], verdict["observed"]["type"], verdict["observed"]["status"]) == (True, "basic", 403)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_server_on_loopback_needs_no_target(browser: RealBrowser, api: tuple[str, int], host: str) -> None:
    verdict = browser.call(APP, {"url": f"http://{host}:{api[1]}/items"})
    assert not verdict["allowed"]
    assert verdict["cors_error"] in ("MissingAllowOriginHeader", "CORSMissingAllowOrigin2")
    assert len(verdict["observed"]["console"]) == 1


def test_mixed_content_never_reaches_the_server(browser: RealBrowser, api: tuple[str, int]) -> None:
    verdict = browser.call(APP, {**POST, "url": "http://api.example.net/items"}, target=api)
    assert not verdict["allowed"]
    assert verdict["observed"]["wire"] == []
    assert "ixed" in str(verdict["observed"]["console"])


def test_what_cannot_be_done_is_told(browser: RealBrowser, api: tuple[str, int]) -> None:
    with pytest.raises(BrowserError, match=r"Nothing answers at 127\.0\.0\.1:1 "):
        browser.call(APP, POST, target=("127.0.0.1", 1))
    with pytest.raises(ValueError, match="does not name this machine"):
        browser.call(APP, POST)
    with pytest.raises(ValueError, match="not an http or https URL"):
        browser.call(APP, {"url": "ftp://127.0.0.1/"})
    with pytest.raises(BrowserError, match="cannot open a page at nowhere://x"):
        browser.call("nowhere://x", POST, target=api)
    # None of that harms the browser.
    assert browser.call(APP, POST, target=api)["allowed"]


@pytest.mark.chromium
def test_a_browser_is_started_for_a_list_of_cases_and_ends() -> None:
    case = {"origin": APP, "request": {"method": "GET", "headers": []}, "response": {"status": 200, "headers": []}}
    assert [each["cors_error"] for each in judge_chromium([case, case])] == ["MissingAllowOriginHeader"] * 2
    assert judge_chromium([]) == []


def test_a_browser_that_does_not_run_cannot_judge() -> None:
    with pytest.raises(BrowserError, match="not running"):
        Chromium().judge([])


def test_a_program_that_is_no_browser_is_told(tmp_path: Path) -> None:
    program = tmp_path / "nothing"
    program.write_text("#!/bin/sh\nexit 3\n", encoding="utf-8")
    program.chmod(0o755)
    for browser in (Chromium(str(program)), Firefox(str(program))):
        with pytest.raises(BrowserError, match=str(program)), browser:
            pass


@pytest.mark.parametrize(
    ("browser", "error"),
    [
        pytest.param(Chromium, "PreflightDisallowedRedirect", id="chromium", marks=pytest.mark.chromium),
        pytest.param(Firefox, "CORSExternalRedirectNotAllowed", id="firefox", marks=pytest.mark.firefox),
    ],
    indirect=["browser"],
)
def test_no_reason_is_lost_among_many(browser: RealBrowser, error: str) -> None:
    answer = {"status": 307, "headers": [["Access-Control-Allow-Origin", "*"], ["Location", "https://b.example.org/"]]}
    case = {"origin": APP, "request": {"method": "PUT"}, "preflight": answer, "response": answer}
    assert {verdict["cors_error"] for verdict in browser.judge([case] * 100)} == {error}
