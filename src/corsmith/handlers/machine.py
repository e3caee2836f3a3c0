"""The abstract machine: runs code over values that are only partly known, all branches at once.

Theory. The machine keeps one store and the condition under which this point of the code is reached. At a branch the
store is forked, each side runs under its narrower condition, and the two stores are joined again: what differs becomes
a `Case` of the branch's condition. So the run is linear in the code, however many branches it has. Ways out (returns,
exceptions) are kept with their condition and the store as it was then. A condition of FALSE means that nothing reaches
this point; what is evaluated then does not matter.

Code that asks too much at once is run again `coarse`: joined states then forget why they differ, as far as the request
does not decide it. The outcomes are the same or more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from corsmith.api.model import Problem
from corsmith.api.value import Unknown

from .decisions import FALSE, TRUE, Case, Decisions, Rank, TooMany, Value, atoms, leaves
from .frames import Attempt, Cause, Environment, Exit, Failure, Frame, Loop, Source, Spot
from .store import Record, Store, join
from .values import NOTHING, Class, External, Made, Opaque, Place, Ref

__all__ = [
    "ELSEWHERE",
    "THE_EXCEPTION",
    "Attempt",
    "Environment",
    "Evaluate",
    "Execute",
    "Exhausted",
    "Exit",
    "Failure",
    "Frame",
    "Loop",
    "Machine",
    "Source",
    "Spot",
    "short_name",
]

_DEEPEST = 120
_LONGEST = 250_000
_WIDEST = 48
_TOLD_APART = 4


ELSEWHERE = "elsewhere"
"""The kind of what code outside the project raises: anything but the project's own exceptions."""
THE_EXCEPTION = Opaque("the exception", truthy=True)


class Exhausted(Exception):  # noqa: N818 - it names a state
    """The code is longer, or nests deeper, than is followed."""


Evaluate = Callable[["Machine", Any], Value]
Execute = Callable[["Machine", Any], None]


class Machine:
    """The state of one run. `finder` finds modules as the language does; the tables say what its nodes do."""

    def __init__(
        self,
        finder: Any,
        environment: Environment,
        expressions: Mapping[type[Any], Evaluate],
        statements: Mapping[type[Any], Execute],
        *,
        coarse: bool = False,
        longest: int = _LONGEST,
    ) -> None:
        self.finder = finder
        self.environment = environment
        self.expressions = expressions
        self.statements = statements
        self.coarse = coarse
        self._longest = longest
        self.decisions = Decisions()
        self.store = Store()
        self.condition: Value = TRUE
        self.parents: dict[int, int] = {}
        self.packages: dict[int, tuple[str, ...]] = {}
        self.attempts: list[Attempt] = []
        self.uncaught = Attempt()
        self.modules: dict[str, int] = {}
        self.reached: list[list[int]] = []
        """For each load that is recorded: the modules that were there already, and were made use of."""
        self.files: list[str] = []
        self.problems: list[Problem] = []
        self.unread: dict[str, Unknown] = {}
        self.json_read: list[Value] = []
        self.made: list[Made] = []
        self.frameworks: dict[str, None] = {}
        self.active: list[Any] = []
        self.handling: list[Failure] = []
        self.expecting = 0
        """How many calls around this one have a handler for what a promise is rejected with."""
        self.own: Any = None
        """What only one language's runs keep."""
        self.frame: Frame = None  # type: ignore[assignment]
        self._depth = 0
        self.steps = 0

    def loaded(self, path: str) -> int | None:
        """Return the number of a module that was loaded before."""
        number = self.modules.get(path)
        if number is not None and self.reached:
            self.reached[-1].append(number)
        return number

    # Evaluating and executing

    def evaluate(self, node: Any) -> Value:
        """Return the value of an expression."""
        self.steps += 1
        if self.steps > self._longest:
            raise Exhausted("it is too long to be followed")
        if self._depth > _DEEPEST:
            raise Exhausted("it nests too deeply to be followed")
        self._depth += 1
        try:
            handler = self.expressions.get(type(node))
            return (
                Opaque("an expression that is not followed", self.spot(node))
                if handler is None
                else handler(self, node)
            )
        finally:
            self._depth -= 1

    def execute(self, body: Sequence[Any]) -> None:
        """Run statements until nothing reaches the next one."""
        self._depth += 1
        for node in body:
            if self.condition is FALSE:
                break
            handler = self.statements.get(type(node))
            if handler is not None:
                handler(self, node)
        self._depth -= 1

    def spot(self, node: Any) -> Spot:
        """Return where `node` of the running file stands."""
        return Spot(self.frame.source, node)

    # Branches

    def branch(self, condition: Value, yes: Callable[[], Value], no: Callable[[], Value]) -> Value:
        """Run `yes` where `condition` holds and `no` elsewhere; return the value of either, joined."""
        decisions = self.decisions
        to_yes = decisions.both(self.condition, condition)
        to_no = decisions.both(self.condition, decisions.negate(condition))
        if to_no is FALSE:
            return yes()
        if to_yes is FALSE:
            return no()
        before = self.store
        self.store, self.condition = before.fork(), to_yes
        first = yes()
        after_yes, reached_yes = self.store, self.condition
        self.store, self.condition = before, to_no
        second = no()
        if reached_yes is FALSE:
            return second
        if self.condition is FALSE:
            self.store, self.condition = after_yes, reached_yes
            return first
        reached = decisions.either(reached_yes, self.condition)
        if self.coarse:
            reached = decisions.outline(reached)
            if len(atoms(condition)) > 1:
                condition = self.opaque("branch", self.store.next_number())
        self.store = join(decisions, condition, after_yes, self.store)
        self.condition = reached
        return decisions.choose(condition, first, second)

    def each(self, value: Value, act: Callable[[Value], Value]) -> Value:
        """Run `act` on each leaf of `value`, where it is that leaf; return the results, joined."""
        if not isinstance(value, Case):
            return act(value)
        distinct = list(leaves(value))
        if len(distinct) > _WIDEST:
            if any(isinstance(leaf, Ref) for leaf in distinct):
                raise TooMany
            return act(Opaque("it depends on too many conditions"))
        return self._each(value, distinct, 0, act)

    def _each(self, value: Value, distinct: list[Value], at: int, act: Callable[[Value], Value]) -> Value:
        leaf = distinct[at]
        if at == len(distinct) - 1:
            return act(leaf)
        here = self.decisions.change(value, lambda part: TRUE if part is leaf else FALSE)
        return self.branch(here, lambda: act(leaf), lambda: self._each(value, distinct, at + 1, act))

    def merge(self, exits: list[Exit]) -> Value:
        """Continue after `exits`, whichever was taken: store and condition are joined, the value is returned.

        Where there are many, why each was taken is forgotten as far as the request does not decide it.
        """
        conditions = [way.condition for way in exits]
        if self._forgets(exits):
            conditions = [self.decisions.outline(condition) for condition in conditions]
        return self._merge(exits, conditions)

    def merge_failures(self, failures: list[Failure]) -> Value:
        """Continue after `failures`, as `merge` does; return what is raised."""
        if self._forgets(failures):
            conditions = [self.decisions.outline(failure.reached) for failure in failures]
        else:
            conditions = [failure.condition for failure in failures]
        return self._merge(
            [Exit(here, each.instance, each.store, None) for here, each in zip(conditions, failures, strict=True)],
            conditions,
        )

    def _forgets(self, ways: Sequence[Exit | Failure]) -> bool:
        return self.coarse or len(ways) > _TOLD_APART

    def _merge(self, exits: list[Exit], conditions: list[Value]) -> Value:
        decisions = self.decisions
        last = exits[-1]
        value, store, condition = last.value, last.store, conditions[-1]
        for way, reached in zip(reversed(exits[:-1]), reversed(conditions[:-1]), strict=True):
            here = reached
            if decisions.both(reached, condition) is not FALSE:
                here = decisions.both(reached, self.opaque("way", self.store.next_number()))
            value = decisions.choose(here, way.value, value)
            store = join(decisions, here, way.store.fork(), store)
            condition = decisions.either(reached, condition)
        self.store, self.condition = store, condition
        return value

    def stop(self) -> None:
        """Say that nothing reaches the next statement."""
        self.condition = FALSE

    # Exceptions

    def fail(
        self,
        condition: Value,
        kind: Value | str | None,
        place: Place | None,
        instance: Value | None = None,
        *,
        from_input: bool = False,
    ) -> None:
        """Raise where `condition` holds; the run goes on where it does not."""
        raised = self.decisions.both(self.condition, condition)
        if raised is not FALSE:
            self._note(Failure(raised, kind, instance or THE_EXCEPTION, self.store, place, from_input))
            if kind != ELSEWHERE:
                # What may fail for reasons of its own goes on all the same: its condition is of no use to what follows.
                self.condition = self.decisions.both(self.condition, self.decisions.negate(condition))

    def _note(self, failure: Failure) -> None:
        # Anything may crash: outside every `try`, that is told once for a whole API, not for each function.
        if self.attempts or failure.kind != ELSEWHERE or failure.from_input:
            failure.store = self.store.fork()
            attempt = self.attempts[-1] if self.attempts else self.uncaught
            attempt.failures.append(failure)

    def may_fail(self, place: Place | None, kind: str = ELSEWHERE, *, from_input: bool = False) -> None:
        """Say that this may raise, for reasons that the code does not show. Outside any `try` only bad input counts."""
        if not from_input and not self.expecting and all(attempt.quiet for attempt in self.attempts):
            return
        attempt = self.attempts[-1] if self.attempts else self.uncaught
        if self.attempts and kind is ELSEWHERE and attempt.seen == (self.store.writes, self.condition):
            return
        if self.condition is not FALSE:
            cause = Cause(self.raises(), self.decisions)
            self._note(Failure(self.condition, kind, THE_EXCEPTION, self.store, place, from_input, cause))
            if kind != ELSEWHERE:
                self.condition = self.decisions.both(self.condition, self.decisions.negate(cause.holds))
        attempt.seen = (self.store.writes, self.condition)

    def raises(self) -> Value:
        """Return a fresh condition that something raises."""
        return self.decisions.when(self.decisions.atom(Rank.RAISES, self.store.next_number()))

    def opaque(self, *key: Any) -> Value:
        """Return the condition that cannot be read, the same for the same key."""
        return self.decisions.when(self.decisions.atom(Rank.OPAQUE, key))

    # Names

    def read(self, name: str) -> Value | None:
        """Return the variable `name`, None where no scope has it."""
        scope: int | None = self.frame.scope
        found: Value | None = None
        while scope is not None:
            value = self.store.records[scope].fields.get(name) if scope in self.store.records else None
            if value is not None:
                found = value if found is None else self._unbound(found, value)
                if not isinstance(value, Case) and value is not NOTHING:
                    break
            scope = self.parents.get(scope)
        if found is None or found is NOTHING:
            return None
        return _bound(self.decisions, found) if isinstance(found, Case) else found

    def _unbound(self, inner: Value, outer: Value) -> Value:
        return self.decisions.change(inner, lambda leaf: outer if leaf is NOTHING else leaf)

    def write(self, name: str, value: Value) -> None:
        """Bind the variable `name` in the scope it belongs to."""
        scope = self.frame.scope
        if name in self.frame.outer:
            at: int | None = self.parents.get(scope)
            while at is not None and name not in self.store.records[at].fields:
                at = self.parents.get(at)
            scope = self.frame.module if at is None else at
        self.store.writable(scope).fields[name] = value

    # Objects

    def record(self, value: Ref) -> Record:
        """Return the record of an object."""
        return self.store.records[value.number]

    def new(self, record: Record) -> Ref:
        """Return a new object."""
        return Ref(self.store.add(record))

    def say_unread(self, because: str, place: Place | None) -> None:
        """Remember why ways out may be missing."""
        self.unread.setdefault(because, Unknown(because, place.span() if place is not None else None))


def _bound(decisions: Decisions, value: Value) -> Value:
    """Without the cases in which a variable is not bound: code that reads it is taken to have bound it."""
    if type(value) is not Case:
        return value
    known = decisions.bound.get(value)
    if known is None:
        yes, no = _bound(decisions, value.yes), _bound(decisions, value.no)
        if yes is NOTHING or no is NOTHING:
            known = no if yes is NOTHING else yes
        elif yes is value.yes and no is value.no:
            known = value
        else:
            known = decisions.choose(decisions.when(value.atom), yes, no)
        decisions.bound[value] = known
    return known


def short_name(kind: Value | str | None) -> str:
    """Return an exception's name as people say it."""
    if isinstance(kind, str):
        return "Exception" if kind == ELSEWHERE else kind.rpartition(".")[2]
    return kind.name if isinstance(kind, (Class, External, Made)) else "Exception"
