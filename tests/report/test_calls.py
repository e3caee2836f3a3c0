"""Each format with a call that was really made: there is no file, and the URL comes from whoever asks."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from xml.etree import ElementTree

import jsonschema
import pytest
from jsonschema import Draft4Validator

from .hostile import SCRIPT, check
from .test_html import _Balanced
from .test_sarif import SCHEMA


class Bare(BaseHTTPRequestHandler):
    """Answers without CORS headers, but for a hostile one."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Vary", SCRIPT)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Bare) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/<b>'%22&x=\u00fc"
        server.shutdown()
        thread.join()


def said(url: str, form: str) -> str:
    result = check(url, "--origin", "https://app.example.com", "--format", form)
    assert result.exit_code == 1, result.output
    return result.stdout


def test_sarif_is_valid_and_has_no_place_in_a_file(url: str) -> None:
    log = json.loads(said(url, "sarif"))
    jsonschema.validate(log, SCHEMA, cls=Draft4Validator, format_checker=Draft4Validator.FORMAT_CHECKER)
    assert log["runs"][0]["results"]
    assert all("physicalLocation" not in place for each in log["runs"][0]["results"] for place in each["locations"])


def test_junit_has_a_failure(url: str) -> None:
    root = ElementTree.fromstring(said(url, "junit"))
    (failure,) = root.iterfind("testsuite[@name='calls']/testcase/failure")
    assert failure.get("type") == "MissingAllowOriginHeader"
    assert "has been blocked by CORS policy" in failure.get("message", "")


def test_github_says_that_it_is_blocked(url: str) -> None:
    lines = said(url, "github").splitlines()
    assert all(line.startswith(("::error ", "::warning ", "::notice ")) for line in lines)
    assert any("has been blocked by CORS policy" in line for line in lines)


def test_the_page_shows_the_exchange_as_text(url: str) -> None:
    text = said(url, "html")
    parser = _Balanced()
    parser.feed(text)
    assert (parser.open, parser.wrong) == ([], [])
    assert SCRIPT not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "has been blocked by CORS policy" in text
