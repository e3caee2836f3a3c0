"""A small project on disk with one error in its code and one warning in its template, and the command line run on it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from corsmith.cli import main

TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  ShopApi:
    Type: AWS::Serverless::Api
    Properties:
      StageName: prod
  Items:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: .
      Events:
        Get:
          Type: Api
          Properties:
            RestApiId: !Ref ShopApi
            Path: /items
            Method: GET
"""
"""API Gateway's own errors have no headers: rest-missing-gateway-responses, a warning at line 3."""

CODE = """\
HEADERS = {"Access-Control-Allow-Origin": "https://app.example.com"}


def handler(event, context):
    if not event["queryStringParameters"]:
        return {"statusCode": 400}
    return {"statusCode": 200, "headers": HEADERS}
"""
"""handler-missing-headers-on-error, an error at line 6."""

ERROR, WARNING = "handler-missing-headers-on-error", "rest-missing-gateway-responses"


def write(folder: Path = Path(), code: str = CODE, template: str = TEMPLATE) -> None:
    """Write the project into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "template.yaml").write_text(template)
    (folder / "app.py").write_text(code)


def run(*arguments: str, answers: str | None = None) -> Result:
    """Run corsmith in this process."""
    return CliRunner().invoke(main, list(arguments), input=answers, catch_exceptions=False)


def report(*arguments: str) -> dict[str, Any]:
    """Return what `corsmith check … --format json` writes."""
    said: dict[str, Any] = json.loads(run("check", *arguments, "--format", "json").stdout)
    return said


def rules(*arguments: str) -> list[str]:
    """Return the rules of the findings of `corsmith check …`, worst first; advice left out."""
    return [each["rule"] for each in report(*arguments)["findings"] if each["severity"] != "info"]
