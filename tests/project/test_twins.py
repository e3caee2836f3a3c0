"""A call that is judged by its twin comes out as if it had been judged for itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from corsmith.api.cell import Cell
from corsmith.api.tree import Memory, Tree
from corsmith.project import judge as judging
from corsmith.project.check import Question, check
from corsmith.project.twins import Question as Call
from corsmith.project.twins import Twins

from .correct_projects import HEAD, PROJECTS, sam_http, sam_rest

CODE = """
import json

def handler(event, context):
    if (event.get("pathParameters") or {}).get("id") is None:
        return {"statusCode": 404, "headers": {"Access-Control-Allow-Origin": "https://app.example.com"}, "body": ""}
    return {"statusCode": 200, "headers": {"X-Path": "a"}, "body": json.dumps(event)}
"""
EVENTS = "GET /a, GET /b, POST /a, POST /c, GET /d/{id}, GET /e/{id}, GET /f/{key}, PUT /{proxy+}"
CORS = """\
      Cors: {AllowOrigin: "'https://app.example.com'", AllowHeaders: "'x-a'"}
"""
TELLING = """\
      GatewayResponses:
        DEFAULT_4XX: {ResponseParameters: {Headers: {X-Path: context.path}}}
        DEFAULT_5XX: {ResponseTemplates: {text/plain: "$context.path"}}
"""
SAMPLES = {
    "http": sam_http("      CorsConfiguration: {AllowOrigins: ['https://app.example.com']}\n", EVENTS),
    "http without settings": sam_http("", EVENTS),
    "rest": sam_rest(CORS, EVENTS),
    "rest without settings": sam_rest("", EVENTS, ""),
    "rest that tells the path": sam_rest(CORS, EVENTS, TELLING),
    "unread": sam_http("", EVENTS).replace("CodeUri: src", "CodeUri: s3://elsewhere/code.zip"),
    "broken": HEAD + "Resources: {}\n",
}


class _Alone(Twins):
    def judged(self, question: Call, judge: Callable[[], tuple[Cell, ...]]) -> tuple[Cell, ...]:
        return judge()


def _cells(files: dict[str, str]) -> tuple[Cell, ...]:
    return check(Tree(Memory(files)), Question((".",))).cells


def _same(files: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> tuple[Cell, ...]:
    shared = _cells(files)
    with monkeypatch.context() as patch:
        patch.setattr(judging, "Twins", _Alone)
        alone = _cells(files)
    assert [cell.exchanges for cell in shared] == [cell.exchanges for cell in alone]
    assert [cell.outcome for cell in shared] == [cell.outcome for cell in alone]
    assert [cell.preflight_outcome for cell in shared] == [cell.preflight_outcome for cell in alone]
    assert [cell.verdict for cell in shared] == [cell.verdict for cell in alone]
    assert shared == alone
    return shared


@pytest.mark.parametrize("name", SAMPLES)
def test_routes_that_are_alike(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    _same({"template.yaml": SAMPLES[name], "src/app.py": CODE}, monkeypatch)


@pytest.mark.parametrize("name", sorted(PROJECTS))
def test_correct_projects(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    _same(PROJECTS[name], monkeypatch)


def test_fixtures(monkeypatch: pytest.MonkeyPatch) -> None:
    for template in sorted((Path(__file__).parents[1] / "fixtures" / "sam").glob("*.yaml")):
        _same({template.name: template.read_text(encoding="utf-8")}, monkeypatch)


def test_twins_are_judged_once(monkeypatch: pytest.MonkeyPatch) -> None:
    judged: list[str] = []
    run = judging.Judge._judged

    def counted(self: judging.Judge, route: judging.Route, *rest: object) -> object:
        judged.append(route.label)
        return run(self, route, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(judging.Judge, "_judged", counted)
    cells = _cells({"template.yaml": SAMPLES["rest"], "src/app.py": CODE})
    # /f has a parameter of another name, and what SAM lists in Allow-Methods differs between /a, /b and /c.
    assert judged == ["GET /a", "POST /a", "GET /b", "POST /c", "GET /d/1", "GET /f/1", "PUT /1"]
    assert any(cell.route.label == "GET /e/1" for cell in cells)


def test_answers_that_may_tell_the_path_are_not_shared(monkeypatch: pytest.MonkeyPatch) -> None:
    cells = _same({"template.yaml": SAMPLES["rest that tells the path"], "src/app.py": CODE}, monkeypatch)
    told = [dict(cell.exchanges[-1].response.headers).get("X-Path") for cell in cells if cell.situation == "throttled"]
    assert all(path and path != "a" for path in told)
