"""Methods of arrays: over known items each is looked at, over others one stands for all."""

from __future__ import annotations

from collections.abc import Callable

from ..decisions import FALSE, TRUE, Value
from ..machine import Machine
from ..operators import as_value
from ..store import numbered
from ..turns import settle, settle_changes
from ..values import NOTHING, Const, HeaderName, HeaderValue, Opaque, Place, Ref, SomeText
from .arithmetic import join_items, text_of
from .calls import call_any
from .copies import array, items_of, pair
from .failing import fail
from .loops import generic_item
from .membership import among
from .tests import truth
from .values import UNDEFINED, Copied, Position


def call_array_method(machine: Machine, owner: Ref, name: str, arguments: list[Value], place: Place | None) -> Value:
    """Return what calling a method of an array gives."""
    act = _METHODS.get(name)
    if act is not None:
        return act(machine, owner, arguments, place)
    if name in _MISSING:
        return Opaque(f"what .{name}() of a list gives", place)
    fail(machine, "TypeError", place)
    return UNDEFINED


def _argument(arguments: list[Value], at: int) -> Value:
    return arguments[at] if at < len(arguments) else UNDEFINED


def _there(machine: Machine, item: Value) -> Value:
    return machine.decisions.change(item, lambda leaf: FALSE if leaf is NOTHING else TRUE)


def _applied(machine: Machine, function: Value, item: Value, at: int, owner: Ref, place: Place | None) -> Value:
    """Return what the function gives for an item, NOTHING where there is none."""
    return machine.branch(
        _there(machine, item),
        lambda: call_any(machine, function, UNDEFINED, [_without_nothing(machine, item), Const(at), owner], place),
        lambda: NOTHING,
    )


def _without_nothing(machine: Machine, item: Value) -> Value:
    return machine.decisions.change(item, lambda leaf: UNDEFINED if leaf is NOTHING else leaf)


def _for_any(machine: Machine, owner: Ref, function: Value, place: Place | None) -> tuple[Value, Value]:
    """Return an item that stands for all, and what the function gives for it."""
    generic = generic_item(machine, owner)
    rest = machine.record(owner).rest
    given = [generic, Opaque("a position"), owner]
    if isinstance(rest, Copied):
        return generic, call_any(machine, function, UNDEFINED, given, place)
    result = machine.branch(
        machine.opaque("loop", machine.store.next_number()),
        lambda: call_any(machine, function, UNDEFINED, given, place),
        lambda: NOTHING,
    )
    return generic, _without_nothing(machine, result)


def _map(machine: Machine, owner: Ref, arguments: list[Value], place: Place | None) -> Value:
    function = _argument(arguments, 0)
    items = items_of(machine, owner)
    if items is not None:
        made = [_applied(machine, function, item, at, owner, place) for at, item in enumerate(items)]
        return array(machine, made, place)
    rest = machine.record(owner).rest
    _, result = _for_any(machine, owner, function, place)
    known = _copied(machine, result, place) if isinstance(rest, Copied) else None
    because = rest.because if rest is not None else "items that are not known"
    return array(machine, [], place, known or Opaque(because, place, parsed=rest.parsed if rest is not None else ""))


def _copied(machine: Machine, result: Value, place: Place | None) -> Copied | None:
    """What is made of each header: its name, its value, or both."""
    if isinstance(result, HeaderName):
        return Copied("the request's headers", place, truthy=True, form="keys", lower=result.lower)
    if isinstance(result, HeaderValue):
        return Copied("the request's headers", place, truthy=True, form="values")
    if isinstance(result, Ref):
        fields = machine.record(result).fields
        name, value = fields.get(0), fields.get(1)
        if isinstance(name, HeaderName) and isinstance(value, (HeaderValue, SomeText)):
            return Copied("the request's headers", place, truthy=True, form="entries", lower=name.lower)
    return None


def _for_each(machine: Machine, owner: Ref, arguments: list[Value], place: Place | None) -> Value:
    function = _argument(arguments, 0)
    items = items_of(machine, owner)
    if items is None:
        before = machine.store.fork()
        _for_any(machine, owner, function, place)
        if isinstance(machine.record(owner).rest, Copied):
            settle_changes(machine, before)
        return UNDEFINED
    for at, item in enumerate(items):
        _applied(machine, function, item, at, owner, place)
    return UNDEFINED


def _filter(machine: Machine, owner: Ref, arguments: list[Value], place: Place | None) -> Value:
    function = _argument(arguments, 0)
    items = items_of(machine, owner)
    if items is None:
        rest = machine.record(owner).rest
        _for_any(machine, owner, function, place)
        return array(machine, [], place, Opaque(rest.because if rest is not None else "items", place))
    kept: list[Value] = []
    for at, item in enumerate(items):
        passes = truth(machine, _applied(machine, function, item, at, owner, place))
        if passes is not FALSE:
            kept.append(machine.decisions.choose(passes, item, NOTHING))
    return array(machine, kept, place)


def _conditions(machine: Machine, owner: Ref, arguments: list[Value], place: Place | None) -> list[Value]:
    """Return the conditions that the function holds, one for each item."""
    function = _argument(arguments, 0)
    items = items_of(machine, owner)
    if items is None:
        _, result = _for_any(machine, owner, function, place)
        return [truth(machine, result)]
    return [truth(machine, _applied(machine, function, item, at, owner, place)) for at, item in enumerate(items)]


def _some(machine: Machine, owner: Ref, arguments: list[Value], place: Place | None) -> Value:
    found: Value = FALSE
    for each in _conditions(machine, owner, arguments, place):
        found = machine.decisions.either(found, each)
    return as_value(machine, _if_any(machine, owner, found))


def _if_any(machine: Machine, owner: Ref, found: Value) -> Value:
    """Of a list that may be empty, what holds for an item need not be met."""
    rest = machine.record(owner).rest
    if rest is None or isinstance(rest, Copied):
        return found
    return machine.decisions.both(found, machine.opaque("some", machine.store.next_number()))


def _every(machine: Machine, owner: Ref, arguments: list[Value], place: Place | None) -> Value:
    function = _argument(arguments, 0)
    items = items_of(machine, owner)
    if items is None:
        _, result = _for_any(machine, owner, function, place)
        unknown = machine.opaque("every", machine.store.next_number())
        return as_value(machine, machine.decisions.either(truth(machine, result), unknown))
    found: Value = TRUE
    for at, item in enumerate(items):
        holds = truth(machine, _applied(machine, function, item, at, owner, place))
        found = machine.decisions.both(
            found, machine.decisions.either(holds, machine.decisions.negate(_there(machine, item)))
        )
    return as_value(machine, found)


def _find(machine: Machine, owner: Ref, arguments: list[Value], place: Place | None) -> Value:
    function = _argument(arguments, 0)
    items = items_of(machine, owner)
    if items is None:
        generic, result = _for_any(machine, owner, function, place)
        found = _if_any(machine, owner, truth(machine, result))
        return settle(machine.decisions, machine.decisions.choose(found, generic, UNDEFINED))
    tests = [truth(machine, _applied(machine, function, item, at, owner, place)) for at, item in enumerate(items)]
    chosen: Value = UNDEFINED
    for item, test in zip(reversed(items), reversed(tests), strict=True):
        chosen = machine.decisions.choose(test, item, chosen)
    return chosen


def _find_index(machine: Machine, owner: Ref, arguments: list[Value], place: Place | None) -> Value:
    tests = _conditions(machine, owner, arguments, place)
    found: Value = FALSE
    for each in tests:
        found = machine.decisions.either(found, each)
    first = tests[0] if tests and machine.record(owner).rest is None else machine.opaque("first", owner.number)
    return Position(_if_any(machine, owner, found), machine.decisions.both(found, first))


def _among(machine: Machine, owner: Ref, item: Value) -> Value:
    record = machine.record(owner)
    return machine.decisions.change(item, lambda leaf: among(machine, list(record.fields.values()), record.rest, leaf))


def _includes(machine: Machine, owner: Ref, arguments: list[Value], place: Place | None) -> Value:
    return as_value(machine, _among(machine, owner, _argument(arguments, 0)))


def _index_of(machine: Machine, owner: Ref, arguments: list[Value], place: Place | None) -> Value:
    item, record = _argument(arguments, 0), machine.record(owner)
    found = _among(machine, owner, item)
    start = list(record.fields.values())[:1]
    first = machine.decisions.change(item, lambda leaf: among(machine, start, None, leaf)) if start else FALSE
    return Position(found, machine.decisions.both(found, first))


def _join(machine: Machine, owner: Ref, arguments: list[Value], place: Place | None) -> Value:
    items = items_of(machine, owner)
    if items is None:
        return SomeText("texts joined that are not known", place)
    separator = _argument(arguments, 0)
    if separator is UNDEFINED:
        return join_items(machine, items, ",", place)
    return machine.decisions.change(
        text_of(machine, separator),
        lambda leaf: (
            join_items(machine, items, str(leaf.value), place)
            if isinstance(leaf, Const)
            else SomeText("texts joined that are not known", place)
        ),
    )


def _push(machine: Machine, owner: Ref, arguments: list[Value], place: Place | None) -> Value:
    record = machine.store.writable(owner.number)
    for argument in arguments:
        record.fields[len(record.fields)] = argument
    return Opaque("the length of a list", place)


def _unshift(machine: Machine, owner: Ref, arguments: list[Value], place: Place | None) -> Value:
    record = machine.store.writable(owner.number)
    record.fields = numbered([*arguments, *record.fields.values()])
    return Opaque("the length of a list", place)


def _taken(at: int) -> Callable[[Machine, Ref, list[Value], Place | None], Value]:
    def take(machine: Machine, owner: Ref, arguments: list[Value], place: Place | None) -> Value:
        record = machine.store.writable(owner.number)
        items = list(record.fields.values())
        if record.rest is not None:
            return Opaque(f"an item of {record.rest.because}", place)
        if not items:
            return UNDEFINED
        taken = items.pop(at)
        record.fields = numbered(items)
        return _without_nothing(machine, taken)

    return take


def _changed(machine: Machine, owner: Ref, arguments: list[Value], place: Place | None) -> Value:
    """`splice`, `sort`, `fill` and their like: the same list with items that are not known in their order."""
    record = machine.store.writable(owner.number)
    if len(record.fields) > 1 or arguments:
        record.rest = Opaque("a list that was changed", place)
    return owner


def _reverse(machine: Machine, owner: Ref, arguments: list[Value], place: Place | None) -> Value:
    record = machine.store.writable(owner.number)
    record.fields = numbered(list(record.fields.values())[::-1])
    return owner


def _concat(machine: Machine, owner: Ref, arguments: list[Value], place: Place | None) -> Value:
    record = machine.record(owner)
    items, rest = list(record.fields.values()), record.rest
    for argument in arguments:
        more = items_of(machine, argument) if isinstance(argument, Ref) else None
        if more is not None and isinstance(argument, Ref) and machine.record(argument).kind == "list":
            items += more
        elif isinstance(argument, (Const, SomeText)):
            items.append(argument)
        else:
            rest = rest or Opaque("items that are not known", place)
    return array(machine, items, place, rest)


def _slice(machine: Machine, owner: Ref, arguments: list[Value], place: Place | None) -> Value:
    record = machine.record(owner)
    bounds = [each.value if isinstance(each, Const) else None for each in arguments[:2]]
    if record.rest is not None or any(not isinstance(each, int) for each in bounds):
        return array(machine, [], place, Opaque("a part of a list", place))
    first = bounds[0] if bounds else None
    return array(machine, list(record.fields.values())[first : bounds[1] if len(bounds) > 1 else None], place)


def _reduce(machine: Machine, owner: Ref, arguments: list[Value], place: Place | None) -> Value:
    function = _argument(arguments, 0)
    items = items_of(machine, owner)
    if items is None:
        return _reduce_any(machine, owner, arguments, place)
    items = list(items)
    value = arguments[1] if len(arguments) > 1 else items.pop(0) if items else UNDEFINED
    for at, item in enumerate(items):
        before = value
        value = machine.branch(
            _there(machine, item),
            lambda item=item, at=at, before=before: call_any(  # type: ignore[misc]
                machine, function, UNDEFINED, [before, _without_nothing(machine, item), Const(at), owner], place
            ),
            lambda before=before: before,  # type: ignore[misc]
        )
    return value


def _reduce_any(machine: Machine, owner: Ref, arguments: list[Value], place: Place | None) -> Value:
    generic, start = generic_item(machine, owner), _argument(arguments, 1)
    value = call_any(machine, _argument(arguments, 0), UNDEFINED, [start, generic, Opaque("a position"), owner], place)
    if isinstance(value, Ref) and (machine.record(value).rest is not None or value is start):
        return value
    return Opaque("what a list is reduced to", place)


def _flat(machine: Machine, owner: Ref, arguments: list[Value], place: Place | None) -> Value:
    items: list[Value] = []
    for item in items_of(machine, owner) or []:
        more = items_of(machine, item) if isinstance(item, Ref) else None
        items += more if more is not None else [item]
    rest = machine.record(owner).rest
    return array(machine, items, place, rest)


def _flat_map(machine: Machine, owner: Ref, arguments: list[Value], place: Place | None) -> Value:
    made = _map(machine, owner, arguments, place)
    assert isinstance(made, Ref)
    return _flat(machine, made, [], place)


def _entries(machine: Machine, owner: Ref, arguments: list[Value], place: Place | None) -> Value:
    items = items_of(machine, owner)
    if items is None:
        return array(machine, [], place, Opaque("entries that are not known", place))
    return array(machine, [pair(machine, Const(at), item) for at, item in enumerate(items)], place)


def _same(machine: Machine, owner: Ref, arguments: list[Value], place: Place | None) -> Value:
    return owner


def _at(machine: Machine, owner: Ref, arguments: list[Value], place: Place | None) -> Value:
    record, at = machine.record(owner), _argument(arguments, 0)
    if record.rest is not None or not isinstance(at, Const) or not isinstance(at.value, int):
        return Opaque("an item of a list", place)
    position = at.value + (len(record.fields) if at.value < 0 else 0)
    return record.fields.get(position, UNDEFINED)


def _text(machine: Machine, owner: Ref, arguments: list[Value], place: Place | None) -> Value:
    return text_of(machine, owner)


_MISSING = {"keys", "toLocaleString", "with", "toSpliced", "copyWithin", "findLastIndex", "lastIndexOf", "reduceRight"}
_METHODS: dict[str, Callable[[Machine, Ref, list[Value], Place | None], Value]] = {
    "at": _at,
    "concat": _concat,
    "entries": _entries,
    "every": _every,
    "fill": _changed,
    "filter": _filter,
    "find": _find,
    "findIndex": _find_index,
    "findLast": _find,
    "flat": _flat,
    "flatMap": _flat_map,
    "forEach": _for_each,
    "includes": _includes,
    "indexOf": _index_of,
    "join": _join,
    "map": _map,
    "pop": _taken(-1),
    "push": _push,
    "reduce": _reduce,
    "reverse": _reverse,
    "shift": _taken(0),
    "slice": _slice,
    "some": _some,
    "sort": _changed,
    "splice": _changed,
    "toReversed": _reverse,
    "toSorted": _changed,
    "toString": _text,
    "unshift": _unshift,
    "values": _same,
}
