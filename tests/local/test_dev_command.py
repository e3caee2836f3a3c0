"""The command `corsmith dev`: what it announces, how it is refused, and that it ends without leaving anything behind."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.local.bench import left

TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Web:
    Type: AWS::Serverless::HttpApi
    Properties:
      CorsConfiguration: {AllowOrigins: [https://app.example.com], AllowMethods: [GET]}
  Old:
    Type: AWS::Serverless::Api
    Properties: {StageName: v1}
  Shared:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: src/
      FunctionUrlConfig: {AuthType: NONE}
      Events:
        Web: {Type: HttpApi, Properties: {ApiId: !Ref Web, Path: /pid, Method: GET}}
        Old: {Type: Api, Properties: {RestApiId: !Ref Old, Path: /pid, Method: get}}
"""
CODE = """\
import os
import subprocess
import sys


def handler(event, context):
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    return {"statusCode": 200, "body": f"{os.getpid()} {child.pid}"}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "template.yaml").write_text(TEMPLATE)
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "app.py").write_text(CODE)
    return tmp_path


def start(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "corsmith", "dev", *arguments]
    return subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def announced(process: subprocess.Popen[str]) -> list[dict[str, Any]]:
    assert process.stdout is not None
    lines: list[dict[str, Any]] = []
    for line in process.stdout:
        lines.append(json.loads(line))
        if "ready" in lines[-1]:
            return lines
    raise AssertionError(f"it ended: {process.communicate()[1]}")


def end(process: subprocess.Popen[str], with_signal: int = signal.SIGTERM) -> tuple[int, str]:
    process.send_signal(with_signal)
    _, complaints = process.communicate(timeout=20)
    return process.returncode, complaints


def refused(folder: Path, *arguments: str) -> str:
    process = start(folder, *arguments)
    output, complaints = process.communicate(timeout=60)
    assert process.returncode == 2
    assert output == ""
    assert "Traceback" not in complaints
    return complaints


def get(port: int, path: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path)
    answer = connection.getresponse()
    body = answer.read().decode()
    connection.close()
    return answer.status, body


def port_of(url: str) -> int:
    return int(url.split(":")[2].split("/")[0])


def test_one_line_for_each_api_and_then_ready(project: Path) -> None:
    process = start(project, ".", "--port", "0", "--format", "json")
    *apis, last = announced(process)
    assert end(process) == (0, "")
    assert last == {"ready": True}
    assert [(line["front_door"], line["api"]) for line in apis] == [
        ("http_api", "Web"),
        ("rest_api", "Old"),
        ("function_url", "SharedUrl"),
    ]
    assert all(list(line) == ["front_door", "api", "url"] for line in apis)
    assert all(line["url"].startswith("http://127.0.0.1:") for line in apis)
    assert [line["url"].count("/") for line in apis] == [2, 3, 2]
    assert apis[1]["url"].endswith("/v1")


@pytest.mark.parametrize("with_signal", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_and_every_process_of_the_functions(project: Path, with_signal: int) -> None:
    process = start(project, ".", "--port", "0", "--format", "json")
    lines = announced(process)
    status, body = get(port_of(lines[0]["url"]), "/pid")
    assert status == 200
    assert end(process, with_signal) == (0, "")
    assert left(map(int, body.split())) == []


def test_functions_end_even_when_it_is_killed(project: Path) -> None:
    process = start(project, ".", "--port", "0", "--format", "json")
    _, body = get(port_of(announced(process)[0]["url"]), "/pid")
    end(process, signal.SIGKILL)
    assert left([int(body.split()[0])]) == []
    os.kill(int(body.split()[1]), signal.SIGKILL)


def test_ports_follow_each_other(project: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = start(project, ".", "--port", str(port), "--format", "json")
    ports = [port_of(line["url"]) for line in announced(process)[:-1]]
    end(process)
    assert ports[0] == port
    assert port < ports[1] < ports[2]


def test_a_port_that_is_taken_is_refused(project: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert f"port {port} on 127.0.0.1 cannot be used" in refused(project, ".", "--port", str(port))


@pytest.mark.parametrize(("wanted", "api"), [("Old", "Old"), ("function_url", "SharedUrl")])
def test_one_front_door_alone(project: Path, wanted: str, api: str) -> None:
    process = start(project, "template.yaml", "--port", "0", "--format", "json", "--front-door", wanted)
    lines = announced(process)
    end(process)
    assert [line["api"] for line in lines[:-1]] == [api]


def test_what_cannot_be_served_is_said_in_one_line(project: Path) -> None:
    assert "no such file or folder" in refused(project, "nowhere.yaml")
    assert "has no front door 'Nope'; it has Old, SharedUrl, Web" in refused(project, ".", "--front-door", "Nope")
    assert "defines no" in refused(project, "src")
    (project / "template.yaml").write_text("Resources: {Api: [")
    assert "template.yaml:2:1: cannot be read" in refused(project, "template.yaml")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--parameter", "Stage"], "write it as Name=value"),
        (["--jwks", "template.yaml"], "is no JSON Web Key Set"),
        (["--port", "70000"], "70000"),
        (["--auth", "none"], "none"),
        (["--clock", "0"], "0"),
    ],
)
def test_flags_that_make_no_sense_are_refused(project: Path, arguments: list[str], message: str) -> None:
    assert message in refused(project, ".", *arguments)


@pytest.mark.parametrize(
    ("flag", "name", "message"),
    [
        ("--python", "/nope", "--python /nope does not exist; write the path of an interpreter, such as "),
        ("--node", "/nope", "--node /nope does not exist"),
        ("--python", "nope", "--python nope is not on PATH"),
        ("--python", "./template.yaml", "--python ./template.yaml is no program (it cannot be executed)"),
        ("--python", "template.yaml", "--python template.yaml is not on PATH; write ./template.yaml for the file here"),
        ("--python", "own", "--python own is a folder; write --python own/bin/python3"),
        ("--node", "own", "--node own is a folder; write --node own/bin/node"),
    ],
)
def test_an_interpreter_that_is_none_is_refused_before_anything_is_served(
    project: Path, flag: str, name: str, message: str
) -> None:
    (project / "own" / "bin").mkdir(parents=True)
    (project / "own" / "bin" / "python3").touch(0o755)
    assert message in refused(project, ".", "--port", "0", flag, name)


@pytest.mark.parametrize("name", ["python3", sys.executable])
def test_an_interpreter_may_be_a_name_or_a_path(project: Path, name: str) -> None:
    process = start(project, ".", "--port", "0", "--format", "json", "--python", name)
    assert announced(process)[-1] == {"ready": True}
    assert end(process) == (0, "")


def test_text_lists_the_routes_and_logs_what_the_browser_makes_of_each_call(project: Path) -> None:
    process = start(project, ".", "--port", "0")
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        lines.append(line)
        if line.startswith("Ready"):
            break
    text = "".join(lines)
    assert "HTTP API Web\n  GET      /pid   Shared\n  OPTIONS  (any)  CORS configuration\n" in text
    assert "REST API Old\n  GET  /pid  Shared\n" in text
    connection = http.client.HTTPConnection(
        "127.0.0.1", port_of(next(line for line in lines if "REST API" in line).split()[0])
    )
    for _ in range(3):
        connection.request("GET", "/v1/pid", headers={"Origin": "https://app.example.com"})
        connection.getresponse().read()
    connection.close()
    _, log = end(process)
    assert log.count("BLOCKED  200 GET http://127.0.0.1:") == 1
    assert "No 'Access-Control-Allow-Origin' header is present" in log
    assert "handler-missing-headers at src/app.py:8: " in log
