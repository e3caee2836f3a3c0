"""Files that a tool writes are left alone: what to write instead is said, beside the finding."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from corsmith.api.caller import CallerFlags
from corsmith.api.model import Api
from corsmith.api.tree import Memory, Tree
from corsmith.cli import main
from corsmith.fixes.generated import made_by
from corsmith.project.check import Question, check
from corsmith.project.repair import repair
from corsmith.project.together import with_fixes

ORIGIN = "https://app.example.com"
FLAGS = ["--origin", ORIGIN, "--method", "PUT", "--header", "x-page: 1"]
QUESTION = Question((".",), CallerFlags(origins=(ORIGIN,), methods=("PUT",), headers=(("x-page", "1"),)))
BARE = "exports.handler = async () => ({ statusCode: 200, body: '[]' });\n"


def cdk(**more: object) -> str:
    """Return a template as the CDK writes it: an API with one method, and what `more` says."""
    path = {"aws:cdk:path": "Shop/Api/Resource"}
    method = {
        "RestApiId": {"Ref": "Api"},
        "ResourceId": {"Fn::GetAtt": ["Api", "RootResourceId"]},
        "HttpMethod": "PUT",
        "AuthorizationType": "NONE",
        "Integration": {
            "Type": "AWS_PROXY",
            "IntegrationHttpMethod": "POST",
            "Uri": {
                "Fn::Sub": "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Items.Arn}/invocations"
            },
        },
    }
    permission = {
        "Action": "lambda:InvokeFunction",
        "FunctionName": {"Ref": "Items"},
        "Principal": "apigateway.amazonaws.com",
    }
    resources = {
        "Api": {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Name": "shop"}, "Metadata": path},
        "Method": {
            "Type": "AWS::ApiGateway::Method",
            "Properties": method,
            "Metadata": {"aws:cdk:path": "Shop/Api/PUT"},
        },
        "Items": {
            "Type": "AWS::Lambda::Function",
            "Properties": {"Runtime": "nodejs22.x", "Handler": "app.handler", "Code": {"S3Key": "x"}},
            "Metadata": {"aws:cdk:path": "Shop/Items/Resource", "aws:asset:path": "src", "aws:asset:property": "Code"},
        },
        "Allowed": {"Type": "AWS::Lambda::Permission", "Properties": permission},
        "CDKMetadata": {"Type": "AWS::CDK::Metadata", "Properties": {"Analytics": "x"}},
        **more,
    }
    return json.dumps({"Resources": resources}, indent=1)


def test_the_cdk_s_template_is_told_of_and_the_code_is_repaired() -> None:
    tree = Tree(Memory({"Shop.template.json": cdk(), "src/app.js": BARE}))
    before = check(tree, QUESTION)
    first = next(each for each in with_fixes(QUESTION, before) if each.rule == "rest-no-options-method")
    (fix,) = first.fixes
    assert fix.edits == ()
    assert "Shop.template.json is made by the CDK" in fix.by_hand
    assert "the construct Shop/Api." in fix.by_hand
    assert f'allowOrigins: ["{ORIGIN}"]' in fix.by_hand
    assert 'allowMethods: ["PUT"]' in fix.by_hand
    assert 'allowHeaders: ["x-page"]' in fix.by_hand
    result = repair(QUESTION, before, lambda finding, fix: True)
    assert "Shop.template.json" not in result.changed()


def test_what_is_said_reaches_every_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "app.js").write_text(BARE, encoding="utf-8")
    (tmp_path / "Shop.template.json").write_text(cdk(), encoding="utf-8")
    text = CliRunner().invoke(main, ["check", ".", *FLAGS]).stdout
    assert "(by hand)" in text
    assert f'    allowOrigins: ["{ORIGIN}"]' in text
    found = json.loads(CliRunner().invoke(main, ["check", ".", "--format", "json", *FLAGS]).stdout)
    fixes = [fix for finding in found["findings"] for fix in finding["fixes"] if "by_hand" in fix]
    assert fixes
    assert all(fix["edits"] == [] for fix in fixes)
    sarif = json.loads(CliRunner().invoke(main, ["check", ".", "--format", "sarif", *FLAGS]).stdout)
    assert all(fix["artifactChanges"] for each in sarif["runs"][0]["results"] for fix in each.get("fixes", ()))
    page = CliRunner().invoke(main, ["check", ".", "--format", "html", *FLAGS]).stdout
    assert "is made by the CDK: change what it is made from" in page
    assert "allowOrigins: [" in page
    fixed = CliRunner().invoke(main, ["fix", ".", "--write", "--unsafe", *FLAGS])
    assert "is made by the CDK: change what it is made from" in fixed.stderr
    assert (tmp_path / "Shop.template.json").read_text("utf-8") == cdk()


SAM = Api("template.yaml", "sam")


@pytest.mark.parametrize(
    ("file", "text", "tool"),
    [
        ("cdk.out/Shop.template.json", "{}", "the CDK"),
        ("cdk.out/asset.0123/app.js", BARE, "the CDK"),
        (".aws-sam/build/Items/app.py", "", "sam build"),
        (".serverless/items.json", "{}", "the Serverless Framework"),
        ("dist/app.js", BARE, "a build"),
        ("src/app.min.js", BARE, "a tool that minifies"),
        ("src/app.js", "x=1;" * 1000, "a tool that minifies"),
        ("src/app.py", "# Code generated by tool. DO NOT EDIT.\nx = 1\n", "a tool, as its first lines say"),
        ("src/app.js", BARE, None),
        ("template.yaml", "Resources: {}\n", None),
        ("distances/app.js", BARE, None),
    ],
)
def test_who_writes_a_file(file: str, text: str, tool: str | None) -> None:
    assert made_by(Tree(Memory({file: text})), SAM, file) == tool
