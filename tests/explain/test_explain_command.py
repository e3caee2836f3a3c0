"""`corsmith explain`, as it is typed."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from click.testing import CliRunner, Result

from corsmith.cli import main

BLOCKED = (
    "Access to fetch at 'https://a.lambda-url.us-east-1.on.aws/x' from origin 'https://app.example.com' has been blocked by CORS "
    "policy: No 'Access-Control-Allow-Origin' header is present on the requested resource."
)


def run(*arguments: str, text: str | None = None) -> Result:
    """Run the command; its own errors are results."""
    return CliRunner().invoke(main, ["explain", *arguments], input=text)


def test_a_message_on_the_command_line() -> None:
    result = run(BLOCKED, "--status", "500")
    assert result.exit_code == 0
    assert result.stdout.startswith("MissingAllowOriginHeader  (chrome)\n  page        https://app.example.com\n")
    assert "  status      500\n  front door  function_url\n" in result.stdout
    assert (
        "to be sure: corsmith check https://a.lambda-url.us-east-1.on.aws/x --origin https://app.example.com\n"
        in result.stdout
    )
    assert "\x1b" not in result.stdout


def test_a_status_that_the_text_contradicts_is_left_out_aloud() -> None:
    pasted = f"{BLOCKED}\nGET https://a.lambda-url.us-east-1.on.aws/x net::ERR_FAILED 502 (Bad Gateway)"
    result = run(pasted, "--status", "403")
    assert "  status      502\n" in result.stdout
    assert result.stderr == "corsmith: --status 403 is left out, because the text itself says 502\n"
    assert run(pasted, "--status", "502").stderr == ""
    assert run(BLOCKED, "--status", "403").stderr == ""


@pytest.mark.parametrize("form", ["text", "json"])
def test_what_looks_like_a_secret_is_not_printed(form: str) -> None:
    pasted = BLOCKED.replace("https://a.", "https://user:hunter2@a.").replace("/x'", "/x?token=s3cr3t&page=2'")
    result = run(pasted, "--format", form)
    assert result.exit_code == 0
    assert "https://a.lambda-url.us-east-1.on.aws/x?token=***&page=2" in result.stdout
    assert "hunter2" not in result.stdout
    assert "s3cr3t" not in result.stdout


@pytest.mark.parametrize(
    ("output", "code", "said"),
    [
        (">&-", 0, ""),
        (">/dev/full", 2, "corsmith: cannot go on: No space left on device\n"),
        ("| (exec <&-; sleep 1)", 2, ""),
    ],
)
def test_an_output_that_takes_nothing_is_no_accident(output: str, code: int, said: str) -> None:
    command = f'{{ "$@"; echo $? >&3; }} {output}'
    reading, writing = os.pipe()
    done = subprocess.run(
        [
            "/bin/bash",
            "-c",
            f"exec 3>&{writing}; {command}",
            "bash",
            sys.executable,
            "-m",
            "corsmith",
            "explain",
            BLOCKED,
        ],
        stderr=subprocess.PIPE,
        pass_fds=(writing,),
        text=True,
        check=False,
        timeout=60,
    )
    os.close(writing)
    with os.fdopen(reading) as told:
        assert (told.read().strip(), done.stderr) == (str(code), said)


def test_words_need_no_quotes() -> None:
    assert run("OPTIONS", "returns", "403").stdout.startswith("PreflightMissingAllowOriginHeader\n")


def test_standard_input_as_json() -> None:
    result = run("-", "--format", "json", text=f"noise\n{BLOCKED}\n{BLOCKED.replace('/x', '/y')}\n")
    assert result.exit_code == 0
    first, second = json.loads(result.stdout)["messages"]
    assert list(first) == [
        *("browser", "error", "origin", "url", "header", "value", "status", "front_door", "causes", "next", "not_cors"),
    ]
    assert (first["browser"], first["error"], first["value"], first["status"]) == (
        "chrome",
        "MissingAllowOriginHeader",
        None,
        None,
    )
    assert first["header"] == "Access-Control-Allow-Origin"
    assert first["front_door"] == "function_url"
    assert set(first["causes"][0]) == {"rule", "why"}
    assert second["url"].endswith("/y")


def test_junk() -> None:
    result = run("hello", "there")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "this is not a CORS message I know" in result.stderr
    in_json = run("hello", "--format", "json")
    assert (in_json.exit_code, json.loads(in_json.stdout)) == (2, {"messages": []})


def test_bytes_that_are_no_text() -> None:
    result = CliRunner().invoke(main, ["explain", "-"], input=b"\xff\x00 " + BLOCKED.encode() + b" \xc3")
    assert result.exit_code == 0
    assert "MissingAllowOriginHeader" in result.stdout


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings(encoding: str) -> None:
    result = CliRunner().invoke(main, ["explain", "-"], input=BLOCKED.encode(encoding))
    assert result.stdout == run("-", text=BLOCKED).stdout


def test_text_out_of_a_web_page() -> None:
    escaped = BLOCKED.replace("'", "&#39;")
    assert escaped != BLOCKED
    assert run("-", text=f"<pre>{escaped}</pre>").stdout == run("-", text=BLOCKED).stdout


def test_an_address_with_quotes_and_entities() -> None:
    odd = BLOCKED.replace("' from origin", "it's?a=1&copy=2&lt=3' from origin")
    (message,) = json.loads(run("-", "--format", "json", text=odd).stdout)["messages"]
    assert message["url"].endswith("it's?a=1&copy=2&lt=3")
    assert message["origin"] is not None


def test_what_is_pasted_does_not_move_the_cursor() -> None:
    assert "\x1b" not in run("-", text=BLOCKED.replace("https://a.", "https://a\x1b]0;b.")).stdout


def test_a_long_text_is_read_as_far_as_a_person_would() -> None:
    result = run("-", text=BLOCKED + "\n" + "x" * 200_000 + BLOCKED)
    assert result.exit_code == 0
    assert result.stderr == "corsmith: only the first 200,000 characters were read\n"
    assert result.stdout == run("-", text=BLOCKED).stdout
    assert run("-", text="x" * 200_000).stderr.startswith("corsmith: this is not a CORS message I know")


@pytest.mark.parametrize("junk", ["'", "x", "Access to fetch at ", "(Reason: ", "at ", "https://", "[Error] Origin "])
def test_hostile_text_is_read_to_its_end(junk: str) -> None:
    """A pattern that tried every pair of places would not end within the suite's time limit."""
    assert run("-", text=junk * (200_000 // len(junk)) + BLOCKED).exit_code == 2


def test_what_is_not_cors_gets_no_command() -> None:
    result = run("GET https://x.example/ net::ERR_NAME_NOT_RESOLVED")
    assert result.stdout.startswith("not CORS\n")
    assert "This is not CORS. It is DNS" in result.stdout
    assert "to be sure" not in result.stdout


def test_several_messages_and_many_causes() -> None:
    both = run("-", text=f"{BLOCKED}\n{BLOCKED.replace('a.lambda-url.us-east-1.on.aws', 'api.example.com')}")
    assert "\n\nMissingAllowOriginHeader" in both.stdout
    assert " more (--format json)\n" in both.stdout
    assert "paste that one" in run("TypeError: Failed to fetch").stdout
