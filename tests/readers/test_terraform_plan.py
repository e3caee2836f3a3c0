"""What `terraform show -json` writes. The plans and the state here were put together by hand, after the documented format."""

from __future__ import annotations

import json
from typing import Any

import pytest

from corsmith.api.front_door import LambdaProxy
from corsmith.api.function_url import FunctionUrl
from corsmith.api.http_api import HttpApi
from corsmith.api.model import Api
from corsmith.api.rest_api import RestApi
from corsmith.api.tree import Memory, Tree
from corsmith.project.discover import discover
from corsmith.readers import read, source_of

from .translated import comparable, plain

Values = dict[str, Any]


def resource(address: str, values: Values, mode: str = "managed") -> Values:
    kind, _, name = address.rpartition("module.")[2].removeprefix("data.").rpartition(".")
    name = name.partition("[")[0]
    return {"address": address, "mode": mode, "type": kind.rpartition(".")[2], "name": name, "values": values}


def configured(address: str, depends_on: tuple[str, ...] = (), **references: list[str]) -> Values:
    expressions = {name: {"references": names} for name, names in references.items()}
    return {"address": address, "expressions": expressions, "depends_on": list(depends_on)}


def document(**sections: Any) -> str:
    return json.dumps({"format_version": "1.2", "terraform_version": "1.11.0", **sections}, indent=1)


def api_of(text: str, files: dict[str, str] | None = None) -> Api:
    tree = Tree(Memory({"plan.json": text, **(files or {})}))
    api = read(tree, "plan.json")
    assert api is not None
    return api


FUNCTION = {
    "function_name": "shop",
    "handler": "app.handler",
    "runtime": "python3.13",
    "filename": "z.zip",
    "s3_key": None,
}
ARCHIVE = resource("data.archive_file.z", {"type": "zip", "source_dir": "./src", "output_path": "z.zip"}, "data")
PARTS = [
    resource("aws_lambda_function.fn", FUNCTION),
    resource("aws_api_gateway_rest_api.api", {"name": "shop", "binary_media_types": None, "body": None, "policy": ""}),
    resource("aws_api_gateway_resource.items", {"path_part": "items"}),
    resource("aws_api_gateway_method.get", {"http_method": "GET", "authorization": "NONE", "authorizer_id": None}),
    resource("aws_api_gateway_integration.get", {"http_method": "GET", "type": "AWS_PROXY"}),
    resource("aws_api_gateway_method.options", {"http_method": "OPTIONS", "authorization": "NONE"}),
    resource(
        "aws_api_gateway_integration.options",
        {"http_method": "OPTIONS", "type": "MOCK", "request_templates": {"application/json": '{"statusCode":200}'}},
    ),
    resource(
        "aws_api_gateway_integration_response.options",
        {
            "http_method": "OPTIONS",
            "status_code": "200",
            "response_parameters": {"method.response.header.Access-Control-Allow-Origin": "'*'"},
        },
    ),
    resource("aws_api_gateway_deployment.it", {"triggers": None}),
    resource("aws_api_gateway_stage.live", {"stage_name": "live"}),
    resource(
        "aws_lambda_permission.api",
        {"action": "lambda:InvokeFunction", "function_name": "shop", "principal": "apigateway.amazonaws.com"},
    ),
]
API, ITEMS = ["aws_api_gateway_rest_api.api.id", "aws_api_gateway_rest_api.api"], ["aws_api_gateway_resource.items.id"]
CONFIGURATION = {
    "root_module": {
        "resources": [
            configured(
                "aws_api_gateway_resource.items", rest_api_id=API, parent_id=[API[1] + ".root_resource_id", API[1]]
            ),
            configured("aws_api_gateway_method.get", rest_api_id=API, resource_id=ITEMS),
            configured(
                "aws_api_gateway_integration.get",
                rest_api_id=["local.api"],
                resource_id=ITEMS,
                uri=["aws_lambda_function.fn.invoke_arn", "aws_lambda_function.fn"],
                http_method=["aws_api_gateway_method.get.http_method"],
            ),
            configured("aws_api_gateway_method.options", rest_api_id=API, resource_id=ITEMS),
            configured("aws_api_gateway_integration.options", rest_api_id=API, resource_id=ITEMS),
            configured(
                "aws_api_gateway_integration_response.options",
                ("aws_api_gateway_integration.options",),
                rest_api_id=API,
                resource_id=ITEMS,
            ),
            configured("aws_api_gateway_deployment.it", ("aws_api_gateway_integration.get",), rest_api_id=API),
            configured(
                "aws_api_gateway_stage.live", rest_api_id=API, deployment_id=["aws_api_gateway_deployment.it.id"]
            ),
            configured("aws_lambda_permission.api", source_arn=[API[1] + ".execution_arn"]),
        ]
    }
}
PLAN = document(
    planned_values={"root_module": {"resources": PARTS}},
    prior_state={"values": {"root_module": {"resources": [ARCHIVE]}}},
    configuration=CONFIGURATION,
)


def test_a_plan_is_read_by_its_values_and_its_references() -> None:
    api = api_of(PLAN, {"src/app.py": ""})
    assert not api.problems
    door = api.front_doors[0]
    assert isinstance(door, RestApi)
    assert comparable(api)["aws_api_gateway_rest_api.api"] == {
        "methods": {
            "GET /items": {
                "integration": ["lambda", "aws_lambda_function.fn", "1.0", 29000, True, False],
                "authorizer": None,
                "key": False,
                "responses": [],
                "validates": [],
            },
            "OPTIONS /items": {
                "integration": [
                    "mock",
                    [["application/json", '{"statusCode":200}']],
                    [["200", "", {"Access-Control-Allow-Origin": "'*'"}, []]],
                    "WHEN_NO_MATCH",
                ],
                "authorizer": None,
                "key": False,
                "responses": [],
                "validates": [],
            },
        },
        "responses": {},
        "binary": [],
        "stages": ["live"],
    }
    (deployed,) = door.deployments
    assert deployed.renewed.get() is False
    verbs = {method.span: method.verb for method in door.methods}
    assert [verbs[span] for span in deployed.holds] == ["GET"]
    tree = Tree(Memory({"src/app.py": ""}))
    assert source_of(tree, api.functions[0]).path == "src/app.py"


def test_a_plan_is_found_among_other_files() -> None:
    files = {"plan.json": PLAN, "package.json": '{"name": "x"}'}
    assert discover(Tree(Memory(files)), ".").templates == ("plan.json",)


def test_the_references_of_modules_are_followed() -> None:
    text = document(
        planned_values={
            "root_module": {
                "resources": [resource("aws_lambda_function.fn", FUNCTION)],
                "child_modules": [
                    {
                        "address": 'module.url["eu"]',
                        "resources": [
                            resource(
                                'module.url["eu"].aws_lambda_function_url.this[0]',
                                {"authorization_type": "NONE", "cors": [{"allow_origins": ["https://é.example.com"]}]},
                            )
                        ],
                    }
                ],
            }
        },
        configuration={
            "root_module": {
                "module_calls": {
                    "url": {
                        "expressions": {"function": {"references": ["aws_lambda_function.fn.arn"]}},
                        "module": {
                            "resources": [configured("aws_lambda_function_url.this", function_name=["var.function"])]
                        },
                    }
                }
            }
        },
    )
    door = api_of(text).front_doors[0]
    assert isinstance(door, FunctionUrl)
    assert door.name == 'module.url["eu"].aws_lambda_function_url.this[0]'
    assert plain(door.function) == "aws_lambda_function.fn"


STATE = document(
    values={
        "root_module": {
            "resources": [
                resource(
                    "aws_lambda_function.fn",
                    {
                        **FUNCTION,
                        "id": "shop",
                        "arn": "arn:aws:lambda:eu-west-1:123456789012:function:shop",
                        "invoke_arn": "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/"
                        "arn:aws:lambda:eu-west-1:123456789012:function:shop/invocations",
                    },
                ),
                resource(
                    "aws_apigatewayv2_api.api",
                    {
                        "id": "abc123defg",
                        "name": "shop",
                        "protocol_type": "HTTP",
                        "execution_arn": "arn:aws:execute-api:eu-west-1:123456789012:abc123defg",
                        "cors_configuration": [{"allow_origins": ["https://shop.example.com"], "max_age": 0}],
                    },
                ),
                resource(
                    "aws_apigatewayv2_integration.fn",
                    {
                        "id": "int4567",
                        "api_id": "abc123defg",
                        "integration_type": "AWS_PROXY",
                        "integration_uri": "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/"
                        "arn:aws:lambda:eu-west-1:123456789012:function:shop/invocations",
                        "payload_format_version": "2.0",
                    },
                ),
                resource(
                    'aws_apigatewayv2_route.all["GET /items"]',
                    {
                        "id": "rou4567",
                        "api_id": "abc123defg",
                        "route_key": "GET /items",
                        "target": "integrations/int4567",
                        "authorization_type": "NONE",
                        "authorizer_id": "",
                    },
                ),
                resource(
                    "aws_lambda_permission.api",
                    {
                        "action": "lambda:InvokeFunction",
                        "function_name": "shop",
                        "principal": "apigateway.amazonaws.com",
                        "source_arn": "arn:aws:execute-api:eu-west-1:123456789012:abc123defg/*/GET/items",
                    },
                ),
            ]
        }
    }
)


def test_a_state_is_read_by_its_ids() -> None:
    api = api_of(STATE)
    assert not api.problems
    door = api.front_doors[0]
    assert isinstance(door, HttpApi)
    (route,) = door.routes
    assert (route.method, route.path) == ("GET", "/items")
    assert isinstance(route.integration, LambdaProxy)
    assert plain(route.integration.function) == "aws_lambda_function.fn"
    assert plain(route.integration.permitted) is True
    assert plain(door.cors)["allow_origins"] == ["https://shop.example.com"]


@pytest.mark.parametrize("section", ["planned_values", "values", "configuration", "prior_state"])
@pytest.mark.parametrize(
    "odd",
    [
        {},
        [],
        None,
        "x",
        {"root_module": []},
        {
            "root_module": {
                "resources": [None, 1, {}, {"address": "a.b", "type": "aws_lambda_function", "mode": "managed"}]
            }
        },
        {"root_module": {"child_modules": [{"child_modules": [[]]}], "module_calls": {"a": {"module": 1}, "b": 2}}},
        {"values": {"root_module": {"resources": [{"address": 1}]}}},
    ],
)
def test_odd_plans_are_read_as_far_as_they_go(section: str, odd: Any) -> None:
    sections = {"planned_values": {"root_module": {"resources": PARTS}}, "configuration": CONFIGURATION, section: odd}
    assert api_of(document(**sections)) is not None
