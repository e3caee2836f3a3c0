"""A rule: which blocked cells it explains, why, and what would repair them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from corsmith.api.finding import Category, Confidence, Severity
from corsmith.api.fix import Fix
from corsmith.api.span import Span

from .blocked import Blocked


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Why a cell is blocked.

    `spans`: the first is where one would edit. Diagnoses of one rule with the same first span and the same `apart` are
    one finding. `fixes` is asked only when fixes are wanted; each is tried before it is shown.
    """

    message: str
    spans: tuple[Span, ...]
    fixes: Callable[[], Iterator[Fix]]
    severity: Severity = Severity.ERROR
    confidence: Confidence = Confidence.HIGH
    apart: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `summary` is its line in the catalogue."""

    id: str
    category: Category
    summary: str
    explain: Callable[[Blocked], Diagnosis | None]


def no_fix() -> Iterator[Fix]:
    """Offer nothing: a person has to decide."""
    return iter(())
