"""A project is checked for the calls that its own pages make: which routes they go to, and what is reported of them."""
# ruff: noqa: E501 - a script in one line each

from __future__ import annotations

import pytest

from corsmith.api.finding import Severity
from corsmith.api.tree import Memory, Tree
from corsmith.handlers import pages
from corsmith.project.check import Checked, Question, check

TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Api:
    Type: AWS::Serverless::HttpApi
    Properties:
      CorsConfiguration: {AllowOrigins: ["https://app.shop.example"], AllowMethods: [GET, POST], AllowHeaders: [content-type]}
  Items:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs22.x
      Handler: items.handler
      CodeUri: src/
      Events:
        List: {Type: HttpApi, Properties: {ApiId: !Ref Api, Path: /items, Method: GET}}
        One: {Type: HttpApi, Properties: {ApiId: !Ref Api, Path: "/items/{id}", Method: ANY}}
  Report:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs22.x
      Handler: items.handler
      CodeUri: src/
      FunctionUrlConfig: {AuthType: NONE, Cors: {AllowOrigins: ["https://app.shop.example"], AllowMethods: [GET]}}
"""
HANDLER = "export const handler = async () => ({ statusCode: 200, body: '[]' });"


def checked(script: str, path: str = "web/app.ts", **files: str) -> Checked:
    held = {"template.yaml": TEMPLATE, "src/items.mjs": HANDLER, path: script, **files}
    return check(Tree(Memory(held)), Question((".",)))


def found(script: str, path: str = "web/app.ts") -> set[tuple[str, str]]:
    seen = checked(script, path)
    errors = [group.finding for group in seen.groups if group.finding.severity is Severity.ERROR]
    return {(finding.rule, finding.route) for finding in errors}


API = "https://abc.execute-api.us-east-1.amazonaws.com"
ROWS: dict[str, tuple[str, set[tuple[str, str]]]] = {
    "nothing that is not allowed": ("fetch(`${API}/items`, { headers: { 'Content-Type': 'application/json' } })", set()),
    "a header": (f"fetch('{API}/items', {{ headers: {{ 'X-Tenant': '1' }} }})", {("allow-headers-missing-header", "GET /items")}),
    "a header at an unknown base": ("fetch(`${API}/items`, { headers: { 'X-Tenant': '1' } })", {("allow-headers-missing-header", "GET /items")}),
    "below a stage": (f"fetch('{API}/prod/items', {{ headers: {{ 'X-Tenant': '1' }} }})", {("allow-headers-missing-header", "GET /items")}),
    "a method of ANY": ("fetch(`${API}/items/${id}`, { method: 'DELETE' })", {("allow-methods-missing", "DELETE /items/1")}),
    "an answer's header": ("fetch(`${API}/items`, { headers: { 'Access-Control-Allow-Origin': '*' } })", {("cors-header-on-request", "GET /items")}),
    "an answer's header to a URL": ("fetch('https://x.lambda-url.us-east-1.on.aws/r', { headers: { 'Access-Control-Allow-Origin': '*' } })", {("cors-header-on-request", "GET /r")}),
    "a path that only the URL takes": ("fetch(`${API}/report`, { method: 'PUT' })", {("allow-methods-missing", "PUT /report")}),
    "somebody else": ("fetch('https://api.stripe.com/items', { headers: { 'X-Tenant': '1' } })", set()),
    "the page's own origin": ("fetch('/items', { headers: { 'X-Tenant': '1' } })", set()),
    "the pages' own site": ("fetch('https://api.shop.example/items', { headers: { 'X-Tenant': '1' } })", {("allow-headers-missing-header", "GET /items")}),
    "two headers, one of them an answer's": (
        "fetch(`${API}/items`, { headers: { 'Access-Control-Allow-Origin': '*', 'X-Tenant': '1' } })",
        {("cors-header-on-request", "GET /items"), ("allow-headers-missing-header", "GET /items")},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ROWS)
def test_calls_come_to_their_routes(name: str) -> None:
    script, expected = ROWS[name]
    assert found(script) == expected


def test_credentials_that_a_page_asks_for_are_checked() -> None:
    rules = {rule for rule, _ in found("fetch(`${API}/items`, { credentials: 'include' })")}
    assert rules == {"credentials-header-missing"}


def test_a_finding_shows_the_page() -> None:
    script = "const headers = { 'X-Tenant': tenant };\nfetch(`${API}/items`, { headers });\n"
    (group,) = [g for g in checked(script).groups if g.finding.rule == "allow-headers-missing-header"]
    pages = [span for span in group.finding.spans if span.file == "web/app.ts"]
    assert [script[span.start : span.end] for span in pages] == ["'X-Tenant': tenant"]


def test_flags_take_the_place_of_pages() -> None:
    from corsmith.api.caller import CallerFlags

    held = {
        "template.yaml": TEMPLATE,
        "src/items.mjs": HANDLER,
        "web/a.js": "fetch(`${API}/items`, { headers: { 'X-A': '1' } })",
    }
    flags = CallerFlags(headers=(), credentials=False)
    assert not check(Tree(Memory(held)), Question((".",), flags)).groups


def test_the_functions_own_calls_are_no_pages() -> None:
    script = "export const load = () => fetch(`${API}/items`, { headers: { 'X-Tenant': '1' } });"
    assert found(script, "src/client.mjs") == set()


def test_fixes_let_the_page_through_and_take_the_answers_header_out_of_its_call() -> None:
    from corsmith.project.repair import repair

    script = "fetch(`${API}/items`, { headers: { 'X-Tenant': '1', 'Access-Control-Allow-Origin': '*' } })"
    question = Question((".",))
    held = {"template.yaml": TEMPLATE, "src/items.mjs": HANDLER, "web/app.ts": script}
    before = check(Tree(Memory(held)), question)
    changed = repair(question, before, lambda finding, fix: fix.safe).changed()
    assert set(changed) == {"template.yaml", "web/app.ts"}
    text = changed["template.yaml"][1]
    assert "x-tenant" in text
    assert "access-control-allow-origin" not in text.lower()
    assert changed["web/app.ts"][1] == "fetch(`${API}/items`, { headers: { 'X-Tenant': '1' } })"


PROXY = """
Transform: AWS::Serverless-2016-10-31
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs22.x
      Handler: app.handler
      CodeUri: src/
      Events: {Call: {Type: Api, Properties: {Path: "/{proxy+}", Method: ANY}}}
"""


def test_what_takes_any_path_is_called_as_pages_call_it() -> None:
    handler = (
        "export const handler = async () => ({ statusCode: 200, headers: { 'Access-Control-Allow-Origin': '*' } });"
    )
    script = f"const API = '{API}/Prod';\nfetch(API, {{ method: 'POST', headers: {{ 'X-A': '1' }} }});\nfetch(`${{API}}/contact`, {{ method: 'PATCH' }});"
    seen = check(Tree(Memory({"template.yaml": PROXY, "src/app.mjs": handler, "web/a.js": script})), Question((".",)))
    called = {(cell.route.label, tuple(name for name, _ in cell.caller.headers)) for cell in seen.cells}
    # The root itself is not below it.
    assert called == {("GET /1", ()), ("POST /1", ()), ("PATCH /contact", ())}


def test_pages_are_read_once_for_all_templates(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[tuple[str, ...]] = []
    page_calls = pages.page_calls

    def counted(tree: Tree, paths: tuple[str, ...]) -> object:
        read.append(paths)
        return page_calls(tree, paths)

    monkeypatch.setattr(pages, "page_calls", counted)
    held = {f"{name}/template.yaml": TEMPLATE for name in "abc"} | {f"{name}/src/items.mjs": HANDLER for name in "abc"}
    held["web/app.js"] = "fetch(`${API}/items`, { headers: { 'X-Tenant': '1' } })"
    checked = check(Tree(Memory(held)), Question((".",)))
    assert len(read) == 1
    # What one template's functions call is no page's call for another's, either.
    assert not any(path.endswith(".mjs") for path in read[0])
    assert {part.asked.key[0] for part in checked.parts if any(caller.set_at for caller in part.asked.who)} == {
        "a/template.yaml",
        "b/template.yaml",
        "c/template.yaml",
    }
