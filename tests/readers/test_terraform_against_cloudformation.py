"""One API, written twice: the model of the Terraform module is the model of the CloudFormation template."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from corsmith.api.http_api import HttpApi
from corsmith.api.rest_api import RestApi
from corsmith.api.tree import Memory, Tree
from corsmith.readers import read

from .terraform import api_of
from .translated import comparable, plain

FOLDER = Path(__file__).parents[1] / "fixtures"
PAIRS = {
    "rest-methods": (
        "cloudformation/rest-methods.yaml",
        {
            "aws_api_gateway_rest_api.api": "Api",
            "aws_api_gateway_authorizer.users": "Users",
            "aws_lambda_function.fn": "Fn",
        },
    ),
    "http-api": (
        "terraform/http-api.yaml",
        {
            "aws_apigatewayv2_api.api": "Api",
            "aws_apigatewayv2_authorizer.jwt": "Jwt",
            "aws_apigatewayv2_authorizer.code": "Code",
            "aws_lambda_function.fn": "Fn",
        },
    ),
    "balancer": (
        "terraform/balancer.yaml",
        {"aws_lb_listener.https": "Https", "aws_lb_target_group.fn": "Group", "aws_lambda_function.fn": "Fn"},
    ),
}


def renamed(model: dict[str, Any], names: dict[str, str]) -> Any:
    written = json.dumps(model, sort_keys=True)
    for address, name in names.items():
        written = written.replace(address, name)
    return json.loads(written)


@pytest.mark.parametrize("name", PAIRS)
def test_the_models_are_equal(name: str) -> None:
    file, names = PAIRS[name]
    theirs = read(Tree(Memory({"t.yaml": (FOLDER / file).read_text()})), "t.yaml")
    assert theirs is not None
    mine = api_of((FOLDER / "terraform" / f"{name}.tf").read_text())
    assert not mine.problems
    found = renamed(comparable(mine), names)
    assert found
    assert found == json.loads(json.dumps(comparable(theirs)))


def test_functions_get_their_settings() -> None:
    (function,) = api_of((FOLDER / "terraform" / "rest-methods.tf").read_text(), {"src/index.mjs": ""}).functions
    assert function.name == "aws_lambda_function.fn"
    assert plain(function.runtime) == "nodejs22.x"
    assert plain(function.handler) == "index.handler"
    assert plain(function.code) == "src"
    assert plain(function.environment) == [["ALLOWED_ORIGIN", "https://shop.example.com"], ["TABLE", "unknown"]]
    assert not function.linked_by_search


def test_doors_are_named_by_their_addresses() -> None:
    rest = api_of((FOLDER / "terraform" / "rest-methods.tf").read_text()).front_doors[0]
    http = api_of((FOLDER / "terraform" / "http-api.tf").read_text()).front_doors[0]
    assert isinstance(rest, RestApi)
    assert isinstance(http, HttpApi)
    assert (rest.name, http.name) == ("aws_api_gateway_rest_api.api", "aws_apigatewayv2_api.api")
