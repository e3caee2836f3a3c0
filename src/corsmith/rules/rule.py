"""A rule: which blocked cells it explains, what in a template it finds at fault, or what it remarks on allowed cells."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from msgspec import Struct

from corsmith.api.cell import Cell
from corsmith.api.finding import Category, Confidence, Severity
from corsmith.api.fix import Fix
from corsmith.api.model import Api, FrontDoor
from corsmith.api.span import Span
from corsmith.api.tree import Tree

from .admitted import Admitted
from .blocked import Blocked


class Diagnosis(Struct, frozen=True):
    """Why a cell is blocked, or what there is to say of one that is not.

    `spans`: the first is where one would edit. Diagnoses of one rule with the same first span and the same `apart` are
    one finding. `fixes` is asked only when fixes are wanted; each is tried before it is shown.
    """

    message: str
    spans: tuple[Span, ...]
    fixes: Callable[[], Iterator[Fix]]
    severity: Severity = Severity.ERROR
    confidence: Confidence = Confidence.HIGH
    apart: str = ""


Found = tuple[FrontDoor | None, Diagnosis]
"""What an inspection finds, and at which front door; None where it is about the template."""


def explains_nothing(blocked: Blocked) -> Diagnosis | None:
    """Leave every cell to other rules."""
    del blocked
    return None


def finds_nothing(api: Api, tree: Tree, origins: tuple[str, ...]) -> Iterator[Found]:
    """Find no fault without a blocked cell."""
    del api, tree, origins
    return iter(())


def accuses_nobody(admitted: Admitted, tree: Tree) -> Diagnosis | None:
    """Leave every stranger to other rules."""
    del admitted, tree
    return None


def advises_nothing(cell: Cell, tree: Tree) -> Diagnosis | None:
    """Have nothing to say of what is allowed."""
    del cell, tree
    return None


class Rule(Struct, frozen=True):
    """One rule. `summary` is its line in the catalogue.

    `explain` looks at blocked cells; `inspect` at what the template says, for what cannot be deployed, and is given the
    origins of the pages; `accuse` at calls of strangers that pass; `advise` at allowed cells: its remarks are one finding
    for each API.
    """

    id: str
    category: Category
    summary: str
    explain: Callable[[Blocked], Diagnosis | None] = explains_nothing
    inspect: Callable[[Api, Tree, tuple[str, ...]], Iterator[Found]] = finds_nothing
    accuse: Callable[[Admitted, Tree], Diagnosis | None] = accuses_nobody
    advise: Callable[[Cell, Tree], Diagnosis | None] = advises_nothing


def by_hand(title: str, said: str) -> Iterator[Fix]:
    """Offer words: what to do where a person has to choose. They are shown where no proven fix is."""
    yield Fix(title, safe=False, edits=(), by_hand=said)


def no_fix() -> Iterator[Fix]:
    """Offer nothing: a person has to decide."""
    return iter(())
