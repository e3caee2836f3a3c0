"""A small project with one fault, and what it takes to be right."""

from __future__ import annotations

from pathlib import Path

TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Api:
    Type: AWS::Serverless::HttpApi
  Items:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: .
      Events:
        Call:
          Type: HttpApi
          Properties:
            ApiId: !Ref Api
            Path: /items
            Method: POST
"""
CODE = """\
import json


def handler(event, context):
    return {"statusCode": 200, "body": json.dumps({"\U0001f600": 1})}
"""


def write(folder: Path) -> Path:
    (folder / "template.yaml").write_text(TEMPLATE, encoding="utf-8")
    (folder / "app.py").write_text(CODE, encoding="utf-8")
    return folder
