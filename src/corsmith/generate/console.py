"""Steps in the AWS console, with what to enter in each field."""

from __future__ import annotations

from lambda_cors import Policy

from . import rest

_LABELS = {
    "AllowOrigins": "Access-Control-Allow-Origin",
    "AllowHeaders": "Access-Control-Allow-Headers",
    "AllowMethods": "Access-Control-Allow-Methods",
    "ExposeHeaders": "Access-Control-Expose-Headers",
    "MaxAge": "Access-Control-Max-Age",
    "AllowCredentials": "Access-Control-Allow-Credentials",
}
_URL_LABELS = {
    "AllowOrigins": "Allow origin",
    "ExposeHeaders": "Expose headers",
    "AllowHeaders": "Allow headers",
    "AllowMethods": "Allow methods",
    "MaxAge": "Max age",
    "AllowCredentials": "Allow credentials",
}


def write(front_door: str, policy: Policy) -> str:
    """Return numbered steps."""
    if front_door == "http_api":
        steps = ["API Gateway, your HTTP API, Develop: CORS, Configure. Enter each value by itself and press Add:"]
        steps[0] += _values(_LABELS, policy.settings_for(front_door))
        steps += ["Save.", "Where the stage has no automatic deployment: Deploy."]
    elif front_door == "function_url":
        steps = [
            "Lambda, your function, Configuration: Function URL, Edit. Tick Configure cross-origin resource sharing (CORS):"
        ]
        steps[0] += _values(_URL_LABELS, policy.settings_for(front_door))
        steps += ["Save.", "Take CORS headers out of the function's code: both would double them."]
    else:
        steps = _rest(policy)
    return "".join(f"{number}. {step}\n" for number, step in enumerate(steps, 1))


def _values(labels: dict[str, str], settings: dict[str, object]) -> str:
    lines = []
    for key, label in labels.items():
        value = settings.get(key)
        if value is None:
            continue
        items = value if isinstance(value, list) else ["yes" if value is True else value]
        lines += [f"\n   {label}: {item}" for item in items]
    return "".join(lines)


def _rest(policy: Policy) -> list[str]:
    if rest.constant(policy):
        headers = "".join(f"\n   {name}: {said}" for name, said in rest.quoted(rest.preflight(policy)).items())
        steps = [
            "API Gateway, your REST API, Resources. For each resource: Create method, OPTIONS, Mock.",
            (
                "In its method response, make a response with status 204 and these headers; in its integration response for"
                f" 204, map them to these values, with the inner quotes:{headers}"
            ),
            'In its integration request, the mapping template application/json is: {"statusCode": 204}',
        ]
    else:
        steps = [
            (
                "API Gateway, your REST API, Resources. For each resource: Create method, OPTIONS, Lambda function, with Lambda"
                " proxy integration: the function answers preflights (corsmith generate --for python --front-door rest_api)."
            ),
        ]
    errors = "".join(f"\n   {name}: {said}" for name, said in rest.quoted(rest.of_errors(policy)).items())
    return [
        *steps,
        "The method OPTIONS has no authorizer and requires no API key.",
        f"Gateway responses, Default 4XX and Default 5XX, Edit, Response headers:{errors}",
        "Deploy API, to the stage that your pages call.",
        "The function adds the headers to its own responses: corsmith generate --for python --front-door rest_api",
    ]
