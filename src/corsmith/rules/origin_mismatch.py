"""origin-mismatch: the configured or returned origin is another one than the page's."""

from __future__ import annotations

from corsmith.api.finding import Category
from corsmith.api.function_url import FunctionUrl
from corsmith.api.http_api import HttpApi
from corsmith.api.value import Known, Undecided, texts

from .blocked import ALLOW_ORIGIN, Blocked
from .rule import Diagnosis, Rule, no_fix
from .settings import set_at

_ERRORS = ("AllowOriginMismatch", "InvalidAllowOriginValue")


def explain(blocked: Blocked) -> Diagnosis | None:
    """Explain an answer for another origin, and a front door's list that lacks the page's origin."""
    origin = blocked.cell.caller.origin
    if blocked.error.removeprefix("Preflight") in _ERRORS:
        got = ", ".join(blocked.values(ALLOW_ORIGIN))
        what = f"Access-Control-Allow-Origin says {got!r}"
    elif blocked.error.endswith("MissingAllowOriginHeader") and _listed(blocked):
        what = f"the allowed origins of {blocked.front_door.name} are {', '.join(_listed(blocked))}"
    else:
        return None
    return Diagnosis(
        f"The page's origin is {origin}, but {what}. Scheme, host and port must be the same, without path or quotes. Allow "
        f"{origin} as it is.",
        set_at(blocked, ALLOW_ORIGIN) or (blocked.front_door.span,),
        no_fix,
    )


def _listed(blocked: Blocked) -> tuple[str, ...]:
    front_door = blocked.front_door
    if not isinstance(front_door, HttpApi | FunctionUrl) or not isinstance(front_door.cors, Known):
        return ()
    cors = front_door.cors.value
    try:
        return texts(cors.allow_origins) if cors is not None and cors.allow_origins is not None else ()
    except Undecided:
        return ()


RULE = Rule(
    "origin-mismatch",
    Category.BLOCKED,
    "the configured or returned origin differs in scheme, host or port, has a path, or is the wrong entry of a list",
    explain,
)
