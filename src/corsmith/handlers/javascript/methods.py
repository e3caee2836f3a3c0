"""Methods of the language's own kinds: which owner has which."""

from __future__ import annotations

from ..decisions import Value
from ..machine import Machine
from ..operators import as_value
from ..values import Const, EventPart, External, LowerHeaders, MadeMethod, Opaque, Place, Ref, SomeText
from .arithmetic import text_of
from .array_methods import call_array_method
from .calls import call
from .collections import call_map_method, call_set_method
from .copies import items_of
from .membership import has_property
from .patterns import matched
from .promises import chain, chain_unknown
from .streams import call_stream_method
from .text_methods import call_text_method
from .values import MORE, UNDEFINED, Bound, Closure, Pattern, Promise, Stream

_PROMISED = {"then", "catch", "finally"}


def call_method(machine: Machine, owner: Value, name: str, arguments: list[Value], place: Place | None) -> Value:
    """Return what calling the method `name` of a leaf gives."""
    if isinstance(owner, Ref):
        return _of_object(machine, owner, name, arguments, place)
    if isinstance(owner, Promise):
        return chain(machine, owner, name, arguments, place)
    if isinstance(owner, (Closure, Bound, MadeMethod)):
        return _of_function(machine, owner, name, arguments, place)
    if isinstance(owner, Pattern):
        return _of_pattern(machine, owner, name, arguments, place)
    if isinstance(owner, Stream):
        return call_stream_method(machine, owner, name, arguments, place)
    if (
        isinstance(owner, (EventPart, LowerHeaders))
        and name in {"hasOwnProperty", "propertyIsEnumerable"}
        and arguments
    ):
        return as_value(machine, has_property(machine, owner, arguments[0]))
    if name in _PROMISED:
        return chain_unknown(machine, owner, name, arguments, place)
    if isinstance(owner, External):
        return UNDEFINED
    if isinstance(owner, EventPart) and owner.path == ("body",):
        owner = SomeText("the body")
    return call_text_method(machine, owner, name, arguments, place)


def _of_object(machine: Machine, owner: Ref, name: str, arguments: list[Value], place: Place | None) -> Value:
    kind = machine.record(owner).kind
    if name in {"hasOwnProperty", "propertyIsEnumerable"} and arguments:
        return as_value(machine, has_property(machine, owner, arguments[0]))
    if kind == "list":
        return call_array_method(machine, owner, name, arguments, place)
    if kind == "map":
        return call_map_method(machine, owner, name, arguments, place)
    if kind == "unique":
        return call_set_method(machine, owner, name, arguments, place)
    if name in {"toString", "toLocaleString"}:
        return SomeText("an object as a text", place)
    return owner if name == "valueOf" else Opaque(f"what .{name}() gives", place)


def _of_function(machine: Machine, owner: Value, name: str, arguments: list[Value], place: Place | None) -> Value:
    this = arguments[0] if arguments else UNDEFINED
    if name == "call":
        return call(machine, owner, this, arguments[1:], place)
    if name == "apply":
        given = arguments[1] if len(arguments) > 1 else UNDEFINED

        def one(leaf: Value) -> Value:
            items = items_of(machine, leaf)
            if items is None:
                items = [] if leaf is UNDEFINED or isinstance(leaf, Const) else [MORE]
            return call(machine, owner, this, items, place)

        return machine.each(given, one)
    if name == "bind":
        return Bound(owner, this, tuple(arguments[1:]))
    return SomeText("the source of a function", place) if name == "toString" else Opaque(f"what .{name}() gives", place)


def _of_pattern(machine: Machine, owner: Pattern, name: str, arguments: list[Value], place: Place | None) -> Value:
    given = arguments[0] if arguments else UNDEFINED
    if name in {"test", "exec"}:
        found = machine.decisions.change(text_of(machine, given), lambda leaf: matched(machine, owner, leaf))
        if name == "test":
            return as_value(machine, found)
        return machine.decisions.choose(found, Opaque("a match", place, truthy=True), Const(None, place))
    if name == "source":
        return Const(owner.pattern, place)
    return Opaque(f"what .{name}() gives", place)
