"""rest-options-requires-auth: the preflight is asked for credentials that it never carries."""

from __future__ import annotations

from corsmith.api.finding import Category
from corsmith.api.rest_api import RestApi, RestMethod
from corsmith.api.span import Span
from corsmith.api.value import Known

from .blocked import Blocked
from .rest_proposals import free_preflight
from .rule import Diagnosis, Rule


def explain(blocked: Blocked) -> Diagnosis | None:
    """Explain preflights that an authorizer, IAM or a resource policy refuses."""
    front_door, method = blocked.front_door, blocked.takes
    if not isinstance(front_door, RestApi) or not blocked.at_preflight or not isinstance(method, RestMethod):
        return None
    authorizer = method.authorizer.value if isinstance(method.authorizer, Known) else None
    refusal = next((each for each in front_door.refusals if blocked.status == 403 and authorizer is None), None)
    if blocked.status not in (401, 403) or blocked.made_by not in ("authorizer", "gateway"):
        return None
    if authorizer is not None:
        who, span = (
            f"authorizer {authorizer.name}" if authorizer.kind != "iam" else "IAM authorization",
            authorizer.span,
        )
    elif refusal is not None:
        who, span = f"the resource policy ({refusal.because})", refusal.span
    else:
        return None
    verb = "OPTIONS" if method.verb.upper() == "OPTIONS" else "ANY"
    return Diagnosis(
        f"{verb} {method.path} of REST API {front_door.name} requires {who}. A preflight carries no credentials, so it is "
        f"answered {blocked.status}. Set the authorization of OPTIONS to NONE.",
        tuple(dict.fromkeys(each for each in (_written(method), method.span, span) if each is not None)),
        lambda: free_preflight(blocked),
    )


def _written(method: RestMethod) -> Span | None:
    """Return where the method's own authorization is written; None for a method that the tool's shorthand makes."""
    return None if method.declared_by_tool else method.authorizer.span


RULE = Rule(
    "rest-options-requires-auth",
    Category.BLOCKED,
    "OPTIONS carries an authorizer or IAM auth (or a resource policy refuses it), so the preflight gets 401/403",
    explain,
)
