"""lambda-permission-missing: the front door may not invoke the function."""

from __future__ import annotations

from collections.abc import Iterator

from corsmith.api.alb import Alb, AlbRule
from corsmith.api.finding import Category
from corsmith.api.fix import Fix
from corsmith.api.value import Known
from corsmith.fixes import templates
from corsmith.fixes.yaml_written import Content

from .blocked import Blocked
from .rule import Diagnosis, Rule


def explain(blocked: Blocked) -> Diagnosis | None:
    """Explain errors of a front door that no permission lets invoke the function for this method and path."""
    declared = blocked.takes if blocked.at_preflight else blocked.cell.route.declared
    target = declared.action if isinstance(declared, AlbRule) else getattr(declared, "integration", None) or declared
    permitted = getattr(target, "permitted", None)
    if not isinstance(permitted, Known) or permitted.value or blocked.made_by not in ("gateway", "alb"):
        return None
    if blocked.status < 500 or blocked.function is None:
        return None
    verb = "OPTIONS" if blocked.at_preflight else blocked.cell.caller.method
    service = "elasticloadbalancing" if isinstance(blocked.front_door, Alb) else "apigateway"
    return Diagnosis(
        f"No AWS::Lambda::Permission lets {blocked.front_door.name} invoke {blocked.function.name} for {verb} "
        f"{blocked.cell.route.path}, so it answers {blocked.status} itself, without CORS headers. Allow "
        f"lambda:InvokeFunction to {service}.amazonaws.com with a SourceArn that covers this method and path.",
        tuple(
            dict.fromkeys(
                each
                for each in (permitted.span, getattr(declared, "span", None), blocked.function.span)
                if each is not None
            )
        ),
        lambda: _permit(blocked, service),
        apart=blocked.function.name,
    )


def _permit(blocked: Blocked, service: str) -> Iterator[Fix]:
    own: dict[str, Content] = {"Principal": f"{service}.amazonaws.com"}
    if service == "apigateway":
        arn = "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:"
        own["SourceArn"] = {"Fn::Sub": f"{arn}${{{blocked.front_door.name}}}/*/*"}
    if blocked.function is not None:
        edits = templates.add_permission(blocked.tree, blocked.cell.api, blocked.function.name, own)
        if edits:
            yield Fix(f"Let {blocked.front_door.name} invoke {blocked.function.name}", safe=True, edits=edits)


RULE = Rule(
    "lambda-permission-missing",
    Category.BLOCKED,
    "the front door may not invoke the function for this method or path",
    explain,
)
