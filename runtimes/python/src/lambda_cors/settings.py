"""A policy in the words of an HTTP API's or a Function URL's CORS settings, and back."""

from lambda_cors.policy import Policy, PolicyError, Problem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

KEYS = {
    "AllowOrigins": "origins",
    "AllowMethods": "methods",
    "AllowHeaders": "request_headers",
    "ExposeHeaders": "response_headers",
    "AllowCredentials": "credentials",
    "MaxAge": "max_age",
}
URL_METHODS = ("*", "DELETE", "GET", "HEAD", "PATCH", "POST", "PUT")


def write_settings(policy: Policy, front_door: str) -> "dict[str, Any]":
    """The settings, leaving out what the policy leaves out."""
    url = front_door == "function_url"
    wrong = [("origins", origin) for origin in policy.origins if "*" in origin and origin != "*"]
    wrong += [("methods", method) for method in policy.methods if url and method not in URL_METHODS]
    if url and policy.max_age == -1:
        wrong.append(("max_age", "-1"))
    if wrong or front_door not in ("http_api", "function_url"):
        why, fix = f"cannot be said by {front_door}", "let the function answer with cors(policy)"
        raise PolicyError(*(Problem("front-door", field, value, why, fix) for field, value in wrong or [("", "")]))
    said = {key: getattr(policy, name) for key, name in KEYS.items()}
    return {
        key: list(value) if isinstance(value, tuple) else value
        for key, value in said.items()
        if value not in ((), None) and value is not False
    }


def read_settings(settings: "dict[str, Any]") -> "dict[str, Any]":
    """The arguments of the Policy; keys may begin with a small letter, as the API and OpenAPI write them."""
    names = {key[:1].upper() + key[1:]: key for key in settings}
    unknown = [names[key] for key in names if key not in KEYS]
    if unknown:
        fix = f"write one of {', '.join(KEYS)}"
        raise PolicyError(
            *(Problem("front-door-key", key, settings[key], "is no CORS setting", fix) for key in unknown)
        )
    return {KEYS[key]: settings[given] for key, given in names.items()}
