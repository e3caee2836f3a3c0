"""Workflow commands of GitHub Actions: one line each, and nothing in a name ends or begins one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from .hostile import check

ROOT = Path(__file__).parents[2]
COMMAND = re.compile(r"::(error|warning|notice) ((?:[A-Za-z]+=[^,:\r\n]*,?)*)::([^\r\n]*)")


def commands(*arguments: str) -> list[tuple[str, dict[str, str], str]]:
    """Return what GitHub's runner reads: command, properties, message."""
    found = []
    for line in check(*arguments, "--format", "github").stdout.split("\n")[:-1]:
        match = COMMAND.fullmatch(line)
        assert match, line
        pairs = (pair.split("=", 1) for pair in match[2].split(","))
        found.append((match[1], {key: unescaped(value) for key, value in pairs}, unescaped(match[3])))
    return found


def unescaped(text: str) -> str:
    for code, character in (("%3A", ":"), ("%2C", ","), ("%0D", "\r"), ("%0A", "\n"), ("%25", "%")):
        text = text.replace(code, character)
    return text


def test_each_finding_is_a_command_at_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    found = commands("examples/storefront", "--select", "handler-missing-headers-on-error", "--min-severity", "error")
    (kind, place, message) = found[0]
    assert kind == "error"
    assert place["file"] == "examples/storefront/src/cart.py"
    assert (place["line"], place["col"]) == ("14", "9")
    assert place["title"] == "handler-missing-headers-on-error"
    assert "\nThe browser prints: Access to fetch at 'https://" in message
    assert {kind for kind, _, _ in commands("examples/storefront")} >= {"error", "warning"}


def test_further_places_are_named_and_get_notices_behind_all_findings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    found = commands("examples/storefront")
    said = [message for _, _, message in found]
    first = next(at for at, message in enumerate(said) if message.startswith("This belongs to "))
    assert all(kind == "notice" for kind, _, _ in found[first:])
    assert all(message.startswith("This belongs to ") for message in said[first:])
    findings = {f"{place['title']} at {place['file']}:{place['line']}": message for _, place, message in found[:first]}
    for _, place, message in found[first:]:
        about = findings[message.removeprefix("This belongs to ")]
        assert f"{place['file']}:{place['line']}" in about.rpartition("\nIt also concerns ")[2]


def test_hostile_names_are_escaped(hostile: Path) -> None:
    found = commands(str(hostile))
    assert {place["file"] for kind, place, _ in found if kind != "notice"} <= {
        f"{hostile}/app.py",
        f"{hostile}/template.yaml",
    }
    assert any("%0A::error::x,y=z:" in message for _, _, message in found)


def test_what_could_not_be_read_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert [(kind, place["file"]) for kind, place, _ in commands("a,b:c%.yaml")] == [("error", "a,b:c%.yaml")]
