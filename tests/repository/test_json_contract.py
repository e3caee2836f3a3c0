"""What `check --format json` writes follows the published schema, for every kind of target."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import jsonschema
import pytest

ROOT = Path(__file__).parents[2]
SCHEMA = json.loads((ROOT / "docs" / "schema" / "check.schema.json").read_text(encoding="utf-8"))

UNREADABLE = "Resources:\n  Api: {Type: 'AWS::Serverless::HttpApi'\n"

UNDECIDED = """\
Transform: AWS::Serverless-2016-10-31
Parameters:
  Origin: {Type: String}
Resources:
  Api:
    Type: AWS::Serverless::HttpApi
    Properties:
      CorsConfiguration: {AllowOrigins: [!Ref Origin], AllowMethods: [GET]}
  List:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.12
      Handler: nowhere.handler
      CodeUri: .
      Events:
        Get: {Type: HttpApi, Properties: {ApiId: !Ref Api, Path: /items, Method: GET}}
"""


def checked(*arguments: str, cwd: Path = ROOT) -> tuple[int, Any]:
    """Return the exit code and the report, which the schema accepts."""
    told = subprocess.run(
        [sys.executable, "-m", "corsmith", "check", *arguments, "--format", "json"],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode in (0, 1, 2), told.stderr
    report = json.loads(told.stdout)
    jsonschema.validate(report, SCHEMA, cls=jsonschema.Draft202012Validator)
    return told.returncode, report


class Refusing(BaseHTTPRequestHandler):
    """A server without CORS."""

    def do_OPTIONS(self) -> None:
        self.send_response(403)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_GET(self) -> None:
        self.do_OPTIONS()

    def log_message(self, *arguments: object) -> None:
        """Stay silent."""


@pytest.fixture
def url() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Refusing) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/items"
        server.shutdown()
        thread.join()


def test_the_storefront() -> None:
    code, report = checked("examples/storefront")
    assert code == 1
    summary = report["summary"]
    assert summary["cells"] == summary["allowed"] + summary["blocked"] + summary["undecided"]
    assert summary["unexplained"] == 0
    for severity in ("error", "warning", "info"):
        assert summary[severity + "s"] == sum(finding["severity"] == severity for finding in report["findings"])
    for finding in report["findings"]:
        assert (ROOT / finding["docs"]).is_file()
        for location in finding["locations"]:
            lines = (ROOT / location["file"]).read_text(encoding="utf-8").split("\n")
            assert location["column"] <= len(lines[location["line"] - 1]) + 1
            assert (location["line"], location["column"]) <= (location["end_line"], location["end_column"])
        for edit in (edit for fix in finding["fixes"] for edit in fix["edits"]):
            text = (ROOT / edit["file"]).read_text(encoding="utf-8")
            assert edit["start"] <= edit["end"] <= len(text)
            assert text[edit["start"] : edit["end"]] != edit["text"]
    assert not {"exchanges", "verdict", "error"} & set(report)


@pytest.mark.parametrize("preflight", [True, False])
def test_a_url(url: str, preflight: bool) -> None:
    header = ("--header", "x-a: 1") if preflight else ()
    code, report = checked(url, "--origin", "https://app.example.com", *header)
    assert code == 1
    assert report["verdict"] == "blocked"
    assert [exchange["kind"] for exchange in report["exchanges"]] == (["preflight"] if preflight else ["request"])
    assert report["error"] == ("PreflightMissingAllowOriginHeader" if preflight else "MissingAllowOriginHeader")
    assert report["summary"]["blocked"] == 1


def test_a_missing_file(tmp_path: Path) -> None:
    code, report = checked("missing.yaml", cwd=tmp_path)
    assert code == 2
    assert [problem["file"] for problem in report["problems"]] == ["missing.yaml"]


def test_a_template_that_does_not_parse_beside_one_that_does(tmp_path: Path) -> None:
    (tmp_path / "broken.yaml").write_text(UNREADABLE)
    code, report = checked("broken.yaml", str(ROOT / "examples" / "storefront" / "template.yaml"), cwd=tmp_path)
    assert code == 2
    assert [problem["file"] for problem in report["problems"]] == ["broken.yaml"]
    assert report["findings"]


def test_what_cannot_be_known(tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text(UNDECIDED)
    code, report = checked(".", cwd=tmp_path)
    assert report["summary"]["undecided"] == len(report["undecided"]) > 0
    assert code == (2 if report["problems"] else 0)


def test_the_schema_refuses_what_the_contract_excludes() -> None:
    _, report = checked("examples/storefront")
    finding = report["findings"][0]
    for member, wrong in (
        ("severity", "fatal"),
        ("rule", "No_Rule"),
        ("console", 5),
        ("locations", None),
        ("stage", ""),
    ):
        broken = {**report, "findings": [{**finding, member: wrong}]}
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(broken, SCHEMA, cls=jsonschema.Draft202012Validator)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**report, "verdict": "allowed"}, SCHEMA, cls=jsonschema.Draft202012Validator)
