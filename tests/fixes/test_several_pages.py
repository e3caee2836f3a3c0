"""Several pages behind a REST API: one literal cannot name them. Nobody is let in who was not, unless somebody says so."""

from __future__ import annotations

import pytest

from corsmith.api.caller import CallerFlags
from corsmith.api.finding import Severity
from corsmith.api.tree import Memory, Tree
from corsmith.project.check import Question, check
from corsmith.project.left import why_left
from corsmith.project.repair import Repair, checked, repair

PAGES = ("https://a.example", "https://b.example")
HANDLER = 'def handler(event, context):\n    return {"statusCode": 200, "body": ""}\n'
SAM = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Shop:
    Type: AWS::Serverless::Api
    Properties:
      StageName: prod
@auth  Items:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: .
      Events:
        Put: {Type: Api, Properties: {RestApiId: !Ref Shop, Path: /items, Method: PUT}}
        Get:
          Type: Api
          Properties:
            RestApiId: !Ref Shop
            Path: /orders # all
            Method: GET
"""
AUTH = """\
      Auth:
        ApiKeyRequired: true
        DefaultAuthorizer: Pool
        Authorizers: {Pool: {UserPoolArn: arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_A}}
"""
SERVICE = """\
service: shop
frameworkVersion: '3'
provider: {name: aws, runtime: python3.13}
functions:
  items:
    handler: app.handler
    events:
      - http: PUT /items
      - http:
          path: orders
          method: get
"""
CLOUDFORMATION = """\
Resources:
  Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: x}}
  Method:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: PUT
      AuthorizationType: NONE
      Integration:
        Type: AWS_PROXY
        IntegrationHttpMethod: POST
        Uri: !Sub arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Items.Arn}/invocations
  Allowed:
    Type: AWS::Lambda::Permission
    Properties: {Action: lambda:InvokeFunction, FunctionName: !Ref Items, Principal: apigateway.amazonaws.com}
  Items:
    Type: AWS::Lambda::Function
    Properties: {Runtime: python3.13, Handler: app.handler, Code: .}
"""


def repaired(files: dict[str, str], *, credentials: bool, unsafe: bool) -> tuple[Question, Repair]:
    question = Question((".",), CallerFlags(origins=PAGES, credentials=credentials))
    before = check(Tree(Memory({**files, "app.py": HANDLER})), question)
    return question, repair(question, before, lambda finding, fix: fix.safe or unsafe)


@pytest.mark.parametrize(("file", "text"), [("template.yaml", SAM.replace("@auth", "")), ("serverless.yml", SERVICE)])
def test_everybody_is_let_in_only_where_somebody_says_so(file: str, text: str) -> None:
    _, safe = repaired({file: text}, credentials=False, unsafe=False)
    assert not any("'*'" in new or '"*"' in new or "origin: *" in new for _, new in safe.changed().values())
    question, open_ = repaired({file: text}, credentials=False, unsafe=True)
    left = checked(question, open_.after).groups
    assert [each.finding.rule for each in left if each.finding.severity is Severity.ERROR] == []


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("template.yaml", SAM.replace("@auth", "")),
        ("template.yaml", SAM.replace("@auth", AUTH)),
        ("serverless.yml", SERVICE),
    ],
    ids=["SAM", "SAM with an authorizer", "Serverless"],
)
def test_with_credentials_the_code_answers_preflights_and_names_each_page(file: str, text: str) -> None:
    question, result = repaired({file: text}, credentials=True, unsafe=True)
    after = checked(question, result.after)
    assert [each.finding.rule for each in after.groups if each.finding.severity is Severity.ERROR] == []
    assert repair(question, after, lambda finding, fix: True).done == ()
    changed = result.changed()
    assert '@cors(Policy(origins=["https://a.example", "https://b.example"]' in changed["app.py"][1]
    assert changed[file][1].upper().count("METHOD: OPTIONS") == 2
    assert ("Authorizer: NONE" in changed[file][1]) is ("DefaultAuthorizer" in text)
    assert "*" not in changed[file][1].replace("*/*", "")
    assert not any(cell.undecided for cell in after.cells)


@pytest.mark.parametrize("text", [SAM.replace("@auth", ""), SERVICE])
def test_no_stranger_is_let_in(text: str) -> None:
    file = "serverless.yml" if text is SERVICE else "template.yaml"
    _, result = repaired({file: text}, credentials=True, unsafe=True)
    files = {file: text, "app.py": HANDLER, **{name: new for name, (_, new) in result.changed().items()}}
    question = Question((".",), CallerFlags(origins=("https://stranger.example",), credentials=True))
    cells = check(Tree(Memory(files)), question).cells
    assert cells
    assert not any(cell.verdict is not None and cell.verdict.allowed for cell in cells)


@pytest.mark.parametrize(
    ("text", "rule", "said"),
    [
        (CLOUDFORMATION, "rest-no-options-method", "OPTIONS method that leads to the function"),
        (SAM.replace("@auth", ""), "rest-missing-gateway-responses", "names one origin"),
    ],
)
def test_where_nothing_can_be_written_the_way_is_said(text: str, rule: str, said: str) -> None:
    question, result = repaired({"template.yaml": text}, credentials=True, unsafe=True)
    (left,) = [group for group in result.after.groups if group.finding.rule == rule]
    assert said in why_left(question, result.after, left, ())
