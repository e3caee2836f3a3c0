"""Requests in, responses out."""

import base64
import json


class BadRequest(Exception):
    """The caller sent something that is not understood."""


def reply(status, body, headers=None):
    """Return a response with a JSON body."""
    return {
        "statusCode": status,
        "headers": {"Content-Type": "application/json", **(headers or {})},
        "body": json.dumps(body),
    }


def body_of(event):
    """Return the request's JSON body. Raises BadRequest."""
    text = event.get("body") or ""
    if event.get("isBase64Encoded"):
        text = base64.b64decode(text).decode()
    try:
        return json.loads(text)
    except ValueError as error:
        raise BadRequest("the body is not JSON") from error
