"""Expressions."""

from __future__ import annotations

import ast
from typing import Any

from ..decisions import FALSE, TRUE, Case, Value
from ..environment import environment_item
from ..machine import ELSEWHERE, Evaluate, Machine
from ..operators import as_value, contains, equal, is_same, ordered, truth
from ..store import Record, numbered
from ..texts import joined_text
from ..values import (
    NOTHING,
    Bound,
    BuiltinMethod,
    Class,
    Const,
    Decorator,
    External,
    Function,
    Made,
    MadeMethod,
    Module,
    Opaque,
    Ref,
    SomeText,
    Tuple,
)
from .arithmetic import arithmetic, text_of
from .calls import call, define, spread_items
from .comprehensions import comprehension
from .dicts import update
from .iteration import items_of
from .library import external_value
from .lookups import class_attribute, constant_key, get_item, open_up, set_item

_SOMETIMES_MISSING = {"Item", "Attributes"}


def _constant(machine: Machine, node: ast.Constant) -> Value:
    constants: dict[ast.AST, Const] = machine.frame.source.constants
    found = constants.get(node)
    if found is None:
        found = constants[node] = Const(node.value, machine.spot(node))
    return found


def _name(machine: Machine, node: ast.Name) -> Value:
    return name_value(machine, node.id)


def name_value(machine: Machine, name: str) -> Value:
    """Return what a name stands for: a variable, else one of Python's builtins."""
    found = machine.read(name)
    return External(f"builtins.{name}") if found is None else found


def _attribute(machine: Machine, node: ast.Attribute) -> Value:
    owner = machine.evaluate(node.value)
    place = machine.spot(node)
    return machine.each(owner, lambda leaf: attribute(machine, leaf, node.attr, place))


def attribute(machine: Machine, owner: Value, name: str, place: Any) -> Value:
    """Return `owner.name` of a leaf."""
    if isinstance(owner, External):
        return external_value(f"{owner.name}.{name}", place)
    if isinstance(owner, Const) and name == "value" and isinstance(owner.value, int):
        return owner  # a member of HTTPStatus, which is kept as its number
    if isinstance(owner, Module):
        found = machine.store.records[owner.scope].fields.get(name)
        return Opaque(f"{owner.name}.{name} is not defined", place) if found is None else found
    if isinstance(owner, Made):
        return MadeMethod(owner, name)
    if isinstance(owner, Class):
        found = class_attribute(machine, owner, name)
        return Opaque(f"{owner.name}.{name} is not defined in the project", place) if found is NOTHING else found
    if isinstance(owner, Ref):
        return _of_object(machine, owner, name, place)
    if isinstance(owner, MadeMethod):
        open_up(owner)
        if name == "json_body":
            machine.json_read.append(machine.condition)
        return Opaque(f"what {owner.owner.name}.{owner.name}.{name} is", place)
    if isinstance(owner, Opaque):
        return Opaque(owner.because, owner.place) if owner.because != "the exception" else Opaque("the exception")
    if isinstance(owner, Decorator):
        return Opaque(f"{owner.owner.name}.{owner.call.method}", place)
    if isinstance(owner, Function):
        return Opaque(f"an attribute of {owner.name}", place)
    return BuiltinMethod(owner, name)


def _of_object(machine: Machine, owner: Ref, name: str, place: Any) -> Value:
    record = machine.record(owner)
    if record.kind != "instance":
        return BuiltinMethod(owner, name)
    found = record.fields.get(name, NOTHING)
    if found is not NOTHING:
        return found
    inherited = class_attribute(machine, record.type, name) if record.type is not None else NOTHING
    if isinstance(inherited, Function):
        return _bind(machine, owner, inherited)
    if inherited is NOTHING:
        return Opaque(f"the attribute {name}", place)
    return inherited


def _bind(machine: Machine, owner: Ref, function: Function) -> Value:
    decorators = {
        part.id if isinstance(part, ast.Name) else getattr(part, "attr", "")
        for part in getattr(function.code, "decorator_list", [])
    }
    if "staticmethod" in decorators:
        return function
    if "property" in decorators or "cached_property" in decorators:
        return call(machine, function, [owner], {}, function.code)
    if "classmethod" in decorators:
        return Bound(function, machine.record(owner).type or NOTHING)
    return Bound(function, owner)


def _subscript(machine: Machine, node: ast.Subscript) -> Value:
    container = machine.evaluate(node.value)
    if isinstance(node.slice, ast.Slice):
        return _slice(machine, container, node.slice)
    key = machine.evaluate(node.slice)
    place = machine.spot(node)
    return machine.each(container, lambda leaf: machine.each(key, lambda at: _item(machine, leaf, at, place)))


def _item(machine: Machine, container: Value, key: Value, place: Any) -> Value:
    open_up(container)
    if isinstance(container, External) and container.name == "os.environ":
        return environment_item(machine, key, place)
    if isinstance(container, (Const, type(NOTHING))) and not isinstance(
        getattr(container, "value", None), (str, bytes)
    ):
        machine.fail(TRUE, "builtins.TypeError", place, from_input=True)
        return NOTHING
    if isinstance(container, Made | External | Class | Function | MadeMethod | Decorator):
        return Opaque(f"an item of {getattr(container, 'name', 'it')}", place)
    found = get_item(machine, container, key)
    missing = machine.decisions.change(found, lambda leaf: TRUE if leaf is NOTHING else FALSE)
    if missing is not FALSE:
        kind = "builtins.KeyError"
        if isinstance(container, Ref) and machine.record(container).kind == "list":
            kind = "builtins.IndexError"
        machine.fail(missing, kind, place, from_input=True)
    elif isinstance(container, Opaque):
        _, name = constant_key(key)
        sometimes = container.parsed == "request" or name in _SOMETIMES_MISSING
        machine.may_fail(place, "builtins.KeyError" if sometimes else ELSEWHERE, from_input=sometimes)
    return _without_nothing(machine, found)


def _without_nothing(machine: Machine, found: Value) -> Value:
    gone = Opaque("an item that is missing")
    return machine.decisions.change(found, lambda leaf: gone if leaf is NOTHING else leaf)


def _slice(machine: Machine, container: Value, node: ast.Slice) -> Value:
    bounds = [None if part is None else machine.evaluate(part) for part in (node.lower, node.upper, node.step)]
    known = all(part is None or (isinstance(part, Const) and isinstance(part.value, int)) for part in bounds)
    cut = slice(*(part.value if isinstance(part, Const) else None for part in bounds))

    def of(leaf: Value) -> Value:
        if isinstance(leaf, Const) and isinstance(leaf.value, (str, bytes)) and known:
            return Const(leaf.value[cut], leaf.place, leaf.via)
        if isinstance(leaf, Tuple) and known:
            return Tuple(leaf.items[cut], leaf.place)
        if isinstance(leaf, Ref) and known and machine.record(leaf).kind == "list":
            record = machine.record(leaf)
            if record.rest is None:
                return machine.new(Record("list", numbered(list(record.fields.values())[cut]), record.place))
        if isinstance(leaf, Opaque):
            return Opaque(leaf.because, leaf.place)
        return SomeText("a part of a text")

    return machine.each(container, of)


def _dict(machine: Machine, node: ast.Dict) -> Value:
    made = machine.new(Record("dict", {}, machine.spot(node)))
    for key, value in zip(node.keys, node.values, strict=True):
        if key is None:
            update(machine, made, machine.evaluate(value))
            continue
        name, entry, place = machine.evaluate(key), machine.evaluate(value), machine.spot(key)
        machine.each(name, lambda at, entry=entry, place=place: _put(machine, made, at, entry, place))  # type: ignore[misc]
    return made


def _put(machine: Machine, owner: Value, key: Value, value: Value, place: Any) -> Value:
    set_item(machine, owner, key, value, place)
    return owner


def _list(machine: Machine, node: ast.List) -> Value:
    items, rest = spread_items(machine, node.elts)
    record = Record("list", numbered(items), machine.spot(node))
    record.rest = rest
    return machine.new(record)


def _set(machine: Machine, node: ast.Set) -> Value:
    items, rest = spread_items(machine, node.elts)
    record = Record("set", numbered(items), machine.spot(node))
    record.rest = rest
    return machine.new(record)


def _tuple(machine: Machine, node: ast.Tuple) -> Value:
    items, rest = spread_items(machine, node.elts)
    if rest is not None:
        record = Record("list", numbered(items), machine.spot(node))
        record.rest = rest
        return machine.new(record)
    return Tuple(tuple(items), machine.spot(node))


def _bool_op(machine: Machine, node: ast.BoolOp) -> Value:
    return _chain(machine, node.values, 0, is_or=isinstance(node.op, ast.Or))


def _chain(machine: Machine, operands: list[ast.expr], at: int, *, is_or: bool) -> Value:
    value = machine.evaluate(operands[at])
    if at == len(operands) - 1:
        return value
    condition = truth(machine, value)

    def rest() -> Value:
        return _chain(machine, operands, at + 1, is_or=is_or)

    def this() -> Value:
        return value

    return machine.branch(condition, this, rest) if is_or else machine.branch(condition, rest, this)


def _unary(machine: Machine, node: ast.UnaryOp) -> Value:
    value = machine.evaluate(node.operand)
    if isinstance(node.op, ast.Not):
        return as_value(machine, machine.decisions.negate(truth(machine, value)))

    def of(leaf: Value) -> Value:
        if isinstance(leaf, Const) and isinstance(leaf.value, (int, float)):
            signs = {ast.USub: -1, ast.UAdd: 1}
            sign = signs.get(type(node.op))
            return Const(sign * leaf.value, machine.spot(node)) if sign else Const(~int(leaf.value))
        return Opaque("arithmetic on what is not known")

    return machine.decisions.change(value, of)


def _compare(machine: Machine, node: ast.Compare) -> Value:
    left = machine.evaluate(node.left)
    result: Value = TRUE
    for sign, right_node in zip(node.ops, node.comparators, strict=True):
        right = machine.evaluate(right_node)
        result = machine.decisions.both(result, _compared(machine, sign, left, right))
        left = right
    return as_value(machine, result)


def _compared(machine: Machine, sign: ast.cmpop, left: Value, right: Value) -> Value:
    decisions = machine.decisions
    if isinstance(sign, (ast.Eq, ast.NotEq)):
        same = decisions.change_two(left, right, lambda one, other: equal(machine, one, other))
        return same if isinstance(sign, ast.Eq) else decisions.negate(same)
    if isinstance(sign, (ast.Is, ast.IsNot)):
        same = decisions.change_two(left, right, lambda one, other: is_same(machine, one, other))
        return same if isinstance(sign, ast.Is) else decisions.negate(same)
    if isinstance(sign, (ast.In, ast.NotIn)):
        found = decisions.change_two(left, right, lambda item, container: contains(machine, container, item))
        return found if isinstance(sign, ast.In) else decisions.negate(found)
    return decisions.change_two(left, right, lambda one, other: ordered(machine, type(sign).__name__, one, other))


def _if_expression(machine: Machine, node: ast.IfExp) -> Value:
    condition = truth(machine, machine.evaluate(node.test))
    return machine.branch(condition, lambda: machine.evaluate(node.body), lambda: machine.evaluate(node.orelse))


def _binary(machine: Machine, node: ast.BinOp) -> Value:
    left, right = machine.evaluate(node.left), machine.evaluate(node.right)
    return binary(machine, node.op, left, right, machine.spot(node))


def binary(machine: Machine, sign: ast.operator, left: Value, right: Value, place: Any) -> Value:
    """Return `left sign right`."""

    def of(one: Value, other: Value) -> Value:
        if isinstance(sign, ast.BitOr) and any(isinstance(each, Ref) for each in (one, other)):
            merged = machine.new(Record("dict", {}, place))
            update(machine, merged, one)
            update(machine, merged, other)
            return merged
        return arithmetic(machine, sign, one, other, place)

    return machine.each(left, lambda one: machine.each(right, lambda other: of(one, other)))


def _f_string(machine: Machine, node: ast.JoinedStr) -> Value:
    parts = [
        machine.evaluate(part.value) if isinstance(part, ast.FormattedValue) else machine.evaluate(part)
        for part in node.values
    ]
    plain = all(
        not isinstance(part, ast.FormattedValue) or (part.format_spec is None and part.conversion in (-1, 115))
        for part in node.values
    )
    if not plain:
        return SomeText("a formatted text", machine.spot(node))
    return joined_text(machine, [text_of(machine, part) for part in parts], machine.spot(node))


def _lambda(machine: Machine, node: ast.Lambda) -> Value:
    return define(machine, "<lambda>", node, node.args)


def _named(machine: Machine, node: ast.NamedExpr) -> Value:
    value = machine.evaluate(node.value)
    machine.write(node.target.id, value)
    return value


def _await(machine: Machine, node: ast.Await) -> Value:
    machine.evaluate(node.value)
    return Opaque("what is awaited", machine.spot(node))


def _yield(machine: Machine, node: ast.Yield | ast.YieldFrom) -> Value:
    if node.value is not None:
        machine.evaluate(node.value)
    return Opaque("what a generator is sent", machine.spot(node))


def _starred(machine: Machine, node: ast.Starred) -> Value:
    machine.evaluate(node.value)
    return Opaque("what is unpacked", machine.spot(node))


def _is_plain(machine: Machine, value: Value) -> bool:
    """Say whether a dict's entries are all known and all there."""
    if not isinstance(value, Ref):
        return False
    record = machine.record(value)
    whole = record.kind == "dict" and record.rest is None
    return whole and not any(field is NOTHING or isinstance(field, Case) for field in record.fields.values())


def _call(machine: Machine, node: ast.Call) -> Value:
    function = machine.evaluate(node.func)
    arguments: list[Value] = []
    sure = True
    for argument in node.args:
        if isinstance(argument, ast.Starred):
            items = items_of(machine, machine.evaluate(argument.value))
            sure = sure and items is not None
            arguments += items or []
        else:
            arguments.append(machine.evaluate(argument))
    keywords: dict[str, Value] = {}
    for keyword in node.keywords:
        value = machine.evaluate(keyword.value)
        if keyword.arg is not None:
            keywords[keyword.arg] = value
        elif _is_plain(machine, value):
            keywords.update({str(name): field for name, field in machine.record(value).fields.items()})  # type: ignore[arg-type]
        else:
            keywords["**"] = value
    if not sure:
        keywords["**"] = Opaque("arguments that are not known", machine.spot(node))
    return machine.each(function, lambda leaf: call(machine, leaf, arguments, keywords, node))


EXPRESSIONS: dict[type[ast.AST], Evaluate] = {
    ast.Attribute: _attribute,
    ast.Await: _await,
    ast.BinOp: _binary,
    ast.BoolOp: _bool_op,
    ast.Call: _call,
    ast.Compare: _compare,
    ast.Constant: _constant,
    ast.Dict: _dict,
    ast.DictComp: comprehension,
    ast.GeneratorExp: comprehension,
    ast.IfExp: _if_expression,
    ast.JoinedStr: _f_string,
    ast.Lambda: _lambda,
    ast.List: _list,
    ast.ListComp: comprehension,
    ast.Name: _name,
    ast.NamedExpr: _named,
    ast.Set: _set,
    ast.SetComp: comprehension,
    ast.Starred: _starred,
    ast.Subscript: _subscript,
    ast.Tuple: _tuple,
    ast.UnaryOp: _unary,
    ast.Yield: _yield,
    ast.YieldFrom: _yield,
}
