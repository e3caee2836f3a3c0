"""A finding that is to be repaired in the account, and what a repair may be made of."""

from __future__ import annotations

from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from corsmith.account.links import Deployed
from corsmith.account.snapshot import FunctionState, HttpApiState, RestApiState
from corsmith.account.unit import Unit
from corsmith.account.writing import Document
from corsmith.api.span import Span
from corsmith.api.wanted import Wanted
from corsmith.project.findings import Group
from corsmith.rules import Blocked

from .call import Json, Thing
from .things import look, put

NARROWED = "Pages of origins that are not named are refused then."
NO_ORIGIN = "no page's origin is known: name it with --origin"


class Cannot(Struct, frozen=True):
    """Why a finding is left. `why` is a phrase without a full stop."""

    why: str


class Change(Struct, frozen=True):
    """A repair: things with what is wanted of each (None: nothing). `title` is a sentence without a full stop.

    `note` says what else comes of it that a person should know, as a sentence.
    """

    title: str
    wanted: tuple[tuple[Thing, Json | None], ...]
    note: str = ""


class Case(Struct, frozen=True):
    """A finding, the calls it blocks, and what all pages together need of the front door.

    `need.origins` is empty where nobody said which pages there are.
    """

    unit: Unit
    document: Document
    need: Wanted
    group: Group
    blocked: tuple[Blocked, ...]

    @property
    def rule(self) -> str:
        """The rule that found it."""
        return self.group.finding.rule

    def at(self, span: Span | None) -> Deployed | None:
        """Return what in the account stands at a place of the document."""
        return self.document.deployed(span) if span is not None else None


def find(unit: Unit, thing: Thing) -> Json | None:
    """Return what AWS said of a thing of the unit. Raises `KeyError`."""
    return look(_holder(unit, thing), thing)


def with_wanted(unit: Unit, thing: Thing, wanted: Json | None) -> Unit:
    """Return the unit with `wanted` in the place of `thing`. Raises `KeyError`."""
    state = put(_holder(unit, thing), thing, wanted)
    if unit.door.id == thing.owner and type(state) is type(unit.door):
        assert isinstance(state, RestApiState | HttpApiState | FunctionState)
        return replace(unit, door=state)
    assert isinstance(state, FunctionState)
    return replace(unit, functions=tuple(state if each.id == thing.owner else each for each in unit.functions))


def _holder(unit: Unit, thing: Thing) -> Any:
    if thing.kind != "permission" or isinstance(unit.door, FunctionState):
        return unit.door
    return next(each for each in unit.functions if each.id == thing.owner)


def name_of(unit: Unit) -> str:
    """Return what people call the unit's front door: "REST API shop (a1b2c3)"."""
    door = unit.door
    if isinstance(door, FunctionState):
        return f"Function URL of {door.name}"
    return f"{'REST' if isinstance(door, RestApiState) else 'HTTP'} API {door.name} ({door.id})"
