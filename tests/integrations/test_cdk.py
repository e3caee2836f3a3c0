"""The Aspect in a real CDK app, which needs aws-cdk-lib and Node.js: half a gigabyte.

CORSMITH_CDK names a Python that has aws-cdk-lib, or says "install": then pip installs it into a temporary environment.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WANTED = os.environ["CORSMITH_CDK"]
PACKAGES = ("aws-cdk-lib==2.275.0", "constructs==10.8.1")
NEEDED = tuple(
    each
    for each in tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    if not each.startswith("lambda-cors")
)

APP = """\
import json
import sys

import aws_cdk as cdk
from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk import aws_lambda
from aws_cdk.aws_apigatewayv2_integrations import HttpLambdaIntegration
from corsmith.integrations.cdk import CorsAspect

app = cdk.App()
stack = cdk.Stack(app, "Shop")
function = aws_lambda.Function(
    stack, "Items", runtime=aws_lambda.Runtime.PYTHON_3_13, handler="app.handler", code=aws_lambda.Code.from_asset("src")
)
settings = apigateway.CorsPreflightOptions(
    allow_origins=["https://app.example.com"], allow_methods=[apigateway.CorsHttpMethod.PUT]
)
api = apigateway.HttpApi(stack, "Api", cors_preflight=settings if "mended" in sys.argv else None)
api.add_routes(
    path="/items", methods=[apigateway.HttpMethod.PUT], integration=HttpLambdaIntegration("Call", function)
)
cdk.Aspects.of(app).add(CorsAspect(origins=["https://app.example.com"]))
assembly = app.synth()
told = [[message.level.name, message.id, message.entry.data] for message in assembly.stacks[0].messages]
print(json.dumps({"told": told, "resources": sorted(assembly.stacks[0].template["Resources"])}))
"""


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> str:
    if WANTED != "install":
        return WANTED
    folder = tmp_path_factory.mktemp("cdk")
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    found = str(folder / "bin" / "python")
    subprocess.run([found, "-m", "pip", "install", "--quiet", *PACKAGES, *NEEDED], check=True)
    return found


def synthesized(python: str, folder: Path, *arguments: str) -> tuple[list[list[str]], list[str]]:
    """Return the annotations of the app's stack, and the names of its resources."""
    (folder / "src").mkdir(exist_ok=True)
    (folder / "src" / "app.py").write_text(
        'def handler(event, context):\n    return {"statusCode": 200, "body": "{}"}\n', encoding="utf-8"
    )
    (folder / "main.py").write_text(APP, encoding="utf-8")
    sources = os.pathsep.join(str(ROOT / part) for part in ("src", "runtimes/python/src"))
    environment = {**os.environ, "PYTHONPATH": sources, "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "1"}
    told = subprocess.run(
        [python, "main.py", *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stderr
    found = json.loads(told.stdout.splitlines()[-1])
    return found["told"], found["resources"]


@pytest.mark.timeout(600)
def test_an_app_is_judged_when_it_is_synthesized(python: str, tmp_path: Path) -> None:
    told, resources = synthesized(python, tmp_path)
    errors = [(where, text) for level, where, text in told if level == "ERROR"]
    ((where, text),) = errors
    assert where == "/Shop/Api"
    assert text.startswith("httpapi-no-cors-config: PUT /items: ")
    mended, same = synthesized(python, tmp_path, "mended")
    assert [each for each in mended if each[0] == "ERROR"] == []
    assert same == resources
