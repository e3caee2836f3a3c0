"""Real emulators of AWS behind the real boto3: what they return is read, and judged by the command."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from click.testing import CliRunner

from corsmith.cli import main

from .servers import ministack, moto

_CODE = """\
import json

def handler(event, context):
    order = json.loads(event["body"])
    return {"statusCode": 200, "headers": {"Access-Control-Allow-Origin": "https://shop.example.com"}, "body": json.dumps(order)}
"""
PARAMETER = "method.response.header.Access-Control-Allow-"


@pytest.fixture(scope="module")
def emulated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with ministack(tmp_path_factory.mktemp("ministack")) as address:
        yield address


@pytest.fixture(scope="module")
def organization(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with moto(tmp_path_factory.mktemp("moto")) as address:
        yield address


def audit(*arguments: str) -> dict[str, Any]:
    result = CliRunner().invoke(main, ["audit", "--format", "json", *arguments])
    assert result.exit_code in (0, 1), result.stderr + result.stdout
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def rules(found: dict[str, Any], *severities: str) -> list[str]:
    return [each["rule"] for each in found["findings"] if each["severity"] in (severities or ("error", "warning"))]


def archive() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as made:
        made.writestr("app.py", _CODE)
    return packed.getvalue()


def function(account: str) -> str:
    made = boto3.client("lambda").create_function(
        FunctionName="orders",
        Runtime="python3.12",
        Role=f"arn:aws:iam::{account}:role/r",
        Handler="app.handler",
        Code={"ZipFile": archive()},
        Environment={"Variables": {"ALLOWED_ORIGIN": "https://shop.example.com", "DB_PASSWORD": "hunter2"}},
    )
    return str(made["FunctionArn"])


def rest_api(arn: str, account: str) -> tuple[Any, str, str]:
    """Make a REST API with POST /items, deployed to prod; return client, id and the resource's id."""
    client = boto3.client("apigateway")
    api = client.create_rest_api(name="shop")["id"]
    root = client.get_resources(restApiId=api)["items"][0]["id"]
    resource = client.create_resource(restApiId=api, parentId=root, pathPart="items")["id"]
    about = {"restApiId": api, "resourceId": resource, "httpMethod": "POST"}
    client.put_method(**about, authorizationType="NONE")
    uri = f"arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/{arn}/invocations"
    client.put_integration(**about, type="AWS_PROXY", integrationHttpMethod="POST", uri=uri)
    boto3.client("lambda").add_permission(
        FunctionName="orders",
        StatementId=api,
        Action="lambda:InvokeFunction",
        Principal="apigateway.amazonaws.com",
        SourceArn=f"arn:aws:execute-api:eu-west-1:{account}:{api}/*/POST/items",
    )
    client.create_deployment(restApiId=api, stageName="prod")
    return client, api, resource


def add_options(client: Any, api: str, resource: str) -> None:
    about = {"restApiId": api, "resourceId": resource, "httpMethod": "OPTIONS"}
    values = {"Origin": "'https://shop.example.com'", "Headers": "'content-type'", "Methods": "'POST'"}
    client.put_method(**about, authorizationType="NONE")
    client.put_integration(**about, type="MOCK", requestTemplates={"application/json": '{"statusCode": 200}'})
    client.put_method_response(
        **about, statusCode="200", responseParameters={PARAMETER + name: False for name in values}
    )
    client.put_integration_response(
        **about, statusCode="200", responseParameters={PARAMETER + name: value for name, value in values.items()}
    )


def test_a_rest_api_of_ministack(emulated: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", emulated)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "111111111111")
    client, api, resource = rest_api(function("111111111111"), "111111111111")
    found = audit()
    assert rules(found, "error") == ["rest-no-options-method"]
    (error,) = [each for each in found["findings"] if each["severity"] == "error"]
    assert error["account"] == "111111111111"
    assert error["resources"][0]["arn"].startswith(f"arn:aws:apigateway:eu-west-1::/restapis/{api}")

    add_options(client, api, resource)
    for type_ in ("DEFAULT_4XX", "DEFAULT_5XX"):
        parameters = {"gatewayresponse.header.Access-Control-Allow-Origin": "'https://shop.example.com'"}
        client.put_gateway_response(restApiId=api, responseType=type_, responseParameters=parameters)
    client.create_deployment(restApiId=api, stageName="prod")
    # ministack exports what is defined, not what was deployed, and no gateway responses: those look undeployed.
    assert rules(audit()) == ["rest-stage-not-deployed"]


def test_code_is_downloaded_from_ministack(emulated: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", emulated)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "222222222222")
    client, api, resource = rest_api(function("222222222222"), "222222222222")
    add_options(client, api, resource)
    without = audit()
    assert [each["because"] for each in without["undecided"]] == ["the function's code was not read (--code reads it)"]
    found = audit("--code")
    assert found["problems"] == []
    # The code decides now: what it returns passes, and an order that is no JSON is an error without headers.
    assert "the function's code was not read (--code reads it)" not in [each["because"] for each in found["undecided"]]
    assert "handler-missing-headers-on-error" in rules(found)
    (each,) = [each for each in found["findings"] if each["rule"] == "handler-missing-headers-on-error"]
    assert any(place["label"].startswith("function orders, app.py:") for place in each["resources"])


def test_http_apis_and_urls_of_ministack(emulated: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", emulated)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "333333333333")
    arn = function("333333333333")
    client = boto3.client("apigatewayv2")
    cors = {"AllowOrigins": ["https://shop.example.com/"], "AllowMethods": ["PUT"], "AllowHeaders": ["content-type"]}
    api = client.create_api(Name="web", ProtocolType="HTTP", CorsConfiguration=cors)["ApiId"]
    made = client.create_integration(
        ApiId=api, IntegrationType="AWS_PROXY", IntegrationUri=arn, PayloadFormatVersion="2.0"
    )
    client.create_route(ApiId=api, RouteKey="PUT /things", Target=f"integrations/{made['IntegrationId']}")
    client.create_stage(ApiId=api, StageName="$default", AutoDeploy=True)
    functions = boto3.client("lambda")
    functions.create_function_url_config(FunctionName="orders", AuthType="NONE", Cors={"AllowOrigins": ["*"]})
    found = audit()
    assert {"origin-trailing-slash", "function-url-permission-missing"} <= set(rules(found, "error"))
    places = {each["rule"]: each["resources"][0]["arn"] for each in found["findings"]}
    assert places["origin-trailing-slash"].endswith(f"/apis/{api}")
    assert places["function-url-permission-missing"] == arn


def test_every_account_of_an_organization(organization: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", organization)
    client = boto3.client("organizations")
    client.create_organization(FeatureSet="ALL")
    ids = [
        client.create_account(AccountName=name, Email=f"{name}@example.com")["CreateAccountStatus"]["AccountId"]
        for name in ("one", "two")
    ]
    for id_ in ids:
        role = boto3.client("sts").assume_role(RoleArn=f"arn:aws:iam::{id_}:role/Reader", RoleSessionName="test")[
            "Credentials"
        ]
        own = boto3.client(
            "apigateway",
            aws_access_key_id=role["AccessKeyId"],
            aws_secret_access_key=role["SecretAccessKey"],
            aws_session_token=role["SessionToken"],
        )
        own.create_rest_api(name=f"of {id_}")
    found = audit("--organization", "Reader")
    assert found["problems"] == []
    assert {each["account"] for each in found["read"]} == {"123456789012", *ids}

    role = audit("--role", f"arn:aws:iam::{ids[0]}:role/Reader")
    assert [each["account"] for each in role["read"]] == [ids[0]]
