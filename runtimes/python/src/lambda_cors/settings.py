"""A policy in the words of the front doors' own CORS settings, and back."""

from lambda_cors.policy import LISTS, Policy, PolicyError, Problem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

HEADERS = {
    "Allow-Origin": "origins",
    "Allow-Methods": "methods",
    "Allow-Headers": "request_headers",
    "Expose-Headers": "response_headers",
    "Allow-Credentials": "credentials",
    "Max-Age": "max_age",
}
# HTTP APIs and Function URLs have lists. REST APIs have constants in single quotes: SAM's Cors, and a mock's headers.
KEYS = {name.replace("-", "").replace("Origin", "Origins"): field for name, field in HEADERS.items()}
SAM = {name.replace("-", ""): field for name, field in HEADERS.items() if field != "response_headers"}
URL_METHODS = ("*", "DELETE", "GET", "HEAD", "PATCH", "POST", "PUT")


def write_settings(policy: Policy, front_door: str) -> "dict[str, Any]":
    """The settings, leaving out what the policy leaves out."""
    url, rest = front_door == "function_url", front_door in ("rest_api", "sam_rest_api")
    several = rest and len(policy.origins) > 1
    wrong = [("origins", origin) for origin in policy.origins if several or ("*" in origin and origin != "*")]
    wrong += [("methods", method) for method in policy.methods if url and method not in URL_METHODS]
    wrong += [(field, item) for field in LISTS for item in getattr(policy, field) if rest and "'" in item]
    if url and policy.max_age == -1:
        wrong.append(("max_age", "-1"))
    if wrong or not (url or rest or front_door == "http_api"):
        why, fix = f"cannot be said by {front_door}", "let the function answer with cors(policy)"
        raise PolicyError(*(Problem("front-door", field, value, why, fix) for field, value in wrong or [("", "")]))
    if rest:
        headers = policy.preflight_headers_for(policy.origins[0], "GET", None)
        constants: dict[str, Any] = {name: f"'{value}'" for name, value in headers.items() if name != "Vary"}
        if front_door == "rest_api":
            return constants
        # SAM quotes this one itself, and drops what is no boolean.
        constants |= {name: True for name in constants if "Cred" in name}
        return {name[15:].replace("-", ""): value for name, value in constants.items()}
    said = {key: getattr(policy, name) for key, name in KEYS.items()}
    return {
        key: list(value) if isinstance(value, tuple) else value
        for key, value in said.items()
        if value not in ((), None) and value is not False
    }


def read_settings(settings: "dict[str, Any]") -> "dict[str, Any]":
    """The arguments of the Policy. Raises PolicyError for unknown keys, and for constants without their quotes."""
    found: list[Problem] = []
    arguments = {}
    given = {key: _word(key) for key in settings}
    is_sam = any(word == "AllowOrigin" and isinstance(settings[key], str) for key, word in given.items())
    words = HEADERS if not HEADERS.keys().isdisjoint(given.values()) else SAM if is_sam else KEYS
    for key, value in settings.items():
        field = words.get(given[key])
        if field is None:
            fix = f"write one of {', '.join(words)}"
            found.append(Problem("front-door-key", key, value, "is no CORS setting", fix))
        elif words is KEYS or (words is SAM and type(value) is bool):
            arguments[field] = value
        elif isinstance(value, str) and len(value) > 1 and value[0] == value[-1] == "'":
            arguments[field] = _constant(field, value[1:-1])
        else:
            why, fix = "is no constant of a REST API, which has single quotes", f"write \"'{value}'\""
            found.append(Problem("front-door-quotes", key, value, why, fix))
    if found:
        raise PolicyError(*found)
    return arguments


def _word(key: str) -> str:
    """The key as the tables have it. The API's begin with a small letter; a mapping's have a prefix with dots."""
    header = key.rpartition(".")[2].title()
    return header[15:] if header.startswith("Access-Control-") else key[:1].upper() + key[1:]


def _constant(field: str, text: str) -> "Any":
    if field == "credentials":
        return text == "true" or text
    if field == "max_age":
        return int(text) if text.removeprefix("-").isdecimal() and len(text) < 9 else text
    return [text] if field == "origins" else [name.strip() for name in text.split(",")]
