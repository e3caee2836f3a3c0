"""origin-mismatch: the configured or returned origin is another one than the page's."""

from __future__ import annotations

from itertools import chain

from corsmith.api.finding import Category

from .blocked import ALLOW_ORIGIN, Blocked
from .code_proposals import wrap_for_list
from .proposals import allow_origin
from .refused import listed, refused_origin
from .rule import Diagnosis, Rule
from .settings import set_at

_ERRORS = ("AllowOriginMismatch", "InvalidAllowOriginValue")


def explain(blocked: Blocked) -> Diagnosis | None:
    """Explain an answer for another origin, and a front door's list that lacks the page's origin."""
    origin = blocked.cell.caller.origin
    if blocked.error.removeprefix("Preflight") in _ERRORS:
        got = ", ".join(blocked.values(ALLOW_ORIGIN))
        what = f"Access-Control-Allow-Origin says {got!r}"
    elif refused_origin(blocked):
        what = f"the allowed origins of {blocked.front_door.name} are {', '.join(listed(blocked, 'allow_origins')) or 'none'}"
    else:
        return None
    return Diagnosis(
        f"The page's origin is {origin}, but {what}. Scheme, host and port must be the same, without path or quotes. Allow "
        f"{origin} as it is.",
        set_at(blocked, ALLOW_ORIGIN) or (blocked.front_door.span,),
        lambda: chain(allow_origin(blocked), wrap_for_list(blocked)),
    )


RULE = Rule(
    "origin-mismatch",
    Category.BLOCKED,
    "the configured or returned origin differs in scheme, host or port, has a path, or is the wrong entry of a list",
    explain,
)
