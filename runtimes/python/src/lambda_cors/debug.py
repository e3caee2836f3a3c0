"""What `debug=True` adds: the headers that let a browser name the real cause, and one line of JSON that says it first."""

from logging import getLogger

from lambda_cors.events import header
from lambda_cors.responses import OWN, to_json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from lambda_cors.policy import Policy

PREFLIGHT = "Response to preflight request doesn't pass access control check: "
MISSING = "No 'Access-Control-Allow-Origin' header is present on the requested resource."


def explain_preflight(
    policy: "Policy | None", event: "Any", origin: str, method: str, names: "str | None"
) -> "dict[str, str] | None":
    """The headers up to the step that fails (Fetch Standard, CORS-preflight fetch); None: nothing but what is usual."""
    step = policy.refuses(origin, method, names) if policy else "route"
    if step is None or policy is None or step == "origin":
        if step:
            _log(step, event, origin, PREFLIGHT + MISSING, _origin_fix(policy, origin))
        return None
    if step == "method":
        said = f"Method {method} is not allowed by Access-Control-Allow-Methods in preflight response."
        _log(step, event, origin, said, f"add {method!r} to methods")
    else:
        name = policy.unlisted(names or "") or ""
        said = f"Request header field {name} is not allowed by Access-Control-Allow-Headers in preflight response."
        _log(step, event, origin, said, f"add {name!r} to request_headers")
    return policy.preflight_headers_for(origin, "GET", None)


def explain_response(policy: "Policy | None", event: "Any", origin: "str | None", result: "Any") -> None:
    """Logs why a page may not read this response, and that the handler's own CORS headers were replaced."""
    if origin is not None and not (policy and policy.allows(origin)):
        _log("origin" if policy else "route", event, origin, MISSING, _origin_fix(policy, origin))
    maps = [result.get(key) for key in ("headers", "multiValueHeaders")] if isinstance(result, dict) else []
    own = sorted({str(n) for m in maps if isinstance(m, dict) for n in m if str(n).lower().startswith(OWN)})
    if own:
        _write({"cors": "replaced", "headers": own, "fix": "remove them from the handler: the policy decides"})


def _origin_fix(policy: "Policy | None", origin: str) -> str:
    if policy is None:
        return "give this route, or '*', a policy"
    return f"add {origin!r} to origins, if the page is yours"


def _log(step: str, event: "Any", origin: str, said: str, fix: str) -> None:
    context = event.get("requestContext")
    host = context.get("domainName") if isinstance(context, dict) else None
    paths = (event.get(key) for key in ("rawPath", "path", "raw_path"))
    path = next((p for p in paths if isinstance(p, str)), "/")
    url = f"https://{host or header(event, 'host') or 'unknown'}{path}"
    console = f"Access to fetch at '{url}' from origin '{origin}' has been blocked by CORS policy: {said}"
    _write({"cors": "blocked", "step": step, "origin": origin, "url": url, "console": console, "fix": fix})


def _write(said: "dict[str, Any]") -> None:
    getLogger("lambda_cors").warning("%s", to_json(said))
