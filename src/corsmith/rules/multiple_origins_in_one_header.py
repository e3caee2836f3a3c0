"""multiple-origins-in-one-header: one Access-Control-Allow-Origin value holds several origins."""

from __future__ import annotations

from itertools import chain

from corsmith.api.finding import Category

from .blocked import ALLOW_ORIGIN, Blocked
from .code_proposals import wrap_for_list
from .proposals import name_one_origin
from .rule import Diagnosis, Rule
from .settings import set_at


def explain(blocked: Blocked) -> Diagnosis | None:
    """Explain a list where browsers take one origin."""
    values = blocked.values(ALLOW_ORIGIN)
    if len(values) != 1 or not blocked.error.endswith("MultipleAllowOriginValues"):
        return None
    return Diagnosis(
        f"Access-Control-Allow-Origin holds a list ({values[0]!r}); browsers take one origin. Compare the request's Origin "
        "with the list, and return that one origin with `Vary: Origin`.",
        set_at(blocked, ALLOW_ORIGIN) or (blocked.front_door.span,),
        lambda: chain(wrap_for_list(blocked), name_one_origin(blocked)),
    )


RULE = Rule(
    "multiple-origins-in-one-header",
    Category.BLOCKED,
    "one Access-Control-Allow-Origin value holds several origins",
    explain,
)
