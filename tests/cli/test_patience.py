"""What a long check is about is said while it lasts, and leaves nothing behind on a terminal."""

from __future__ import annotations

import io
import sys
import threading

import pytest

from corsmith.api.tree import Memory, Tree
from corsmith.cli import patience
from corsmith.cli.patience import Patience
from corsmith.project.check import Question
from corsmith.project.report import report


class Screen(io.StringIO):
    """A standard error that tells when something was written."""

    def __init__(self, *, terminal: bool) -> None:
        super().__init__()
        self.terminal = terminal
        self.written = threading.Event()

    def isatty(self) -> bool:
        return self.terminal

    def write(self, text: str) -> int:
        count = super().write(text)
        self.written.set()
        return count


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in ("FIRST", "DRAWN", "LINES"):
        monkeypatch.setattr(patience, name, 0.001)
    return monkeypatch


def test_a_terminal_is_clean_afterwards(soon: pytest.MonkeyPatch) -> None:
    screen = Screen(terminal=True)
    soon.setattr(sys, "stderr", screen)
    with Patience() as waiting:
        waiting.hear("reading template.yaml (1 of 2)")
        assert screen.written.wait(30)
    assert screen.getvalue().startswith("\r\x1b[Kcorsmith: ")
    assert screen.getvalue().endswith("\r\x1b[K")


def test_elsewhere_it_is_lines(soon: pytest.MonkeyPatch) -> None:
    screen = Screen(terminal=False)
    soon.setattr(sys, "stderr", screen)
    with Patience() as waiting:
        waiting.hear("x" * 300)
        screen.written.clear()
        assert screen.written.wait(30)
    last = screen.getvalue().splitlines()[-1]
    assert "\x1b" not in last
    assert "…" in last
    assert len(last) < 120


def test_nothing_is_said_of_what_is_done_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Screen(terminal=True)
    monkeypatch.setattr(sys, "stderr", screen)
    with Patience() as waiting:
        waiting.hear("reading template.yaml (1 of 2)")
    assert screen.getvalue() == ""


def test_nobody_has_to_listen(soon: pytest.MonkeyPatch) -> None:
    screen = Screen(terminal=True)
    soon.setattr(sys, "stderr", screen)
    screen.close()
    with Patience() as waiting:
        waiting.hear("reading template.yaml (1 of 2)")


def test_the_steps_of_a_check() -> None:
    steps: list[str] = []
    files = {"template.yaml": TEMPLATE, "src/app.py": "def handler(event, context):\n    return {'statusCode': 200}\n"}
    report(Question((".",)), Tree(Memory(files)), steps.append)
    assert steps[:3] == [
        "looking for templates in .",
        "reading template.yaml (1 of 1)",
        "checking template.yaml (1 of 1)",
    ]
    assert any(each.startswith("trying fixes of handler-missing-headers (") for each in steps)


TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Api: {Type: AWS::Serverless::Api, Properties: {StageName: prod}}
  Items:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: src
      Events:
        Call: {Type: Api, Properties: {RestApiId: !Ref Api, Path: /items, Method: GET}}
"""
