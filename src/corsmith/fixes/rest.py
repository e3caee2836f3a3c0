"""What the fixes of REST APIs have in common, whatever the dialect."""

from __future__ import annotations

from corsmith.api.rest_api import RestApi
from corsmith.api.wanted import Wanted


def without_options(api: RestApi) -> tuple[str, ...]:
    """Return the paths with no method that takes OPTIONS, in the order in which they are declared."""
    taken = {method.path for method in api.methods if method.verb in ("OPTIONS", "ANY")}
    return tuple(dict.fromkeys(method.path for method in api.methods if method.path not in taken))


def error_headers(wanted: Wanted) -> dict[str, str] | None:
    """Return the parameters of a gateway response for `wanted`; None where one literal cannot serve.

    That is so for several origins with credentials, and for a text that would end the literal.
    """
    if (len(wanted.origins) > 1 and wanted.credentials) or any("'" in origin for origin in wanted.origins):
        return None
    origin = wanted.origins[0] if len(wanted.origins) == 1 else "*"
    found = {"gatewayresponse.header.Access-Control-Allow-Origin": f"'{origin}'"}
    if wanted.credentials:
        found["gatewayresponse.header.Access-Control-Allow-Credentials"] = "'true'"
    return found
