"""What is suggested to paste where a live call is blocked."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from corsmith.cli import main
from tests.live.background import serving

NO_ROUTE = b'HTTP/1.1 404 Not Found\r\napigw-requestid: x\r\nContent-Length: 23\r\n\r\n{"message":"Not Found"}'
FLAGS = ("--origin", "https://app.example.com", "--method", "PUT", "--header", "X-A: 1")


def remark(answer: bytes) -> str:
    with serving(lambda _: answer) as server:
        result = CliRunner().invoke(main, ["check", server.url, *FLAGS, "--format", "json"])
    remarks = json.loads(result.stdout)["remarks"]
    return remarks[0]["message"] if remarks else ""


@pytest.mark.parametrize(
    ("file", "text", "dialect"),
    [
        ("template.yaml", "Transform: AWS::Serverless-2016-10-31\nResources: {}\n", "sam"),
        ("main.tf", 'resource "aws_apigatewayv2_api" "a" {}\n', "terraform"),
        ("notes.yaml", "hello: 1\n", "DIALECT"),
        ("broken.yaml", "\udcff", "DIALECT"),
    ],
)
def test_the_settings_are_in_the_dialect_of_the_folder(
    file: str, text: str, dialect: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / file).write_bytes(text.encode("utf-8", "surrogateescape"))
    monkeypatch.chdir(tmp_path)
    said = remark(NO_ROUTE).removeprefix("settings that let this call through: ")
    caller = "--origin https://app.example.com --method PUT --header x-a"
    assert said.startswith(f"corsmith generate --for {dialect} --front-door http_api {caller}")
    if dialect != "DIALECT":
        written = CliRunner().invoke(main, shlex.split(said)[1:])
        assert written.exit_code == 0, written.stderr
        assert "https://app.example.com" in written.stdout


def test_nothing_is_suggested_for_a_server_that_is_not_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert remark(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n") == ""
