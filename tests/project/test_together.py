"""Fixes that are tried together are those that hold when each is tried alone, and cost two checks of the whole."""

from __future__ import annotations

from functools import partial

import pytest
from msgspec.structs import replace

from corsmith.api.fix import Edit, Fix
from corsmith.api.tree import Memory, Tree
from corsmith.project import again as checking
from corsmith.project.check import Checked, Question, check
from corsmith.project.prove import first_safe
from corsmith.project.together import _alike, with_fixes

from .correct_projects import PROJECTS

QUESTION = Question((".",))
CODE = """
exports.handler = async () => ({
  statusCode: 200, headers: { "Access-Control-Allow-Origin": "https://app.example.com" }, body: "{}",
});
"""
HEAD = """\
Resources:
  Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: shop}}
  Items:
    Type: AWS::Lambda::Function
    Properties: {Runtime: nodejs22.x, Handler: app.handler, Code: src, Role: r}
  Allowed:
    Type: AWS::Lambda::Permission
    Properties: {Action: lambda:InvokeFunction, FunctionName: !Ref Items, Principal: apigateway.amazonaws.com}
"""
ROUTE = """\
  Path{n}:
    Type: AWS::ApiGateway::Resource
    Properties: {RestApiId: !Ref Api, ParentId: !GetAtt Api.RootResourceId, PathPart: items{n}}
  Put{n}:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !Ref Path{n}
      HttpMethod: PUT
      AuthorizationType: NONE
      Integration:
        Type: AWS_PROXY
        IntegrationHttpMethod: POST
        Uri: !Sub arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Items.Arn}/invocations
  Options{n}:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !Ref Path{n}
      HttpMethod: OPTIONS
      AuthorizationType: AUTH
      MethodResponses:
        - StatusCode: '200'
          ResponseParameters:
            method.response.header.Access-Control-Allow-Origin: true
            method.response.header.Access-Control-Allow-Methods: true
      Integration:
        Type: MOCK
        RequestTemplates: {application/json: '{"statusCode": 200}'}
        IntegrationResponses:
          - StatusCode: '200'
            ResponseParameters:
              method.response.header.Access-Control-Allow-Origin: "ORIGIN"
              method.response.header.Access-Control-Allow-Methods: "METHODS"
"""
RIGHT = {"AUTH": "NONE", "ORIGIN": "'https://app.example.com'", "METHODS": "'PUT'"}
FAULTS = {
    "origin-trailing-slash": {"ORIGIN": "'https://app.example.com/'"},
    "allow-methods-missing": {"METHODS": "'GET'"},
    "rest-unquoted-cors-value": {"ORIGIN": "https://app.example.com"},
    "rest-options-requires-auth": {"AUTH": "AWS_IAM"},
}


def project(*routes: dict[str, str]) -> Checked:
    """Return the check of a REST API with a mock of OPTIONS for each of `routes`, which say what is not right in it."""
    text = HEAD
    for number, faults in enumerate(routes):
        route = ROUTE.replace("{n}", str(number))
        for word, value in {**RIGHT, **faults}.items():
            route = route.replace(word, value)
        text += route
    return check(Tree(Memory({"template.yaml": text, "src/app.js": CODE})), QUESTION)


def one_by_one(before: Checked) -> list[tuple[Fix, ...]]:
    return [first_safe(QUESTION, before, group) for group in before.groups]


def counted(monkeypatch: pytest.MonkeyPatch) -> list[None]:
    """Return a list that grows with each check of the whole that a trial is."""
    checks: list[None] = []

    def more(*arguments: object) -> Checked:
        checks.append(None)
        return check(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(checking, "check", more)
    return checks


@pytest.mark.parametrize("rule", FAULTS)
def test_one_alone_and_all_together(rule: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before = project(*[FAULTS[rule]] * 9)
    assert [group.finding.rule for group in before.groups] == [rule] * 9
    checks = counted(monkeypatch)
    found = [finding.fixes for finding in with_fixes(QUESTION, before)]
    assert len(checks) == 2
    assert all(len(fixes) == 1 for fixes in found)
    assert found == one_by_one(before)


def test_several_kinds_of_findings() -> None:
    before = project(*[each for fault in FAULTS.values() for each in [fault] * 4], {})
    assert [each.fixes for each in with_fixes(QUESTION, before)] == one_by_one(before)


def test_a_fix_that_only_looks_like_the_others() -> None:
    """One route has a second fault: there, the fix of the first does not do what it does for the others."""
    slash = FAULTS["origin-trailing-slash"]
    before = project(*[slash] * 4, {**slash, **FAULTS["allow-methods-missing"]}, *[slash] * 4)
    found = [finding.fixes for finding in with_fixes(QUESTION, before)]
    assert found == one_by_one(before)
    assert all(found)


def test_one_that_spoils_something_is_not_shown_for_the_others_sake() -> None:
    """Each fix writes its route's path again; one of them writes that of another route."""
    before = project(*[FAULTS["origin-trailing-slash"]] * 9)
    text = before.tree.read("template.yaml")
    groups = []
    for number, group in enumerate(before.groups):
        (fix,) = first_safe(QUESTION, before, group)
        path = f"items{number}"
        at = text.index(path)
        more = Edit("template.yaml", at, at + len(path), "items0" if number == 5 else path)
        groups.append(replace(group, proposals=(partial(iter, (replace(fix, edits=(*fix.edits, more)),)),)))
    before.__dict__["_grouped"] = (tuple(groups), ())
    found = with_fixes(QUESTION, before)
    assert [bool(each.fixes) for each in found] == [number != 5 for number in range(9)]


@pytest.mark.parametrize("name", sorted(PROJECTS)[::4])
def test_projects_of_all_kinds(name: str) -> None:
    before = check(Tree(Memory(PROJECTS[name])), QUESTION)
    assert [each.fixes for each in with_fixes(QUESTION, before)] == one_by_one(before)


def _fix(title: str, text: str, *, safe: bool = True) -> Fix:
    return Fix(title, safe, (Edit("t.yaml", 1, 1, text),))


ALIKE = [
    (_fix("Mend /a", "Path: /a, Ref: A"), _fix("Mend /b", "Path: /b, Ref: B"), True),
    (_fix("Mend /a", "Path: /a, Ref: a"), _fix("Mend /b", "Path: /b, Ref: B"), False),
    (_fix("Mend /a", "Path: /a, Ref: A"), _fix("Mend /b", "Path: /b, Ref: b"), False),
    (_fix("Mend /a", "Path: /a"), _fix("Mend /a/b", "Path: /a/b"), False),
    (_fix("Mend /a", "a"), _fix("Mend /b", "b", safe=False), False),
    (_fix("Mend /a", "a\n  b"), _fix("Mend /b", "b\n    b"), False),
]


@pytest.mark.parametrize(("one", "other", "alike"), ALIKE)
def test_alike_means_other_names(one: Fix, other: Fix, alike: bool) -> None:
    assert _alike(one, other) is alike
    assert _alike(other, one) is alike
