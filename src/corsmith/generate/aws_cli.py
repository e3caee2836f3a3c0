"""Calls of the AWS command line. Source: its reference of apigatewayv2, lambda and apigateway."""

from __future__ import annotations

import json

from lambda_cors import Policy

from . import rest
from .comments import hash_comments


def write(front_door: str, policy: Policy) -> str:
    """Return commands for a POSIX shell."""
    if front_door == "http_api":
        head: tuple[str, ...] = ("Set API_ID. A stage without auto-deploy needs create-deployment afterwards.",)
        settings = json.dumps(policy.settings_for(front_door))
        calls = [f'aws apigatewayv2 update-api --api-id "$API_ID" \\\n  --cors-configuration {_quoted(settings)}']
    elif front_door == "function_url":
        head = ("Set FUNCTION. Take CORS headers out of its code: both would double them.",)
        settings = json.dumps(policy.settings_for(front_door))
        calls = [f'aws lambda update-function-url-config --function-name "$FUNCTION" \\\n  --cors {_quoted(settings)}']
    else:
        head = (
            *rest.remarks(policy),
            "Set API_ID, STAGE, and RESOURCE_ID of each resource: aws apigateway get-resources lists them.",
        )
        calls = _rest(policy)
    return hash_comments(head) + "\n".join(calls) + "\n"


_METHOD = '--rest-api-id "$API_ID" --resource-id "$RESOURCE_ID" --http-method OPTIONS'


def _rest(policy: Policy) -> list[str]:
    calls = [f"aws apigateway put-method {_METHOD} --authorization-type NONE"]
    if rest.constant(policy):
        headers = rest.preflight(policy)
        declared = {f"method.response.header.{name}": False for name in headers}
        values = {f"method.response.header.{name}": said for name, said in rest.quoted(headers).items()}
        template = json.dumps({"application/json": '{"statusCode": 204}'})
        calls += [
            (
                f"aws apigateway put-integration {_METHOD} --type MOCK --content-handling CONVERT_TO_TEXT \\\n"
                f"  --request-templates {_quoted(template)}"
            ),
            (
                f"aws apigateway put-method-response {_METHOD} --status-code 204 \\\n"
                f"  --response-parameters {_quoted(json.dumps(declared))}"
            ),
            (
                f"aws apigateway put-integration-response {_METHOD} --status-code 204 \\\n"
                f"  --response-parameters {_quoted(json.dumps(values))}"
            ),
        ]
    else:
        calls.append(
            f"aws apigateway put-integration {_METHOD} --type AWS_PROXY --integration-http-method POST \\\n"
            '  --uri "arn:aws:apigateway:$AWS_REGION:lambda:path/2015-03-31/functions/$FUNCTION_ARN/invocations"'
        )
    errors = {f"gatewayresponse.header.{name}": said for name, said in rest.quoted(rest.of_errors(policy)).items()}
    calls += [
        f'aws apigateway put-gateway-response --rest-api-id "$API_ID" --response-type {name} \\\n'
        f"  --response-parameters {_quoted(json.dumps(errors))}"
        for name in rest.DEFAULTS
    ]
    return [*calls, 'aws apigateway create-deployment --rest-api-id "$API_ID" --stage-name "$STAGE"']


def _quoted(text: str) -> str:
    """Return `text` as one word of a POSIX shell."""
    return "'" + text.replace("'", "'\\''") + "'"
