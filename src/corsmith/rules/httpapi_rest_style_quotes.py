"""httpapi-rest-style-quotes: values carry the inner single quotes that only REST APIs need."""

from __future__ import annotations

from collections.abc import Iterator

from corsmith.api.finding import Category
from corsmith.api.http_api import HttpApi, HttpApiCors
from corsmith.api.value import Known

from .blocked import Blocked
from .proposals import replace
from .rule import Diagnosis, Rule


def explain(blocked: Blocked) -> Diagnosis | None:
    """Explain calls that match no setting because the settings are quoted twice."""
    front_door = blocked.front_door
    if not isinstance(front_door, HttpApi) or not isinstance(front_door.cors, Known) or front_door.cors.value is None:
        return None
    quoted = tuple(_quoted(front_door.cors.value))
    if not quoted:
        return None
    first = quoted[0]
    spans = tuple(item.span for item in quoted if item.span is not None)
    return Diagnosis(
        f"The CORS settings of HTTP API {front_door.name} hold {first.value}, quotes included. Inner quotes make a literal for "
        "REST APIs; an HTTP API takes them as part of the value, which then matches nothing. Take them out.",
        spans or (front_door.span,),
        lambda: replace(blocked, spans[:1], first.value, first.value.strip("'")),
    )


def _quoted(cors: HttpApiCors) -> Iterator[Known[str]]:
    for setting in (cors.allow_origins, cors.allow_methods, cors.allow_headers):
        for item in setting.value if isinstance(setting, Known) else ():
            if isinstance(item, Known) and len(item.value) > 1 and item.value[0] == item.value[-1] == "'":
                yield item


RULE = Rule(
    "httpapi-rest-style-quotes",
    Category.BLOCKED,
    "values carry the inner single quotes that only REST APIs need",
    explain,
)
