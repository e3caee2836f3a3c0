"""Who calls a function whose code was not read: pages that send JSON, which is what makes a browser ask first.

A template's check knows from the code whether a body is read as JSON, and leaves it open where there is none. An account has
no code unless it is downloaded, and an API whose preflight fails for JSON is what an audit is there to find: findings that
rest on this say so.
"""

from __future__ import annotations

from msgspec.structs import replace

from corsmith.api.caller import Caller
from corsmith.api.cell import Route
from corsmith.api.model import Api
from corsmith.api.value import Known
from corsmith.project.callers import WITHOUT_BODY
from corsmith.project.check import Checked, Plan
from corsmith.project.routes import function_of

ASSUMED = ("Content-Type", "application/json")
"""The header that is assumed; it is spelt so that it can be told from one that is known."""


def sending_json(checked: Checked) -> Plan:
    """Return the callers of a check; those with a body for code that was not read send JSON."""
    plan = dict(checked.plan)
    for api in checked.apis:
        routes = {(cell.route.front_door.name, cell.route.label): cell.route for cell in checked.cells}
        for route, called in routes.items():
            key = (api.file, *route)
            if key in plan and not _is_read(api, called):
                plan[key] = tuple(_sending(caller) for caller in plan[key])
    return plan


def _is_read(api: Api, route: Route) -> bool:
    name = function_of(route.declared)
    function = api.function(name) if name is not None else None
    return function is not None and isinstance(function.code, Known)


def _sending(caller: Caller) -> Caller:
    told = any(name.lower() == "content-type" for name, _ in caller.headers)
    if caller.method in WITHOUT_BODY or told:
        return caller
    return replace(caller, headers=(*caller.headers, ASSUMED))
