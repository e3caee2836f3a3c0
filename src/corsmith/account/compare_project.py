"""Drift: what an account holds beside what the project in a folder would deploy."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from msgspec import Struct

from corsmith.api.finding import Category, Confidence, Finding, Severity
from corsmith.api.function_url import FunctionUrl
from corsmith.api.http_api import HttpApi
from corsmith.api.model import Api, FrontDoor
from corsmith.api.rest_api import RestApi
from corsmith.api.span import locate
from corsmith.api.tree import Memory, Tree, Unreadable
from corsmith.api.value import Known
from corsmith.readers import Settings, read

from . import document
from .compare import Difference, differences, said
from .found import Found
from .snapshot import FunctionState
from .unit import Unit
from .writing import Document

DRIFT = "account-differs-from-project"
"""The id of findings about drift."""
_LOGICAL = "aws:cloudformation:logical-id"
_NAMED = 8
_ALIKE = 0.6
"""The share of routes that two APIs must have in common to be taken for one, where no tag tells."""


class Project(Struct, frozen=True):
    """What a project would deploy. `tree` has its files."""

    tree: Tree
    apis: tuple[Api, ...]

    def doors(self) -> Iterator[tuple[Api, FrontDoor]]:
        """Yield the front doors that an account is read for."""
        for api in self.apis:
            yield from ((api, door) for door in api.front_doors if isinstance(door, RestApi | HttpApi | FunctionUrl))


class Beside(Struct, frozen=True):
    """What came of the comparison. `absent` names the project's front doors that the account does not have."""

    found: tuple[Found, ...]
    absent: tuple[str, ...]


def project_at(tree: Tree, templates: tuple[str, ...], settings: Settings) -> Project:
    """Return what the templates of a project would deploy. What cannot be read is left out."""
    found: list[Api] = []
    for template in templates:
        try:
            api = read(tree, template, settings)
        except Unreadable:
            continue
        if api is not None:
            found.append(api)
    return Project(tree, tuple(found))


def beside(project: Project, units: Iterator[Unit]) -> Beside:
    """Return where the account is not as the project would make it."""
    wanted = list(project.doors())
    pairs: dict[int, tuple[float, Found | None]] = {}
    for unit in units:
        for door, written in _defined(unit):
            best = max(
                ((_likeness(unit, door, api, mine), at) for at, (api, mine) in enumerate(wanted)),
                default=(0.0, 0),
            )
            likeness, at = best
            if likeness < _ALIKE or pairs.get(at, (0.0, None))[0] > likeness:
                continue
            pairs[at] = (likeness, _drift(project, unit, door, written, *wanted[at]))
    absent = tuple(
        f"{_place(project, mine)}: {mine.name} was not found in what was read"
        for at, (_, mine) in enumerate(wanted)
        if at not in pairs
    )
    return Beside(tuple(found for _, found in pairs.values() if found is not None), absent)


def _defined(unit: Unit) -> Iterator[tuple[FrontDoor, Document]]:
    written = document.working_copy(unit)
    api = read(Tree(Memory({written.path: written.text})), written.path)
    for door in api.front_doors if api is not None else ():
        if isinstance(door, RestApi | HttpApi | FunctionUrl):
            yield door, written


def _likeness(unit: Unit, door: FrontDoor, api: Api, mine: FrontDoor) -> float:
    """Return how sure it is that two front doors are one: 2 by tag, 1 by routes that are all the same."""
    if type(door) is not type(mine):
        return 0.0
    logical = unit.door.tags.get(_LOGICAL)
    if isinstance(mine, FunctionUrl):
        name = mine.function.value if isinstance(mine.function, Known) else ""
        if logical is not None:
            return 2.0 if logical == name else 0.0
        assert isinstance(unit.door, FunctionState)
        return 1.0 if unit.door.name == name else 0.0
    if logical is not None:
        return 2.0 if logical == mine.name else 0.0
    theirs, ours = _routes(door), _routes(mine)
    return len(theirs & ours) / len(theirs | ours) if theirs | ours else 0.0


def _routes(door: FrontDoor) -> frozenset[tuple[str, str]]:
    if isinstance(door, RestApi):
        # A project's preflights may be what the account lacks.
        return frozenset((each.verb.upper(), each.path) for each in door.methods if each.verb.upper() != "OPTIONS")
    return frozenset((each.method, each.path) for each in door.routes) if isinstance(door, HttpApi) else frozenset()


def _drift(project: Project, unit: Unit, door: FrontDoor, written: Document, api: Api, mine: FrontDoor) -> Found | None:
    differ = differences(door, mine)
    if not differ:
        return None
    phrase = partial(said, old="the account has", new="the project has")
    named = "; ".join(_said(phrase, each) for each in differ[:_NAMED])
    more = f"; and {len(differ) - _NAMED} more" if len(differ) > _NAMED else ""
    spans = [mine.span, *(each.span for each in differ if each.span is not None and each.span.file != written.path)]
    finding = Finding(
        rule=DRIFT,
        severity=Severity.WARNING,
        confidence=Confidence.HIGH,
        category=Category.ADVICE,
        message=f"{door.name} is not as {_place(project, mine)} ({mine.name}) would deploy it: {named}{more}.",
        front_door=door.kind,
        api=door.name,
        spans=tuple(dict.fromkeys(spans)),
    )
    places = [written.deployed(door.span)]
    for each in differ:
        places += (written.deployed(span) for span in (each.old_span, each.span) if span is not None)
    deployed = tuple(dict.fromkeys(each for each in places if each is not None))
    return Found(finding, unit.place, unit.door.arn, deployed, differ)


def _said(phrase: Any, difference: Difference) -> str:
    if difference.old is None and difference.new in ("defined", "customised", "set"):
        return f"{difference.what} (only the project has it)"
    if difference.new is None and difference.old in ("defined", "customised", "set"):
        return f"{difference.what} (only the account has it)"
    text: str = phrase(difference)
    return text


def _place(project: Project, mine: FrontDoor) -> str:
    try:
        place = locate(mine.span, project.tree.read(mine.span.file))
    except Unreadable:
        return mine.span.file
    return f"{place.file}:{place.line}"
