"""Calls that differ in nothing but their path are judged once.

Two routes of a front door are alike where all that it reads of them is: method, integration, authorizer, what takes
OPTIONS there, and what their code can do. Then the answers to their calls are alike, and the verdicts; only the address
in them differs. Calls of which something is not known, or whose answers may tell the path, are each judged for themselves.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable
from typing import Any

from msgspec import Struct, field
from msgspec.structs import fields, replace

from corsmith.api.caller import Caller
from corsmith.api.cell import Cell, Exchange, Route
from corsmith.api.exchange import Request
from corsmith.api.front_door import Authorizer, LambdaProxy
from corsmith.api.http_api import HttpApi
from corsmith.api.model import FrontDoor
from corsmith.api.origin_test import OriginTest
from corsmith.api.outcome import Choice, Outcome
from corsmith.api.rest_api import Mock, RestApi, RestMethod
from corsmith.api.value import Known, OneOf, Undecided, Unknown
from corsmith.gateways import match
from corsmith.gateways.remembered import Remembered

from .situations import Situation

_PLAIN = re.compile(r"(?:/[A-Za-z0-9_~-][A-Za-z0-9_.~-]*)+")
"""A path that browsers send as it is written."""
_VARIABLE = re.compile(r"\{([^}]*)\}")
_TELLING = re.compile(r"\$(?!context\.error\.)|(?<!\$)context\.|\bpath\b")
"""What stands in templates, mappings and validators that may tell the path."""
_LEFT_OUT = frozenset({"span", "key_spans", "paths", "path", "made_by", "wildcard"})
"""What of a route, of its integration and of a way out tells where it stands, not what it does."""


class _Alone(Exception):  # noqa: N818 - it is an answer: such a call has no twin
    pass


class Question(Struct, frozen=True):
    """What is asked of the judge. `unread` counts the reasons why ways out may be missing."""

    route: Route
    caller: Caller
    situations: tuple[Situation, ...]
    before: tuple[Outcome | None, ...]
    during: tuple[Outcome | None, ...]
    unread: int
    url: str


class Twins(Struct):
    """The calls that were judged, by what decided them."""

    _judged: dict[Hashable, tuple[Question, tuple[Cell, ...]]] = field(default_factory=dict)
    _shapes: dict[int, tuple[object, Hashable]] = field(default_factory=dict)
    _doors: dict[int, tuple[FrontDoor, bool]] = field(default_factory=dict)

    def judged(self, question: Question, judge: Callable[[], tuple[Cell, ...]]) -> tuple[Cell, ...]:
        """Return the cells of a call: those of its twin at its own address, else what `judge` gives."""
        try:
            key = self._key(question)
        except (_Alone, Undecided):
            return judge()
        known = self._judged.get(key)
        if known is not None:
            return tuple(_moved(cell, known[0], question) for cell in known[1])
        cells = judge()
        if all(_is_plain(cell, question) for cell in cells):
            self._judged[key] = (question, cells)
        return cells

    def _key(self, question: Question) -> Hashable:
        route = question.route
        door = route.front_door
        if route.behind is not None or not self._is_plain(door) or not _PLAIN.fullmatch(route.path):
            raise _Alone
        takes = match(door, "OPTIONS", route.path)
        return (
            id(door),
            tuple(_VARIABLE.findall(route.declared.path)),
            self._shape(route.declared),
            None if takes is None else self._shape(takes),
            question.caller,
            tuple(each.name for each in question.situations),
            tuple(map(_way_out, question.before)),
            tuple(map(_way_out, question.during)),
            question.unread,
        )

    def _is_plain(self, door: FrontDoor) -> bool:
        known = self._doors.get(id(door))
        if known is None:
            known = self._doors[id(door)] = (door, _tells_no_path(door))
        return known[1]

    def _shape(self, thing: object) -> Hashable:
        known = self._shapes.get(id(thing))
        if known is None:
            if isinstance(thing, RestMethod) and not isinstance(thing.integration, LambdaProxy | Mock):
                raise _Alone
            known = self._shapes[id(thing)] = (thing, _shape(thing))
        return known[1]


def _shape_of_outcome(outcome: Outcome | None) -> Hashable:
    try:
        return _shape(outcome)
    except _Alone:
        return _Alone


_outcome = Remembered(_shape_of_outcome, 8_192)
"""Ways out of code are the same ones in every check; what leads to them is read anew where a template changes."""


def _way_out(outcome: Outcome | None) -> Hashable:
    shape = _outcome(outcome)
    if shape is _Alone:
        raise _Alone
    return shape


def _tells_no_path(door: FrontDoor) -> bool:
    """Say whether nothing but the routes of a front door depends on the path."""
    if not isinstance(door, HttpApi | RestApi) or len(door.stages) > 1:
        return False
    if isinstance(door, HttpApi):
        return True
    try:
        _shape(door.gateway_responses)
    except _Alone:
        return False
    return not door.refusals


_FIELDS: dict[type, tuple[tuple[int, str, Any], ...]] = {}
_SILENT: dict[str, None] = {}
"""Texts that were looked through before, and tell no path."""
_SILENT_AT_MOST = 20_000


def _shape(thing: Any) -> Hashable:
    """Return what a front door or a function reads of `thing`, without where it stands. Raises `_Alone`."""
    kind: Any = type(thing)
    if kind is str:
        return thing if thing in _SILENT else _silent(thing)
    if kind is tuple:
        return tuple([_shape(each) for each in thing]) if thing else ()
    if kind is Known:
        value = thing.value
        return _shape(value) if type(value) is not bool else ("bool", value)
    if thing is None or kind is int or kind is frozenset or kind is bytes or kind is OriginTest:
        return thing  # type: ignore[no-any-return]
    if kind is bool:
        return "bool", thing
    if kind is Authorizer:
        return kind, id(thing)
    if kind is LambdaProxy:
        known = isinstance(thing.function, Known)
        return kind, known, *map(_shape, (thing.payload_format, thing.timeout_ms, thing.permitted, thing.streams))
    if kind is Unknown or kind is OneOf or kind is Choice or not isinstance(thing, Struct):
        raise _Alone
    shape: list[Hashable] = [kind]
    names = _FIELDS.get(kind)
    for at, name, usual in _fields(kind) if names is None else names:
        value = getattr(thing, name)
        # Most of what one can say of a thing is not said of most of them.
        if value is not usual:
            shape += (at, _shape(value))
    return tuple(shape)


def _fields(kind: type) -> tuple[tuple[int, str, Any], ...]:
    """Return the fields of a record that count, each with its number and its default."""
    found = tuple((at, each.name, each.default) for at, each in enumerate(fields(kind)) if each.name not in _LEFT_OUT)
    _FIELDS[kind] = found
    return found


def _silent(text: str) -> str:
    if _TELLING.search(text):
        raise _Alone
    if len(_SILENT) >= _SILENT_AT_MOST:
        _SILENT.clear()
    _SILENT[text] = None
    return text


def _is_plain(cell: Cell, question: Question) -> bool:
    """Say whether a cell is decided, and its address is nowhere but where requests are sent."""
    return (
        cell.undecided is None
        and cell.verdict.url == question.url
        and all(each.request.url == question.url for each in cell.exchanges)
        and all(each.request.url == question.url for each in (*cell.verdict.judged, *cell.verdict.witnesses))
    )


def _moved(cell: Cell, old: Question, new: Question) -> Cell:
    """Return the cell of a call's twin as the call's own."""
    requests: dict[int, Request] = {}

    def request(sent: Request) -> Request:
        moved = requests.get(id(sent))
        if moved is None:
            moved = requests[id(sent)] = Request(sent.method, new.url, sent.headers, sent.body)
        return moved

    verdict = cell.verdict
    judged = tuple([replace(each, request=request(each.request)) for each in verdict.judged])
    witnesses = tuple([replace(each, request=request(each.request)) for each in verdict.witnesses])
    return replace(
        cell,
        route=new.route,
        caller=new.caller,
        outcome=_counterpart(cell.outcome, old.during, new.during),
        preflight_outcome=_counterpart(cell.preflight_outcome, old.before, new.before),
        exchanges=tuple([Exchange(each.kind, request(each.request), each.response) for each in cell.exchanges]),
        verdict=replace(
            verdict, asked=replace(verdict.asked, url=new.url), judged=judged, witnesses=witnesses, url=new.url
        ),
    )


def _counterpart(
    outcome: Outcome | None, old: tuple[Outcome | None, ...], new: tuple[Outcome | None, ...]
) -> Outcome | None:
    if outcome is None:
        return None
    return next(mine for theirs, mine in zip(old, new, strict=True) if theirs is outcome)
