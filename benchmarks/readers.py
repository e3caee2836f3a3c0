"""Measures what reading a template costs: SAM of 30 to 3,000 functions, CloudFormation of 30 to 3,000 resources.

Run: python -m benchmarks.readers. Prints a table and writes benchmarks/results/readers.json. Each function has two
routes of a REST API with CORS; the CloudFormation templates hold methods and mocks one by one, as CDK writes them.
"""

from __future__ import annotations

import json
import platform
import sys
import time
from pathlib import Path

from corsmith.api.tree import Memory, Tree
from corsmith.readers import read

RESULT = Path(__file__).parent / "results" / "readers.json"
SIZES = {"SAM": (30, 300, 3000), "CloudFormation": (6, 60, 600)}
"""Functions. In CloudFormation each is five resources, as CDK and Serverless write them."""
REPEATS = 3
PROMISE_MS = 200
"""What reading 300 functions may cost."""

SAM_HEAD = """\
AWSTemplateFormatVersion: "2010-09-09"
Transform: AWS::Serverless-2016-10-31
Parameters:
  Stage: { Type: String, Default: prod }
Globals:
  Function:
    Runtime: python3.12
    Environment:
      Variables:
        ORIGIN: https://app.example.com
  Api:
    Cors:
      AllowOrigin: "'https://app.example.com'"
      AllowHeaders: "'content-type,authorization'"
Resources:
"""
SAM_FUNCTION = """\
  Function{n}:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: functions/f{n}/
      Handler: app.handler
      Environment:
        Variables:
          TABLE: !Sub "things-${{Stage}}-{n}"
      Events:
        Get:
          Type: Api
          Properties:
            Path: /things{n}/{{id}}
            Method: get
        Post:
          Type: Api
          Properties:
            Path: /things{n}
            Method: post
"""


def sam(size: int) -> Tree:
    """Return a project of `size` functions, as SAM."""
    text = SAM_HEAD + "".join(SAM_FUNCTION.format(n=n) for n in range(size))
    return Tree(Memory({"template": text, **{f"functions/f{n}/app.py": "" for n in range(size)}}))


def cloudformation(size: int) -> Tree:
    """Return a project of `size` functions, as a synthesized template in JSON."""
    resources: dict[str, object] = {"Api": {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Name": "api"}}}
    for n in range(size):
        resources |= _resources(n)
    text = json.dumps({"Resources": resources})
    return Tree(Memory({"template": text, **{f"functions/f{n}/app.py": "" for n in range(size)}}))


def _resources(n: int) -> dict[str, object]:
    uri = ["arn:aws:apigateway:", {"Ref": "AWS::Region"}, ":lambda:path/2015-03-31/functions/"]
    arn = {"Fn::Join": ["", [*uri, {"Fn::GetAtt": [f"Function{n}", "Arn"]}, "/invocations"]]}
    source = ["arn:aws:execute-api:", {"Ref": "AWS::Region"}, ":", {"Ref": "AWS::AccountId"}, ":", {"Ref": "Api"}]
    method = {"RestApiId": {"Ref": "Api"}, "ResourceId": {"Ref": f"Resource{n}"}, "AuthorizationType": "NONE"}
    allow = {"method.response.header.Access-Control-Allow-Origin": "'https://app.example.com'"}
    mock = {
        "Type": "MOCK",
        "RequestTemplates": {"application/json": "{ statusCode: 200 }"},
        "IntegrationResponses": [{"StatusCode": "204", "ResponseParameters": allow}],
    }
    proxy = {"Type": "AWS_PROXY", "IntegrationHttpMethod": "POST", "Uri": arn}
    return {
        f"Function{n}": {
            "Type": "AWS::Lambda::Function",
            "Properties": {"Runtime": "python3.12", "Handler": "app.handler", "Code": f"functions/f{n}"},
        },
        f"Resource{n}": {
            "Type": "AWS::ApiGateway::Resource",
            "Properties": {
                "RestApiId": {"Ref": "Api"},
                "ParentId": {"Fn::GetAtt": ["Api", "RootResourceId"]},
                "PathPart": f"things{n}",
            },
        },
        f"Get{n}": {
            "Type": "AWS::ApiGateway::Method",
            "Properties": {**method, "HttpMethod": "GET", "Integration": proxy},
        },
        f"Options{n}": {
            "Type": "AWS::ApiGateway::Method",
            "Properties": {**method, "HttpMethod": "OPTIONS", "Integration": mock},
        },
        f"Permission{n}": {
            "Type": "AWS::Lambda::Permission",
            "Properties": {
                "Action": "lambda:InvokeFunction",
                "FunctionName": {"Fn::GetAtt": [f"Function{n}", "Arn"]},
                "Principal": "apigateway.amazonaws.com",
                "SourceArn": {"Fn::Join": ["", [*source, f"/*/GET/things{n}"]]},
            },
        },
    }


def cost(tree: Tree, size: int) -> float:
    """Return seconds of CPU to read the template: the best of several runs."""
    best = float("inf")
    for _ in range(REPEATS):
        started = time.process_time()
        api = read(tree, "template")
        best = min(best, time.process_time() - started)
        if api is None or len(api.functions) != size or api.problems:
            raise RuntimeError("the template was not read whole")
    return best


def main() -> int:
    """Measure, print, write; return 1 when the promise is broken."""
    rows = []
    for name, project in (("SAM", sam), ("CloudFormation", cloudformation)):
        for size in SIZES[name]:
            seconds = cost(project(size), size)
            rows.append({"dialect": name, "functions": size, "ms": round(seconds * 1e3, 1)})
    print("| template | functions | read, ms of CPU | µs a function |\n| --- | ---: | ---: | ---: |")
    for row in rows:
        each = row["ms"] * 1e3 / row["functions"]
        print(f"| {row['dialect']} | {row['functions']:,} | {row['ms']:,.1f} | {each:,.0f} |")
    RESULT.parent.mkdir(exist_ok=True)
    machine = {"python": platform.python_version(), "system": platform.system()}
    RESULT.write_text(json.dumps({"machine": machine, "promise_ms": PROMISE_MS, "rows": rows}, indent=2) + "\n")
    broken = any(row["dialect"] == "SAM" and row["functions"] == 300 and row["ms"] > PROMISE_MS for row in rows)
    if broken:
        print(f"reading 300 functions took more than {PROMISE_MS} ms", file=sys.stderr)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
