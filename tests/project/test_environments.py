"""A template that knows several environments is checked for each; what is found in some names them."""

from __future__ import annotations

import pytest

from corsmith.api.report import Report
from corsmith.api.tree import Memory, Tree
from corsmith.project import environments
from corsmith.project.check import Question
from corsmith.project.report import report
from corsmith.readers import Settings

CODE = 'def handler(event, context):\n    return {"statusCode": 200, "body": "{}"}\n'
SAM = """\
Transform: AWS::Serverless-2016-10-31
Parameters:
%s
Resources:
  Api:
    Type: AWS::Serverless::HttpApi
    Properties:
      CorsConfiguration: { AllowOrigins: [%s], AllowMethods: [PUT], AllowHeaders: [content-type], MaxAge: 600 }
  F:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src
      Handler: app.handler
      Runtime: python3.13
      Events:
        E: { Type: HttpApi, Properties: { ApiId: !Ref Api, Path: /a, Method: put } }
"""
CONDITIONAL = SAM.replace("Resources:\n", "Conditions:\n  IsProd: !Equals [!Ref Stage, prod]\nResources:\n", 1) % (
    "  Stage: { Type: String, Default: dev, AllowedValues: [dev, test, prod] }",
    '!If [IsProd, "https://app.example.com/", "https://app.example.com"]',
)
MAPPED = SAM.replace(
    "Resources:\n",
    'Mappings:\n  Sites: { dev: { O: "https://a.example.com" }, prod: { O: "https://a.example.com/" } }\nResources:\n',
    1,
) % (
    "  Stage: { Type: String, AllowedValues: [dev, prod] }",
    "!FindInMap [Sites, !Ref Stage, O]",
)
BY_SAMCONFIG = SAM % ('  Site: { Type: String, Default: "https://app.example.com" }', "!Ref Site")
SAMCONFIG = """\
version = 0.1
[default.deploy.parameters]
stack_name = "dev"
[prod.deploy.parameters]
parameter_overrides = "Site=https://app.example.com/"
[same.deploy.parameters]
parameter_overrides = "Site=https://app.example.com"
"""
SERVICE = """\
service: shop
provider:
  name: aws
  runtime: python3.13
  stage: ${opt:stage, 'dev'}
  httpApi:
    cors:
      allowedOrigins: ["%s"]
      allowedHeaders: [content-type]
      allowedMethods: [PUT]
      maxAge: 600
%s
functions:
  f:
    handler: src/app.handler
    events: [{ httpApi: { method: put, path: /a } }]
"""
SITES = '  dev: {%s "https://a.example.com" }\n  prod: {%s "https://a.example.com/" }\n'
PARAMETERS = SITES.replace("%s", " params: { site:").replace('" }', '" } }')
TERRAFORM = """\
variable "site" { type = string }
resource "aws_lambda_function" "f" {
  function_name = "f"
  filename      = "src/app.py"
  handler       = "app.handler"
  runtime       = "python3.13"
}
resource "aws_apigatewayv2_api" "api" {
  name          = "shop"
  protocol_type = "HTTP"
  cors_configuration {
    allow_origins = [var.site]
    allow_methods = ["PUT"]
    allow_headers = ["content-type"]
    max_age       = 600
  }
}
resource "aws_apigatewayv2_integration" "f" {
  api_id                 = aws_apigatewayv2_api.api.id
  integration_type       = "AWS_PROXY"
  integration_uri        = aws_lambda_function.f.invoke_arn
  payload_format_version = "2.0"
}
resource "aws_apigatewayv2_route" "f" {
  api_id    = aws_apigatewayv2_api.api.id
  route_key = "PUT /a"
  target    = "integrations/${aws_apigatewayv2_integration.f.id}"
}
resource "aws_apigatewayv2_stage" "s" {
  api_id      = aws_apigatewayv2_api.api.id
  name        = "$default"
  auto_deploy = true
}
resource "aws_lambda_permission" "f" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.f.function_name
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_apigatewayv2_api.api.execution_arn}/*/*"
}
"""
PROJECTS: dict[str, dict[str, str]] = {
    "a condition on a parameter": {"template.yaml": CONDITIONAL},
    "a mapping by a parameter": {"template.yaml": MAPPED},
    "samconfig": {"template.yaml": BY_SAMCONFIG, "samconfig.toml": SAMCONFIG},
    "parameters of a service": {
        "serverless.yml": SERVICE % ("${param:site}", "params:\n" + SITES.replace("%s", " site:"))},
    "stages of a service": {
        "serverless.yml": SERVICE % ("${param:site}", "stages:\n" + PARAMETERS)},
    "custom settings by stage": {
        "serverless.yml": SERVICE % ("${self:custom.${sls:stage}.site}", "custom:\n" + SITES.replace("%s", " site:"))},
    "files by stage": {
        "serverless.yml": SERVICE % ("${file(./config/${opt:stage, 'dev'}.yml):site}", ""),
        "config/dev.yml": "site: https://a.example.com\n", "config/prod.yml": "site: https://a.example.com/\n"},
    "variables files": {
        "main.tf": TERRAFORM, "dev.tfvars": 'site = "https://a.example.com"\n', "prod.tfvars": 'site = "https://a.example.com/"\n'},
    "variables files in folders": {
        "main.tf": TERRAFORM, "envs/dev/terraform.tfvars": 'site = "https://a.example.com"\n',
        "envs/prod/terraform.tfvars": 'site = "https://a.example.com/"\n'},
}  # fmt: skip


def reported(files: dict[str, str], settings: Settings | None = None) -> Report:
    tree = Tree(Memory({**files, "src/app.py": CODE}))
    return report(Question((".",), settings=settings or Settings()), tree)


def told(found: Report) -> list[tuple[str, tuple[str, ...]]]:
    return [(each.rule, each.environments) for each in found.findings if each.severity == "error"]


@pytest.mark.parametrize("name", PROJECTS)
def test_a_fault_of_one_environment_names_it(name: str) -> None:
    found = reported(PROJECTS[name])
    assert told(found) == [("origin-trailing-slash", ("prod",))]
    (finding,) = (each for each in found.findings if each.severity == "error")
    assert finding.message.endswith("This is so in the environment prod.")
    assert not found.problems
    assert not any(cell.undecided for cell in found.cells)
    assert [finding for finding, _ in found.explained] == list(found.findings)


@pytest.mark.parametrize("name", PROJECTS)
def test_a_stage_narrows(name: str) -> None:
    assert told(reported(PROJECTS[name], Settings(stage="dev"))) == []
    assert told(reported(PROJECTS[name], Settings(stage="prod"))) == [("origin-trailing-slash", ())]


@pytest.mark.parametrize("name", PROJECTS)
def test_what_is_found_in_all_is_told_once(name: str) -> None:
    files = {
        path: text.replace("[PUT]", "[GET]").replace('["PUT"]', '["GET"]') for path, text in PROJECTS[name].items()
    }
    found = told(reported({path: text.replace("example.com/", "example.com") for path, text in files.items()}))
    assert found == [("allow-methods-missing", ())]


def test_fixes_hold_in_each_environment() -> None:
    found = reported(PROJECTS["a condition on a parameter"])
    (finding,) = (each for each in found.findings if each.severity == "error")
    (fix,) = finding.fixes
    mended = found.tree.with_edits(fix.edits)
    assert told(report(Question((".",)), mended)) == []


def test_a_fix_that_one_environment_cannot_take_is_not_offered() -> None:
    """The page of one environment is not that of the other: a literal would shut one of them out."""
    text = CONDITIONAL.replace('"https://app.example.com"]', '"https://dev.example.com"]').replace(
        '"https://app.example.com/"', '"https://app.example.com"'
    )
    found = reported({"template.yaml": text, "web/index.html": ""})
    for finding in found.findings:
        for fix in finding.fixes:
            again = report(Question((".",)), found.tree.with_edits(fix.edits))
            assert len(told(again)) <= len(told(found))


def test_an_environment_that_changes_nothing_is_not_checked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    anew = environments.check_anew

    def noted(tree, question, memory):  # type: ignore[no-untyped-def]
        asked.append(question.environment)
        return anew(tree, question, memory)

    monkeypatch.setattr(environments, "check_anew", noted)
    reported(PROJECTS["samconfig"])
    assert asked == ["prod"]


SYNTHESIZED = """\
{"Resources": {
 "Fn": {"Type": "AWS::Lambda::Function", "Properties": {"Code": "../../src", "Handler": "app.handler", "Runtime": "python3.13"},
  "Metadata": {"aws:cdk:path": "%s/Shop/Fn/Resource"}},
 "Url": {"Type": "AWS::Lambda::Url", "Properties": {"TargetFunctionArn": {"Fn::GetAtt": ["Fn", "Arn"]}, "AuthType": "NONE",
  "Cors": {"AllowOrigins": ["%s"], "AllowMethods": ["%s"], "AllowHeaders": ["content-type"], "MaxAge": 600}},
  "Metadata": {"aws:cdk:path": "%s/Shop/Url/Resource"}}}}
"""


def assemblies(dev: tuple[str, str], prod: tuple[str, str]) -> dict[str, str]:
    made = {"Dev": dev, "Prod": prod}
    return {
        f"cdk.out/assembly-{stage}/{stage}Shop.template.json": SYNTHESIZED % (stage, origin, method, stage)
        for stage, (origin, method) in made.items()
    }


def test_stages_of_a_cdk_app_are_environments() -> None:
    right, wrong = ("https://a.example.com", "PUT"), ("https://a.example.com/", "PUT")
    both = told(reported(assemblies(wrong, wrong)))
    assert both == [("origin-trailing-slash", ())]
    assert told(reported(assemblies(right, wrong))) == [("origin-trailing-slash", ("Prod",))]
    assert told(reported(assemblies(right, wrong), Settings(stage="Dev"))) == []
    assert told(reported(assemblies(right, wrong), Settings(stage="Prod"))) == [("origin-trailing-slash", ())]
