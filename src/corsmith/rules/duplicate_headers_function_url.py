"""duplicate-headers-function-url: the URL's Cors and the code both send Access-Control-Allow-Origin."""

from __future__ import annotations

from itertools import chain

from corsmith.api.finding import Category, Severity
from corsmith.api.function_url import FunctionUrl
from corsmith.api.value import Known

from .blocked import ALLOW_ORIGIN, Blocked
from .code_proposals import remove_settings_of_code
from .proposals import remove_headers
from .rule import Diagnosis, Rule
from .settings import set_at


def explain(blocked: Blocked) -> Diagnosis | None:
    """Explain responses of a Function URL that carry the header twice, once from its own Cors."""
    front_door = blocked.front_door
    if not isinstance(front_door, FunctionUrl) or blocked.at_preflight or len(blocked.values(ALLOW_ORIGIN)) < 2:
        return None
    cors = front_door.cors.value if isinstance(front_door.cors, Known) else None
    if cors is None:
        return None
    in_code = [span for span in set_at(blocked, ALLOW_ORIGIN) if span.file != front_door.span.file]
    return Diagnosis(
        f"Function URL {front_door.name} adds Access-Control-Allow-Origin by its Cors settings, and the function adds it "
        "again: the browser gets two lines and refuses both. Let one of them send it: take the header out of the code.",
        (*in_code, cors.span or front_door.span),
        lambda: chain(remove_headers(blocked), remove_settings_of_code(blocked)),
        severity=Severity.ERROR if blocked.outcome is None or blocked.outcome.expected else Severity.WARNING,
    )


RULE = Rule(
    "duplicate-headers-function-url",
    Category.BLOCKED,
    "the URL's Cors and the function's code both send Access-Control-Allow-Origin",
    explain,
)
