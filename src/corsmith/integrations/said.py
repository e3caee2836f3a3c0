"""A verdict as the text with which a test fails."""

from __future__ import annotations

from collections.abc import Iterator

from corsmith.api.exchange import Response
from corsmith.browser import Judged, Verdict
from corsmith.live.secrets import masked_response, masked_text, masked_url

_SHOWN = ("access-control-", "vary", "location")


def said(verdict: Verdict, *, causes: tuple[str, ...] = (), notes: tuple[str, ...] = ()) -> str:
    """Return what the browser decided, on which answers, and why. `causes` and `notes` are sentences to end with.

    `notes` are what the program itself raised meanwhile.
    """
    may = "may read" if verdict.allowed else "cannot read"
    head = f"a page at {verdict.page.origin} {may} {verdict.asked.method} {masked_url(verdict.asked.url)}"
    return "\n".join(
        (head, *_lines(verdict), *(f"  raised: {each}" for each in notes), *(f"  {each}" for each in causes))
    )


def _lines(verdict: Verdict) -> Iterator[str]:
    console = verdict.console
    if console:
        yield f"  the browser prints: {masked_text(console)}"
    for each in verdict.judged:
        yield from _exchange(each)
    last = verdict.steps[-1]
    yield f"  {'' if last.passed else 'stopped at '}{last.name}: {masked_text(last.reason)} [{last.section}]"


def _exchange(each: Judged) -> Iterator[str]:
    answer = each.response
    status = answer.status if isinstance(answer, Response) else answer.reason
    yield f"  {each.kind}: {each.request.method} {masked_url(each.request.url)} -> {status}"
    if isinstance(answer, Response):
        for name, value in masked_response(answer).headers:
            if name.lower().startswith(_SHOWN):
                yield f"      {name}: {value}"
