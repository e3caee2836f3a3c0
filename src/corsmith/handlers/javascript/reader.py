"""Reads a Node.js handler: runs its module and the handler abstractly, and lists the ways out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from corsmith.api.outcome import HandlerSummary
from corsmith.api.span import Span
from corsmith.api.tree import Tree
from corsmith.api.value import Text

from ..decisions import FALSE, TRUE, TooMany, Value, leaves
from ..loaded import sharing
from ..machine import ELSEWHERE, Attempt, Exhausted, Exit, Failure, Frame, Machine
from ..remembered import Remembered, Watched
from ..store import Record
from ..summing import distinct, finished, raised_way, summary_of
from ..values import Const, EventPart, Made, Opaque, Place
from ..ways import Way
from . import frameworks
from .calls import call, settled, start
from .expressions import EXPRESSIONS
from .finding import Finder
from .modules import exported, load
from .objects import get
from .source import Source
from .statements import STATEMENTS
from .streams import callback, make_context, make_stream
from .values import UNDEFINED, Bound, Closure, Native, Rejected, Run, Streaming

_EVENT = EventPart(())
_NEWEST_WITH_CALLBACKS = 22
_LONGEST = 100_000


def read(
    tree: Tree,
    roots: tuple[str, ...],
    module: str,
    entry: str,
    environment: Mapping[str, Text],
    span: Span,
    runtime: str = "",
) -> HandlerSummary:
    """Return the summary of the export `entry` of a module, a path with or without its ending."""
    key = (roots, module, entry, tuple(environment.items()), span, runtime)
    return _REMEMBERED.summary(
        key, tree, lambda watched: _fresh(watched, roots, module, entry, environment, span, runtime)
    )


_REMEMBERED = Remembered()


def _fresh(
    tree: Watched,
    roots: tuple[str, ...],
    module: str,
    entry: str,
    environment: Mapping[str, Text],
    span: Span,
    runtime: str,
) -> HandlerSummary:
    reason = ""
    for coarse in (False, True):
        machine = Machine(Finder(tree, roots), environment, EXPRESSIONS, STATEMENTS, coarse=coarse, longest=_LONGEST)
        machine.own = Run(runtime)
        try:
            with sharing(machine):
                return _read(machine, module, entry, span)
        except TooMany:
            reason = "it depends on too many conditions at once"
        except (Exhausted, RecursionError) as error:
            reason = str(error) if isinstance(error, Exhausted) else "it nests too deeply"
            break
    machine.say_unread(f"the code of {module}.{entry} is not followed to its end: {reason}", None)
    return summary_of(machine, (), span, ())


def _read(machine: Machine, module: str, entry: str, span: Span) -> HandlerSummary:
    path = module if machine.finder.tree.is_file(module) else machine.finder.entry(module)
    number = None if path is None else load(machine, path)
    if number is None:
        if not machine.unread:
            machine.say_unread(f"no file for the module {module} in {', '.join(machine.finder.roots)}", None)
        return summary_of(machine, (), span, ())
    ways = [raised_way(failure) for failure in machine.uncaught.failures]
    machine.uncaught.failures.clear()
    machine.frame = _outermost(machine)
    names = entry.split(".")
    value = exported(machine, number, names[0])
    for name in names[1:]:
        value = get(machine, value, Const(name), None)
    machine.uncaught.failures.clear()
    if machine.condition is FALSE:
        return finished(machine, ways, span)
    for leaf in leaves(value):
        if leaf is UNDEFINED:
            machine.say_unread(f"{path} does not export {entry}", None)
            return summary_of(machine, (), span, ())
        machine.condition = TRUE
        ways += _invoked(machine, leaf, _definition(leaf) or span)
    return finished(machine, ways, _definition(next(leaves(value))) or span)


def _definition(value: Value) -> Span | None:
    function = value.function if isinstance(value, (Bound, Streaming)) else value
    if isinstance(function, Closure):
        source: Source = function.source
        return source.span(function.node)
    return None


def _outermost(machine: Machine) -> Frame:
    scope = machine.store.add(Record("scope", {}))
    return Frame(_NoSource(), scope, scope, (), variables=scope)


class _NoSource:
    """Stands for the runtime's own code, which calls the handler."""

    path = ""

    def span(self, node: object) -> Span:
        """Return no place."""
        return Span("", 0, 0)


# Calling the handler


def _invoked(machine: Machine, value: Value, span: Span) -> list[Way]:
    """Return the ways out of calling the handler with an event, those of frameworks included."""
    if isinstance(value, Made):
        return _framework(machine, value, TRUE, span)
    ways: list[Way] = []
    for way in _called(machine, value, span):
        foreign = [] if way.value is None else [leaf for leaf in leaves(way.value) if isinstance(leaf, Made)]
        if not foreign or way.value is None:
            ways.append(way)
            continue
        for leaf, condition in machine.decisions.parts(way.value, way.condition):
            if isinstance(leaf, Made):
                machine.store = way.store.fork()
                ways += _framework(machine, leaf, condition, way.span)
            else:
                ways.append(replace(way, condition=condition, value=leaf))
    return ways


def _framework(machine: Machine, value: Made, condition: Value, span: Span) -> list[Way]:
    made = frameworks.ways(machine, value, condition, span, behave)
    return _unknown_framework(machine, value, condition, span) if made is None else made


def _unknown_framework(machine: Machine, value: Made, condition: Value, span: Span) -> list[Way]:
    """What something unknown makes of the event can be anything."""
    name = frameworks.name_of(value)
    machine.frameworks[name] = None
    because = f"the response comes from {name}, which is not followed"
    machine.say_unread(because, value.place)
    return [Way(condition, Opaque(because, value.place), machine.store.fork(), span, made_by=name)]


def _version(machine: Machine) -> int:
    digits = "".join(letter for letter in machine.own.runtime if letter.isdigit())
    return int(digits) if digits else 0


def _called(machine: Machine, value: Value, span: Span) -> list[Way]:
    """Return the ways out of calling the handler's own code."""
    if isinstance(value, Streaming):
        return [replace(way, streamed=True) for way in _streamed(machine, value.function, span)]
    ways, failures = behave(machine, value, span)
    return ways + [raised_way(failure) for failure in distinct(machine, failures)]


def behave(machine: Machine, value: Value, span: Span) -> tuple[list[Way], list[Failure]]:
    """Return what calling the handler's own code gives, and what it raises, where the machine is now."""
    reached = machine.condition
    own: Run = machine.own
    own.answers, own.deferred = [], False
    newer = _version(machine) > _NEWEST_WITH_CALLBACKS
    function = value.function if isinstance(value, Bound) else value
    if newer and isinstance(function, Closure) and len(function.node.parts()[0]) > 2 and not isinstance(value, Bound):
        place = function.source.span(function.node)
        return [Way(reached, None, machine.store, place, "CallbackHandlerDeprecated")], []
    arguments: list[Value] = [_EVENT, make_context(machine, callbacks=not newer), Native("callback", callback)]
    attempt = Attempt(quiet=True)
    machine.attempts.append(attempt)
    exits = _returns(machine, value, arguments, span)
    machine.attempts.pop()
    asynchronous = isinstance(function, Closure) and function.node.asynchronous
    failures = [failure for failure in attempt.failures if failure.kind != ELSEWHERE or failure.from_input]
    if asynchronous:
        own.answers = [each for each in own.answers if each.in_time]
    ways = _answered(machine, own.answers, span)
    answered: Value = FALSE
    for each in own.answers:
        answered = machine.decisions.either(answered, each.condition)
    left = machine.decisions.negate(answered)
    for way in exits:
        here = machine.decisions.both(way.condition, left)
        if here is FALSE:
            continue
        ways += _of_exit(machine, replace_condition(way, here), span, failures, plain=asynchronous or newer)
    for failure in failures:
        failure.condition = machine.decisions.both(failure.condition, left)
    return ways, [failure for failure in failures if failure.condition is not FALSE]


def replace_condition(way: Exit, condition: Value) -> Exit:
    """Return a way out under another condition."""
    return Exit(condition, way.value, way.store, way.place, way.after_exception)


def _returns(machine: Machine, value: Value, arguments: list[Value], span: Span) -> list[Exit]:
    """Return the ways in which the handler's function returns, with the failures left in the attempt."""
    if isinstance(value, Closure) and not value.node.generator:
        return start(machine, value, UNDEFINED, arguments, None).returns
    returned = call(machine, value, UNDEFINED, arguments, None)
    return [] if machine.condition is FALSE else [Exit(machine.condition, returned, machine.store, None)]


def _of_exit(machine: Machine, way: Exit, span: Span, failures: list[Failure], *, plain: bool) -> list[Way]:
    """What is returned counts where it is a promise's; else `null` is sent, unless a callback still answers."""
    from .values import Promise

    place = _place(way.place, span)
    value = way.value if not plain else settled(machine, way.value)
    machine.store = way.store
    found: list[Way] = []
    for leaf, condition in machine.decisions.parts(value, way.condition):
        inner = leaf.value if isinstance(leaf, Promise) else leaf
        if not plain and not isinstance(leaf, (Promise, Opaque, Made)):
            if not machine.own.deferred:
                found.append(
                    Way(condition, Const(None, way.place), way.store, place, after_exception=way.after_exception)
                )
            continue
        kept, rejected = _without_rejections(machine, inner, condition)
        for failure, here in rejected:
            if failure.kind != ELSEWHERE or failure.from_input:
                failures.append(
                    Failure(here, failure.kind, failure.instance, way.store, failure.place, failure.from_input)
                )
        found += [Way(here, part, way.store, place, after_exception=way.after_exception) for part, here in kept]
    return found


def _without_rejections(
    machine: Machine, value: Value, condition: Value
) -> tuple[list[tuple[Value, Value]], list[tuple[Failure, Value]]]:
    """Take rejections out of a value; what else it can be stays one value, so that conditions are told late."""
    decisions = machine.decisions
    rejections = [leaf for leaf in leaves(value) if isinstance(leaf, Rejected)]
    if not rejections:
        return [(value, condition)], []
    rejected: list[tuple[Failure, Value]] = []
    good = condition
    for leaf in rejections:
        here = decisions.change(value, lambda part, leaf=leaf: TRUE if part is leaf else FALSE)  # type: ignore[misc]
        rejected.append((leaf.failure, decisions.both(condition, here)))
        good = decisions.both(good, decisions.negate(here))
    rest = decisions.change(value, lambda part: UNDEFINED if isinstance(part, Rejected) else part)
    return ([(rest, good)] if good is not FALSE else []), [each for each in rejected if each[1] is not FALSE]


def _answered(machine: Machine, answers: Sequence[Exit], span: Span) -> list[Way]:
    """The first answer counts."""
    decisions = machine.decisions
    waiting: Value = TRUE
    ways: list[Way] = []
    failures: list[Failure] = []
    for each in answers:
        here = decisions.both(waiting, each.condition)
        waiting = decisions.both(waiting, decisions.negate(each.condition))
        if here is FALSE:
            continue
        kept, rejected = _without_rejections(machine, settled(machine, each.value), here)
        ways += [
            Way(condition, value, each.store, _place(each.place, span), after_exception=each.after_exception)
            for value, condition in kept
        ]
        failures += [
            Failure(condition, failure.kind, failure.instance, each.store, failure.place, failure.from_input)
            for failure, condition in rejected
        ]
    return ways + [raised_way(failure) for failure in failures]


def _place(place: Place | None, otherwise: Span) -> Span:
    return otherwise if place is None else place.span()


def _streamed(machine: Machine, function: Value, span: Span) -> list[Way]:
    """A handler that writes its response: what it returns does not count."""
    own: Run = machine.own
    attempt = Attempt(quiet=True)
    machine.attempts.append(attempt)
    arguments: list[Value] = [_EVENT, make_stream(machine), make_context(machine, callbacks=False)]
    exits = _returns(machine, function, arguments, span)
    machine.attempts.pop()
    ways = _answered(machine, own.answers, span)
    answered: Value = FALSE
    for each in own.answers:
        answered = machine.decisions.either(answered, each.condition)
    for way in exits:
        left = machine.decisions.both(way.condition, machine.decisions.negate(answered))
        if left is not FALSE:
            because = "the response stream is not seen to end"
            ways.append(Way(left, Opaque(because, way.place), way.store, _place(way.place, span)))
    failures = [f for f in attempt.failures if f.kind != ELSEWHERE or f.from_input]
    return ways + [raised_way(failure) for failure in distinct(machine, failures)]
