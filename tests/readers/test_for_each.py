"""`Fn::ForEach`: a template with loops is the template that the loops make. cfn-lint's own expansion is the oracle."""

from __future__ import annotations

import json
from typing import Any

import pytest
from cfnlint.decode import cfn_yaml
from cfnlint.template.template import Template as Linted
from cfnlint.template.transforms._language_extensions import language_extension

from corsmith.api.model import Api
from corsmith.api.tree import Memory, Tree
from corsmith.api.value import Known, Unknown
from corsmith.readers import Settings, read

from .translated import comparable, plain

HEAD = """\
AWSTemplateFormatVersion: "2010-09-09"
Transform: AWS::LanguageExtensions
Parameters:
  Names: { Type: CommaDelimitedList, Default: "Items,Orders" }
  Site: { Type: String, Default: "https://app.example.com" }
  Given: { Type: CommaDelimitedList }
  Stage: { Type: String, Default: dev }
Mappings:
  Verbs:
    Items: { all: [GET, OPTIONS] }
    Orders: { all: [POST] }
  Stages:
    dev: { names: [Items] }
"""
API = """\
  Api: { Type: AWS::ApiGateway::RestApi, Properties: { Name: shop } }
"""
FUNCTION = """\
    - Name
    - %s
    - Function${Name}:
        Type: AWS::Lambda::Function
        Properties:
          Code: !Sub functions/${Name}
          Handler: app.handler
          Runtime: python3.13
          Environment: { Variables: { ORIGIN: !Ref Site, NAME: !Ref Name, PATHS: !Sub "/${Name}/${Stage}" } }
      Url${Name}:
        Type: AWS::Lambda::Url
        Properties:
          TargetFunctionArn: !GetAtt [!Sub "Function${Name}", Arn]
          AuthType: NONE
          Cors: { AllowOrigins: [!Sub "https://${Name}.example.com", !Ref Site] }
"""
METHODS = """\
  Fn::ForEach::Paths:
    - Name
    - !Ref Names
    - Path${Name}:
        Type: AWS::ApiGateway::Resource
        Properties: { RestApiId: !Ref Api, ParentId: !GetAtt Api.RootResourceId, PathPart: !Ref Name }
      Fn::ForEach::Verbs:
        - Verb
        - !FindInMap [Verbs, !Ref Name, all]
        - Method${Name}${Verb}:
            Type: AWS::ApiGateway::Method
            Properties:
              RestApiId: !Ref Api
              ResourceId: !Ref
                Fn::Sub: Path${Name}
              HttpMethod: !Ref Verb
              AuthorizationType: NONE
              Integration:
                Type: MOCK
                RequestTemplates: { application/json: '{"statusCode": 200}' }
                IntegrationResponses:
                  - StatusCode: "200"
                    ResponseParameters:
                      Fn::ForEach::Headers:
                        - Header
                        - [Origin, Methods]
                        - method.response.header.Access-Control-Allow-${Header}: !Sub "'${Header} of ${Name}'"
"""
CONDITIONS = """\
Conditions:
  Fn::ForEach::Conditions:
    - Name
    - !Ref Names
    - Is${Name}: !Equals [!Ref Stage, !Ref Name]
Resources:
  Fn::ForEach::Functions:
    - Name
    - !Ref Names
    - Function${Name}:
        Type: AWS::Lambda::Function
        Properties: { Code: src, Handler: app.handler, Runtime: python3.13 }
      Url${Name}:
        Type: AWS::Lambda::Url
        Properties: { TargetFunctionArn: !GetAtt [!Sub "Function${Name}", Arn], AuthType: NONE }
Outputs:
  Fn::ForEach::Urls:
    - Name
    - !Ref Names
    - Url${Name}: { Value: !Sub "https://${Name}" }
"""
STRIPPED = """\
Resources:
  Fn::ForEach::Functions:
    - Name
    - [shop.items, shop-orders]
    - Function&{Name}:
        Type: AWS::Lambda::Function
        Properties: { Code: !Sub "${Name}", Handler: app.handler, Runtime: python3.13 }
"""
TEMPLATES = {
    "over a list": "Resources:\n  Fn::ForEach::F:\n" + FUNCTION % "[Items, Orders]",
    "over a parameter": "Resources:\n  Fn::ForEach::F:\n" + FUNCTION % "!Ref Names",
    "over a mapping": "Resources:\n  Fn::ForEach::F:\n" + FUNCTION % "!FindInMap [Stages, !Ref Stage, names]",
    "over texts and parameters": "Resources:\n  Fn::ForEach::F:\n" + FUNCTION % "[Items, !Ref Stage]",
    "in a loop, and in properties": "Resources:\n" + API + METHODS,
    "in conditions and outputs": CONDITIONS,
    "names with other characters": STRIPPED,
}


def api_of(text: str, file: str = "template.yaml", settings: Settings | None = None) -> Api:
    api = read(Tree(Memory({file: text})), file, settings or Settings())
    assert api is not None
    return api


def expanded(text: str) -> str:
    """What cfn-lint makes of the loops, as JSON."""
    linted = Linted("template.yaml", cfn_yaml.loads(text), ["eu-west-1"])
    matches, made = language_extension(linted)
    assert matches == []
    return json.dumps({name: section for name, section in made.items() if name != "Transform"}, indent=1)


def functions(api: Api) -> Any:
    return {f.name: [plain(f.code), plain(f.environment), plain(f.handler)] for f in api.functions}


@pytest.mark.parametrize("name", TEMPLATES)
def test_the_model_is_that_of_what_the_loops_make(name: str) -> None:
    text = HEAD + TEMPLATES[name]
    mine, theirs = api_of(text), api_of(expanded(text), "template.json")
    assert not mine.problems
    assert mine.functions or mine.front_doors
    assert comparable(mine) == comparable(theirs)
    assert functions(mine) == functions(theirs)


def test_a_parameter_that_is_given_decides_what_a_loop_goes_over() -> None:
    text = HEAD + "Resources:\n  Fn::ForEach::F:\n" + FUNCTION % "!Ref Given"
    api = api_of(text, settings=Settings(parameters={"Given": "One,Two,Three"}))
    assert [each.name for each in api.functions] == ["FunctionOne", "FunctionTwo", "FunctionThree"]


def test_one_stands_for_all_where_what_a_loop_goes_over_is_not_known() -> None:
    api = api_of(HEAD + "Resources:\n  Fn::ForEach::F:\n" + FUNCTION % "!Ref Given")
    assert not api.problems
    (function,) = api.functions
    assert function.name == "Function${Name}"
    environment = dict(function.environment)
    assert environment["ORIGIN"] == Known(
        "https://app.example.com", environment["ORIGIN"].span, environment["ORIGIN"].via
    )
    unknown = environment["NAME"]
    assert isinstance(unknown, Unknown)
    assert unknown.because.startswith("what the loop F goes over: the parameter Given has no default")
    (url,) = api.front_doors
    assert plain(url.function) == "Function${Name}"  # type: ignore[union-attr]


def test_loops_of_a_sam_template_come_before_what_sam_makes() -> None:
    events = """\
          Events:
            Fn::ForEach::E:
              - Verb
              - [get, put]
              - On${Verb}: { Type: Api, Properties: { Path: !Sub "/${Name}", Method: !Ref Verb } }
"""
    head = HEAD.replace("AWS::LanguageExtensions", "[AWS::LanguageExtensions, AWS::Serverless-2016-10-31]")
    body = (
        (FUNCTION % "!Ref Names")
        .replace("AWS::Lambda::Function\n", "AWS::Serverless::Function\n")
        .replace("Code:", "CodeUri:")
    )
    start = body.index("      Url${Name}")
    api = api_of(head + "Resources:\n  Fn::ForEach::F:\n" + body[:start] + events)
    assert api.dialect == "sam"
    (door,) = api.front_doors
    assert [f"{m.verb} {m.path}" for m in door.methods] == [  # type: ignore[union-attr]
        "GET /Items", "PUT /Items", "GET /Orders", "PUT /Orders"]  # fmt: skip


def test_a_service_passes_loops_on() -> None:
    text = """\
service: shop
provider: { name: aws, runtime: python3.13 }
resources:
  Transform: AWS::LanguageExtensions
  Resources:
    Fn::ForEach::F:
      - Name
      - [Items]
      - Function${Name}:
          Type: AWS::Lambda::Function
          Properties: { Code: src, Handler: app.handler, Runtime: python3.13 }
"""
    assert [each.name for each in api_of(text, "serverless.yml").functions] == ["FunctionItems"]


BROKEN = {
    "no list": ("  Fn::ForEach::F: x\n", "Fn::ForEach::F needs a name, a list and what it repeats"),
    "two parts": ("  Fn::ForEach::F: [Name, [a]]\n", "needs a name, a list"),
    "a name that is no text": ("  Fn::ForEach::F: [[Name], [a], {}]\n", "needs a name, a list"),
    "made twice": (
        "  Fn::ForEach::F: [Name, [a, b], { Same: { Type: AWS::Lambda::Function } }]\n",
        "the loop makes Same a second time",
    ),
    "too many": (
        "  Fn::ForEach::A:\n    - A\n    - &l ["
        + ", ".join(f"a{n}" for n in range(40))
        + "]\n    - Fn::ForEach::B: [B, *l, { Fn::ForEach::C: [C, *l, { '${A}x${B}x${C}': {} }] }]\n",
        "the loops make more than 20,000 entries",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_loop_is_a_problem_and_the_rest_is_read(name: str) -> None:
    loop, message = BROKEN[name]
    rest = "  Fn: { Type: AWS::Lambda::Function, Properties: { Code: src, Handler: a.b, Runtime: python3.13 } }\n"
    api = api_of(HEAD + "Resources:\n" + loop + rest)
    assert any(message in problem.message for problem in api.problems)
    assert HEAD.count("\n") + 1 < api.problems[0].line <= (HEAD + loop).count("\n") + 1
    assert "Fn" in [each.name for each in api.functions]


def test_what_a_loop_puts_in_stands_where_it_is_written() -> None:
    text = HEAD + "Resources:\n  Fn::ForEach::F:\n" + FUNCTION % "[Items, Orders]"
    api = api_of(text)
    for function in api.functions:
        environment = dict(function.environment)
        name, paths = environment["NAME"], environment["PATHS"]
        assert isinstance(name, Known) and isinstance(paths, Known)  # noqa: PT018
        assert name.span is not None and paths.span is not None  # noqa: PT018
        assert text[name.span.start : name.span.end] == name.value
        assert text[paths.span.start : paths.span.end] == '!Sub "/${Name}/${Stage}"'
        assert any(step.what == f"the loop F, its item {name.value}" for step in (*name.via, *paths.via))
