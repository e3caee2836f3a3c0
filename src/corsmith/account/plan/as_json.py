"""A plan as JSON: an object for each front door, in it the calls as they will be sent."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .call import Call, Request
from .plan import UnitPlan


def as_data(plans: Iterable[UnitPlan]) -> list[dict[str, Any]]:
    """Return the plans as plain data."""
    return [
        {
            "api": plan.name,
            "arn": plan.arn,
            "managed": None
            if plan.managed is None
            else {"tool": plan.managed.tool, "by": plan.managed.what, "advice": plan.managed.advice},
            "calls": [_call(each) for each in plan.calls],
            "ends": [{"rule": rule, "findings": count} for rule, count in plan.ends],
            "left": [
                {"rule": each.rule or None, "route": each.route, "severity": str(each.severity), "because": each.why}
                for each in plan.left
            ],
        }
        for plan in plans
    ]


def _call(call: Call) -> dict[str, Any]:
    return {
        "account": call.thing.place.account,
        "region": call.thing.place.region,
        **_request(call.request),
        "changes": call.thing.label,
        "before": call.before,
        "after": call.after,
        "rules": list(call.why),
        "undo": [_request(each) for each in call.inverse],
        "note": call.note or None,
    }


def _request(request: Request) -> dict[str, Any]:
    return {"service": request.service, "operation": request.operation, "parameters": request.parameters}
