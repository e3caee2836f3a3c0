"""What a front door's own CORS settings refuse of a preflight that it answers without any CORS header.

A Function URL drops all CORS headers when the origin, the method or a header does not match its settings, so the browser
can only say that Access-Control-Allow-Origin is missing; the settings tell what did not match.
"""

from __future__ import annotations

from corsmith.api.cloudfront import PolicyCors
from corsmith.api.exchange import values
from corsmith.api.function_url import FunctionUrl, FunctionUrlCors
from corsmith.api.http_api import HttpApi, HttpApiCors
from corsmith.api.value import Known, Texts, Undecided, texts

from .blocked import ALLOW_ORIGIN, Blocked

_SAFELISTED = frozenset(("GET", "HEAD", "POST"))
"""Methods that need no Access-Control-Allow-Methods (Fetch Standard, CORS-safelisted method)."""


def refused_origin(blocked: Blocked) -> bool:
    """Say whether an answer has no Access-Control-Allow-Origin because the settings do not list the page's origin."""
    cors = _settings(blocked)
    if cors is None or blocked.values(ALLOW_ORIGIN):
        return False
    origin = blocked.cell.caller.origin
    listed = _listed(cors.allow_origins)
    return not any(each in ("*", origin) or each == f"{origin.split('://')[0]}://*" for each in listed)


def refused_method(blocked: Blocked) -> str | None:
    """Return the method that the settings do not list, where that alone is the fault."""
    cors = _settings(blocked)
    if cors is None or not _bare(blocked) or refused_origin(blocked):
        return None
    listed = _listed(cors.allow_methods)
    method = blocked.cell.caller.method
    if cors.allow_methods is None and method in _SAFELISTED:
        return None
    return None if method in listed or "*" in listed else method


def refused_header(blocked: Blocked) -> str | None:
    """Return the first header that the settings do not list, where the origin and the method are listed."""
    cors = _settings(blocked)
    if cors is None or not _bare(blocked) or refused_origin(blocked) or refused_method(blocked) is not None:
        return None
    listed = {name.lower() for name in _listed(cors.allow_headers)}
    if "*" in listed:
        return None
    asked = ",".join(values(blocked.deciding.request.headers, "access-control-request-headers"))
    return next((name for name in asked.split(",") if name and name.lower() not in listed), None)


def _settings(blocked: Blocked) -> HttpApiCors | FunctionUrlCors | PolicyCors | None:
    front_door = blocked.front_door
    if isinstance(front_door, HttpApi | FunctionUrl) and isinstance(front_door.cors, Known):
        return front_door.cors.value
    behavior = blocked.cell.route.behavior
    return behavior.cors.value if behavior is not None and isinstance(behavior.cors, Known) else None


def _bare(blocked: Blocked) -> bool:
    """Say whether the front door itself answered a preflight without Access-Control-Allow-Origin."""
    return blocked.at_preflight and blocked.made_by == "gateway" and not blocked.values(ALLOW_ORIGIN)


def listed(blocked: Blocked, setting: str) -> tuple[str, ...]:
    """Return what the front door's setting `setting` ("allow_origins", …) lists; nothing where it is not known."""
    cors = _settings(blocked)
    return _listed(getattr(cors, setting)) if cors is not None else ()


def _listed(setting: Texts | None) -> tuple[str, ...]:
    try:
        return texts(setting) if setting is not None else ()
    except Undecided:
        return ()
