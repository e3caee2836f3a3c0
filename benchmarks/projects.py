"""The projects that are measured: one function, the storefront's size, and a large one."""

from __future__ import annotations

from pathlib import Path

HEAD = """\
AWSTemplateFormatVersion: '2010-09-09'
Transform: AWS::Serverless-2016-10-31
Globals:
  Function:
    Runtime: python3.12
    CodeUri: src/
    Timeout: 10
Resources:
  Api:
    Type: AWS::Serverless::HttpApi
    Properties:
      CorsConfiguration:
        AllowOrigins: ['https://app.example.com']
        AllowMethods: [GET, POST]
        AllowHeaders: [content-type]
"""

FUNCTION = """\
  Function{n}:
    Type: AWS::Serverless::Function
    Properties:
      Handler: handler{n}.handler
      Events:
        Call:
          Type: HttpApi
          Properties:
            ApiId: !Ref Api
            Path: /items{n}
            Method: POST
"""

HANDLER = '''\
"""Keeps one kind of item."""

import json

ITEMS = {}


def handler(event, context):
    try:
        item = json.loads(event["body"])
    except ValueError:
        return {"statusCode": 400, "body": json.dumps({"message": "not JSON"})}
    if "id" not in item:
        return {"statusCode": 422, "body": json.dumps({"message": "id is missing"})}
    ITEMS[item["id"]] = item
    return {"statusCode": 201, "headers": {"Content-Type": "application/json"}, "body": json.dumps(item)}
'''


def write(folder: Path, functions: int) -> Path:
    """Write a project with that many functions, each with a route of one HTTP API; return its folder."""
    source = folder / "src"
    source.mkdir(parents=True)
    numbers = range(1, functions + 1)
    template = HEAD + "".join(FUNCTION.replace("{n}", str(n)) for n in numbers)
    (folder / "template.yaml").write_text(template, encoding="utf-8")
    for n in numbers:
        (source / f"handler{n}.py").write_text(HANDLER, encoding="utf-8")
    return folder
