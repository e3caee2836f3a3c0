"""The projects that are measured: one function, the storefront's size, and a large one; correct, and with faults.

No two handlers are alike: what is written once for each function has to be read once for each function.
"""

from __future__ import annotations

from pathlib import Path

HTTP_HEAD = """\
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

HTTP_FUNCTION = """\
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

HTTP_HANDLER = '''\
"""Keeps one kind of item."""

import json

KIND = "item{n}"
ITEMS = {}


def handler(event, context):
    try:
        item = json.loads(event["body"])
    except ValueError:
        return {"statusCode": 400, "body": json.dumps({"message": "not JSON"})}
    if "id" not in item:
        return {"statusCode": 422, "body": json.dumps({"message": KIND + ": id is missing"})}
    ITEMS[item["id"]] = item
    return {"statusCode": 201, "headers": {"Content-Type": "application/json"}, "body": json.dumps(item)}
'''

REST_HEAD = """\
AWSTemplateFormatVersion: '2010-09-09'
Transform: AWS::Serverless-2016-10-31
Globals:
  Function:
    Runtime: python3.12
    CodeUri: src/
    Timeout: 10
    Environment:
      Variables:
        ORIGIN: https://app.example.com
Resources:
  Api:
    Type: AWS::Serverless::Api
    Properties:
      StageName: prod
      Cors:
        AllowOrigin: "'https://app.example.com'"
        AllowMethods: "'GET,POST'"
        AllowHeaders: "'content-type'"
"""

REST_FUNCTION = """\
  Function{n}:
    Type: AWS::Serverless::Function
    Properties:
      Handler: handler{n}.handler
      Events:
        Call:
          Type: Api
          Properties:
            RestApiId: !Ref Api
            Path: /items{n}
            Method: POST
"""

REST_HANDLER = '''\
"""Keeps one kind of item."""

import json
import os

KIND = "item{n}"
HEADERS = {"Content-Type": "application/json", "Access-Control-Allow-Origin": os.environ["ORIGIN"]}
ITEMS = {}


def answer(status, body):
    return {"statusCode": status, "headers": HEADERS, "body": json.dumps(body)}


def handler(event, context):
    try:
        item = json.loads(event["body"] or "")
    except ValueError:
        return answer(400, {"message": "not JSON"})
    name = item.get("id") if isinstance(item, dict) else None
    if not name:
        return REFUSAL
    ITEMS[name] = item
    return answer(201, item)
'''
REFUSAL = 'answer(422, {"message": KIND + ": id is missing"})'
BARE_REFUSAL = '{"statusCode": 422, "body": json.dumps({"message": KIND + ": id is missing"})}'
EVERY = 3
"""One handler of so many forgets the headers of a refusal."""


def write(folder: Path, functions: int) -> Path:
    """Write a correct project with that many functions, each with a route of one HTTP API; return its folder."""
    return _write(folder, HTTP_HEAD, HTTP_FUNCTION, [HTTP_HANDLER] * functions)


def write_faulty(folder: Path, functions: int) -> Path:
    """Write a project behind a REST API: a third of the handlers forget their headers once, and the API its errors'."""
    right, wrong = (REST_HANDLER.replace("REFUSAL", refusal) for refusal in (REFUSAL, BARE_REFUSAL))
    handlers = [right if n % EVERY else wrong for n in range(functions)]
    return _write(folder, REST_HEAD, REST_FUNCTION, handlers)


def _write(folder: Path, head: str, function: str, handlers: list[str]) -> Path:
    source = folder / "src"
    source.mkdir(parents=True)
    template = head + "".join(function.replace("{n}", str(n)) for n, _ in enumerate(handlers, 1))
    (folder / "template.yaml").write_text(template, encoding="utf-8")
    for n, handler in enumerate(handlers, 1):
        (source / f"handler{n}.py").write_text(handler.replace("{n}", str(n)), encoding="utf-8")
    return folder
