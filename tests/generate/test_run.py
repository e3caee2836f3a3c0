"""What is generated as code is run: handlers answer for the policy, the CDK's constructs get it, shells pass it on."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from lambda_cors import Policy

from corsmith.generate import generate

from .test_read_back import POLICIES

ROOT = Path(__file__).parents[2]
EVENT = {
    "version": "1.0",
    "httpMethod": "OPTIONS",
    "path": "/items",
    "requestContext": {"httpMethod": "OPTIONS", "apiId": "a", "stage": "prod", "requestId": "r"},
    "multiValueHeaders": {},
    "body": None,
}
ANSWER = """
import json, app
events = json.loads({events!r})
print(json.dumps([app.handler(event, None) for event in events]))
"""


def events(policy: Policy) -> list[dict[str, Any]]:
    """Return a preflight and a request of the policy's page, and a preflight of a stranger's."""
    origin = policy.origins[0] if policy.origins[0] != "*" else "https://any.example"
    asked = {"Access-Control-Request-Method": "PUT" if policy.methods else "POST"}
    preflight = {**EVENT, "headers": {"Origin": origin, **asked}}
    request = {**EVENT, "httpMethod": "GET", "headers": {"Origin": origin}}
    stranger = {**EVENT, "headers": {"Origin": "https://evil.example", **asked}}
    return [preflight, request, stranger]


def told(answers: list[dict[str, Any]], policy: Policy) -> None:
    """Hold the answers to what the policy itself says."""
    (preflight, request, stranger), asked = answers, events(policy)
    origin = asked[0]["headers"]["Origin"]
    method = asked[0]["headers"]["Access-Control-Request-Method"]
    assert preflight["statusCode"] == 204
    assert lower(preflight["headers"]) == lower(policy.preflight_headers_for(origin, method, None))
    assert request["statusCode"] == 200
    assert lower(policy.headers_for(origin)).items() <= lower(request["headers"]).items()
    refused = "access-control-allow-origin" not in lower(stranger["headers"])
    assert refused is (policy.origins != ("*",))


def lower(headers: dict[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


@pytest.mark.parametrize("name", POLICIES)
@pytest.mark.parametrize("front_door", ["rest_api", "alb"])
def test_the_python_handler_answers_for_the_policy(name: str, front_door: str, tmp_path: Path) -> None:
    policy = POLICIES[name]
    (tmp_path / "app.py").write_text(generate("python", front_door, policy), encoding="utf-8")
    code = ANSWER.format(events=json.dumps(events(policy)))
    run = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    told(json.loads(run.stdout), policy)


NODE = shutil.which("node") or "node"


@pytest.mark.node
@pytest.mark.parametrize("name", POLICIES)
def test_the_node_handler_answers_for_the_policy(name: str, tmp_path: Path) -> None:
    policy = POLICIES[name]
    (tmp_path / "app.mjs").write_text(generate("node", "rest_api", policy), encoding="utf-8")
    (tmp_path / "node_modules").mkdir()
    (tmp_path / "node_modules" / "lambda-cors").symlink_to(ROOT / "runtimes" / "node", target_is_directory=True)
    (tmp_path / "run.mjs").write_text(
        'import { handler } from "./app.mjs";\n'
        f"const events = {json.dumps(events(policy))};\n"
        "const answers = [];\nfor (const event of events) answers.push(await handler(event, {}));\n"
        "console.log(JSON.stringify(answers));\n"
    )
    run = subprocess.run([NODE, "run.mjs"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    told(json.loads(run.stdout), policy)


STUB = """\
const members = (word) => new Proxy({}, {get: (_, name) => `${word}.${String(name)}`});
export const Duration = {seconds: (count) => ({seconds: count})};
export const CorsHttpMethod = members("CorsHttpMethod");
export const HttpMethod = members("HttpMethod");
export const FunctionUrlAuthType = members("FunctionUrlAuthType");
export const ResponseType = {DEFAULT_4XX: {responseType: "DEFAULT_4XX"}, DEFAULT_5XX: {responseType: "DEFAULT_5XX"}};
class Construct {
  constructor(scope, id, options) { this.options = options; this.responses = []; }
  addGatewayResponse(id, options) { this.responses.push({id, headers: options.responseHeaders}); }
}
export class HttpApi extends Construct {}
export class RestApi extends Construct {}
"""


def constructed(front_door: str, policy: Policy, folder: Path) -> dict[str, Any]:
    """Run what is generated with stand-ins of the CDK's modules; return what its constructs were given."""
    for module in ("", "aws-apigatewayv2", "aws-apigateway", "aws-lambda"):
        package = folder / "node_modules" / "aws-cdk-lib" / module
        package.mkdir(parents=True, exist_ok=True)
        (package / "index.mjs").write_text(STUB)
    exports = {f"./{name}": f"./{name}/index.mjs" for name in ("aws-apigatewayv2", "aws-apigateway", "aws-lambda")}
    manifest = {"name": "aws-cdk-lib", "version": "0.0.0", "exports": {".": "./index.mjs", **exports}}
    (folder / "node_modules" / "aws-cdk-lib" / "package.json").write_text(json.dumps(manifest))
    (folder / "stack.mjs").write_text(generate("cdk", front_door, policy), encoding="utf-8")
    made = "url({addFunctionUrl: (options) => ({options})})" if front_door == "function_url" else "api({})"
    (folder / "run.mjs").write_text(
        f'import * as stack from "./stack.mjs";\nconsole.log(JSON.stringify(stack.{made}));\n'
    )
    run = subprocess.run([NODE, "run.mjs"], cwd=folder, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    given: dict[str, Any] = json.loads(run.stdout)
    return given


@pytest.mark.node
@pytest.mark.parametrize("name", POLICIES)
@pytest.mark.parametrize("front_door", ["http_api", "rest_api", "function_url"])
def test_the_cdks_constructs_get_the_policy(name: str, front_door: str, tmp_path: Path) -> None:
    policy = POLICIES[name]
    given = constructed(front_door, policy, tmp_path)
    if front_door == "rest_api":
        options = given["options"]["defaultCorsPreflightOptions"]
        assert [each["id"] for each in given["responses"]] == ["DEFAULT_4XX", "DEFAULT_5XX"]
        assert all(each["headers"]["Access-Control-Allow-Origin"].startswith("'") for each in given["responses"])
    else:
        options = given["options"]["corsPreflight" if front_door == "http_api" else "cors"]
    said = {name.replace("allowed", "allow").replace("exposed", "expose"): value for name, value in options.items()}
    assert said["allowOrigins"] == list(policy.origins)
    assert said.get("allowHeaders", []) == list(policy.request_headers)
    assert said.get("exposeHeaders", []) == list(policy.response_headers)
    methods = [each.rpartition(".")[2] for each in said.get("allowMethods", [])]
    assert [{"ANY": "*", "ALL": "*"}.get(each, each) for each in methods] == list(policy.methods)
    assert said.get("allowCredentials", False) is policy.credentials
    assert said.get("maxAge") == (None if policy.max_age is None else {"seconds": policy.max_age})


def calls(front_door: str, policy: Policy, folder: Path) -> list[list[str]]:
    """Run the commands with a stand-in for `aws`; return the arguments it was given."""
    program = folder / "aws"
    program.write_text(f"#!{sys.executable}\nimport json, sys\nprint(json.dumps(sys.argv[1:]))\n")
    program.chmod(0o755)
    (folder / "commands.sh").write_text(generate("aws-cli", front_door, policy), encoding="utf-8")
    names = {"API_ID": "a1", "RESOURCE_ID": "r 2", "STAGE": "prod", "FUNCTION": "f", "FUNCTION_ARN": "arn:f"}
    run = subprocess.run(
        ["sh", "-eu", "commands.sh"],
        cwd=folder,
        env={"PATH": f"{folder}:/usr/bin:/bin", "AWS_REGION": "eu-west-1", **names},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return [json.loads(line) for line in run.stdout.splitlines()]


@pytest.mark.parametrize("name", POLICIES)
def test_the_command_lines_json_arrives_whole(name: str, tmp_path: Path) -> None:
    policy = POLICIES[name]
    (call,) = calls("http_api", policy, tmp_path)
    assert call[:4] == ["apigatewayv2", "update-api", "--api-id", "a1"]
    assert Policy.from_settings(json.loads(call[-1])) == policy
    (call,) = calls("function_url", policy, tmp_path)
    assert call[:4] == ["lambda", "update-function-url-config", "--function-name", "f"]
    assert Policy.from_settings(json.loads(call[-1])) == policy
    made = calls("rest_api", policy, tmp_path)
    errors = [json.loads(call[-1]) for call in made if call[1] == "put-gateway-response"]
    assert len(errors) == 2
    assert made[-1][1] == "create-deployment"
    responses = [json.loads(call[-1]) for call in made if call[1] == "put-integration-response"]
    if len(policy.origins) == 1:
        assert responses[0]["method.response.header.Access-Control-Allow-Origin"] == f"'{policy.origins[0]}'"
    else:
        assert responses == []


@pytest.mark.parametrize("front_door", ["http_api", "function_url", "rest_api"])
def test_the_consoles_steps_name_every_value(front_door: str) -> None:
    policy = POLICIES["credentials"]
    text = generate("console", front_door, policy)
    lines = text.splitlines()
    assert [line for line in lines if line[0].isdigit()] == [
        line
        for number, line in enumerate((line for line in lines if line[0].isdigit()), 1)
        if line.startswith(f"{number}. ")
    ]
    values = [*policy.origins, *policy.methods, *policy.request_headers]
    assert [value for value in values if value not in text] == []
    assert ("etag" in text) is (front_door != "rest_api")
