"""What the fixes of REST APIs have in common, whatever the dialect."""

from __future__ import annotations

from corsmith.api.rest_api import RestApi
from corsmith.api.value import Known
from corsmith.api.wanted import Wanted

OK = "200"
"""The status of a mock's answer to a preflight."""


def without_options(api: RestApi) -> tuple[str, ...]:
    """Return the paths with no method that takes OPTIONS, in the order in which they are declared."""
    taken = {method.path for method in api.methods if method.verb in ("OPTIONS", "ANY")}
    return tuple(dict.fromkeys(method.path for method in api.methods if method.path not in taken))


def headers_of_preflight(api: RestApi, wanted: Wanted, path: str) -> dict[str, str] | None:
    """Return what OPTIONS of `path` is to answer, as quoted literals; None where one literal cannot serve."""
    if ambiguous(wanted):
        return None
    own = {each.verb for each in api.methods if each.path == path and each.verb != "ANY"}
    found = {
        "Access-Control-Allow-Origin": f"'{one_origin(wanted)}'",
        "Access-Control-Allow-Methods": f"'{','.join(sorted({*own, *wanted.methods, 'OPTIONS'}))}'",
    }
    if wanted.headers:
        found["Access-Control-Allow-Headers"] = f"'{','.join(wanted.headers)}'"
    if wanted.credentials:
        found["Access-Control-Allow-Credentials"] = "'true'"
    return found


def headers_of_response(wanted: Wanted) -> dict[str, str] | None:
    """Return what other responses are to carry, as quoted literals; None where one literal cannot serve."""
    if ambiguous(wanted):
        return None
    found = {"Access-Control-Allow-Origin": f"'{one_origin(wanted)}'"}
    if wanted.credentials:
        found["Access-Control-Allow-Credentials"] = "'true'"
    return found


def error_headers(wanted: Wanted) -> dict[str, str] | None:
    """Return the parameters of a gateway response for `wanted`; None where one literal cannot serve."""
    headers = headers_of_response(wanted)
    return {f"gatewayresponse.header.{name}": value for name, value in headers.items()} if headers else None


def ambiguous(wanted: Wanted) -> bool:
    """Say whether one literal cannot serve: several origins with credentials, or text that would end the literal."""
    return (len(wanted.origins) > 1 and wanted.credentials) or any("'" in origin for origin in wanted.origins)


def one_origin(wanted: Wanted) -> str:
    """Return the origin that a literal names: the only one, else everybody."""
    return wanted.origins[0] if len(wanted.origins) == 1 else "*"


def takes_all_for_binary(api: RestApi) -> bool:
    """Say whether every body counts as binary: then a mock has to be told to take it for text."""
    listed = api.binary_media_types.value if isinstance(api.binary_media_types, Known) else ()
    return any(isinstance(each, Known) and each.value.replace("~1", "/") == "*/*" for each in listed)
