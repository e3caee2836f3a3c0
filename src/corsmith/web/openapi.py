"""The OpenAPI document of the HTTP API."""

from __future__ import annotations

from typing import Any

from corsmith import __version__

_STRING = {"type": "string"}
_HEADERS = {
    "description": "Headers that the page's script sets: an object, or a list of pairs.",
    "oneOf": [
        {"type": "object", "additionalProperties": _STRING},
        {"type": "array", "items": {"type": "array", "items": _STRING, "minItems": 2, "maxItems": 2}},
    ],
}
_QUESTION = {
    "type": "object",
    "required": ["url"],
    "properties": {
        "url": {
            "type": "string",
            "format": "uri",
            "example": "https://abc123.execute-api.eu-west-1.amazonaws.com/items",
        },
        "origin": {"type": "string", "default": "https://app.example.com"},
        "method": {"type": "string", "default": "GET"},
        "headers": _HEADERS,
        "credentials": {"type": "boolean", "default": False},
        "data": {"type": "string", "description": "Body of the call. It counts for the preflight; it is not sent."},
    },
}


def _operation(summary: str, body: dict[str, Any], answer: str) -> dict[str, Any]:
    return {
        "post": {
            "summary": summary,
            "requestBody": {"required": True, "content": {"application/json": {"schema": body}}},
            "responses": {
                "200": {"description": answer, "content": {"application/json": {"schema": {"type": "object"}}}},
                "400": {"description": "What was asked cannot be done; `error` says why, `field` where."},
                "429": {"description": "Too many questions; `Retry-After` says when to come again."},
            },
        }
    }


OPENAPI: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "corsmith", "version": __version__, "license": {"name": "MIT", "identifier": "MIT"}},
    "paths": {
        "/api/check": _operation(
            "Call a URL as a page would, and judge the answer as its browser would.",
            _QUESTION,
            "The report, as `corsmith check URL --format json` prints it.",
        ),
        "/api/explain": _operation(
            "Explain a console message.",
            {
                "type": "object",
                "required": ["text"],
                "properties": {"text": _STRING, "status": {"type": "integer", "minimum": 100, "maximum": 599}},
            },
            "As `corsmith explain --format json` prints it.",
        ),
        "/api/simulate": _operation(
            "Judge a request and its responses given by hand; nothing is sent.",
            {
                "type": "object",
                "required": ["origin", "request", "response"],
                "properties": {
                    "browser": {"type": "string", "default": "model"},
                    "origin": _STRING,
                    "request": {"type": "object"},
                    "preflight": {"type": ["object", "null"]},
                    "response": {"type": "object"},
                },
            },
            "As `corsmith simulate --format json` prints it.",
        ),
    },
}
