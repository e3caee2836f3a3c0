"""A project whose every name attacks the format it is written in."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from corsmith.cli import main

SCRIPT = "<script>alert(1)</script>"
NAMES = (
    SCRIPT,
    "'\"><img src=x onerror=alert(1)>",
    "]]>&amp;&lt;",
    "%0A::error::x,y=z:",
    "\u202eevil\u2066",
    "tab\there",
    "ünï🙂",
    "</style></pre><h1>",
)

TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Items:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: .
      Events:
"""
EVENT = """\
        Event{number}:
          Type: Api
          Properties: {{Path: {path}, Method: GET}}
"""
CODE = """\
# {comment}
def handler(event, context):
    if event["headers"].get("x"):
        return {{"statusCode": 404, "headers": {{"x-name": {name!r}}}}}  # {comment}
    return {{"statusCode": 200, "headers": {{"Access-Control-Allow-Origin": {name!r}}}, "body": {name!r}}}
"""


def write(folder: Path) -> None:
    """Write the project into `folder`, in a folder whose own name is hostile where the system allows it."""
    import json

    events = "".join(
        EVENT.format(number=at, path=json.dumps(f"/{name}", ensure_ascii=False)) for at, name in enumerate(NAMES)
    )
    (folder / "template.yaml").write_text(TEMPLATE + events, encoding="utf-8")
    (folder / "app.py").write_text(CODE.format(comment=SCRIPT, name=SCRIPT), encoding="utf-8")


@pytest.fixture
def hostile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A hostile project, in the current folder under a hostile name."""
    folder = tmp_path / ("a" if os.name == "nt" else "<b onclick=x>%0A,:'\"&")
    folder.mkdir()
    write(folder)
    monkeypatch.chdir(tmp_path)
    return Path(folder.name)


def check(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["check", *arguments], catch_exceptions=False)
