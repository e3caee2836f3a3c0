"""What `debug=True` adds: the headers that let a browser name the real cause, and one line of JSON that says it first."""

from logging import getLogger

from lambda_cors.events import header
from lambda_cors.responses import OWN, to_json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from lambda_cors.policy import Policy

MISSING = "No 'Access-Control-Allow-Origin' header is present on the requested resource."


def explain_preflight(
    policy: "Policy | None", event: "Any", origin: str, method: str, names: str | None
) -> dict[str, str] | None:
    """Logs the step that fails, and gives the headers up to it; None: there are no others than usual."""
    step = policy.refuses(origin, method, names) if policy else "origin"
    if step is None:
        return None
    if policy is None or step == "origin":
        _blocked(policy, event, origin, f"Response to preflight request doesn't pass access control check: {MISSING}")
        return None
    if step == "method":
        what, said, fix = f"Method {method}", "Methods", f"add {method!r} to methods"
    else:
        name = policy.unlisted(names or "")
        what, said, fix = f"Request header field {name}", "Headers", f"add {name!r} to request_headers"
    _log(step, event, origin, f"{what} is not allowed by Access-Control-Allow-{said} in preflight response.", fix)
    return policy.preflight_headers_for(origin, "GET", None)


def explain_response(policy: "Policy | None", event: "Any", origin: str | None, result: "Any") -> None:
    """Logs why a page may not read this response, and which CORS headers of the handler's own were replaced."""
    if origin is not None and not (policy and policy.allows(origin)):
        _blocked(policy, event, origin, MISSING)
    if isinstance(result, dict):
        maps = [m for m in (result.get("headers"), result.get("multiValueHeaders")) if isinstance(m, dict)]
        own = sorted({name for m in maps for name in map(str, m) if name.lower().startswith(OWN)})
        if own:
            _write({"cors": "replaced", "headers": own, "fix": "remove them from the handler: the policy decides"})


def _blocked(policy: "Policy | None", event: "Any", origin: str, said: str) -> None:
    fix = f"add {origin!r} to origins, if the page is yours" if policy else "give this route, or '*', a policy"
    _log("origin", event, origin, said, fix)


def _log(step: str, event: "Any", origin: str, said: str, fix: str) -> None:
    path = next((event[key] for key in ("rawPath", "path", "raw_path") if key in event), "/")
    url = f"https://{header(event, 'host') or 'unknown'}{path}"
    console = f"Access to fetch at '{url}' from origin '{origin}' has been blocked by CORS policy: {said}"
    _write({"cors": "blocked", "step": step, "origin": origin, "url": url, "console": console, "fix": fix})


def _write(said: "dict[str, Any]") -> None:
    getLogger("lambda_cors").warning("%s", to_json(said))
