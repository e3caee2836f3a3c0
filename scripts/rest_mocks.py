"""Takes the OPTIONS methods out of what SAM, CDK and Serverless generate, for `tests/fixtures/rest-mocks/`.

    python -m scripts.rest_mocks sam > tests/fixtures/rest-mocks/sam.json
    python -m scripts.rest_mocks cdk TEMPLATE VERSION > tests/fixtures/rest-mocks/cdk.json
    python -m scripts.rest_mocks serverless TEMPLATE VERSION > tests/fixtures/rest-mocks/serverless.json

TEMPLATE is the CloudFormation template that the tool made of `cdk.js` (run by Node with CDK_OUTDIR set) or of
`serverless.yml` (`serverless package`); VERSION is the tool's. SAM's is made here, by aws-sam-translator.
"""

from __future__ import annotations

import json
import os
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

FOLDER = Path("tests/fixtures/rest-mocks")


def from_sam() -> dict[str, Any]:
    """Return the generated OPTIONS operations of the APIs in `sam.yaml`."""
    import boto3
    from samtranslator.parser.parser import Parser
    from samtranslator.translator.translator import Translator
    from samtranslator.yaml_helper import yaml_parse

    os.environ.setdefault("AWS_DEFAULT_REGION", "us-east-1")
    translator = Translator({}, Parser(), boto_session=boto3.Session(region_name="us-east-1"))
    template = translator.translate(yaml_parse((FOLDER / "sam.yaml").read_text()), {}, get_managed_policy_map=dict)
    apis = {}
    for name, resource in template["Resources"].items():
        if resource["Type"] == "AWS::ApiGateway::RestApi":
            body = resource["Properties"]["Body"]
            binary = body.get("x-amazon-apigateway-binary-media-types", [])
            apis[name] = {"options": body["paths"]["/items"]["options"], "binaryMediaTypes": binary}
    return {"tool": f"aws-sam-translator {version('aws-sam-translator')}", "apis": apis}


def from_template(tool: str, path: str, release: str) -> dict[str, Any]:
    """Return the methods of a CloudFormation template that are OPTIONS, or no Lambda proxy, with their APIs' media types."""
    resources = json.loads(Path(path).read_text())["Resources"]
    methods = {}
    for name, resource in resources.items():
        properties = resource.get("Properties", {})
        if resource["Type"] != "AWS::ApiGateway::Method":
            continue
        if properties["HttpMethod"] == "OPTIONS" or properties["Integration"]["Type"] == "AWS":
            api = resources[properties["RestApiId"]["Ref"]]["Properties"]
            methods[name] = {
                "integration": {key: value for key, value in properties["Integration"].items() if key != "Uri"},
                "verb": properties["HttpMethod"],
                "authorization": properties["AuthorizationType"],
                "binaryMediaTypes": api.get("BinaryMediaTypes", []),
            }
    return {"tool": f"{tool} {release}", "methods": methods}


def main(arguments: list[str]) -> None:
    """Print the fixture of one tool."""
    tool = arguments[0]
    found = from_sam() if tool == "sam" else from_template({"cdk": "aws-cdk-lib"}.get(tool, tool), *arguments[1:3])
    print(json.dumps(found, indent=1, sort_keys=True))


if __name__ == "__main__":
    main(sys.argv[1:])
