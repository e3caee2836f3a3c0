"""Expressions."""

from __future__ import annotations

from typing import Any

from ..decisions import FALSE, TRUE, Case, Value
from ..machine import Evaluate, Machine
from ..operators import as_value
from ..store import Record
from ..texts import joined_text
from ..values import (
    BuiltinMethod,
    Const,
    External,
    Opaque,
    Ref,
)
from . import syntax as js
from .arithmetic import arithmetic, text_of
from .binding import bind
from .calls import call, call_super, construct, define
from .classes import define_class
from .copies import array, assign, items_of
from .failing import fail
from .lowering import TOO_DEEP
from .membership import has_property, instance_of
from .objects import get
from .promises import awaited
from .scopes import read
from .tests import loosely_equal, nullish, strictly_equal, truth, type_of
from .values import MORE, SHORT, UNDEFINED, Closure, Getter, Kind, Pattern, Position, Run, Short, Unset
from .writing import delete, set_leaf


def _name(machine: Machine, node: js.Name) -> Value:
    return read(machine, node.name)


def _literal(machine: Machine, node: js.Literal) -> Value:
    constants: dict[Any, Value] = machine.frame.source.constants
    found = constants.get(node)
    if found is None:
        found = constants[node] = Const(node.value, machine.spot(node))
    return found


def _template(machine: Machine, node: js.Template) -> Value:
    parts = [text_of(machine, machine.evaluate(part)) for part in node.parts]
    return joined_text(machine, parts, machine.spot(node))


def _regex(machine: Machine, node: js.RegexLiteral) -> Value:
    return Pattern(node.pattern, node.flags, machine.spot(node))


def spread_items(machine: Machine, nodes: tuple[js.Node, ...]) -> tuple[list[Value], bool]:
    """Return the items of an array or a call, spreads taken apart, and whether these are all."""
    items: list[Value] = []
    sure = True
    for node in nodes:
        if not isinstance(node, js.Spread):
            items.append(machine.evaluate(node))
            continue
        over = machine.evaluate(node.value)
        more = items_of(machine, over)
        if more is None:
            sure = False
        else:
            items += more
    return items, sure


def _array(machine: Machine, node: js.ArrayLiteral) -> Value:
    items, sure = spread_items(machine, node.items)
    place = machine.spot(node)
    return array(machine, items, place, None if sure else Opaque("items that are not known", place))


def _object(machine: Machine, node: js.ObjectLiteral) -> Value:
    made = machine.new(Record("dict", {}, machine.spot(node)))
    for entry in node.entries:
        if isinstance(entry, js.Spread):
            assign(machine, made, machine.evaluate(entry.value), machine.spot(entry))
            continue
        if entry.kind == "set":
            continue
        key = machine.evaluate(entry.key)
        value = _entry_value(machine, entry)
        place = machine.spot(entry.key)
        machine.each(key, lambda at, value=value, place=place: _put(machine, made, at, value, place))  # type: ignore[misc]
    return made


def _entry_value(machine: Machine, entry: js.Property) -> Value:
    if isinstance(entry.value, js.FunctionNode):
        name = entry.key.value if isinstance(entry.key, js.Literal) else ""
        function = define(machine, entry.value, str(name))
        return Getter(function) if entry.kind == "get" else function
    return machine.evaluate(entry.value)


def _put(machine: Machine, owner: Ref, key: Value, value: Value, place: Any) -> Value:
    set_leaf(machine, owner, key, value, place)
    return owner


# Members and calls


def _member(machine: Machine, node: js.Member) -> Value:
    return _member_of(machine, node, _owner(machine, node))


def _owner(machine: Machine, node: js.Member) -> Value:
    if isinstance(node.owner, js.Super):
        return machine.read("this") or UNDEFINED
    return machine.evaluate(node.owner)


def _member_of(machine: Machine, node: js.Member, owner: Value) -> Value:
    place = machine.spot(node)
    if isinstance(node.owner, js.Super):
        return _of_super(machine, machine.evaluate(node.key), place)
    if not node.optional:
        return get(machine, owner, machine.evaluate(node.key), place)
    return machine.branch(
        nullish(machine, owner), lambda: SHORT, lambda: get(machine, owner, machine.evaluate(node.key), place)
    )


def _of_super(machine: Machine, key: Value, place: Any) -> Value:
    home = machine.read("%home")
    kind = home.home if isinstance(home, Closure) else None
    if not isinstance(kind, Kind) or kind.base is None:
        return Opaque("what the class above has", place)
    if isinstance(home, Closure) and home.static:
        return get(machine, kind.base, key, place)
    base = kind.base
    if isinstance(base, Kind):
        return get(machine, Ref(base.prototype), key, place)
    return BuiltinMethod(base, "super") if isinstance(base, External) else Opaque("what the class above has", place)


def _call(machine: Machine, node: js.Call) -> Value:
    if isinstance(node.function, js.Super):
        arguments, _ = spread_items(machine, node.arguments)
        return call_super(machine, arguments, machine.spot(node))
    this: Value = UNDEFINED
    if isinstance(node.function, js.Member):
        caught = _is_caught(node)
        machine.expecting += caught
        this = _owner(machine, node.function)
        machine.expecting -= caught
        function = _member_of(machine, node.function, this)
    else:
        function = machine.evaluate(node.function)
    if node.optional:
        return machine.branch(nullish(machine, function), lambda: SHORT, lambda: _apply(machine, node, function, this))
    return _apply(machine, node, function, this)


def _is_caught(node: js.Call) -> bool:
    """What the promise before `.catch(…)`, or `.then(…, …)`, is rejected with, is handled."""
    assert isinstance(node.function, js.Member)
    key = node.function.key
    if not isinstance(key, js.Literal):
        return False
    return key.value == "catch" or (key.value == "then" and len(node.arguments) > 1)


def _apply(machine: Machine, node: js.Call, function: Value, this: Value) -> Value:
    if machine.condition is FALSE:
        return UNDEFINED
    arguments, sure = spread_items(machine, node.arguments)
    if not sure:
        arguments.append(MORE)
    place = machine.spot(node)
    if not isinstance(this, Case):
        return machine.each(function, lambda leaf: _called(machine, leaf, this, arguments, place))
    # The object a method is called on depends on conditions: each is called on its own.
    assert isinstance(node.function, js.Member)
    member = node.function
    return machine.each(
        this,
        lambda owner: machine.each(
            _member_of(machine, member, owner), lambda leaf: _called(machine, leaf, owner, arguments, place)
        ),
    )


def _called(machine: Machine, leaf: Value, this: Value, arguments: list[Value], place: Any) -> Value:
    if isinstance(leaf, Short):
        return leaf
    if isinstance(leaf, External) and leaf.name == "require":
        from .modules import required

        return required(machine, arguments, place)
    if isinstance(leaf, External) and leaf.name == "import":
        from .modules import imported_later

        return imported_later(machine, arguments, place)
    return call(machine, leaf, this, arguments, place)


def _chain(machine: Machine, node: js.Chain) -> Value:
    value = machine.evaluate(node.link)
    return machine.decisions.change(value, lambda leaf: UNDEFINED if isinstance(leaf, Short) else leaf)


def _new(machine: Machine, node: js.New) -> Value:
    kind = machine.evaluate(node.kind)
    arguments, sure = spread_items(machine, node.arguments)
    if not sure:
        arguments.append(MORE)
    return machine.each(kind, lambda leaf: construct(machine, leaf, arguments, machine.spot(node)))


# Operators


def _assign(machine: Machine, node: js.Assign) -> Value:
    if node.sign == "=":
        value = named(machine, node.value, node.target)
        bind(machine, node.target, value)
        return value
    old = machine.evaluate(node.target)
    if node.sign in {"??=", "||=", "&&="}:

        def keep() -> Value:
            return old

        def replace() -> Value:
            made = machine.evaluate(node.value)
            bind(machine, node.target, made)
            return made

        return _logical_branch(machine, node.sign[:-1], old, keep, replace)
    value = arithmetic(machine, node.sign[:-1], old, machine.evaluate(node.value), machine.spot(node))
    bind(machine, node.target, value)
    return value


def named(machine: Machine, node: js.Node, target: js.Node) -> Value:
    """Return an expression's value; a function without a name takes that of what it is assigned to."""
    if isinstance(node, js.FunctionNode):
        if isinstance(target, js.Name):
            return define(machine, node, target.name)
        if isinstance(target, js.Member) and isinstance(target.key, js.Literal):
            return define(machine, node, str(target.key.value))
    return machine.evaluate(node)


def _logical(machine: Machine, node: js.Logical) -> Value:
    left = machine.evaluate(node.left)
    if machine.condition is FALSE:
        return left
    return _logical_branch(machine, node.sign, left, lambda: left, lambda: machine.evaluate(node.right))


def _logical_branch(machine: Machine, sign: str, left: Value, keep: Any, other: Any) -> Value:
    if sign == "??":
        return machine.branch(_without_unset(machine, left, nullish(machine, left)), other, keep)
    condition = truth(machine, left)
    if sign == "||":
        return machine.branch(_without_unset(machine, left, machine.decisions.negate(condition)), other, keep)
    return machine.branch(condition, other, keep)


def _without_unset(machine: Machine, left: Value, missing: Value) -> Value:
    """An environment variable that the template does not set gives way to what stands beside it."""
    unset = machine.decisions.change(left, lambda leaf: TRUE if isinstance(leaf, Unset) else FALSE)
    return missing if unset is FALSE else machine.decisions.either(missing, unset)


_EQUAL = {
    "===": (strictly_equal, True),
    "!==": (strictly_equal, False),
    "==": (loosely_equal, True),
    "!=": (loosely_equal, False),
}


def _binary(machine: Machine, node: js.Binary) -> Value:
    chain = [node]
    while isinstance(chain[-1].left, js.Binary):
        chain.append(chain[-1].left)
    left = machine.evaluate(chain[-1].left)
    for each in reversed(chain):
        left = _combined(machine, each, left)
    return left


def _combined(machine: Machine, node: js.Binary, left: Value) -> Value:
    right = machine.evaluate(node.right)
    if node.sign in _EQUAL:
        same, yes = _EQUAL[node.sign]
        found = same(machine, left, right)
        return as_value(machine, found if yes else machine.decisions.negate(found))
    if node.sign == "in":
        return as_value(machine, has_property(machine, right, left))
    if node.sign == "instanceof":
        return as_value(machine, instance_of(machine, left, right))
    return arithmetic(machine, node.sign, left, right, machine.spot(node))


def _unary(machine: Machine, node: js.Unary) -> Value:
    if node.sign == "delete":
        operand = node.operand.link if isinstance(node.operand, js.Chain) else node.operand
        if isinstance(operand, js.Member):
            owner = machine.evaluate(operand.owner)
            if not operand.optional:
                fail(machine, "TypeError", machine.spot(node), nullish(machine, owner), from_input=True)
            delete(machine, owner, machine.evaluate(operand.key), machine.spot(node))
        return Const(value=True)
    value = machine.evaluate(node.operand)
    if node.sign == "!":
        return as_value(machine, machine.decisions.negate(truth(machine, value)))
    if node.sign == "typeof":
        return machine.decisions.change(value, type_of)
    if node.sign == "void":
        return UNDEFINED
    return machine.decisions.change(value, lambda leaf: _signed(machine, node.sign, leaf))


def _signed(machine: Machine, sign: str, leaf: Value) -> Value:
    if sign == "~" and isinstance(leaf, Position):
        return machine.decisions.choose(leaf.found, Const(-1), Const(0))
    if isinstance(leaf, Const) and isinstance(leaf.value, (int, float)):
        number = leaf.value
        return Const(-number if sign == "-" else ~int(number) if sign == "~" else +number)
    if sign == "+" and isinstance(leaf, Const) and isinstance(leaf.value, str):
        try:
            number = float(leaf.value) if leaf.value.strip() else 0
            return Const(int(number) if number == int(number) else number)
        except (ValueError, OverflowError):
            return Const(float("nan"))
    return Opaque("arithmetic on what is not known")


def _update(machine: Machine, node: js.Update) -> Value:
    old = machine.evaluate(node.operand)
    made = arithmetic(machine, node.sign[0], old, Const(1), machine.spot(node))
    bind(machine, node.operand, made)
    return made if node.prefix else old


def _conditional(machine: Machine, node: js.Conditional) -> Value:
    condition = truth(machine, machine.evaluate(node.test))
    if machine.condition is FALSE:
        return UNDEFINED
    return machine.branch(condition, lambda: machine.evaluate(node.yes), lambda: machine.evaluate(node.no))


def _sequence(machine: Machine, node: js.Sequence) -> Value:
    value: Value = UNDEFINED
    for part in node.parts:
        value = machine.evaluate(part)
    return value


def _await(machine: Machine, node: js.Await) -> Value:
    if node.value is None:
        return UNDEFINED
    own: Run = machine.own
    with own.waiting():
        value = machine.evaluate(node.value)
    return awaited(machine, value, machine.spot(node))


def _function(machine: Machine, node: js.FunctionNode) -> Value:
    return define(machine, node)


def _this(machine: Machine, node: js.This) -> Value:
    return machine.read("this") or UNDEFINED


def _unread(machine: Machine, node: js.Unread) -> Value:
    if node.what == TOO_DEEP:
        machine.say_unread(node.what, machine.spot(node))
    return Opaque(f"{node.what} is not followed", machine.spot(node))


def _spread(machine: Machine, node: js.Spread) -> Value:
    machine.evaluate(node.value)
    return Opaque("what is spread", machine.spot(node))


EXPRESSIONS: dict[type[Any], Evaluate] = {
    js.ArrayLiteral: _array,
    js.Assign: _assign,
    js.Await: _await,
    js.Binary: _binary,
    js.Call: _call,
    js.Chain: _chain,
    js.ClassNode: define_class,
    js.Conditional: _conditional,
    js.FunctionNode: _function,
    js.Literal: _literal,
    js.Logical: _logical,
    js.Member: _member,
    js.Name: _name,
    js.New: _new,
    js.ObjectLiteral: _object,
    js.RegexLiteral: _regex,
    js.Sequence: _sequence,
    js.Spread: _spread,
    js.Super: _this,
    js.Template: _template,
    js.This: _this,
    js.Unary: _unary,
    js.Unread: _unread,
    js.Update: _update,
}
