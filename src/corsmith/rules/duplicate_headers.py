"""duplicate-headers: two layers send the same CORS header."""

from __future__ import annotations

from itertools import chain

from corsmith.api.finding import Category

from .blocked import ALLOW_ORIGIN, Blocked
from .code_proposals import remove_settings_of_code, wrap
from .rule import Diagnosis, Rule
from .settings import set_at


def explain(blocked: Blocked) -> Diagnosis | None:
    """Explain responses that carry Access-Control-Allow-Origin more than once."""
    values = blocked.values(ALLOW_ORIGIN)
    if len(values) < 2:
        return None
    return Diagnosis(
        f"Access-Control-Allow-Origin arrives {len(values)} times ({', '.join(values)}); browsers refuse that. Let one layer, "
        "and one of the header maps, send it.",
        set_at(blocked, ALLOW_ORIGIN) or (blocked.front_door.span,),
        lambda: chain(remove_settings_of_code(blocked), wrap(blocked)),
    )


RULE = Rule(
    "duplicate-headers",
    Category.BLOCKED,
    "two layers in front of or inside the function send the same CORS header (not a Function URL's own Cors)",
    explain,
)
