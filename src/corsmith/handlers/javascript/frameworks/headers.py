"""Headers of a response that an application builds up: names in lower case, as Node.js and fetch keep them."""

from __future__ import annotations

from msgspec import Struct

from corsmith.api.origin_test import OriginTest

from ...decisions import Value
from ...machine import Machine
from ...operators import origin_test
from ...values import NOTHING, Const, Made, Opaque, Origin, Place, Ref, SomeText
from ..arithmetic import text_of
from ..copies import own_keys
from ..values import UNDEFINED, Act
from .routes import unknown_headers


class Put(Struct):
    """Sets headers, as the Headers class does."""

    machine: Machine
    headers: Ref

    def set(self, name: str, value: Value) -> None:
        """Set a header where there is a value; what was set before stays elsewhere."""
        if value is NOTHING:
            return
        fields = self.machine.store.writable(self.headers.number).fields
        before = fields.get(name, NOTHING)
        fields[name] = self.machine.decisions.change(value, lambda leaf: before if leaf is NOTHING else leaf)

    def append(self, name: str, text: str) -> None:
        """Add a text to a header's list."""
        self.append_value(name, Const(text))

    def add(self, name: str, text: str) -> None:
        """Add a text to a header's list, where it is not in it."""
        before = self.machine.record(self.headers).fields.get(name, NOTHING)
        if not (isinstance(before, Const) and text.lower() in str(before.value).lower().split(", ")):
            self.append(name, text)

    def append_value(self, name: str, value: Value) -> None:
        """Add a value to a header's list, where there is one."""
        fields = self.machine.store.writable(self.headers.number).fields
        fields[name] = self.machine.decisions.change_two(fields.get(name, NOTHING), value, _appended)


def _appended(before: Value, added: Value) -> Value:
    if before is NOTHING or added is NOTHING:
        return added if before is NOTHING else before
    known = isinstance(before, Const) and isinstance(added, Const)
    return Const(f"{before.value}, {added.value}") if known else SomeText("a list in a header")  # type: ignore[attr-defined]


def set_headers(machine: Machine, target: Ref, given: Value) -> None:
    """Lay headers over others; names in lower case."""

    def one(leaf: Value) -> Value:
        if isinstance(leaf, Ref):
            record = machine.record(leaf)
            put = Put(machine, target)
            for name in own_keys(record):
                value = record.fields[name]
                put.set(
                    str(name).lower(),
                    machine.decisions.change(value, lambda part: NOTHING if part is UNDEFINED else part),
                )
                if name in record.keys:
                    machine.store.writable(target.number).keys[str(name).lower()] = record.keys[name]
            if record.rest is not None:
                unknown_headers(machine, target, record.rest.because)
        elif isinstance(leaf, (Opaque, Made)):
            unknown_headers(machine, target, "headers that are not known")
        return leaf

    machine.each(given, one)


def if_passes(machine: Machine, leaf: Value, test: OriginTest) -> Value:
    """Return the Origin where it passes `test`, else NOTHING."""
    if not isinstance(leaf, Origin):
        return NOTHING
    return machine.decisions.choose(origin_test(machine, leaf, test), leaf, NOTHING)


def header_setter(headers: Ref) -> Act:
    """Return `set(name, value)` of these headers."""

    def act(machine: Machine, this: Value, arguments: list[Value], place: Place | None) -> Value:
        name, value = (arguments[at] if at < len(arguments) else UNDEFINED for at in (0, 1))

        def one(leaf: Value) -> Value:
            if not isinstance(leaf, Const):
                unknown_headers(machine, headers, "a header whose name is not known")
                return leaf
            fields = machine.store.writable(headers.number).fields
            if value is UNDEFINED:
                fields.pop(str(leaf.value).lower(), None)
            else:
                fields[str(leaf.value).lower()] = text_of(machine, value)
            return leaf

        machine.each(name, one)
        return UNDEFINED

    return act
