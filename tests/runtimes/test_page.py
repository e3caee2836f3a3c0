"""What docs/lambda-cors.md shows is what happens: its examples, its refusals, its codes."""

import json
import re
import subprocess
import textwrap
from typing import Any

import pytest
from clients import NODE, NODE_PACKAGE, ROOT
from lambda_cors import Policy, PolicyError, cors
from vectors import CASES, POLICIES

PAGE = (ROOT / "docs/lambda-cors.md").read_text()
GET = next(case["event"] for case in CASES if case["name"] == "http_api: allowed")


def blocks(language: str, text: str = PAGE) -> list[str]:
    return [textwrap.dedent(block) for block in re.findall(rf"(?ms)^ *```{language}\n(.*?)^ *```", text)]


@pytest.mark.parametrize("page", ["docs/lambda-cors.md", "runtimes/python/README.md"])
def test_the_python_examples_run(page: str) -> None:
    for block in blocks("python", (ROOT / page).read_text()):
        names: dict[str, Any] = {}
        exec(block, names)
        response = names["handler"](GET, None)
        assert response["headers"]["Access-Control-Allow-Origin"] == "https://app.example.com"


@pytest.mark.node
@pytest.mark.parametrize("page", ["docs/lambda-cors.md", "runtimes/node/README.md"])
def test_the_node_examples_run(page: str) -> None:
    [block] = blocks("js", (ROOT / page).read_text())
    code = f"{block}\nconsole.log(JSON.stringify(await handler({json.dumps(GET)}, {{}})));\n"
    command = [NODE, "--input-type=module", "--eval", code]
    done = subprocess.run(command, cwd=NODE_PACKAGE, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)["headers"]["Access-Control-Allow-Origin"] == "https://app.example.com"


def test_the_refusal_is_the_one_that_is_shown() -> None:
    with pytest.raises(PolicyError) as error:
        Policy(origins=["https://App.example.com/"], methods=["get"])
    assert str(error.value) in PAGE


def test_the_line_of_debug_is_the_one_that_is_shown(caplog: pytest.LogCaptureFixture) -> None:
    asked = {
        "host": "api.example.com", "origin": "https://app.example.com",
        "access-control-request-method": "GET", "access-control-request-headers": "x-trace",
    }  # fmt: skip
    event = {"version": "2.0", "rawPath": "/items", "headers": asked, "requestContext": {"http": {"method": "OPTIONS"}}}
    cors(Policy(origins=["https://app.example.com"]), debug=True)(lambda event, context: None)(event, None)
    assert caplog.messages == [blocks("json")[0].strip()]


def test_every_code_is_on_the_page() -> None:
    codes = {code for case in POLICIES for code, _ in case["problems"]}
    shown = set(re.findall(r"`([a-z0-9…-]+)`", PAGE))
    families = {code[1:] for code in shown if code.startswith("…")}
    assert {code for code in codes if code not in shown and not code.endswith(tuple(families))} == set()
