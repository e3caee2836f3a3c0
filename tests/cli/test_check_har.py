"""The check command on HAR files."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from corsmith.cli import main

APP = "https://app.example.com"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["check", *arguments], catch_exceptions=False)


def entry(url: str, allow: str | None = None, text: str = "") -> dict[str, Any]:
    sent = [{"name": "Origin", "value": APP}, {"name": "Sec-Fetch-Mode", "value": "cors"}]
    got = [{"name": "Access-Control-Allow-Origin", "value": allow}] if allow else []
    response = {"status": 200, "headers": got, "content": {"text": text}}
    return {"request": {"method": "GET", "url": url, "headers": sent}, "response": response}


def saved(place: Path, *entries: Any) -> str:
    place.write_text(json.dumps({"log": {"entries": list(entries)}}))
    return str(place)


def test_each_cross_origin_call_is_judged(tmp_path: Path) -> None:
    file = saved(
        tmp_path / "page.har",
        entry("https://api.example.net/open", "*"),
        entry("https://api.example.net/shut?token=s3cr3t"),
        entry(f"{APP}/own"),
    )
    result = run(file, "--format", "json")
    report = json.loads(result.stdout)
    assert result.exit_code == 1
    assert (report["verdict"], report["error"]) == ("blocked", "MissingAllowOriginHeader")
    assert (report["summary"]["allowed"], report["summary"]["blocked"]) == (1, 1)
    assert [each["rule"] for each in report["findings"]] == ["handler-missing-headers"]
    assert report["remarks"][0]["message"] == "1 request to the page's own origin; not judged"
    assert "s3cr3t" not in result.stdout
    text = run(file).stdout
    assert "allowed https://api.example.net/open" in text
    assert "blocked https://api.example.net/shut?token=***" in text


@pytest.mark.parametrize("form", ["sarif", "junit", "github", "html"])
def test_every_format_takes_them(form: str, tmp_path: Path) -> None:
    result = run(saved(tmp_path / "page.har", entry("https://api.example.net/shut")), "--format", form)
    assert result.exit_code == 1
    assert "handler-missing-headers" in result.stdout


def test_the_flags_replace_what_the_file_says(tmp_path: Path) -> None:
    file = saved(tmp_path / "page.HAR", entry("https://api.example.net/open", APP))
    assert run(file).exit_code == 0
    assert run(file, "--origin", "https://other.example").exit_code == 1
    assert json.loads(run(file, "--credentials", "--format", "json").stdout)["error"] == "InvalidAllowCredentials"
    assert run(file, "--credentials", "--browser", "firefox", "--fail-on", "never").exit_code == 0


def test_what_cannot_be_read_is_a_problem_of_its_file(tmp_path: Path) -> None:
    good = saved(tmp_path / "good.har", entry("https://api.example.net/open", "*"))
    (tmp_path / "bad.har").write_text("<html>")
    result = run(good, str(tmp_path / "bad.har"), str(tmp_path / "none.har"), str(tmp_path), "--format", "json")
    assert "in runs of their own" in result.stderr
    result = run(good, str(tmp_path / "bad.har"), str(tmp_path / "none.har"), "--format", "json")
    report = json.loads(result.stdout)
    assert (result.exit_code, report["verdict"]) == (2, "allowed")
    assert [each["message"] for each in report["problems"]] == [
        "is no HAR file: it is no JSON object",
        "cannot be read: No such file or directory",
    ]


def test_a_file_without_calls_says_so(tmp_path: Path) -> None:
    result = run(saved(tmp_path / "page.har", entry(f"{APP}/own")))
    assert result.exit_code == 0
    assert "no call that leaves its page's origin; 1 request to the page's own origin" in result.stdout


def test_a_huge_file_is_read_without_holding_it_twice(tmp_path: Path) -> None:
    large = entry("https://api.example.net/big", "*", "x" * 4_000_000)
    file = tmp_path / "huge.har"
    with file.open("w") as out:
        out.write('{"log": {"entries": [')
        for _ in range(25):
            out.write(json.dumps(large) + ", ")
        out.write(json.dumps(entry("https://api.example.net/shut")) + "]}}")
    limit = 320 << 20
    program = "import resource, sys; from corsmith.cli import main; main(sys.argv[1:], standalone_mode=True)"
    result = subprocess.run(
        [sys.executable, "-c", program, "check", str(file), "--format", "json"],
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_DATA, (limit, limit)),
    )
    report = json.loads(result.stdout)
    assert (result.returncode, report["summary"]["allowed"], report["summary"]["blocked"]) == (1, 25, 1)
