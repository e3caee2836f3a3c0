"""Helpers in a layer that the template itself defines are read where its content is."""
# ruff: noqa: E501 - whole handlers in one line

from __future__ import annotations

import pytest

from corsmith.api.tree import Memory, Tree
from corsmith.project.check import Question, check

TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Shared: {Type: AWS::Serverless::LayerVersion, Properties: {ContentUri: layers/shared}}
  F:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: RUNTIME
      Handler: app.handler
      CodeUri: src/
      Layers: [!Sub "arn:aws:lambda:${AWS::Region}:1:layer:other:1", !Ref Shared]
      Events: {Call: {Type: Api, Properties: {Path: /x, Method: GET}}}
"""
PYTHON = {
    "src/app.py": "from replies import reply\ndef handler(event, context): return reply()\n",
    "layers/shared/SUBreplies.py": 'def reply(): return {"statusCode": 200, "headers": {"Access-Control-Allow-Origin": "*"}}\n',
}
NODE = {
    "src/app.mjs": 'import { reply } from "/opt/replies.mjs";\nexport const handler = async () => reply();\n',
    "layers/shared/replies.mjs": 'export const reply = () => ({ statusCode: 200, headers: { "Access-Control-Allow-Origin": "*" } });\n',
}


@pytest.mark.parametrize(
    ("runtime", "files"),
    [
        ("python3.13", {name.replace("SUB", ""): text for name, text in PYTHON.items()}),
        ("python3.13", {name.replace("SUB", "python/"): text for name, text in PYTHON.items()}),
        ("nodejs22.x", NODE),
    ],
)
def test_a_layer_of_the_template(runtime: str, files: dict[str, str]) -> None:
    whole = {"stacks/template.yaml": TEMPLATE.replace("RUNTIME", runtime)} | {
        f"stacks/{n}": t for n, t in files.items()
    }
    seen = check(Tree(Memory(whole)), Question((".",)))
    cells = [cell for cell in seen.cells if not cell.situation]
    assert cells
    assert all(cell.verdict is not None and cell.verdict.allowed for cell in cells)
