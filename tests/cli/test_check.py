"""The check command: exit codes, streams, and one clear line for each bad input."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from corsmith.cli import main

FUNCTION = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: {handler}
      CodeUri: .
      Events:
        Get:
          Type: HttpApi
          Properties:
            Path: /x
            Method: GET
"""
GOOD = 'def handler(event, context):\n    return {"statusCode": 200, "headers": {"access-control-allow-origin": "*"}}\n'
BARE = 'def handler(event, context):\n    return {"statusCode": 200}\n'


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments), catch_exceptions=False)


def project(code: str = GOOD, handler: str = "app.handler") -> None:
    Path("template.yaml").write_text(FUNCTION.format(handler=handler))
    Path("app.py").write_text(code)


def test_a_correct_project_is_clean() -> None:
    project()
    result = run("check", ".")
    assert result.exit_code == 0
    assert result.stdout == "0 errors, 0 warnings, 0 infos; 1 cells judged, 0 undecided\n"


def test_a_blocked_call_is_an_error_with_its_place_and_the_console_message() -> None:
    project(BARE)
    result = run("check", "template.yaml")
    assert result.exit_code == 1
    assert "error[httpapi-no-cors-config] GET /x" in result.stdout
    assert "--> template.yaml:" in result.stdout
    assert "has been blocked by CORS policy: No 'Access-Control-Allow-Origin' header is present" in result.stdout


@pytest.mark.parametrize(("fail_on", "code"), [("error", 1), ("warning", 1), ("never", 0)])
def test_fail_on_chooses_the_exit_code(fail_on: str, code: int) -> None:
    project(BARE)
    assert run("check", ".", "--fail-on", fail_on).exit_code == code


def test_rules_can_be_selected_and_ignored() -> None:
    project(BARE)
    assert run("check", ".", "--ignore", "httpapi-no-cors-config").exit_code == 0
    assert run("check", ".", "--select", "rest-no-options-method").exit_code == 0
    assert run("check", ".", "--select", "httpapi-no-cors-config").exit_code == 1


def test_json_goes_to_a_file(folder: Path) -> None:
    project(BARE)
    result = run("check", ".", "--format", "json", "--output", "report.json")
    assert (result.exit_code, result.stdout) == (1, "")
    assert json.loads((folder / "report.json").read_text())["summary"]["errors"] == 1


def test_the_matrix_has_a_line_for_each_cell() -> None:
    project(BARE)
    assert "GET /x" in run("check", ".", "--matrix").stdout.splitlines()[0]


BAD = [
    ("missing.yaml", None, "missing.yaml:1:1: no such file"),
    ("broken.yaml", b"Transform: AWS::Serverless-2016-10-31\na: [1\nb: 2\n", "broken.yaml:3:2: cannot be read"),
    ("other.yaml", b"hello: 1\n", "other.yaml:1:1: is no template that corsmith reads"),
    ("latin.yaml", b"\xe9", "latin.yaml:1:1: not UTF-8 text"),
    ("nope.yaml", FUNCTION.format(handler="nope.handler").encode(), "nope.yaml:7:16: the handler of F cannot be found"),
    ("bad.yaml", FUNCTION.format(handler="bad.handler").encode(), "bad.py:1:13: cannot be read as Python"),
]


@pytest.mark.parametrize(("name", "content", "line"), BAD, ids=[name for name, _, _ in BAD])
def test_bad_input_gets_one_line_and_the_rest_is_checked(name: str, content: bytes | None, line: str) -> None:
    project(BARE)
    Path("bad.py").write_text("def handler(:\n")
    if content is not None:
        Path(name).write_bytes(content)
    result = run("check", name, "template.yaml")
    assert result.exit_code == 2
    assert line in result.stdout
    assert "error[httpapi-no-cors-config]" in result.stdout
    problems = json.loads(run("check", name, "--format", "json").stdout)["problems"]
    assert len(problems) == 1


USAGE = [
    (("check",), "Say what to check: a URL, a file or a folder"),
    (("check", ".", "--header", "bad"), "'bad' is no header; write it as 'Name: value'"),
    (("check", ".", "--parameter", "A"), "'A' has no value; write it as Name=value"),
    (("check", ".", "https://api.example.com"), "their reports differ"),
    (("nonsense",), "There is no command 'nonsense'"),
]


@pytest.mark.parametrize(("arguments", "message"), USAGE)
def test_wrong_usage_says_what_to_write(arguments: tuple[str, ...], message: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert message in result.stderr


def test_a_flag_replaces_what_is_derived() -> None:
    project(GOOD)
    report = json.loads(run("check", ".", "--credentials", "--origin", "https://a.example", "--format", "json").stdout)
    assert [finding["rule"] for finding in report["findings"]] == ["wildcard-with-credentials"]
    assert report["findings"][0]["request"]["origin"] == "https://a.example"
    assert report["findings"][0]["request"]["credentials"] == "include"


def test_path_narrows_to_the_routes_that_serve_it() -> None:
    project(BARE)
    assert json.loads(run("check", ".", "--path", "/x", "--format", "json").stdout)["summary"]["cells"] == 1
    assert json.loads(run("check", ".", "--path", "/y", "--format", "json").stdout)["summary"]["cells"] == 0


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("https://a.example/", "https://a.example"),
        ("https://A.example:443/page", "https://a.example"),
        ("a.example", "https://a.example"),
        ("localhost:3000", "http://localhost:3000"),
        ("https://a.example:8443", "https://a.example:8443"),
        ("http://[::1]:3000", "http://[::1]:3000"),
        ("null", "null"),
        ("chrome-extension://abcdef", "chrome-extension://abcdef"),
    ],
)
def test_an_origin_is_read_as_browsers_write_it(given: str, read: str) -> None:
    project(BARE)
    result = run("check", ".", "--origin", given, "--format", "json")
    assert json.loads(result.stdout)["findings"][0]["request"]["origin"] == read
    assert (f"is read as {read}" in result.stderr) is (given != read)


@pytest.mark.parametrize("given", ["*", "https://*.a.example", "", "a b", "https://", "HTTPS"])
@pytest.mark.parametrize("command", ["check", "fix"])
def test_what_is_no_origin_is_a_usage_error(command: str, given: str) -> None:
    project(BARE)
    result = run(command, ".", "--origin", given)
    assert result.exit_code == 2
    assert "is no origin of a page" in result.stderr
