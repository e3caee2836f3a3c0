"""A policy as a REST API says it: constant values in the mock that answers OPTIONS, and in gateway responses.

A constant holds one origin. Where the policy has several, the function is to answer OPTIONS, and API Gateway's own errors
carry `*` where that is allowed. Source: the API Gateway developer guide, "Enable CORS on a resource" and "Gateway
response customization".
"""

from __future__ import annotations

from lambda_cors import Policy

from .cannot import CannotSay

ONE_ORIGIN = "A REST API's mock says one origin; here are several, so OPTIONS goes to the function, which answers it:"
FUNCTION = "The function adds the headers to its own responses: corsmith generate --for python --front-door rest_api"
DEFAULTS = ("DEFAULT_4XX", "DEFAULT_5XX")


def constant(policy: Policy) -> bool:
    """Say whether constants can say the policy: one origin, exact or `*`."""
    return len(policy.origins) == 1 and (policy.origins[0] == "*" or "*" not in policy.origins[0])


def preflight(policy: Policy) -> dict[str, str]:
    """Return the headers that answer a preflight. `policy` is one that constants can say."""
    said = {
        "Access-Control-Allow-Origin": policy.origins[0],
        "Access-Control-Allow-Methods": ",".join(policy.methods),
        "Access-Control-Allow-Headers": ",".join(policy.request_headers),
        "Access-Control-Allow-Credentials": "true" if policy.credentials else "",
        "Access-Control-Max-Age": "" if policy.max_age is None else str(policy.max_age),
    }
    return {name: value for name, value in said.items() if value}


def of_errors(policy: Policy) -> dict[str, str]:
    """Return the headers of API Gateway's own errors.

    For several origins with credentials no constant is right: the first origin's pages then see the errors, the others'
    a CORS error in their place.
    """
    if constant(policy) or policy.credentials:
        origin = next((each for each in policy.origins if "*" not in each), policy.origins[0])
        headers = {"Access-Control-Allow-Origin": origin}
        return {**headers, "Access-Control-Allow-Credentials": "true"} if policy.credentials else headers
    return {"Access-Control-Allow-Origin": "*"}


def quoted(headers: dict[str, str]) -> dict[str, str]:
    """Return the headers with the inner quotes of a mapping expression's constant. Raises `CannotSay`."""
    for name, value in headers.items():
        if "'" in value:
            raise CannotSay(f"{name}: {value!r} holds a single quote, which ends a REST API's constant")
    return {name: f"'{value}'" for name, value in headers.items()}


def remarks(policy: Policy) -> tuple[str, ...]:
    """Return what whoever pastes the configuration is to know."""
    if constant(policy):
        return (FUNCTION,)
    found = [ONE_ORIGIN, "corsmith generate --for python --front-door rest_api (or --for node)"]
    if policy.credentials:
        found.append("API Gateway's own errors say one origin: pages of the others see a CORS error in their place.")
    return tuple(found)
