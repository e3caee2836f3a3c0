"""origin-trailing-slash: the configured origin ends in a slash."""

from __future__ import annotations

from collections.abc import Iterator

from corsmith.api.finding import Category
from corsmith.api.function_url import FunctionUrl
from corsmith.api.http_api import HttpApi
from corsmith.api.span import Span
from corsmith.api.value import Known

from .blocked import ALLOW_ORIGIN, Blocked
from .proposals import replace
from .rule import Diagnosis, Rule
from .settings import set_at


def explain(blocked: Blocked) -> Diagnosis | None:
    """Explain an origin that would match if it did not end in a slash."""
    wanted = blocked.cell.caller.origin + "/"
    configured = list(_configured(blocked, wanted))
    if wanted not in blocked.values(ALLOW_ORIGIN) and not configured:
        return None
    spans = tuple(configured) or set_at(blocked, ALLOW_ORIGIN)
    return Diagnosis(
        f"The allowed origin is written {wanted}, with a slash at its end. An origin has none, so it equals no page's. "
        f"Write {wanted[:-1]}.",
        spans or (blocked.front_door.span,),
        lambda: replace(blocked, spans, wanted, wanted[:-1]),
    )


def _configured(blocked: Blocked, wanted: str) -> Iterator[Span]:
    """Yield where a front door that compares origins itself has the origin with a slash."""
    front_door = blocked.front_door
    if not isinstance(front_door, HttpApi | FunctionUrl) or not isinstance(front_door.cors, Known):
        return
    cors = front_door.cors.value
    items = cors.allow_origins.value if cors is not None and isinstance(cors.allow_origins, Known) else ()
    for item in items:
        if isinstance(item, Known) and item.value.lower() == wanted and item.span is not None:
            yield item.span


RULE = Rule("origin-trailing-slash", Category.BLOCKED, "the configured origin ends in a slash", explain)
