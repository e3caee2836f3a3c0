"""The preflight's answer that lets a call through: where it is known to have passed, or is not what is asked about."""

from __future__ import annotations

from corsmith.api.exchange import Response, values
from corsmith.browser import Ask


def passing(ask: Ask) -> Response:
    """Return an answer that allows all that the preflight asks for."""
    asked = ask.request.headers
    origin = next(iter(values(asked, "origin")), "*")
    method = next(iter(values(asked, "access-control-request-method")), "")
    names = ", ".join(values(asked, "access-control-request-headers"))
    return Response(
        204,
        (
            ("Access-Control-Allow-Origin", origin),
            ("Access-Control-Allow-Credentials", "true"),
            ("Access-Control-Allow-Methods", method),
            ("Access-Control-Allow-Headers", names),
        ),
    )
