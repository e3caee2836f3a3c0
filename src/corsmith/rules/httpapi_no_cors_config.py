"""httpapi-no-cors-config: nobody answers for CORS on this HTTP API."""

from __future__ import annotations

from corsmith.api.finding import Category, Severity
from corsmith.api.http_api import HttpApi
from corsmith.api.value import Known

from .blocked import Blocked
from .proposals import configure_cors
from .rule import Diagnosis, Rule


def explain(blocked: Blocked) -> Diagnosis | None:
    """Explain calls to an HTTP API without CORS configuration that no code answers for."""
    front_door = blocked.front_door
    if not isinstance(front_door, HttpApi) or not isinstance(front_door.cors, Known):
        return None
    if front_door.cors.value is not None:
        return None
    if blocked.made_by == "handler" and any(blocked.code_says()):
        return None
    who = "no route takes its OPTIONS request" if blocked.status == 404 else f"the {blocked.made_by} answers it without"
    what = f"preflight ({who})" if blocked.at_preflight else f"response ({blocked.status} by the {blocked.made_by})"
    return Diagnosis(
        f"HTTP API {front_door.name} has no CORS configuration, so nothing adds Access-Control-Allow-Origin to the {what}. "
        "Configure CORS on the API: then the gateway answers preflights itself and adds the headers to every response.",
        (front_door.span, blocked.cell.route.declared.span),
        lambda: configure_cors(blocked),
        severity=Severity.WARNING if blocked.cell.situation else Severity.ERROR,
    )


RULE = Rule(
    "httpapi-no-cors-config",
    Category.BLOCKED,
    "no CORS configuration, and neither an OPTIONS route nor a handler does the job",
    explain,
)
