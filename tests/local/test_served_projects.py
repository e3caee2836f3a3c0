"""Projects in every dialect, served: a real Chromium blocks the page's call exactly where AWS would have it blocked.

Each folder of `tests/fixtures/served` is a project with a `case.json`: the page's `request`, whether it is `blocked`, at
what `stage`, and the `front_door` it goes to; `arguments` are given to `corsmith dev`. The test finds them by itself.
`python -m tests.local.test_served_projects FOLDER` runs other folders of that form, with a clock that is ten times as fast.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from corsmith.live.browsers import Chromium
from tests.local.test_conformance import served

PROJECTS = Path(__file__).parents[1] / "fixtures" / "served"
DIALECTS = {"cdk", "cloudformation", "openapi", "sam", "serverless", "terraform"}


def projects(root: Path) -> list[Path]:
    """Return the projects that can be deployed and say nothing of their history."""
    found = []
    for file in sorted(root.glob("*/case.json")):
        case = json.loads(file.read_text("utf-8"))
        if case.get("deploys", True) and case.get("cause_class") != "rest-stage-not-deployed":
            found.append(file.parent)
    return found


def call(browser: Chromium, case: dict[str, Any], announced: list[dict[str, str]]) -> dict[str, Any]:
    """Make the page's call; return what the browser says of it."""
    (address,) = [urlsplit(line["url"]) for line in announced if line["front_door"] == case["front_door"]]
    assert address.port
    asked = case["request"]
    # Under a name of the internet, over https, as the deployed page calls it.
    request = {
        "url": f"https://api.example.net{address.path}{asked['path']}",
        "method": asked["method"],
        "headers": [list(pair) for pair in asked.get("headers", {}).items()],
        "credentials": "include" if asked.get("credentials") else "same-origin",
        "body": asked.get("body", "{}" if "content-type" in asked.get("headers", {}) else None),
    }
    return browser.call(asked["origin"], request, target=("127.0.0.1", address.port))


def complaints(project: Path, browser: Chromium, otherwise: tuple[str, ...] = ()) -> Iterator[str]:
    """Yield where the browser decides otherwise than the case says; `otherwise`: arguments where it names none."""
    case = json.loads((project / "case.json").read_text("utf-8"))
    with served(project, *case.get("arguments", otherwise)) as announced:
        seen = call(browser, case, announced)
    if seen["allowed"] is case["blocked"]:
        yield f"{'allowed' if seen['allowed'] else 'blocked'}: {seen['cors_error']}"
    if not seen["allowed"] and not str(seen["cors_error"])[:1].isupper():
        yield f"it is not CORS that blocks: {seen['cors_error']}"
    at_preflight = str(seen["cors_error"]).startswith("Preflight") or "Preflight" in str(seen["cors_error"])
    if case["blocked"] and not seen["allowed"] and at_preflight is not (case["stage"] == "preflight"):
        yield f"not at the {case['stage']}: {seen['cors_error']}"


@pytest.fixture(scope="module")
def browser() -> Iterator[Chromium]:
    with Chromium() as running:
        yield running


@pytest.mark.chromium
@pytest.mark.node
@pytest.mark.parametrize("project", [pytest.param(folder, id=folder.name) for folder in projects(PROJECTS)])
def test_the_call_is_blocked_where_aws_would_have_it_blocked(project: Path, browser: Chromium) -> None:
    assert list(complaints(project, browser)) == []


def test_there_is_a_project_in_every_dialect_and_some_are_right() -> None:
    cases = [json.loads((folder / "case.json").read_text("utf-8")) for folder in projects(PROJECTS)]
    assert {case["iac"] for case in cases} == DIALECTS
    assert {case["blocked"] for case in cases} == {True, False}


if __name__ == "__main__":
    with Chromium() as chromium:
        for folder in projects(Path(sys.argv[1])):
            print(folder.name, list(complaints(folder, chromium, ("--clock", "10"))) or "as it says", flush=True)
