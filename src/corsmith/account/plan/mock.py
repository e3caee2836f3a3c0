"""The method that answers preflights without a function: OPTIONS with a MOCK, as API Gateway wants it, and what it lacks.

Four pieces: the method with authorization NONE, the MOCK with a template that yields a whole number as statusCode, a method
response that declares the headers, an integration response for that status that maps them to literals in single quotes
(API Gateway developer guide, "Enable CORS on a resource"). contentHandling CONVERT_TO_TEXT keeps the MOCK working where the
API takes every media type as binary.
"""

from __future__ import annotations

import json
from collections.abc import Callable

from .call import Json

HEADER = "method.response.header."
ORIGIN = "Access-Control-Allow-Origin"
METHODS = "Access-Control-Allow-Methods"
HEADERS = "Access-Control-Allow-Headers"
CREDENTIALS = "Access-Control-Allow-Credentials"
_STATUS = "204"


def made(headers: dict[str, str]) -> Json:
    """Return a whole OPTIONS method that answers with `headers` (without quotes)."""
    bare: Json = {"httpMethod": "OPTIONS", "authorizationType": "NONE", "apiKeyRequired": False}
    return answering(with_mock(bare), headers)


def with_mock(method: Json) -> Json:
    """Return a method with a MOCK in place of the integration that it lacks."""
    mock: Json = {
        "type": "MOCK",
        "requestTemplates": {"application/json": _template(_STATUS)},
        "passthroughBehavior": "NEVER",
        "contentHandling": "CONVERT_TO_TEXT",
        "timeoutInMillis": 29_000,
    }
    return {**method, "methodIntegration": mock}


def working(method: Json) -> Json:
    """Return a method whose MOCK yields the status of its response for the normal course, which is made where it lacks."""
    status = status_of(method)
    mock = method["methodIntegration"]
    templates = {**(mock.get("requestTemplates") or {}), "application/json": _template(status)}
    return answering({**method, "methodIntegration": {**mock, "requestTemplates": templates}}, {})


def as_text(method: Json) -> Json:
    """Return a method whose MOCK takes its body as text, and hands it on as text.

    Reports disagree whether the request's side is enough (serverless/serverless#10254): both are set.
    """
    mock = method["methodIntegration"]
    responses = {
        status: {**each, "contentHandling": "CONVERT_TO_TEXT"}
        for status, each in (mock.get("integrationResponses") or {}).items()
    }
    text = {**mock, "contentHandling": "CONVERT_TO_TEXT"}
    return {**method, "methodIntegration": {**text, "integrationResponses": responses} if responses else text}


def answering(method: Json, headers: dict[str, str]) -> Json:
    """Return a method whose response for the normal course, made where it lacks, carries `headers`."""
    return with_headers(method, status_of(method), headers)


def answering_always(method: Json, headers: dict[str, str]) -> Json:
    """Return a method whose every integration response carries `headers`."""
    now = method
    for status in method["methodIntegration"].get("integrationResponses") or {}:
        now = with_headers(now, status, headers)
    return now


def with_headers(method: Json, status: str, headers: dict[str, str]) -> Json:
    """Return a method whose response with `status` carries `headers`: declared, and mapped to literals.

    A header that is there under another spelling keeps it.
    """
    mock = method["methodIntegration"]
    responses = mock.get("integrationResponses") or {}
    own = responses.get(status) or {"statusCode": status, "responseTemplates": {"application/json": ""}}
    mapped = dict(own.get("responseParameters") or {})
    for name, value in headers.items():
        mapped[_spelt(mapped, name)] = quoted(value)
    declared = (method.get("methodResponses") or {}).get(status) or {"statusCode": status}
    parameters = {**dict.fromkeys(mapped, False), **(declared.get("responseParameters") or {})}
    response = {**own, **({"responseParameters": mapped} if mapped else {})}
    return {
        **method,
        "methodResponses": {
            **(method.get("methodResponses") or {}),
            status: {**declared, **({"responseParameters": parameters} if parameters else {})},
        },
        "methodIntegration": {**mock, "integrationResponses": {**responses, status: response}},
    }


def renamed(method: Json, names: dict[str, str]) -> Json:
    """Return a method whose responses declare and map parameters under other names."""
    return _each_parameters(method, lambda own: {names.get(name, name): value for name, value in own.items()})


def mapped_values(method: Json, change: Callable[[str, str], str]) -> Json:
    """Return a method with `change` (name, value) done to every value that an integration response maps."""
    mock = method.get("methodIntegration") or {}
    responses = {
        status: {**each, "responseParameters": {n: change(n, v) for n, v in each["responseParameters"].items()}}
        if each.get("responseParameters")
        else each
        for status, each in (mock.get("integrationResponses") or {}).items()
    }
    return {**method, "methodIntegration": {**mock, "integrationResponses": responses}} if responses else method


def _each_parameters(method: Json, change: Callable[[Json], Json]) -> Json:
    def of(responses: Json) -> Json:
        return {
            status: {**each, "responseParameters": change(each["responseParameters"])}
            if each.get("responseParameters")
            else each
            for status, each in responses.items()
        }

    mock = method["methodIntegration"]
    return {
        **method,
        "methodResponses": of(method.get("methodResponses") or {}),
        "methodIntegration": {**mock, "integrationResponses": of(mock.get("integrationResponses") or {})},
    }


def _spelt(mapped: Json, name: str) -> str:
    wanted = (HEADER + name).lower()
    return next((each for each in mapped if each.lower() == wanted), HEADER + name)


def status_of(method: Json) -> str:
    """Return the status of the integration response for the normal course: the one without a pattern, else the first."""
    responses = (method.get("methodIntegration") or {}).get("integrationResponses") or {}
    plain = (status for status, each in responses.items() if not each.get("selectionPattern"))
    declared = (method.get("methodResponses") or {}).keys()
    good = (status for status in declared if status.startswith("2"))
    return str(next(plain, None) or next(iter(responses), None) or next(good, _STATUS))


def quoted(value: str) -> str:
    """Return a value as the literal of a mapping expression."""
    return f"'{value}'"


def unquoted(value: str) -> str | None:
    """Return the text of a literal, None for an expression that is none."""
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] == "'" else None


def _template(status: str) -> str:
    return json.dumps({"statusCode": int(status)})
