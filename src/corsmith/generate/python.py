"""A Python function that answers for itself, with lambda-cors."""

from __future__ import annotations

from lambda_cors import Policy

from .comments import hash_comments

FIELDS = ("origins", "methods", "request_headers", "response_headers", "credentials", "max_age")

NEEDS = {
    "rest_api": (
        "Let the REST API pass OPTIONS to the function (ANY, or a method OPTIONS without authorizer and API key).",
        "Its own errors need the headers too: corsmith generate --for sam --front-door rest_api",
    ),
    "http_api": (
        "For an HTTP API without CORS configuration, and with a route that takes OPTIONS: with one, it answers itself",
        "and replaces what the function says.",
    ),
    "function_url": ("For a Function URL without Cors: with it, every header would be sent twice.",),
    "alb": ("Let the listener's rule pass OPTIONS to the function.",),
    "cloudfront": (
        "Let the cache behavior allow OPTIONS and forward Origin and both Access-Control-Request headers, and let it have",
        "no response headers policy with CORS.",
    ),
}


def write(front_door: str, policy: Policy) -> str:
    """Return a module with a handler."""
    fields = "".join(f"    {name}={_literal(value)},\n" for name, value in said(policy))
    return (
        hash_comments((*NEEDS[front_door], "pip install lambda-cors"))
        + "from lambda_cors import Policy, cors\n\n"
        + f"policy = Policy(\n{fields})\n\n\n"
        + "@cors(policy)\ndef handler(event, context):\n"
        + '    return {"statusCode": 200, "headers": {"content-type": "application/json"}, "body": "{}"}\n'
    )


def said(policy: Policy) -> list[tuple[str, object]]:
    """Return what the policy says, by field; nothing of what it leaves out."""
    pairs = ((name, getattr(policy, name)) for name in FIELDS)
    return [(name, value) for name, value in pairs if value not in ((), None) and value is not False]


def _literal(value: object) -> str:
    import json

    if isinstance(value, tuple):
        return json.dumps(list(value), ensure_ascii=False)
    return repr(value)
