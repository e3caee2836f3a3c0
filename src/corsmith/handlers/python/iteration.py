"""What a loop goes through."""

from __future__ import annotations

from ..decisions import Case, Value
from ..machine import Machine
from ..operators import key_value
from ..values import NOTHING, Const, Ref, Tuple

_LONGEST = 64


def items_of(machine: Machine, value: Value) -> list[Value] | None:
    """Return the items that iterating over `value` gives; None where they are not known or too many.

    An item may be NOTHING in some cases: it is not there then.
    """
    if isinstance(value, Case):
        return None
    if isinstance(value, Tuple):
        return list(value.items)
    if isinstance(value, Const) and isinstance(value.value, str) and len(value.value) <= _LONGEST:
        return [Const(letter) for letter in value.value]
    if isinstance(value, Ref):
        record = machine.record(value)
        if record.rest is not None or record.kind == "instance" or len(record.fields) > _LONGEST:
            return None
        if record.kind == "dict":
            return [_where_there(machine, field, key_value(key)) for key, field in record.fields.items()]
        return list(record.fields.values())
    return None


def _where_there(machine: Machine, field: Value, key: Value) -> Value:
    return machine.decisions.change(field, lambda leaf: NOTHING if leaf is NOTHING else key)
