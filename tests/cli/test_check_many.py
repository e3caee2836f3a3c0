"""The check command on lists of URLs: lines out, progress, resuming, exit codes; real HTTP on this machine."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner, Result

from corsmith.cli import main
from tests.live.background import serving

SCHEMA = Path(__file__).parents[2] / "docs" / "schema" / "check.schema.json"
VALIDATOR = jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text("utf-8")))

OPEN = b"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: https://app.example.com\r\nContent-Length: 2\r\n\r\nhi"
SHUT = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"
ORIGIN = ("--origin", "https://app.example.com")


@pytest.fixture
def server() -> Iterator[Any]:
    with serving(lambda head: SHUT if b" /shut" in head else OPEN) as started:
        yield started


def run(*arguments: str, given: bytes | None = None) -> Result:
    return CliRunner().invoke(main, ["check", *arguments], input=given, catch_exceptions=False)


def lines(text: str) -> list[dict[str, Any]]:
    """Return the lines, which the schema accepts."""
    found = [json.loads(line) for line in text.splitlines()]
    for each in found:
        VALIDATOR.validate(each)
    return found


def test_each_url_is_a_line_and_progress_is_no_data(server: Any, tmp_path: Path) -> None:
    urls = [f"{server.url}/open/{number}" for number in range(50)] + [f"{server.url}/shut"]
    listed = tmp_path / "urls.txt"
    listed.write_text("# mine\n" + "\n".join(urls) + "\n\n")
    result = run("--urls", str(listed), *ORIGIN)
    found = lines(result.stdout)
    assert result.exit_code == 1
    assert sorted(each["url"] for each in found) == sorted(urls)
    assert {each["verdict"] for each in found if "/open/" in each["url"]} == {"allowed"}
    (shut,) = (each for each in found if "/shut" in each["url"])
    assert (shut["verdict"], shut["error"]) == ("blocked", "MissingAllowOriginHeader")
    assert [finding["category"] for finding in shut["findings"]] == ["blocked"]
    assert shut["exchanges"][0]["response"]["status"] == 200
    assert shut["calls"] == [
        {
            "origin": "https://app.example.com",
            "method": "GET",
            "verdict": "blocked",
            "error": "MissingAllowOriginHeader",
        }
    ]
    assert "51 of 51 (100%)" in result.stderr
    assert "50 allowed, 1 blocked, 0 undecided" in result.stderr
    assert server.connections <= 32


def test_standard_input_is_a_list_too(server: Any) -> None:
    result = run("--urls", "-", *ORIGIN, given=f"{server.url}/open".encode())
    assert [each["verdict"] for each in lines(result.stdout)] == ["allowed"]
    assert result.exit_code == 0
    assert "1 URLs" in result.stderr


def test_a_line_says_more_of_its_call(server: Any) -> None:
    call = {"url": f"{server.url}/open?token=s3cr3t", "origin": "https://other.example", "headers": {"X-A": "1"}}
    (found,) = lines(run("--urls", "-", *ORIGIN, given=json.dumps(call).encode()).stdout)
    assert found["calls"][0]["origin"] == "https://other.example"
    assert found["verdict"] == "blocked"
    assert found["exchanges"][0]["kind"] == "preflight"
    assert "s3cr3t" not in json.dumps(found)


def test_origins_and_methods_are_crossed_in_one_line(server: Any) -> None:
    flags = (*ORIGIN, "--origin", "https://other.example", "--method", "GET", "--method", "HEAD")
    (found,) = lines(run("--urls", "-", *flags, given=f"{server.url}/open".encode()).stdout)
    assert [(each["origin"], each["method"], each["verdict"]) for each in found["calls"]] == [
        ("https://app.example.com", "GET", "allowed"),
        ("https://app.example.com", "HEAD", "allowed"),
        ("https://other.example", "GET", "blocked"),
        ("https://other.example", "HEAD", "blocked"),
    ]
    assert found["verdict"] == "blocked"


def test_what_is_no_url_is_a_problem_of_its_line(server: Any) -> None:
    given = f"nonsense\n{{\n{server.url}/open\n".encode()
    result = run("--urls", "-", *ORIGIN, given=given)
    found = {each["url"]: each for each in lines(result.stdout)}
    assert result.exit_code == 2
    assert found["nonsense"]["problems"][0]["message"] == "'nonsense' is no http or https URL"
    assert found["nonsense"]["verdict"] == "undecided"
    assert found["{"]["problems"][0]["message"].startswith("is no JSON")
    assert found[f"{server.url}/open"]["verdict"] == "allowed"


def test_nothing_breaks_out_of_a_header(server: Any) -> None:
    call = {"url": f"{server.url}/open", "headers": {"X-A": "1\r\nX-B: 2"}}
    (found,) = lines(run("--urls", "-", *ORIGIN, given=json.dumps(call).encode()).stdout)
    assert (found["verdict"], server.heard) == ("blocked", [])
    call = {"url": f"{server.url}/open", "headers": {"Cookie": "1\r\nX-B: 2"}, "credentials": "include"}
    result = run("--urls", "-", *ORIGIN, given=json.dumps(call).encode())
    (found,) = lines(result.stdout)
    assert "has a line break or a NUL in it" in found["problems"][0]["message"]
    assert (result.exit_code, server.heard) == (2, [])


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


def test_a_server_that_is_away_is_a_problem() -> None:
    result = run("--urls", "-", *ORIGIN, given=f"http://127.0.0.1:{closed_port()}/".encode())
    (found,) = lines(result.stdout)
    assert (result.exit_code, found["verdict"]) == (2, "undecided")
    assert "cannot be reached" in found["problems"][0]["message"]
    assert "1 not reached" in result.stderr


def test_a_call_that_fails_once_is_made_again() -> None:
    answers = [b"", OPEN]
    with serving(lambda _: answers.pop(0)) as server:
        (found,) = lines(run("--urls", "-", *ORIGIN, given=f"{server.url}/".encode()).stdout)
    assert (found["verdict"], answers) == ("allowed", [])


def test_results_go_to_a_file_and_a_run_goes_on_from_them(server: Any, tmp_path: Path) -> None:
    listed, results = tmp_path / "urls.txt", tmp_path / "results.jsonl"
    urls = [f"{server.url}/open/{number}?token=secret{number}" for number in range(9)] + [f"{server.url}/shut"]
    listed.write_text("\n".join(urls))
    first = run("--urls", str(listed), *ORIGIN, "--resume", str(results))
    assert (first.exit_code, first.stdout) == (1, "")
    whole = results.read_text().splitlines(keepends=True)
    assert len(whole) == 10
    # A run that was killed: the first four lines, and half of one.
    results.write_text("".join(whole[:4]) + whole[4][:50])
    server.heard.clear()
    second = run("--urls", str(listed), *ORIGIN, "--resume", str(results))
    assert len(server.heard) == 6
    assert len(lines(results.read_text())) == 10
    assert second.exit_code == 1
    assert "10 of 10 (100%)" in second.stderr
    server.heard.clear()
    assert run("--urls", str(listed), *ORIGIN, "--resume", str(results)).exit_code == 1
    assert server.heard == []


def test_what_was_not_reached_is_called_again(server: Any, tmp_path: Path) -> None:
    results = tmp_path / "results.jsonl"
    given = f"{server.url}/open\nhttp://127.0.0.1:{closed_port()}/x".encode()
    run("--urls", "-", *ORIGIN, "--resume", str(results), given=given)
    server.heard.clear()
    assert run("--urls", "-", *ORIGIN, "--resume", str(results), given=given).exit_code == 2
    assert server.heard == []
    assert [each["verdict"] for each in lines(results.read_text())].count("undecided") == 2


def test_other_callers_are_other_calls(server: Any, tmp_path: Path) -> None:
    results = tmp_path / "results.jsonl"
    given = f"{server.url}/open".encode()
    for origin in ("https://app.example.com", "https://other.example"):
        run("--urls", "-", "--origin", origin, "--resume", str(results), given=given)
    assert [each["verdict"] for each in lines(results.read_text())] == ["allowed", "blocked"]


def test_output_is_written_anew_and_resume_only_read_beside_it(server: Any, tmp_path: Path) -> None:
    one, other = tmp_path / "one.jsonl", tmp_path / "other.jsonl"
    run("--urls", "-", *ORIGIN, "--output", str(one), given=f"{server.url}/open/1".encode())
    before = one.read_text()
    given = f"{server.url}/open/1\n{server.url}/open/2".encode()
    run("--urls", "-", *ORIGIN, "--resume", str(one), "--output", str(other), given=given)
    assert one.read_text() == before
    assert [each["url"][-2:] for each in lines(other.read_text())] == ["/2"]


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (("--urls", "{away}"), "cannot be read"),
        (("--urls", "-", "--format", "junit", "--output", "{away}/x"), "cannot be written"),
        (("--urls", "-", "--resume", "{foreign}"), "line 1 is no result"),
        (("--urls", "-", "--resume", "{foreign}/x"), "Not a directory"),
        (("--urls", "-", "--output", "{away}/x"), "cannot be written"),
        (("--urls", "-", "https://a.example/", "https://b.example/"), "takes its targets from the list"),
        (("--urls", "{away}", "nonsense"), "is no address"),
        (("--urls", "{away}", "https://a.example/"), "no route that a page could call"),
        (("--urls", "-", "--since", "HEAD"), "takes no --since"),
        (("https://a.example/", "--resume", "{away}"), "--resume is for --urls"),
        ((), "Say what to check"),
        (("--urls", "-", "--concurrency", "0"), "--concurrency"),
        (("--urls", "-", "--jobs", "2", "--resume", "{away}"), "without --resume"),
        (("--urls", "-", "--jobs", "2", "--format", "junit"), "without --format"),
        (("--urls", "-", "--jobs", "2", "https://a.example/"), "without TARGET"),
        (("--urls", "{away}", "--jobs", "2"), "cannot be read"),
    ],
)
def test_what_cannot_be_done_is_said(flags: tuple[str, ...], words: str, tmp_path: Path) -> None:
    foreign = tmp_path / "foreign"
    foreign.write_text("{}\n")
    places = {"{away}": str(tmp_path / "away"), "{foreign}": str(foreign), "{foreign}/x": str(foreign / "x")}
    places["{away}/x"] = str(tmp_path / "away" / "x")
    result = run(*(places.get(flag, flag) for flag in flags), given=b"")
    assert result.exit_code == 2
    assert words in result.stderr


def test_several_processes_give_the_lines_of_one(server: Any, tmp_path: Path) -> None:
    urls = [f"{server.url}/open/{number}" for number in range(40)] + [f"{server.url}/shut", "nonsense"]
    listed = tmp_path / "urls.txt"
    listed.write_text("# mine\n" + "\n".join(urls), encoding="utf-8")
    alone = run("--urls", str(listed), *ORIGIN, "--header", "X-A: 1", "--credentials")
    done = command("--urls", str(listed), *ORIGIN, "--header", "X-A: 1", "--credentials", "--jobs", "3")
    assert by_url(done.stdout.decode()) == by_url(alone.stdout)
    assert (done.returncode, alone.exit_code) == (2, 2)
    assert b"42 of 42 (100%)" in done.stderr
    assert b"0 allowed, 41 blocked, 1 undecided, 1 not reached" in done.stderr
    assert done.stderr.count(b"URLs/s") == 1
    into = tmp_path / "results.jsonl"
    only = command("--urls", "-", *ORIGIN, "--jobs", "2", "--output", str(into), given=f"{server.url}/open\n")
    assert (only.returncode, only.stdout) == (0, b"")
    assert [each["verdict"] for each in lines(into.read_text("utf-8"))] == ["allowed"]


def test_a_reader_of_several_processes_that_goes_away_is_no_accident(server: Any) -> None:
    given = "\n".join(f"{server.url}/open/{number}" for number in range(3000)).encode()
    several = [sys.executable, "-m", "corsmith", "check", "--urls", "-", *ORIGIN, "--jobs", "2"]
    with subprocess.Popen(several, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdin.write(given)
        process.stdin.close()
        process.stdout.readline()
        process.stdout.close()
        said = process.stderr.read()
        assert process.wait(60) == 2
    assert b"Traceback" not in said


def command(*arguments: str, given: str = "") -> subprocess.CompletedProcess[bytes]:
    whole = [sys.executable, "-m", "corsmith", "check", *arguments]
    return subprocess.run(whole, input=given.encode(), capture_output=True, check=False, timeout=120)


def by_url(text: str) -> dict[str, tuple[Any, ...]]:
    found = lines(text)
    return {each["url"]: (each["verdict"], each["error"], each["calls"], each["findings"]) for each in found}


def test_filters_count_for_each_line(server: Any) -> None:
    flags = (*ORIGIN, "--ignore", "handler-missing-headers", "--fail-on", "never")
    result = run("--urls", "-", *flags, given=f"{server.url}/shut".encode())
    (found,) = lines(result.stdout)
    assert (result.exit_code, found["verdict"], found["findings"]) == (0, "blocked", [])


def test_known_blocks_do_not_fail_and_new_ones_do(server: Any, tmp_path: Path) -> None:
    known = ("--baseline", str(tmp_path / "known.json"))
    before = f"{server.url}/shut/1\n{server.url}/open".encode()
    written = run("--urls", "-", *ORIGIN, *known, "--write-baseline", given=before)
    assert written.exit_code == 0
    # The block, and that the page needs leave to call this machine.
    assert "2 findings known from now on" in written.stderr
    again = run("--urls", "-", *ORIGIN, *known, given=before)
    assert again.exit_code == 0
    shut = next(each for each in lines(again.stdout) if "/shut" in each["url"])
    assert (shut["verdict"], shut["findings"]) == ("blocked", [])
    assert shut["ignored"][0]["by"] == "baseline"
    assert run("--urls", "-", *ORIGIN, *known, given=before + f"\n{server.url}/shut/2".encode()).exit_code == 1
    repaired = run("--urls", "-", *ORIGIN, *known, given=f"{server.url}/open".encode())
    assert repaired.exit_code == 0
    assert "1 known in" in repaired.stderr
    # One URL is held to the same file.
    assert run(f"{server.url}/shut/1", *ORIGIN, *known).exit_code == 0
    assert run(f"{server.url}/shut/3", *ORIGIN, *known).exit_code == 1


@pytest.mark.parametrize("form", ["junit", "sarif", "github", "html"])
def test_other_formats_are_one_document(server: Any, form: str, tmp_path: Path) -> None:
    given = f"{server.url}/shut/1\n{server.url}/open\n{server.url}/shut/2".encode()
    result = run("--urls", "-", *ORIGIN, "--format", form, given=given)
    assert result.exit_code == 1
    assert result.stdout.count("handler-missing-headers") >= 2
    if form == "junit":
        assert 'failures="2"' in result.stdout
    written = tmp_path / "report"
    run("--urls", "-", *ORIGIN, "--format", form, "--output", str(written), given=given)
    assert "handler-missing-headers" in written.read_text()
    assert (
        "no other --format"
        in run("--urls", "-", "--format", form, "--resume", str(tmp_path / "none"), given=given).stderr
    )


PROJECT = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Api:
    Type: AWS::Serverless::HttpApi
    Properties:
      CorsConfiguration: {AllowOrigins: ["https://one.example.com", "https://two.example.com"], AllowMethods: [GET, PUT]}
  List:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.12
      Handler: app.handler
      CodeUri: .
      Events:
        Get: {Type: HttpApi, Properties: {ApiId: !Ref Api, Path: "/items/{id}", Method: GET}}
        Put: {Type: HttpApi, Properties: {ApiId: !Ref Api, Path: /open, Method: PUT}}
"""


def test_the_routes_of_a_project_are_called_for_each_of_its_pages(server: Any, tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text(PROJECT)
    (tmp_path / "app.py").write_text("def handler(event, context):\n    return {'statusCode': 200}\n")
    result = run("--urls", str(tmp_path / "template.yaml"), f"{server.url}/prod")
    calls = {(each["url"], *each["calls"][0].values()) for each in lines(result.stdout)}
    paths = {url.removeprefix(server.url) for url, *_ in calls}
    assert "/prod/open" in paths
    assert any(path.startswith("/prod/items/") and "{" not in path for path in paths)
    assert {origin for _, origin, *_ in calls} == {"https://one.example.com", "https://two.example.com"}
    assert {method for _, _, method, *_ in calls} == {"GET", "PUT"}
    # Nothing with effects was sent.
    assert {head.split(b" ")[0] for head in server.heard} <= {b"GET", b"OPTIONS"}
    assert f"{len(calls)} of {len(calls)} (100%)" in result.stderr


def started(*arguments: str, into: Any) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "corsmith", "check", "--urls", "-", *ORIGIN, *arguments]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=into, stderr=subprocess.PIPE)


def test_an_interruption_leaves_the_results_so_far(server: Any, tmp_path: Path) -> None:
    results = tmp_path / "results.jsonl"
    with started("--output", str(results), into=subprocess.DEVNULL) as process:
        assert process.stdin is not None
        process.stdin.write("".join(f"{server.url}/open/{number}\n" for number in range(5)).encode())
        process.stdin.flush()
        deadline = time.monotonic() + 60
        while not results.exists() or results.read_bytes().count(b"\n") < 5:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        # Standard input stays open: nobody waits for it.
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 2
        assert process.stderr is not None
        said = process.stderr.read().decode()
    assert "(interrupted)" in said
    assert "Traceback" not in said
    assert len(lines(results.read_text())) == 5


def test_a_reader_that_goes_away_is_no_accident(server: Any) -> None:
    reading, writing = os.pipe()
    with started(into=writing) as process:
        os.close(writing)
        os.close(reading)
        _, said = process.communicate(f"{server.url}/open\n".encode() * 200, timeout=60)
    assert process.returncode == 2
    assert b"Traceback" not in said
    assert b"Exception ignored" not in said


def test_an_interruption_of_several_processes_leaves_the_results_so_far(tmp_path: Path) -> None:
    results = tmp_path / "results.jsonl"
    with (
        serving(lambda _: OPEN) as server,
        started("--jobs", "2", "--output", str(results), into=subprocess.DEVNULL) as process,
    ):
        assert process.stdin is not None
        process.stdin.write("".join(f"{server.url}/open/{number}\n" for number in range(6)).encode())
        process.stdin.flush()
        deadline = time.monotonic() + 60
        while not results.exists() or results.read_bytes().count(b"\n") < 6:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        # It reaches the first process alone, as a supervisor's signal does.
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 2
        assert process.stderr is not None
        said = process.stderr.read().decode()
    assert "6 allowed, 0 blocked, 0 undecided (interrupted)" in said
    assert "Traceback" not in said
    assert len(lines(results.read_text())) == 6


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_full_disk_ends_the_run_in_a_sentence(server: Any, jobs: str) -> None:
    given = "".join(f"{server.url}/open/{number}\n" for number in range(300))
    done = command("--urls", "-", *ORIGIN, "--jobs", jobs, "--output", "/dev/full", given=given)
    assert (done.returncode, done.stderr.decode().splitlines()[-1]) == (
        2,
        "corsmith: cannot go on: No space left on device",
    )


@pytest.mark.parametrize(("closed", "words"), [("<&-", "no standard input"), (">&-", "no standard output")])
def test_a_stream_that_is_closed_is_said_to_be(closed: str, words: str) -> None:
    shell = f'"$0" -m corsmith check --urls - --origin https://app.example.com {closed}'
    done = subprocess.run(["sh", "-c", shell, sys.executable], input=b"", capture_output=True, check=False, timeout=60)
    assert done.returncode == 2
    assert words in done.stderr.decode()
    assert b"Traceback" not in done.stderr


BUSY = b"HTTP/1.1 429 Too Many Requests\r\nRetry-After: %b\r\nContent-Length: 0\r\n\r\n"


def test_a_server_that_asks_to_wait_is_waited_for() -> None:
    answers = [BUSY % b"1", OPEN]
    with serving(lambda _: answers.pop(0)) as server:
        result = run("--urls", "-", *ORIGIN, given=f"{server.url}/".encode())
    (found,) = lines(result.stdout)
    assert (found["verdict"], found["waited"], answers) == ("allowed", 1.0, [])
    assert found["remarks"][0]["message"] == "the server asked to wait: it was called again after 1 s"
    assert "1 called again after their servers asked to wait (1 s in all)" in result.stderr
    assert result.exit_code == 0


def test_a_server_that_always_asks_to_wait_is_not_waited_for_without_end(server: Any) -> None:
    del server
    asked = []
    with serving(lambda head: asked.append(head) or BUSY % b"0") as busy:  # type: ignore[func-returns-value]
        (found,) = lines(run("--urls", "-", *ORIGIN, given=f"{busy.url}/".encode()).stdout)
    assert (found["verdict"], len(asked)) == ("blocked", 3)
    with serving(lambda head: asked.append(head) or BUSY % b"3600") as busy:  # type: ignore[func-returns-value]
        (found,) = lines(run("--urls", "-", *ORIGIN, given=f"{busy.url}/".encode()).stdout)
    assert (len(asked), "waited" in found) == (4, False)
    assert "asks to wait 3600 s, more than 30 s" in found["remarks"][0]["message"]


def test_what_may_have_effects_is_not_made_again_for_a_server_that_asks_to_wait() -> None:
    asked: list[bytes] = []

    def answer(head: bytes) -> bytes:
        asked.append(head.split(b" ")[0])
        return BUSY % b"0"

    with serving(answer) as busy:
        run("--urls", "-", *ORIGIN, "--method", "POST", "--send", given=f"{busy.url}/".encode())
    assert asked == [b"POST"]


def test_the_page_that_is_assumed_is_said(server: Any) -> None:
    given = f"{server.url}/open".encode()
    assert (
        "no --origin was given: the page is taken to be at https://app.example.com"
        in run("--urls", "-", given=given).stderr
    )
    assert "no --origin" not in run("--urls", "-", *ORIGIN, given=given).stderr
