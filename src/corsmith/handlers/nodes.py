"""Values as the JSON that the runtime makes of them: the nodes of an outcome.

A value that still depends on conditions is split by whoever asks (`Undecided` names the condition), except where a
test of the Origin chooses between two texts: that stays one node, so that an echo can be told from a constant.
"""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from corsmith.api import outcome as api
from corsmith.api import value as known
from corsmith.api.origin_test import OriginTest
from corsmith.api.span import Span

from .decisions import FALSE, Atom, Case, Decisions, Rank, Value, leaves, leaves_where
from .machine import THE_EXCEPTION
from .store import Store
from .values import (
    ANY,
    NOTHING,
    Const,
    Emptied,
    EventPart,
    Function,
    HeaderText,
    HeaderValue,
    Joined,
    LeftOut,
    LookUp,
    LowerHeaders,
    Made,
    Method,
    Opaque,
    Origin,
    PathText,
    Pending,
    Place,
    Ref,
    SomeText,
    Tuple,
)

_DEEPEST = 12
_FAILED = 500
_UNSENDABLE = {
    **dict.fromkeys(("datetime.datetime.now", "datetime.datetime.utcnow", "datetime.datetime.today"), "datetime"),
    **dict.fromkeys(("datetime.datetime.fromtimestamp", "datetime.datetime.fromisoformat"), "datetime"),
    "datetime.date.today": "date", "datetime.timedelta": "timedelta", "uuid.uuid4": "UUID", "uuid.uuid1": "UUID",
}  # fmt: skip
"""What Python's library makes that the runtime cannot send as JSON."""
_EMPTIED = {"map", "unique", "response"}


class Depends(Exception):  # noqa: N818 - it names a state
    """The value depends on conditions that are not decided. `parts`: what it can be, and when."""

    def __init__(self, parts: list[tuple[Value, Value]]) -> None:
        super().__init__()
        self.parts = parts


class Unsendable(Exception):  # noqa: N818 - it names a state
    """The runtime cannot send this as JSON."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


class Position(Struct, frozen=True):
    """Where in the response a value stands; `texts` says whether any text is as good as another there."""

    depth: int = 0
    where: str = "response"

    def at(self, key: object) -> Position:
        """Return the position of the entry `key`."""
        where = "other"
        if self.where == "response":
            where = {"headers": "headers", "multiValueHeaders": "headers", "body": "body"}.get(str(key), "other")
        elif self.where == "headers":
            name = str(key).lower()
            decisive = name.startswith(("access-control", "vary", "location"))
            where = "decisive" if decisive else "cookie" if name == "set-cookie" else "free"
        elif self.where in {"body", "free", "decisive", "cookie"}:
            where = self.where
        return Position(self.depth + 1, where)


def passed_test(decisions: Decisions, reached: Value, looked_up: LookUp) -> OriginTest:
    """Return the narrowest test that every Origin of this look-up has passed where `reached` holds."""
    asked = [atom for atom in decisions.asked(reached) if atom.rank is Rank.ORIGIN and atom.key[0] == looked_up]
    for atom in asked:
        if not decisions.possible(reached, atom, holds=False):
            return atom.key[1]  # type: ignore[no-any-return]
    without, passed = reached, []
    for atom in asked:
        if decisions.possible(reached, atom, holds=True):
            without = decisions.assume(without, atom, holds=False)
            passed.append(atom.key[1])
    return OriginTest("either", tests=tuple(passed)) if passed and without is FALSE else ANY


class Maker:
    """Makes nodes of the values in one store, as they are where `reached` holds."""

    def __init__(self, decisions: Decisions, store: Store, reached: Value, *, choices: bool) -> None:
        self._decisions = decisions
        self._store = store
        self._reached = reached
        self._choices = choices

    def node(self, value: Value, position: Position = Position()) -> api.Node:
        """Return the node. Raises `Depends`, `Unsendable`."""
        if position.depth > _DEEPEST:
            return known.Unknown("it nests too deeply to be followed")
        if isinstance(value, Case):
            return self._case(value, position)
        if isinstance(value, Const):
            return _constant(value)
        if isinstance(value, Ref):
            return self._object(value, position)
        if isinstance(value, Tuple):
            items = (self.node(item, position.at(number)) for number, item in enumerate(value.items))
            return api.Array(tuple(items), _span(value.place))
        if value is NOTHING:
            return api.ABSENT
        if isinstance(value, LeftOut):
            return api.ABSENT if position.depth else known.Known(None)
        if isinstance(value, Emptied):
            return api.Object(())
        if isinstance(value, HeaderText):
            return api.Mirror(value.name, api.ABSENT)
        if isinstance(value, Origin):
            looked_up = value.looked_up
            return api.Echo(self._admitted(looked_up), api.ABSENT, (looked_up.name,), looked_up.ignores_case)
        if isinstance(value, Pending):
            raise Unsendable(value.what)
        if isinstance(value, Function):
            raise Unsendable("function")
        if isinstance(value, Made) and value.name in _UNSENDABLE:
            raise Unsendable(_UNSENDABLE[value.name])
        return _unknown(value, position)

    def _case(self, value: Case, position: Position) -> api.Node:
        """Work it out without the route, where the value does not depend on that: the same for all ways out."""
        if value.atom.rank < Rank.PRESENT or any(isinstance(leaf, (Ref, Tuple)) for leaf in leaves(value)):
            return self._decided(value, position)
        decisions = self._decisions
        reached = decisions.relevant(self._reached, value)
        key = (value, reached, position.where, position.depth > 0, self._choices)
        known = decisions.made.get(key, NOTHING)
        if known is NOTHING:
            try:
                maker = Maker(decisions, self._store, reached, choices=self._choices)
                known = maker._decided(value, position)
            except Depends:
                known = None
            decisions.made[key] = known
        return self._decided(value, position) if known is None else known

    def _decided(self, value: Case, position: Position) -> api.Node:
        decisions = self._decisions
        settled: Value = value
        while isinstance(settled, Case):
            if not decisions.possible(self._reached, settled.atom, holds=True):
                settled = settled.no
            elif not decisions.possible(self._reached, settled.atom, holds=False):
                settled = settled.yes
            else:
                break
        if not isinstance(settled, Case):
            return self.node(settled, position)
        value, atom = settled, settled.atom
        if position.where in {"body", "free"} and self._is_text(value, position):
            return api.AnyText()
        parts = decisions.parts(value, self._reached)
        if len(parts) <= 1:
            return self.node(parts[0][0] if parts else NOTHING, position)
        whole = any(isinstance(leaf, (Ref, Tuple)) for leaf, _ in parts)
        if atom.rank in (Rank.PRESENT, Rank.ORIGIN) and position.depth and not whole:
            sides = [(value.yes, decisions.when(atom)), (value.no, decisions.negate(decisions.when(atom)))]
            reached = [(side, decisions.both(self._reached, condition)) for side, condition in sides]
            possible = [(side, condition) for side, condition in reached if condition is not FALSE]
            made = [self._where(condition, side, position) for side, condition in possible]
            if len(made) == 1:
                return made[0]
            if all(_is_small(node) for node in made):
                return _by_origin(atom, *made)
        elif (
            atom.rank is Rank.OPAQUE
            and atom.key[0] == "header"
            and position.depth
            and isinstance(value.yes, HeaderText)
        ):
            missing = decisions.both(self._reached, decisions.negate(decisions.when(atom)))
            return api.Mirror(value.yes.name, self._where(missing, value.no, position))
        elif self._choices and position.depth and atom.rank in (Rank.OPAQUE, Rank.RAISES):
            return _choice([self._where(condition, leaf, position) for leaf, condition in parts])
        raise Depends(parts)

    def _is_text(self, value: Value, position: Position) -> bool:
        """Say whether `value` is some text in every case: where any text is as good as another, no more is asked."""
        for leaf in leaves_where(value, self._reached):
            if isinstance(leaf, (Ref, Tuple)) or leaf is NOTHING:
                return False
            node = self.node(leaf, position)
            if not isinstance(node, (api.AnyText, api.Mirror)) and not (
                isinstance(node, known.Known) and isinstance(node.value, str)
            ):
                return False
        return True

    def _where(self, condition: Value, value: Value, position: Position) -> api.Node:
        """Return the node of `value` where `condition`, a part of what reaches here, holds."""
        try:
            return Maker(self._decisions, self._store, condition, choices=self._choices).node(value, position)
        except Depends as depends:
            elsewhere = self._decisions.both(self._reached, self._decisions.negate(condition))
            others = [] if elsewhere is FALSE else [(NOTHING, elsewhere)]
            raise Depends([*depends.parts, *others]) from None

    def _admitted(self, looked_up: LookUp) -> OriginTest:
        """Return the test that every Origin has passed which comes here."""
        return passed_test(self._decisions, self._reached, looked_up)

    def _object(self, value: Ref, position: Position) -> api.Node:
        record = self._store.records.get(value.number)
        if record is None:
            return known.Unknown("an object that is gone")
        if record.kind in _EMPTIED:
            return api.Object((), _span(record.place))
        if record.kind in {"set", "generator", "instance"}:
            raise Unsendable({"instance": "object"}.get(record.kind, record.kind))
        rest = None if record.rest is None else known.Unknown(record.rest.because, _span(record.rest.place))
        if record.kind == "list":
            if rest is not None:
                return rest
            entries = (self.node(item, position.at(number)) for number, item in record.fields.items())
            return api.Array(tuple(item for item in entries if item is not api.ABSENT), _span(record.place))
        if position.where == "other" and position.depth > 1 and rest is not None:
            return rest
        named: list[tuple[str, api.Node]] = []
        spans: list[Span | None] = []
        for key, field in record.fields.items():
            name = _json_name(key)
            if name == "statusCode" and not position.depth:
                field = self._status(field)
            node = self.node(field, position.at(name))
            if node is not api.ABSENT:
                named.append((name, node))
                spans.append(_span(record.keys.get(key)))
        return api.Object(tuple(named), _span(record.place), rest, tuple(spans))

    def _status(self, value: Value) -> Value:
        """Return a status without the cases in which it is not known: another stands for them, an exception's for errors.

        No browser reads an answer otherwise because of its status, but for that of a preflight.
        """
        found = list(leaves_where(value, self._reached))
        known = [leaf for leaf in found if isinstance(leaf, Const) and isinstance(leaf.value, int)]
        if len(known) == len(found):
            return value
        instead = known[-1] if known else None

        def one(leaf: Value) -> Value:
            if isinstance(leaf, Opaque) and leaf.because == THE_EXCEPTION.because:
                return instead or Const(_FAILED, leaf.place)
            return instead if instead is not None and isinstance(leaf, (Opaque, SomeText)) else leaf

        return self._decisions.change(value, one)


def _json_name(key: Any) -> str:
    if isinstance(key, tuple):
        raise Unsendable("dict with tuples as keys")
    if key is None or isinstance(key, bool):
        return {None: "null", True: "true", False: "false"}[key]
    return str(key)


def _constant(value: Const) -> api.Node:
    if isinstance(value.value, (bytes, complex)) or value.value is Ellipsis:
        raise Unsendable(type(value.value).__name__)
    return known.Known(value.value, _span(value.place), value.via)


def _unknown(value: Value, position: Position) -> api.Node:
    place = _span(getattr(value, "place", None))
    text = isinstance(value, (SomeText, Joined, HeaderValue, Method, PathText)) or (
        isinstance(value, EventPart) and value.path == ("body",)
    )
    parsed = isinstance(value, Opaque) and value.parsed
    if position.where in {"body", "free"} and not parsed and not isinstance(value, (EventPart, LowerHeaders)):
        return api.AnyText(place)
    # A text that is returned whole is sent as it is: nothing in it becomes a header.
    if text and (position.where in {"body", "free"} or not position.depth):
        return api.AnyText(place)
    if isinstance(value, (SomeText, Opaque)):
        return known.Unknown(value.because, place)
    name = getattr(value, "name", None)
    return known.Unknown(f"what {name} gives" if isinstance(name, str) else "a value that is not known", place)


def _is_small(node: api.Node) -> bool:
    return not isinstance(node, (api.Object, api.Array))


def _by_origin(atom: Atom, yes: api.Node, no: api.Node) -> api.Node:
    """What a test of the Origin chooses; an Origin that passes it is an echo."""
    looked_up, test = (atom.key, ANY) if atom.rank is Rank.PRESENT else atom.key
    names, ignores = (looked_up.name,), looked_up.ignores_case
    if yes == no:
        return yes
    if isinstance(yes, api.Echo) and yes.looked_up == names and yes.ignores_case is ignores:
        if yes.test in (ANY, test):
            return _merged(api.Echo(test, no, names, ignores))
        if test == ANY:
            return _merged(yes) if yes.otherwise == no else _spelt_twice(yes, no)
    if test == ANY and isinstance(yes, api.Echo) and isinstance(no, api.Echo):
        same = (yes.test, yes.ignores_case) == (no.test, no.ignores_case)
        if same and yes.looked_up == (*no.looked_up, *names):
            return api.Echo(yes.test, no.otherwise, yes.looked_up, yes.ignores_case)
    if isinstance(yes, api.WhenOrigin) and test == ANY and yes.otherwise == no and yes.looked_up == names:
        return yes
    return api.WhenOrigin(test, yes, no, names, ignores)


def _merged(echo: api.Echo) -> api.Echo:
    """Two tests of one look-up, tried one after the other, are one test, where their kind has room for both."""
    other = echo.otherwise
    if not isinstance(other, api.Echo) or other.ignores_case != echo.ignores_case:
        return echo
    if other.test == echo.test:
        looked_up = tuple(dict.fromkeys((*echo.looked_up, *other.looked_up)))
        return api.Echo(echo.test, other.otherwise, looked_up, echo.ignores_case)
    same_kind = (other.test.kind, other.test.anchored) == (echo.test.kind, echo.test.anchored)
    if same_kind and other.looked_up == echo.looked_up and echo.test.kind not in {"any", "unknown"}:
        items = tuple(dict.fromkeys((*echo.test.items, *other.test.items)))
        test = OriginTest(echo.test.kind, items, echo.test.anchored)
        return api.Echo(test, other.otherwise, echo.looked_up, echo.ignores_case)
    return echo


def _spelt_twice(first: api.Echo, second: api.Node) -> api.Node:
    """The header under one spelling, else under another, both tested alike: one echo with two spellings."""
    alike = isinstance(second, api.Echo) and (second.test, second.otherwise, second.ignores_case) == (
        first.test,
        first.otherwise,
        first.ignores_case,
    )
    if alike and isinstance(second, api.Echo):
        return api.Echo(first.test, first.otherwise, (*first.looked_up, *second.looked_up), first.ignores_case)
    return api.WhenOrigin(ANY, first, second, first.looked_up, first.ignores_case)


def _choice(nodes: list[api.Node]) -> api.Node:
    options: list[api.Node] = []
    for each in nodes:
        for option in each.options if isinstance(each, api.Choice) else (each,):
            if option not in options:
                options.append(option)
    if len(options) == 1:
        return options[0]
    return api.Choice(tuple(options), "it depends on conditions that cannot be read")


def _span(place: Place | None) -> Span | None:
    return None if place is None else place.span()
