"""cors-header-on-request: a page sends a CORS response header with its request."""

from __future__ import annotations

from collections.abc import Iterator

from corsmith.api.finding import Category
from corsmith.api.fix import Fix
from corsmith.api.span import Span

from .blocked import Blocked
from .refused import refused_header
from .rule import Diagnosis, Rule, by_hand

_ANSWERS = ("access-control-allow-", "access-control-expose-", "access-control-max-")


def explain(blocked: Blocked) -> Diagnosis | None:
    """Explain preflights that do not allow a header which only answers have a use for."""
    disallowed = blocked.error == "HeaderDisallowedByPreflightResponse"
    header = str((blocked.cell.verdict.failed_parameter if disallowed else refused_header(blocked)) or "").lower()
    if not header.startswith(_ANSWERS):
        return None
    spans = tuple(span for name, span in blocked.cell.caller.set_at if name == header)
    return Diagnosis(
        f"The page sends {header} with its request. Servers send this header; in a request it does nothing, but makes the "
        "browser ask first whether it may be sent. Remove it from the call.",
        spans or (blocked.front_door.span,),
        lambda: _without(blocked, header, spans),
        apart=header,
    )


def _without(blocked: Blocked, header: str, spans: tuple[Span, ...]) -> Iterator[Fix]:
    # Here, because few projects hold such a page: what parses JavaScript is loaded with it.
    from corsmith.fixes.page_headers import without_header

    for span in spans:
        edits = without_header(blocked.tree, span, header)
        if edits:
            yield Fix(f"Take {header} out of the page's call", safe=True, edits=edits)
    yield from by_hand(
        "Take the header out of the call",
        f"Take {header} out of the call, wherever the page or its HTTP client sets it: no server wants it in a request.",
    )


RULE = Rule(
    "cors-header-on-request",
    Category.BLOCKED,
    "a page sends a CORS response header, such as Access-Control-Allow-Origin, with its request",
    explain,
)
