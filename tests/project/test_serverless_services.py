"""Whole services of the Serverless Framework: what is found, and at which line."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import Struct

from corsmith.api.caller import CallerFlags
from corsmith.api.report import Report
from corsmith.api.tree import Memory, Tree
from corsmith.project.check import Checked, Question, check

HEAD = "service: shop\nprovider: { name: aws, runtime: python3.12 }\nfunctions:\n"
ORIGIN = "https://app.example.com"
SILENT = 'def main(event, context):\n    return {"statusCode": 200, "body": "{}"}\n'
STAR = SILENT.replace('"body"', '"headers": {"Access-Control-Allow-Origin": "*"}, "body"')
PLAIN = 'def main(event, context):\n    return {"ok": event["body"]["name"]}\n'


class Case(Struct, frozen=True):
    """A service, its code, and each error with the line to look at; the head has three lines."""

    functions: str
    code: str
    errors: tuple[tuple[str, str, int], ...] = ()
    method: str = "GET"


CASES: dict[str, Case] = {
    "cors in the event, headers in the code": Case(
        "  f:\n    handler: app.main\n    events:\n      - http: { path: a, method: put, cors: true }\n",
        STAR,
        method="PUT",
    ),
    "no cors in the event": Case(
        "  f:\n    handler: app.main\n    events:\n      - http: PUT /a\n",
        STAR,
        (("rest-no-options-method", "serverless.yml", 7),),
        "PUT",
    ),
    "no headers in the code": Case(
        "  f:\n    handler: app.main\n    events:\n      - http: { path: a, method: get, cors: true }\n",
        SILENT,
        (("handler-missing-headers", "app.py", 2),),
    ),
    "a header that cors does not list": Case(
        "  f:\n    handler: app.main\n    events:\n      - http:\n          path: a\n          method: put\n"
        "          cors:\n            headers:\n              - x-mine\n",
        STAR,
        (("allow-headers-missing-header", "serverless.yml", 12),),
        "PUT",
    ),
    "cors beside the event": Case(
        "  f:\n    handler: app.main\n    events:\n      - httpApi: GET /a\n        cors: true\n",
        SILENT,
        (("cors-config-on-wrong-resource", "serverless.yml", 8),),
    ),
    "cors of a Function URL, and headers in the code": Case(
        "  f:\n    handler: app.main\n    url:\n      cors: true\n",
        STAR,
        (("duplicate-headers-function-url", "app.py", 2),),
    ),
    "a Function URL's cors alone": Case("  f:\n    handler: app.main\n    url:\n      cors: true\n", SILENT),
    "an integration that is no proxy": Case(
        "  f:\n    handler: app.main\n    events:\n      - http: { path: a, method: put, integration: lambda, cors: true }\n",
        PLAIN,
        method="PUT",
    ),
}


def checked(case: Case) -> Checked:
    headers = (("content-type", "application/json"),) if case.method != "GET" else ()
    flags = CallerFlags(origins=(ORIGIN,), methods=(case.method,), headers=headers, credentials=False)
    files = {"serverless.yml": HEAD + case.functions, "app.py": case.code}
    return check(Tree(Memory(files)), Question((".",), flags))


@pytest.mark.parametrize("name", CASES)
def test_what_is_wrong_is_found_where_it_stands(name: str) -> None:
    case = CASES[name]
    found = checked(case)
    assert not found.problems
    assert not found.unexplained
    errors = [group.finding for group in found.groups if group.finding.severity == "error"]
    assert [each.rule for each in errors] == [rule for rule, _, _ in case.errors]
    report = Report(found.tree)
    for finding, (_, file, line) in zip(errors, case.errors, strict=True):
        places: list[Any] = [report.location(span) for span in finding.spans]
        assert (file, line) in [(place.file, place.line) for place in places]


def test_a_page_of_a_method_that_takes_only_json_sends_json() -> None:
    case = CASES["an integration that is no proxy"]
    files = {"serverless.yml": HEAD + case.functions, "app.py": "def main(event, context):\n    return {}\n"}
    found = check(Tree(Memory(files)), Question((".",), CallerFlags(origins=(ORIGIN,))))
    assert not [
        cell for cell in found.cells if cell.verdict is not None and not cell.verdict.allowed and not cell.situation
    ]


def test_a_folder_without_templates_says_which_are_read() -> None:
    found = check(Tree(Memory({"a/package.json": "{}"})), Question(("a",)))
    (problem,) = found.problems
    assert "Serverless Framework" in problem.message
    assert "CloudFormation" in problem.message
