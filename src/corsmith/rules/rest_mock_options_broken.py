"""rest-mock-options-broken: the OPTIONS mock fails."""

from __future__ import annotations

from collections.abc import Iterator

from corsmith.api.finding import Category
from corsmith.api.rest_api import Mock, RestApi, RestMethod
from corsmith.api.span import Span
from corsmith.api.value import Undecided, texts

from .blocked import Blocked
from .rest_proposals import mend_mock
from .rule import Diagnosis, Rule


def mock_failed(blocked: Blocked) -> RestMethod | None:
    """Return the OPTIONS method whose MOCK answered the preflight with an error."""
    method = blocked.takes
    if blocked.at_preflight and isinstance(method, RestMethod) and isinstance(method.integration, Mock):
        return method if blocked.status >= 500 or blocked.status == 415 else None
    return None


def binary(front_door: object) -> bool:
    """Say whether the API treats every body as binary."""
    try:
        return isinstance(front_door, RestApi) and "*/*" in texts(front_door.binary_media_types)
    except Undecided:
        return False


def explain(blocked: Blocked) -> Diagnosis | None:
    """Explain preflights that end in the mock's own failure."""
    method = mock_failed(blocked)
    if method is None or binary(blocked.front_door):
        return None
    integration = method.integration
    return Diagnosis(
        f"The MOCK integration of OPTIONS {method.path} fails with {blocked.status}: its request template must yield a JSON "
        'object with an integer statusCode (`{"statusCode": 200}` for application/json), and an integration response must '
        "exist for that status.",
        tuple(
            span
            for span in (*_templates(integration), getattr(integration, "span", None), method.span)
            if span is not None
        ),
        lambda: mend_mock(blocked),
    )


def _templates(integration: object) -> Iterator[Span | None]:
    if isinstance(integration, Mock) and integration.responses:
        yield from (template.span for _, template in integration.request_templates)


RULE = Rule(
    "rest-mock-options-broken",
    Category.BLOCKED,
    "the OPTIONS mock fails (500): no request template, or one that yields no integer statusCode, or no matching "
    "integration response",
    explain,
)
