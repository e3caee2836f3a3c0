"""Targets that are none: what is said of them, on every command that takes one."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from corsmith.cli import main

TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Hello:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: hello.handler
      CodeUri: .
      Events:
        Say: {Type: HttpApi, Properties: {Path: /hello, Method: GET}}
"""
HELLO = 'def handler(event, context):\n    return {"statusCode": 200}\n'


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project in the current folder."""
    (tmp_path / "template.yaml").write_text(TEMPLATE, encoding="utf-8")
    (tmp_path / "hello.py").write_text(HELLO, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def told(*arguments: str) -> tuple[int, str]:
    run = CliRunner().invoke(main, arguments, prog_name="corsmith")
    return run.exit_code, run.output


@pytest.mark.parametrize("command", ["check", "fix", "init"])
@pytest.mark.parametrize("target", ["", " "])
def test_an_empty_target_is_not_the_current_folder(project: Path, command: str, target: str) -> None:
    code, output = told(command, target)
    assert code == 2
    assert "names nothing; the current folder is ." in output
    assert not (project / "corsmith.toml").exists()


def pipe(place: Path) -> None:
    os.mkfifo(place)


def loop(place: Path) -> None:
    place.symlink_to(place)


def nowhere(place: Path) -> None:
    place.symlink_to(place.with_name("gone"))


def listening(place: Path) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(place))


@pytest.mark.parametrize("command", ["check", "fix", "init"])
@pytest.mark.parametrize(
    ("make", "said"),
    [
        (pipe, "is a pipe, no file"),
        (loop, "is a symbolic link that leads back to itself"),
        (nowhere, "is a symbolic link that leads nowhere"),
        (Path.mkdir, "a folder without files"),
        (None, "no such file or folder"),
    ],
)
def test_what_is_no_template(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str, make: Callable[[Path], None] | None, said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    if make is not None:
        make(Path("thing.yaml"))
    code, output = told(command, "thing.yaml")
    assert code == 2
    assert "thing.yaml" in output
    assert said in output


def test_a_device_and_a_socket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    listening(Path("socket.yaml"))
    assert "is a socket, no file" in told("check", "socket.yaml")[1]
    assert "is a device, no file" in told("check", os.devnull)[1]


def test_odd_things_among_the_files_of_a_project(project: Path) -> None:
    pipe(project / "pipe.yaml")
    loop(project / "loop.yaml")
    nowhere(project / "nowhere.yaml")
    code, output = told("check", ".")
    assert code == 1
    assert "httpapi-no-cors-config" in output
    assert "pipe.yaml: is a pipe, no file" in output


def test_init_says_what_to_do_where_there_is_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    code, output = told("init")
    assert code == 2
    assert "a folder without files" in output
    assert "--origin" in output


@pytest.mark.parametrize(
    ("make", "said"),
    [(Path.mkdir, "it is a folder"), (nowhere, "it is a link that leads nowhere"), (pipe, "it is no file")],
)
def test_settings_that_are_no_file(project: Path, make: Callable[[Path], None], said: str) -> None:
    make(project / "corsmith.toml")
    code, output = told("check", ".")
    assert code == 2
    assert f"corsmith.toml:1:1: cannot be read: {said}" in output


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("rest-no-option-method", "(is rest-no-options-method meant?)"),
        ("REST-NO-OPTIONS-METHOD", "there is no rule 'REST-NO-OPTIONS-METHOD'"),
        ("zzz", "there is no rule 'zzz'; `corsmith rules` lists them"),
        ("", "there is no rule ''"),
    ],
)
def test_a_rule_that_is_none(typed: str, said: str) -> None:
    code, output = told("rules", typed)
    assert code == 2
    assert said in output


def test_what_only_an_audit_finds_has_no_page() -> None:
    code, output = told("rules", "account-differs-from-project")
    assert code == 2
    assert "has no page" in output
