"""Values that a tool makes: nobody has written them, and the span is the setting they come from."""

from __future__ import annotations

from typing import TypeVar

from corsmith.api.span import Span
from corsmith.api.value import Known, Step

T = TypeVar("T")


def made(value: T, span: Span, of: str) -> Known[T]:
    """Return a value that SAM makes of the setting `of`, which stands at `span`."""
    return Known(value, span, (Step(f"made by SAM from {of}", span),))
