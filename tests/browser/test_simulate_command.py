"""`corsmith simulate`, as it is typed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from corsmith.cli import main

from .recorded import RECORDED

PAGE = "https://app.example.com"


def run(*arguments: str, text: str | None = None) -> Result:
    """Run the command; its own errors are results."""
    return CliRunner().invoke(main, ["simulate", *arguments], input=text)


def lines(result: Result) -> list[dict[str, Any]]:
    """Return the lines of JSON that were written."""
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_by_hand() -> None:
    result = run("--origin", PAGE, "--method", "PUT", "--preflight", "403")
    assert result.exit_code == 1
    assert result.stdout.startswith("flags: blocked PreflightMissingAllowOriginHeader\n")
    assert "[CORS-preflight fetch]" in result.stdout
    assert "console: Access to fetch at 'https://api.example.net/'" in result.stdout


def test_every_flag_counts() -> None:
    result = run(
        *(
            "--origin",
            PAGE,
            "--method",
            "POST",
            "--header",
            "X-A: 1",
            "--credentials",
            "--path",
            "/items",
            "--data",
            "{}",
        ),
        *(
            "--url",
            "https://api.example.com/",
            "--preflight",
            "200",
            "--preflight-header",
            f"Access-Control-Allow-Origin: {PAGE}",
        ),
        *(
            "--preflight-header",
            "Access-Control-Allow-Credentials:true",
            "--preflight-header",
            "Access-Control-Allow-Headers: x-a",
        ),
        *("--status", "500", "--response-header", f"Access-Control-Allow-Origin: {PAGE}"),
        *("--response-header", "Access-Control-Allow-Credentials: true", "--browser", "firefox", "--format", "json"),
    )
    assert result.exit_code == 0
    (line,) = lines(result)
    assert (line["allowed"], line["error"], line["preflight_sent"], line["console"]) == (True, None, True, None)
    assert (
        line["steps"][0]["reason"]
        == "OPTIONS https://api.example.com/items is sent first, because the headers x-a are not safelisted"
    )
    assert line["step"] == "response: the script reads the response; its headers: none"
    assert line["differs"] == []


def test_advice_and_other_opinions_are_written() -> None:
    star = ("--response-header", "Access-Control-Allow-Origin: *")
    hint = run(
        "--origin",
        PAGE,
        "--header",
        "DPR: 1",
        *star,
        "--preflight-header",
        "Access-Control-Allow-Origin: *",
        "--browser",
        "model",
    )
    assert "decided otherwise by: chromium" in hint.stdout
    local = run("--origin", PAGE, "--url", "http://localhost:3000", *star)
    assert "note: https://app.example.com calls a more private address" in local.stdout


def test_cases_from_a_file_and_from_standard_input(tmp_path: Path) -> None:
    cases = [each["case"] for each in RECORDED[:5]]
    place = tmp_path / "cases.json"
    for text in (json.dumps(cases), "\ufeff" + json.dumps(cases), "\n".join(json.dumps(case) for case in cases)):
        place.write_text(text, encoding="utf-8")
        result = run("--cases", str(place), "--format", "json")
        assert [(line["name"], line["allowed"]) for line in lines(result)] == [
            (each["case"]["name"], each["chromium"]["allowed"]) for each in RECORDED[:5]
        ]
        assert result.exit_code == 1
    assert lines(run("--cases", "-", "--format", "json", text=json.dumps(cases[0])))[0]["name"] == "acao-exact"
    unnamed = {key: value for key, value in cases[0].items() if key != "name"}
    assert run("--cases", "-", text=json.dumps([unnamed])).stdout.startswith("0: allowed\n")


@pytest.mark.parametrize("text", ["", "not json", "[7]", "{}", '{"origin": "x"}', "\x00"])
def test_what_cannot_be_read(text: str) -> None:
    result = run("--cases", "-", text=text)
    assert (result.exit_code, result.stdout) in ((2, ""), (0, ""))
    assert result.exit_code == 0 or result.stderr.startswith("corsmith: ")
    assert (text == "") is (result.exit_code == 0)


def test_wrong_flags() -> None:
    assert run("--cases", "/no/such/file").exit_code == 2
    assert "--origin" in run().stderr
    assert "is no header" in run("--origin", PAGE, "--response-header", "x").stderr
    assert run("--origin", PAGE, "--browser", "netscape").exit_code == 2


def test_text_is_plain_where_it_is_no_terminal() -> None:
    assert "\x1b" not in run("--origin", PAGE).stdout
