"""rest-binary-media-breaks-mock-options: binary media type `*/*` makes the OPTIONS mock fail."""

from __future__ import annotations

from corsmith.api.finding import Category
from corsmith.api.rest_api import RestApi
from corsmith.api.span import Span
from corsmith.api.value import Known

from .blocked import Blocked
from .rest_mock_options_broken import binary, mock_failed
from .rest_proposals import take_as_text
from .rule import Diagnosis, Rule


def explain(blocked: Blocked) -> Diagnosis | None:
    """Explain mocks that cannot read the preflight's body because it counts as binary."""
    method, front_door = mock_failed(blocked), blocked.front_door
    if method is None or not isinstance(front_door, RestApi) or not binary(front_door):
        return None
    return Diagnosis(
        f"REST API {front_door.name} treats every media type as binary (`*/*`), and the MOCK of OPTIONS {method.path} has no "
        "contentHandling, so the preflight fails with 500. Set contentHandling CONVERT_TO_TEXT on it, or name the types.",
        tuple(span for span in (_everything(front_door), method.span) if span is not None),
        lambda: take_as_text(blocked),
    )


def _everything(front_door: RestApi) -> Span | None:
    """Return where `*/*` stands."""
    types = front_door.binary_media_types
    items = types.value if isinstance(types, Known) else ()
    return next((each.span for each in items if isinstance(each, Known) and each.value == "*/*"), types.span)


RULE = Rule(
    "rest-binary-media-breaks-mock-options",
    Category.BLOCKED,
    "binary media type `*/*` makes the OPTIONS mock fail with 500 (no CONVERT_TO_TEXT)",
    explain,
)
