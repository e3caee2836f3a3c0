"""The check command's --errors and --probe: real HTTP on this machine, safe requests only."""

from __future__ import annotations

import json
from typing import Any

from click.testing import CliRunner, Result

from corsmith.cli import main
from tests.live.background import serving

APP = "https://app.example.com"
ORIGIN = ("--origin", APP)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["check", *arguments], catch_exceptions=False)


def answer(status: str, *headers: str, body: str = "") -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", body]
    return "\r\n".join(lines).encode()


ALLOW = f"Access-Control-Allow-Origin: {APP}"
REST = ("x-amzn-requestid: 1", "x-amz-apigw-id: 2")


def rest_api(head: bytes) -> bytes:
    """A REST API whose function sends the header, and whose own errors do not."""
    method, path = head.split(b" ")[:2]
    if b"Bearer corsmith-no-such-token" in head:
        return answer(
            "401 Unauthorized", *REST, "x-amzn-errortype: UnauthorizedException", body='{"message":"Unauthorized"}'
        )
    if path != b"/items" or method == b"HEAD":
        return answer("403 Forbidden", *REST, "x-amzn-errortype: MissingAuthenticationTokenException")
    return answer("200 OK", *REST, "x-amzn-trace-id: 3", ALLOW)


def test_errors_that_the_page_cannot_read_are_one_finding_for_each_rule() -> None:
    with serving(rest_api) as server:
        result = run(f"{server.url}/items", *ORIGIN, "--errors", "--format", "json")
        report = json.loads(result.stdout)
    (finding,) = (each for each in report["findings"] if each["category"] == "blocked")
    assert (finding["rule"], finding["severity"]) == ("rest-missing-gateway-responses", "warning")
    assert finding["stage"] == "error-response"
    assert "Provoked: 403 for an unknown path, 403 for the method HEAD, 401 for a wrong token." in finding["message"]
    assert (result.exit_code, report["verdict"]) == (0, "allowed")
    assert "403 for an unknown path (a CORS error)" in report["remarks"][0]["message"]
    assert "no error came of headers of 12 kB" in report["remarks"][0]["message"]


def test_errors_that_the_page_can_read_are_said_to_be_so() -> None:
    with serving(
        lambda head: answer("404 Not Found", ALLOW) if b"no-such" in head else answer("200 OK", ALLOW)
    ) as server:
        result = run(f"{server.url}/items", *ORIGIN, "--errors")
    assert result.exit_code == 0
    assert "404 for an unknown path (readable)" in result.stdout
    assert "no error came of the method HEAD" in result.stdout


def methods_of(server: Any) -> set[bytes]:
    return {head.split(b" ")[0] for head in server.heard}


def test_nothing_with_effects_is_sent_without_send() -> None:
    allow = (ALLOW, "Access-Control-Allow-Methods: POST, PUT", "Access-Control-Allow-Headers: content-type")
    with serving(lambda _: answer("200 OK", *allow)) as server:
        flags = ("--method", "PUT", "--header", "Content-Type: application/json", "--data", "{}", "--errors", "--probe")
        run(f"{server.url}/items", *ORIGIN, *flags)
        assert methods_of(server) == {b"OPTIONS", b"GET", b"HEAD"}
        server.heard.clear()
        run(f"{server.url}/items", *ORIGIN, *flags, "--send")
        puts = [head for head in server.heard if head.startswith(b"PUT")]
    # The call, and the one with the broken body.
    assert len(puts) == 2


def test_a_token_of_the_caller_is_left_out_once() -> None:
    with serving(lambda _: answer("200 OK", ALLOW, "Access-Control-Allow-Headers: authorization")) as server:
        result = run(f"{server.url}/items", *ORIGIN, "--header", "Authorization: Bearer s3cr3t", "--errors")
    assert "no token" in result.stdout
    assert "s3cr3t" not in result.stdout
    assert any(head.startswith(b"GET /items ") and b"Authorization" not in head for head in server.heard)


def test_probe_names_the_rule_and_counts() -> None:
    def reflecting(head: bytes) -> bytes:
        origin = head.partition(b"\r\nOrigin: ")[2].partition(b"\r\n")[0].decode()
        return answer("200 OK", f"Access-Control-Allow-Origin: {origin}", "Access-Control-Allow-Credentials: true")

    with serving(reflecting) as server:
        result = run(f"{server.url}/items", *ORIGIN, "--probe", "--format", "json")
    report = json.loads(result.stdout)
    (finding,) = (each for each in report["findings"] if each["category"] == "security")
    assert (finding["rule"], finding["severity"]) == ("insecure-reflects-origin-with-credentials", "error")
    assert finding["response"]["headers"][1][1] == "https://attacker.example"
    assert (result.exit_code, report["verdict"]) == (1, "allowed")
    assert "0 refused" in report["remarks"][0]["message"]


def test_a_server_that_answers_nothing_is_not_asked_more() -> None:
    with serving(lambda _: b"") as server:
        result = run(f"{server.url}/items", *ORIGIN, "--probe", "--errors")
        assert len(server.heard) == 1
    assert result.exit_code == 2


def test_both_are_for_lists_too() -> None:
    with serving(rest_api) as server:
        result = CliRunner().invoke(
            main, ["check", "--urls", "-", *ORIGIN, "--errors", "--probe"], input=f"{server.url}/items\n"
        )
    (line,) = map(json.loads, result.stdout.splitlines())
    assert [each["rule"] for each in line["findings"] if each["category"] == "blocked"] == [
        "rest-missing-gateway-responses"
    ]
    assert len(line["remarks"]) == 2


def test_projects_have_no_server_to_ask() -> None:
    assert "are for URLs" in run(".", "--probe").stderr
