"""What AWS is known to answer, asked of `corsmith dev` over real HTTP.

Each folder of `tests/fixtures/gateway` is a project with an `expect.json`: exchanges, each a request and what the answer
has to be. `python tests/local/test_conformance.py FOLDER` runs other folders of that form.
"""

from __future__ import annotations

import http.client
import json
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

CASES = Path(__file__).parents[1] / "fixtures" / "gateway"
START_LIMIT = 60.0


@contextmanager
def served(project: Path, *arguments: str) -> Iterator[list[dict[str, str]]]:
    """Run `corsmith dev` in the folder; yield what it announced. It has to end by itself when told to."""
    command = [sys.executable, "-m", "corsmith", "dev", ".", "--port", "0", "--format", "json", *arguments]
    with subprocess.Popen(command, cwd=project, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        complaints: list[str] = []
        listening = threading.Thread(target=lambda: complaints.extend(process.stderr or ()))
        listening.start()
        guard = threading.Timer(START_LIMIT, process.kill)
        guard.start()
        try:
            lines: list[dict[str, Any]] = []
            for line in process.stdout:
                lines.append(json.loads(line))
                if lines[-1] == {"ready": True}:
                    break
            else:
                pytest.fail(f"corsmith dev ended before it was ready: {''.join(complaints)}")
            guard.cancel()
            yield lines[:-1]
        finally:
            guard.cancel()
            process.terminate()
            status = process.wait(20)
            listening.join()
        assert status == 0, "".join(complaints)


def address(announced: list[dict[str, str]], exchange: dict[str, Any]) -> str:
    """Return the base URL that an exchange is for."""
    fitting = [
        line["url"]
        for line in announced
        if exchange.get("front_door") in (None, line["front_door"])
        and (exchange.get("api") is None or line["api"] in (exchange["api"], f"{exchange['api']}Url"))
    ]
    assert len(fitting) == 1, f"{exchange.get('api')} of {announced}"
    stage = exchange["request"].get("stage")
    return fitting[0] if stage is None else f"{fitting[0].rpartition('/')[0]}/{stage}"


def send(base: str, request: dict[str, Any]) -> tuple[int, list[tuple[str, str]], str]:
    """Send exactly these headers; return status, header lines as they came, and the body."""
    place = urlsplit(base)
    connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=60)
    try:
        connection.putrequest(request["method"], place.path + request["path"], skip_accept_encoding=True)
        body = request.get("body")
        octets = None if body is None else body.encode()
        for name, value in request["headers"]:
            connection.putheader(name, value)
        if octets is not None:
            connection.putheader("Content-Length", str(len(octets)))
        connection.endheaders(octets)
        answer = connection.getresponse()
        return answer.status, answer.getheaders(), answer.read().decode("utf-8", "replace")
    finally:
        connection.close()


def complaints(expect: dict[str, Any], status: int, headers: list[tuple[str, str]], body: str) -> Iterator[str]:
    """Yield what differs from what is expected."""
    wanted = expect.get("status")
    if wanted is not None and status not in (wanted if isinstance(wanted, list) else [wanted]):
        yield f"status {status}, not {wanted}"
    for name, rule in expect.get("headers", {}).items():
        lines = [value for key, value in headers if key.lower() == name.lower()]
        if not _fits(rule, lines):
            yield f"{name} is {lines}, not {rule}"
    raw = [name for name, _ in headers]
    yield from (f"no header is called {name!r}: {raw}" for name in expect.get("raw_names", ()) if name not in raw)
    if not _body_fits(expect.get("body"), body):
        yield f"body {body!r}, not {expect['body']!r}"


def _fits(rule: Any, lines: list[str]) -> bool:
    if isinstance(rule, list):
        return sorted(lines) == sorted(rule)
    if "tokens" in rule:
        found = {token.strip().lower() for line in lines for token in line.split(",")}
        return found == {token.lower() for token in rule["tokens"]}
    return bool(lines) and all(re.search(rule["re"], line) for line in lines)


def _body_fits(rule: Any, body: str) -> bool:
    if rule is None:
        return True
    if isinstance(rule, str):
        return body == rule
    if "json" in rule:
        try:
            return bool(json.loads(body) == rule["json"])
        except ValueError:
            return False
    return rule["contains"] in body


def run(case: Path) -> list[str]:
    """Return every complaint about the exchanges of a case."""
    expected = json.loads((case / "expect.json").read_text(encoding="utf-8"))
    found: list[str] = []
    with served(case, *expected.get("arguments", ())) as announced:
        for number, exchange in enumerate(expected["exchanges"]):
            request = exchange["request"]
            answer = send(address(announced, exchange), request)
            found += [
                f"{number} {request['method']} {request['path']}: {complaint}"
                for complaint in complaints(exchange["expect"], *answer)
            ]
    return found


def folders(root: Path) -> list[Path]:
    return sorted(path.parent for path in root.glob("*/expect.json"))


@pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in folders(CASES)])
def test_a_project_is_served_as_aws_would(case: Path) -> None:
    assert run(case) == []


def test_every_case_names_its_source() -> None:
    assert folders(CASES)
    for case in folders(CASES):
        expected = json.loads((case / "expect.json").read_text(encoding="utf-8"))
        assert expected["source"], case.name


@pytest.mark.parametrize(
    ("expect", "complaint"),
    [
        ({"status": 200}, "status 404"),
        ({"status": [200, 204]}, "status 404"),
        ({"headers": {"x-a": ["1"]}}, "x-a is ['1', '2']"),
        ({"headers": {"x-a": []}}, "x-a is ['1', '2']"),
        ({"headers": {"vary": {"tokens": ["origin"]}}}, "vary is"),
        ({"headers": {"vary": {"re": "^x"}}}, "vary is"),
        ({"headers": {"absent": {"re": "."}}}, "absent is []"),
        ({"raw_names": ["x-a"]}, "no header is called"),
        ({"body": "other"}, "body"),
        ({"body": {"json": {"a": 2}}}, "body"),
        ({"body": {"contains": "b"}}, "body"),
    ],
)
def test_the_comparison_bites(expect: dict[str, Any], complaint: str) -> None:
    headers = [("X-A", "1"), ("X-A", "2"), ("Vary", "Origin, Accept")]
    assert complaint in next(complaints(expect, 404, headers, '{"a":1}'))
    assert list(complaints({"headers": {"x-a": ["2", "1"]}, "body": {"json": {"a": 1}}}, 404, headers, '{"a":1}')) == []


if __name__ == "__main__":
    for folder in folders(Path(sys.argv[1])):
        print(folder.name, run(folder) or "passes", flush=True)
