"""Handlers before and after their repair, written out: `tests/fixtures/fixes/NAME/before.*` and `after.*`.

The name begins with the front door: a REST API without CORS settings, a Function URL with them, a Function URL without
("url-none"). Line ends, a letter that is two units wide, and tabs change nothing of a repair but themselves.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from corsmith.api.caller import CallerFlags
from corsmith.api.finding import Severity
from corsmith.api.tree import Memory, Tree
from corsmith.project.check import Question, check
from corsmith.project.repair import checked, repair

FOLDER = Path(__file__).parents[1] / "fixtures" / "fixes"
CASES = sorted(path.name for path in FOLDER.iterdir())
ORIGIN = "https://app.example.com"
FUNCTION = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Items:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: %s
      Handler: app.handler
      CodeUri: .
"""
HEADERS = f"ResponseParameters: {{Headers: {{Access-Control-Allow-Origin: \"'{ORIGIN}'\"}}}}"
REST = (
    "Globals:\n  Api:\n    GatewayResponses:\n"
    f"      DEFAULT_4XX: {{{HEADERS}}}\n      DEFAULT_5XX: {{{HEADERS}}}\n"
    + FUNCTION
    + "      Events: {Call: {Type: Api, Properties: {Path: /items, Method: ANY}}}\n"
)
URL = (
    FUNCTION
    + f"      FunctionUrlConfig: {{AuthType: NONE, Cors: {{AllowOrigins: ['{ORIGIN}'], AllowMethods: [GET]}}}}\n"
)
BARE_URL = FUNCTION + "      FunctionUrlConfig: {AuthType: NONE}\n"


def texts(name: str) -> tuple[str, str, str]:
    """Return the handler's file name, and its text before and after."""
    before, after = (next((FOLDER / name).glob(f"{when}.*")) for when in ("before", "after"))
    return f"app{before.suffix}", *(path.read_bytes().decode() for path in (before, after))


def repaired(name: str, file: str, text: str) -> str:
    """Return the handler's text after the repair; nothing is found in it any more."""
    template = REST if name.startswith("rest") else BARE_URL if name.startswith("url-none") else URL
    files = {"template.yaml": template % ("python3.13" if file.endswith(".py") else "nodejs22.x"), file: text}
    credentials = True if "cookies" in name else None
    question = Question((".",), CallerFlags(origins=(ORIGIN,), methods=("GET",), credentials=credentials))
    before = check(Tree(Memory(files)), question)
    assert not before.problems
    result = repair(question, before, lambda finding, fix: all(edit.file != "template.yaml" for edit in fix.edits))
    after = checked(question, result.after)
    assert [each.finding.rule for each in after.groups if each.finding.severity is Severity.ERROR] == []
    assert set(result.changed()) <= {file}
    assert repair(question, after, lambda finding, fix: True).changed().keys() <= {"template.yaml"}
    return result.after.tree.read(file)


@pytest.mark.parametrize("name", CASES)
def test_the_repair(name: str) -> None:
    file, before, after = texts(name)
    assert repaired(name, file, before) == after


@pytest.mark.parametrize("name", CASES)
def test_line_ends_stay(name: str) -> None:
    file, before, after = texts(name)
    assert repaired(name, file, before.replace("\n", "\r\n")) == after.replace("\n", "\r\n")


def wide(text: str) -> str:
    """Return the text with letters of several bytes, one of them of two UTF-16 units, before all that is repaired."""
    first, _, rest = text.partition("\n")
    if first.startswith(("'use strict'", '"""')):
        return f"{first}\n{rest}".replace("Items", "Größe 𝄞").replace('body: "[]"', 'body: "Größe 𝄞"')
    python = "def " in rest
    return first + ("  # " if python else " // ") + f"Größe 𝄞\n{rest}"


@pytest.mark.parametrize("name", CASES)
def test_letters_of_any_width_stay(name: str) -> None:
    file, before, after = texts(name)
    if before.partition("\n")[0] != after.partition("\n")[0]:
        before, after = (text.replace("'[]'", "'Größe 𝄞'") for text in (before, after))
        assert repaired(name, file, before) == after
    else:
        assert repaired(name, file, wide(before)) == wide(after)


@pytest.mark.parametrize("name", CASES)
def test_a_last_line_without_end_stays_so(name: str) -> None:
    file, before, after = texts(name)
    assert repaired(name, file, before.rstrip("\n")) == after.rstrip("\n")
