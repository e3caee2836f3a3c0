"""A Node function that answers for itself, with lambda-cors."""

from __future__ import annotations

import json

from lambda_cors import Policy

from .comments import slash_comments
from .python import NEEDS, said

_NAMES = {"request_headers": "requestHeaders", "response_headers": "responseHeaders", "max_age": "maxAge"}


def write(front_door: str, policy: Policy) -> str:
    """Return an ES module with a handler."""
    fields = "".join(
        f"  {_NAMES.get(name, name)}: {json.dumps(value, ensure_ascii=False)},\n" for name, value in said(policy)
    )
    needs = tuple(line.replace("--for python", "--for node") for line in NEEDS[front_door])
    return (
        slash_comments((*needs, "npm install lambda-cors"))
        + 'import { Policy, cors } from "lambda-cors";\n\n'
        + f"const policy = new Policy({{\n{fields}}});\n\n"
        + "export const handler = cors(policy)(async (event) => ({\n"
        + '  statusCode: 200,\n  headers: { "content-type": "application/json" },\n  body: "{}",\n}));\n'
    )
