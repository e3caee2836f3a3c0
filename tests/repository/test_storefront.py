"""The example project deploys, and its list of calls names what is there."""

import ast
import json
import sys
from pathlib import Path
from typing import Any

import boto3
import pytest
import yaml
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator

STOREFRONT = Path(__file__).parents[2] / "examples" / "storefront"
CALLS = json.loads((STOREFRONT / "calls.json").read_text())["calls"]


class Tagged(yaml.SafeLoader):
    """Reads CloudFormation's short tags."""


def _tag(loader: Tagged, suffix: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.ScalarNode):
        value: Any = loader.construct_scalar(node)
    else:
        assert isinstance(node, yaml.SequenceNode)
        value = loader.construct_sequence(node, deep=True)
    if suffix == "GetAtt":
        return {"Fn::GetAtt": value.split(".", 1)}
    return {suffix if suffix == "Ref" else f"Fn::{suffix}": value}


Tagged.add_multi_constructor("!", _tag)


@pytest.fixture(scope="module")
def template() -> Any:
    return yaml.load((STOREFRONT / "template.yaml").read_text(), Tagged)


@pytest.fixture(scope="module")
def deployed(template: Any) -> dict[str, Any]:
    local = json.loads(json.dumps(template))
    local["Globals"]["Function"]["CodeUri"] = "s3://bucket/key"
    parser = Parser()
    session = boto3.Session(region_name="eu-west-1")
    translator = Translator({}, parser, boto_session=session)
    resources: dict[str, Any] = translator.translate(local, {"PageOrigin": "https://app.example.com"})["Resources"]
    return resources


def test_sam_translates_it_to_its_front_doors(deployed: dict[str, Any]) -> None:
    kinds = [resource["Type"] for resource in deployed.values()]
    assert kinds.count("AWS::ApiGatewayV2::Api") == 1
    assert kinds.count("AWS::ApiGateway::RestApi") == 2
    assert kinds.count("AWS::Lambda::Url") == 3
    assert kinds.count("AWS::Lambda::Function") >= 6


def test_every_handler_is_there(template: Any) -> None:
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            module, function = resource["Properties"]["Handler"].split(".")
            assert f"def {function}(event, context):" in (STOREFRONT / "src" / f"{module}.py").read_text()


def test_only_the_standard_library_is_imported() -> None:
    own = {path.stem for path in (STOREFRONT / "src").glob("*")}
    for path in (STOREFRONT / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert all(name.split(".")[0] in own | sys.stdlib_module_names for name in names), path


@pytest.mark.parametrize("call", CALLS, ids=lambda call: f"{call['api']} {call['method']} {call['path']}")
def test_every_call_names_a_front_door_of_the_template(call: dict[str, Any], deployed: dict[str, Any]) -> None:
    assert call["api"] in deployed
    assert call.get("meets", "success") in {"success", "error", "unauthorized"}
    assert ("meets" in call) == ("status" in call)
