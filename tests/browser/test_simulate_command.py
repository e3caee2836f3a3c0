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


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "corsmith: -: there is no case in it"),
        (" \n", "corsmith: -: there is no case in it"),
        ("[]", "corsmith: -: there is no case in it"),
        ("not json", "corsmith: -: it is not JSON: Expecting value"),
        ("\x00", "corsmith: -: it is not JSON"),
        ("{\n{", "corsmith: -: it is not JSON"),
        ("[" * 100_000, "corsmith: -: it is nested too deeply"),
        ("9" * 5000, "corsmith: -: it is not JSON"),
        ("[7]", "corsmith: case 0: a number is no case"),
        ("{}", "corsmith: case 0: origin is missing"),
        ('{"origin": "x", "name": "\x1b[2Jmine"}', "corsmith: -: it is not JSON"),
        ('{"origin": "x", "name": "\\u001b[2Jmine"}', "corsmith: case \ufffd[2Jmine: origin is 'x'"),
    ],
)
def test_what_cannot_be_read(text: str, said: str) -> None:
    result = run("--cases", "-", text=text)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(said)


def test_what_can_be_judged_is_judged() -> None:
    good = RECORDED[0]["case"]
    in_a_list = run("--cases", "-", "--format", "json", text=json.dumps([7, good, {}, good]))
    assert [line["name"] for line in lines(in_a_list)] == [good["name"]] * 2
    assert [line.partition(": ")[2][:6] for line in in_a_list.stderr.splitlines()] == ["case 0", "case 2"]
    by_line = run(
        "--cases", "-", "--format", "json", text=f"{json.dumps(good)}\n\n{{bad\n{json.dumps(good)}\n" + "[" * 9**5
    )
    assert [line["name"] for line in lines(by_line)] == [good["name"]] * 2
    assert "corsmith: -, line 3: it is not JSON" in by_line.stderr
    assert "corsmith: -, line 5: it is nested too deeply" in by_line.stderr
    assert (in_a_list.exit_code, by_line.exit_code) == (2, 2)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_encodings_of_json(encoding: str, tmp_path: Path) -> None:
    place = tmp_path / "cases.json"
    place.write_bytes(json.dumps({**RECORDED[0]["case"], "name": "é"}, ensure_ascii=False).encode(encoding))
    assert lines(run("--cases", str(place), "--format", "json"))[0]["name"] == "é"
    place.write_bytes(b'{"name": "\xff"}')
    assert "it is not JSON" in run("--cases", str(place)).stderr


def test_a_lone_surrogate_is_written_as_json_escapes_it() -> None:
    text = json.dumps({**RECORDED[0]["case"], "name": "\ud800"})
    assert lines(run("--cases", "-", "--format", "json", text=text))[0]["name"] == "\ud800"
    assert run("--cases", "-", text=text).stdout.startswith("\ufffd: allowed\n")


def test_what_a_server_says_does_not_move_the_cursor() -> None:
    answer = {"status": 200, "headers": [["Access-Control-Allow-Origin", "\x1b[2J"]]}
    text = json.dumps({"origin": PAGE, "request": {}, "response": answer})
    assert "\x1b" not in run("--cases", "-", text=text).stdout


def test_wrong_flags() -> None:
    missing = run("--cases", "/no/such/file")
    assert (missing.exit_code, missing.stderr) == (2, "corsmith: /no/such/file: No such file or directory\n")
    assert "--origin" in run().stderr
    assert "is no header" in run("--origin", PAGE, "--response-header", "x").stderr
    assert run("--origin", PAGE, "--browser", "netscape").exit_code == 2


@pytest.mark.parametrize("origin", ["foo", "app.example.com", "https://", "https:///x", "file:///x", "*", ""])
def test_a_page_is_at_an_origin(origin: str) -> None:
    result = run("--origin", origin)
    assert result.exit_code == 2
    assert "is no origin" in result.stderr


def test_an_origin_is_read_as_it_is_meant() -> None:
    allow = ("--response-header", "Access-Control-Allow-Origin: https://app.example.com")
    assert run("--origin", "https://APP.example.com/", *allow).exit_code == 0
    assert "from origin 'null'" in run("--origin", "null").stdout


def test_a_path_goes_before_the_query_of_the_address() -> None:
    result = run("--origin", PAGE, "--url", "https://api.example.net/v1?a=1", "--path", "/items")
    assert "https://api.example.net/v1/items?a=1" in result.stdout


def test_text_is_plain_where_it_is_no_terminal() -> None:
    assert "\x1b" not in run("--origin", PAGE).stdout
