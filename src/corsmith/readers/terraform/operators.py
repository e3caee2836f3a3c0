"""Conditions and operators."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from corsmith.readers.nodes import Mapping, Node, Scalar, Sequence

from .scope import Scope
from .syntax import Choice, Expression, Operation
from .terms import EITHER, Open, either, from_plain, is_null, number, options_of, plain, reason, same, unknown
from .text_functions import as_text

Evaluate = Callable[[Expression, Scope], Node]


def chosen(choice: Choice, scope: Scope, evaluate: Evaluate) -> Node:
    """Return what a conditional gives: either of both where its test is not decided."""
    test = evaluate(choice.test, scope)
    holds = truth(test)
    if holds is not None:
        return evaluate(choice.yes if holds else choice.no, scope)
    because = f"it depends on a condition: {reason(test) or 'the condition is no truth value'}"
    return either((evaluate(choice.yes, scope), evaluate(choice.no, scope)), because, choice.span)


def truth(node: Node) -> bool | None:
    """Return whether a condition holds; None where that is not known."""
    if isinstance(node, Scalar) and not node.tag and node.text in ("true", "false"):
        return node.text == "true"
    return None


def operated(operation: Operation, scope: Scope, evaluate: Evaluate) -> Node:
    """Return what an operator gives."""
    sign, span = operation.sign, operation.span
    operands = [evaluate(each, scope) for each in operation.operands]
    if sign in ("&&", "||") and len(operands) == 2:
        return _logical(sign, operands, operation)
    if sign in ("==", "!=") and len(operands) == 2:
        equal = _equal(operands[0], operands[1])
        if equal is None:
            why = reason(operands[0]) or reason(operands[1])
            return unknown(why, span, *operands)
        return from_plain(equal == (sign == "=="), span)
    try:
        return from_plain(_worked_out(sign, [plain(each) for each in operands]), span)
    except Open as error:
        if any(isinstance(each, Sequence) and each.tag == EITHER for each in operands):
            return _spread(operation, operands)
        return unknown(error.because, span, *operands)


def _spread(operation: Operation, operands: list[Node]) -> Node:
    rows: list[list[Node]] = [[]]
    for each in operands:
        rows = [[*row, option] for row in rows for option in options_of(each)][:16]
    try:
        results = [from_plain(_worked_out(operation.sign, [plain(e) for e in row]), operation.span) for row in rows]
    except Open as error:
        return unknown(error.because, operation.span, *operands)
    return either(results, next(filter(None, map(reason, operands)), ""), operation.span)


def _logical(sign: str, operands: list[Node], operation: Operation) -> Node:
    decisive = sign == "||"
    known = [truth(each) for each in operands]
    if decisive in known:
        return from_plain(decisive, operation.span)
    if None in known:
        why = next((why for each in operands if (why := reason(each))), "it is no truth value")
        return unknown(why, operation.span, *operands)
    return from_plain(not decisive, operation.span)


def _equal(left: Node, right: Node) -> bool | None:
    """Say whether two values are equal; None where that is not known. What has parts is never null."""
    for one, other in ((left, right), (right, left)):
        if is_null(one) and (isinstance(other, Mapping) or (isinstance(other, Sequence) and not other.tag)):
            return False
    if isinstance(left, Sequence) and left.tag == EITHER and not reason(right):
        found = {_equal(option, right) for option in options_of(left)}
        return found.pop() if len(found) == 1 else None
    return None if reason(left) or reason(right) else same(left, right)


def _worked_out(sign: str, operands: list[Any]) -> Any:
    if sign == "!":
        if operands[0] not in (True, False, "true", "false"):
            raise Open("it is no truth value")
        return operands[0] in (False, "false")
    numbers = [number(as_text(each)) for each in operands]
    if len(numbers) == 1 and sign == "-":
        return -numbers[0]
    if len(numbers) != 2 or sign not in _ARITHMETIC:
        raise Open(f"the operator {sign} is not worked out here")
    try:
        return _ARITHMETIC[sign](*numbers)
    except ArithmeticError:
        raise Open("the numbers cannot be reckoned with") from None


def _quotient(left: float, right: float) -> float:
    exact = left / right
    return int(exact) if exact.is_integer() else exact


_ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
    "/": _quotient,
    "%": lambda left, right: left % right,
    "<": lambda left, right: left < right,
    ">": lambda left, right: left > right,
    "<=": lambda left, right: left <= right,
    ">=": lambda left, right: left >= right,
}
