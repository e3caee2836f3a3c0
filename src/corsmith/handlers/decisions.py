"""Values that depend on conditions, kept as reduced decision diagrams.

Theory. A condition that the code asks about a request (is the method GET? is the Origin in the list? did the table have
the item?) is an `Atom`. A value that depends on conditions is a `Case`: one value where its atom holds, another where
it does not. Atoms are ordered along every path, equal cases are one object, and a case whose two sides are the same is
that side; so the same condition asked twice is decided once, contradictions vanish by themselves, and two branches can
be joined without forgetting which came from which. A condition is such a value whose leaves are TRUE and FALSE.

What atoms mean narrows them further: a request has one method and one path, and a test can admit an Origin only where
there is one.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable
from typing import Any

from msgspec import Struct

from .cases import FALSE, TRUE, Atom, Case, Rank, Truth, Value, atoms, leaves, leaves_where

__all__ = [
    "FALSE",
    "TRUE",
    "Atom",
    "Case",
    "Decisions",
    "Rank",
    "Tables",
    "TooMany",
    "Truth",
    "Value",
    "atoms",
    "leaves",
    "leaves_where",
]


class TooMany(Exception):  # noqa: N818 - it names a state
    """The conditions of this code combine to more cases than are followed."""


_LIMIT = 30_000
_STRIDE = 1_000_000
_NO_ATOMS: frozenset[Atom] = frozenset()
_FREE = Rank.ORIGIN * _STRIDE
"""From this order on, an atom rules nothing out that comes after it."""


class Tables(Struct, eq=False):
    """The atoms and cases that were made up to some point of a run."""

    atoms: dict[tuple[Rank, Hashable], Atom]
    cases: dict[tuple[Atom, Value, Value], Value]


class Decisions:
    """The atoms and cases of one handler."""

    def __init__(self) -> None:
        self._atoms: dict[tuple[Rank, Hashable], Atom] = {}
        self._cases: dict[tuple[Atom, Value, Value], Value] = {}
        self._chosen: dict[tuple[Value, Value, Value], Value] = {}
        self._negated: dict[Value, Value] = {TRUE: FALSE, FALSE: TRUE}
        self._unrouted: dict[Value, Value] = {}
        self._asked: dict[Value, list[Atom]] = {}
        self._support: dict[Value, frozenset[Atom]] = {}
        self._literals: dict[Value, tuple[dict[Atom, bool], Value]] = {}
        self.made: dict[Hashable, Any] = {}
        """What was made of values of this run, by whoever keeps it here."""
        self.bound: dict[Value, Value] = {}
        """Variables' values without the cases in which they are not bound."""

    def size(self) -> tuple[int, int]:
        """Return how many atoms and cases there are."""
        return len(self._atoms), len(self._cases)

    def is_empty(self) -> bool:
        """Say whether nothing has been asked yet."""
        return not self._atoms and not self._cases

    def tables(self) -> Tables:
        """Return a copy of what was made."""
        return Tables(dict(self._atoms), dict(self._cases))

    def take_over(self, tables: Tables) -> None:
        """Begin with what another run had made."""
        self._atoms.update(tables.atoms)
        self._cases.update(tables.cases)

    def atom(self, rank: Rank, key: Hashable) -> Atom:
        """Return the atom that asks `key`; the same for the same question."""
        found = self._atoms.get((rank, key))
        if found is None:
            found = self._atoms[rank, key] = Atom(rank, rank * _STRIDE + len(self._atoms), key)
        return found

    def when(self, atom: Atom) -> Value:
        """Return the condition that `atom` holds."""
        return self._cases.get((atom, TRUE, FALSE)) or self._case(atom, TRUE, FALSE)

    def choose(self, condition: Value, yes: Value, no: Value) -> Value:
        """Return `yes` where `condition` holds, else `no`. Raises `TooMany`."""
        if condition is TRUE or yes is no:
            return yes
        if condition is FALSE:
            return no
        if yes is TRUE and no is FALSE:
            return condition
        key = (condition, yes, no)
        known = self._chosen.get(key)
        if known is not None:
            return known
        assert type(condition) is Case
        top = condition.atom
        order = top.order
        if type(yes) is Case and yes.atom.order < order:
            top = yes.atom
            order = top.order
        if type(no) is Case and no.atom.order < order:
            top = no.atom
        if condition.atom is top:
            if_yes, if_no = condition.yes, condition.no
        else:
            if_yes = if_no = condition
        if type(yes) is Case and yes.atom is top:
            yes_yes, yes_no = yes.yes, yes.no
        else:
            yes_yes = yes_no = yes
        if type(no) is Case and no.atom is top:
            no_yes, no_no = no.yes, no.no
        else:
            no_yes = no_no = no
        # Most calls end one step further down: what they would return is said here.
        if if_yes is TRUE or yes_yes is no_yes:
            first = yes_yes
        elif if_yes is FALSE:
            first = no_yes
        else:
            first = self.choose(if_yes, yes_yes, no_yes)
        if if_no is TRUE or yes_no is no_no:
            second = yes_no
        elif if_no is FALSE:
            second = no_no
        else:
            second = self.choose(if_no, yes_no, no_no)
        made = first if first is second else self._cases.get((top, first, second)) or self._case(top, first, second)
        if len(self._chosen) > _LIMIT:
            raise TooMany
        self._chosen[key] = made
        return made

    def negate(self, condition: Value) -> Value:
        """Return the condition that `condition` does not hold."""
        known = self._negated.get(condition)
        if known is None:
            known = self._negated[condition] = self.choose(condition, FALSE, TRUE)
        return known

    def both(self, one: Value, other: Value) -> Value:
        """Return the condition that both hold."""
        if one is TRUE or one is other:
            return other
        if other is TRUE:
            return one
        return FALSE if one is FALSE or other is FALSE else self.choose(one, other, FALSE)

    def either(self, one: Value, other: Value) -> Value:
        """Return the condition that at least one holds."""
        return one if one is other or other is FALSE else self.choose(one, TRUE, other)

    def assume(self, condition: Value, atom: Atom, *, holds: bool) -> Value:
        """Return what remains of `condition` where `atom` holds, or where it does not."""
        literal = self.when(atom)
        narrowed = self.both(literal if holds else self.negate(literal), condition)
        return self._strip(narrowed, atom, {}, holds=holds)

    def _strip(self, value: Value, atom: Atom, done: dict[Value, Value], *, holds: bool) -> Value:
        if type(value) is not Case or value.atom.order > atom.order:
            return value
        if value.atom is atom:
            return value.yes if holds else value.no
        if value not in done:
            yes = self._strip(value.yes, atom, done, holds=holds)
            no = self._strip(value.no, atom, done, holds=holds)
            done[value] = self._case(value.atom, yes, no)
        return done[value]

    def possible(self, condition: Value, atom: Atom, *, holds: bool) -> bool:
        """Say whether `condition` can hold where `atom` does, or where it does not."""
        if type(condition) is not Case:
            return condition is TRUE
        literals, rest = self._stripped(condition)
        if atom in literals:
            return literals[atom] is holds
        if atom.rank >= Rank.RAISES:
            if atom not in self.support(rest):
                return True
            condition = rest
        alone = holds and atom.rank in (Rank.METHOD, Rank.PATH)
        admits = holds and atom.rank is Rank.ORIGIN
        named = holds and atom.rank is Rank.PARAMETER
        seen: set[Value] = set()
        waiting = [condition]
        while waiting:
            part = waiting.pop()
            if part is TRUE:
                return True
            if type(part) is not Case or part in seen:
                continue
            seen.add(part)
            if part.atom is atom:
                waiting.append(part.yes if holds else part.no)
            elif alone and part.atom.rank is atom.rank:
                waiting.append(part.no)
            elif admits and part.atom.rank is Rank.PRESENT and part.atom.key == atom.key[0]:
                waiting.append(part.yes)
            elif named and part.atom.rank is Rank.PARAMETER and part.atom.key == "":
                # Where there is one parameter, there are some.
                waiting.append(part.yes)
            else:
                waiting += (part.no, part.yes)
        return False

    def _stripped(self, condition: Value) -> tuple[dict[Atom, bool], Value]:
        """Return the atoms that `condition` begins with because it asks each to hold, or not to, and what is left of it."""
        known = self._literals.get(condition)
        if known is None:
            literals: dict[Atom, bool] = {}
            rest = condition
            while type(rest) is Case and (rest.yes is FALSE or rest.no is FALSE):
                literals[rest.atom] = rest.no is FALSE
                rest = rest.yes if rest.no is FALSE else rest.no
            known = self._literals[condition] = (literals, rest)
        return known

    def support(self, value: Value) -> frozenset[Atom]:
        """Return the atoms that `value` depends on."""
        if type(value) is not Case:
            return _NO_ATOMS
        known = self._support.get(value)
        if known is None:
            known = self._support[value] = frozenset(self.asked(value))
        return known

    def asked(self, value: Value) -> list[Atom]:
        """Return the atoms that `value` depends on, in their order."""
        known = self._asked.get(value)
        if known is None:
            known = self._asked[value] = atoms(value)
        return known

    def relevant(self, condition: Value, value: Value) -> Value:
        """Return as much of a condition that can hold as says anything of `value`, which asks nothing of the route."""
        condition = self.unrouted(condition)
        asked, about = self.support(condition), self.support(value)
        if not asked.isdisjoint(about):
            return condition
        ranked = [any(atom.rank < Rank.RAISES for atom in each) for each in (asked, about)]
        return condition if all(ranked) else TRUE

    def holds_without(self, condition: Value, rank: Rank) -> bool:
        """Say whether `condition` can hold while no atom of `rank` does."""
        seen: set[Value] = set()
        waiting = [condition]
        while waiting:
            part = waiting.pop()
            if part is TRUE:
                return True
            if type(part) is Case and part not in seen:
                seen.add(part)
                waiting += (part.no,) if part.atom.rank is rank else (part.no, part.yes)
        return False

    def outline(self, condition: Value, kept: Collection[Atom] = ()) -> Value:
        """Return what `condition` says of the request and of the `kept` atoms: it may hold more often than `condition`."""
        return self._outline(condition, kept, {})

    def _outline(self, part: Value, kept: Collection[Atom], done: dict[Value, Value]) -> Value:
        if type(part) is not Case:
            return part
        made = done.get(part)
        if made is None:
            if part.atom.rank < Rank.RAISES or part.atom in kept:
                made = self._case(part.atom, self._outline(part.yes, kept, done), self._outline(part.no, kept, done))
            elif not kept:
                made = TRUE
            else:
                made = self.either(self._outline(part.yes, kept, done), self._outline(part.no, kept, done))
            done[part] = made
        return made

    def unrouted(self, condition: Value) -> Value:
        """Return what `condition` leaves possible when its method, path, format and parameters are not looked at."""
        if type(condition) is not Case or condition.atom.rank >= Rank.PRESENT:
            return condition
        known = self._unrouted.get(condition)
        if known is None:
            known = self.either(self.unrouted(condition.yes), self.unrouted(condition.no))
            self._unrouted[condition] = known
        return known

    def parts(self, value: Value, reached: Value) -> list[tuple[Value, Value]]:
        """Return the leaves that `value` can be where `reached` holds, each with the condition for it."""
        possible = list(leaves_where(value, reached))
        if len(possible) == 1:
            return [(possible[0], reached)]
        found: list[tuple[Value, Value]] = []
        for leaf in possible:
            here = self.both(reached, self.change(value, lambda part, one=leaf: TRUE if part is one else FALSE))  # type: ignore[misc]
            if here is not FALSE:
                found.append((leaf, here))
        return found

    def change(self, value: Value, leaf: Callable[[Value], Value]) -> Value:
        """Return `value` with `leaf` applied to each of its leaves."""
        return self._change(value, leaf, {}) if type(value) is Case else leaf(value)

    def _change(self, part: Value, leaf: Callable[[Value], Value], done: dict[Value, Value]) -> Value:
        if type(part) is not Case:
            return leaf(part)
        made = done.get(part)
        if made is None:
            atom = part.atom
            yes, no = self._change(part.yes, leaf, done), self._change(part.no, leaf, done)
            if yes is part.yes and no is part.no:
                made = part
            elif _is_below(yes, atom) and _is_below(no, atom):
                made = self._case(atom, yes, no)
            else:
                made = self.choose(self.when(atom), yes, no)
            done[part] = made
        return made

    def change_two(self, one: Value, other: Value, leaf: Callable[[Value, Value], Value]) -> Value:
        """Return the combination of two values, leaf by leaf."""
        if type(one) is not Case and type(other) is not Case:
            return leaf(one, other)
        return self.change(one, lambda left: self.change(other, lambda right: leaf(left, right)))

    def _case(self, atom: Atom, yes: Value, no: Value) -> Value:
        if yes is no:
            return yes
        key = (atom, yes, no)
        found = self._cases.get(key)
        if found is not None:
            return found
        if atom.order < _FREE:
            if atom.rank is Rank.METHOD or atom.rank is Rank.PATH:
                yes = self._without(yes, atom)
            elif atom.rank is Rank.PRESENT:
                no = self._unadmitted(no, atom.key)
            if yes is no:
                self._cases[key] = yes
                return yes
            narrow = (atom, yes, no)
            found = self._cases.get(narrow)
            if found is not None:
                self._cases[key] = found
                return found
        if len(self._cases) > _LIMIT:
            raise TooMany
        made = self._cases[key] = Case(atom, yes, no)
        if atom.order < _FREE:
            self._cases[narrow] = made
        return made

    def _without(self, value: Value, atom: Atom) -> Value:
        """One method, or one path, rules out the others."""
        while type(value) is Case and value.atom.rank is atom.rank:
            value = value.no
        if type(value) is Case and value.atom.rank < atom.rank:
            yes, no = self._without(value.yes, atom), self._without(value.no, atom)
            return self._case(value.atom, yes, no)
        return value

    def _unadmitted(self, value: Value, looked_up: Hashable) -> Value:
        """Without an Origin, no test of that Origin admits it."""
        if type(value) is not Case or value.atom.rank > Rank.ORIGIN:
            return value
        if value.atom.rank is Rank.ORIGIN and value.atom.key[0] == looked_up:
            return self._unadmitted(value.no, looked_up)
        yes, no = self._unadmitted(value.yes, looked_up), self._unadmitted(value.no, looked_up)
        return value if yes is value.yes and no is value.no else self._case(value.atom, yes, no)


def _is_below(value: Value, atom: Atom) -> bool:
    """Say whether all that `value` depends on is decided after `atom`."""
    return type(value) is not Case or value.atom.order > atom.order
