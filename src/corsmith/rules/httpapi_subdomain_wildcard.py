"""httpapi-subdomain-wildcard: an HTTP API stores an origin with a wildcard in its host, but it matches nothing."""

from __future__ import annotations

import re

from corsmith.api.finding import Category, Confidence
from corsmith.api.http_api import HttpApi
from corsmith.api.value import Known

from .blocked import Blocked
from .proposals import name_origins
from .refused import refused_origin
from .rule import Diagnosis, Rule


def explain(blocked: Blocked) -> Diagnosis | None:
    """Explain origins that a wildcard in the list was meant to cover."""
    front_door = blocked.front_door
    if not isinstance(front_door, HttpApi) or not isinstance(front_door.cors, Known) or not refused_origin(blocked):
        return None
    origins = front_door.cors.value.allow_origins if front_door.cors.value is not None else None
    for item in origins.value if isinstance(origins, Known) else ():
        if isinstance(item, Known) and "*" in item.value and _meant(item.value, blocked.cell.caller.origin):
            return Diagnosis(
                f"HTTP API {front_door.name} allows the origin {item.value}. API Gateway stores it, but compares origins as "
                "they are: the wildcard matches nothing. List the origins, or answer for CORS in the code.",
                (item.span or front_door.span,),
                lambda: name_origins(blocked),
                confidence=Confidence.MEDIUM,
            )
    return None


def _meant(pattern: str, origin: str) -> bool:
    return re.fullmatch(re.escape(pattern).replace(r"\*", r"[^/]+"), origin) is not None


RULE = Rule(
    "httpapi-subdomain-wildcard",
    Category.BLOCKED,
    "an origin such as `https://*.example.com` is stored but matches nothing",
    explain,
)
