"""Checked by mypy, never run: what the types allow, and what they do not. An ignore that is not needed is an error."""

from typing import Any, assert_type

from lambda_cors import Policy, PolicyError, Problem, asgi, cors, wsgi

policy = Policy(origins=["https://app.example.com"], methods={"GET", "PUT"}, max_age=None, credentials=True)
everybody = Policy(origins="*", methods="*", request_headers="*", response_headers=(name for name in ("etag",)))
assert_type(policy.origins, tuple[str, ...])
assert_type(policy.max_age, int | None)
assert_type(policy.allows("https://app.example.com"), bool)
assert_type(policy.headers_for(None), dict[str, str])
assert_type(policy.preflight_headers_for("https://app.example.com", "PUT", None), dict[str, str])
assert_type(Policy.from_settings({"AllowOrigins": ["*"]}), Policy)
assert_type(policy.settings_for("http_api"), dict[str, Any])


@cors(policy)
def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """A handler with its own types."""
    return {"statusCode": 200, "body": event["body"]}


@cors({"GET /public": everybody, "*": policy}, deadline=0.5, debug=True)
def by_route(event: object, context: object) -> str:
    """A handler that leaves the response to be inferred."""
    return "hello"


def say(error: BaseException, event: Any) -> dict[str, str]:
    """The body of a 500."""
    return {"message": str(error)}


by_tenant = cors(policy_for=lambda event: policy if event["tenant"] else everybody, on_error=say)(handler)
owned = cors(owner="front-door")(handler)


async def application(scope: Any, receive: Any, send: Any) -> None:
    """An ASGI application."""


outermost = asgi.cors(policy)(application)
also_outermost = wsgi.cors(policy)(lambda environ, start_response: [b""])

try:
    Policy(origins=[])
except PolicyError as error:
    assert_type(error.problems, tuple[Problem, ...])
    assert_type(error.problems[0].code, str)

Policy(["https://app.example.com"])  # type: ignore[call-arg]
Policy(origins=["https://app.example.com"], allow_origins=["*"])  # type: ignore[call-arg]
Policy(origins=[1])  # type: ignore[list-item]
Policy(origins=["https://app.example.com"], max_age="600")  # type: ignore[arg-type]
cors(policy, owner="gateway")  # type: ignore[arg-type]
cors(policy, deadline="1")  # type: ignore[arg-type]
cors(policy_for=lambda event: True)  # type: ignore[arg-type, return-value]
asgi.cors(policy)(handler)  # type: ignore[arg-type]
