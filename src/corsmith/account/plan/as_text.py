"""A plan as text: each call with its parameters, what it changes, and what it ends; then what is left, and why."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from corsmith.api.finding import Severity
from corsmith.report.ink import Ink, tame

from .call import Call, Json
from .plan import UnitPlan

_COLOUR = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "blue"}
_NOTHING = "nothing"


def render(plans: Iterable[UnitPlan], ink: Ink) -> str:
    """Return the plans as text, ending in a line feed."""
    shown = tuple(plans)
    blocks = ["\n".join(_unit(each, ink)) for each in shown]
    calls = sum(len(each.calls) for each in shown)
    ended = sum(count for each in shown for _, count in each.ends)
    left = sum(len(each.left) for each in shown) + sum(each.managed is not None for each in shown)
    total = f"{_count(calls, 'call')} that {'end' if calls != 1 else 'ends'} {_count(ended, 'finding')}; {left} left"
    return tame("\n\n".join((*blocks, ink.paint(total, "bold")))) + "\n"


def _unit(plan: UnitPlan, ink: Ink) -> Iterator[str]:
    yield ink.paint(f"{plan.name}", "bold") + f"  {plan.arn}"
    if plan.managed is not None:
        yield f"  {ink.paint('nothing is planned', 'yellow')}: {plan.managed.advice}"
        return
    for rule, title in plan.titles:
        yield f"  {rule}: {title}"
    for number, call in enumerate(plan.calls, 1):
        yield from _call(number, call, ink)
    for each in plan.left:
        head = f"{ink.paint(str(each.severity), _COLOUR[each.severity])}[{each.rule or 'plan'}]"
        yield f"  left {head}{' ' + each.route if each.route else ''}: {each.why}"


def _call(number: int, call: Call, ink: Ink) -> Iterator[str]:
    operation = f"{call.request.service} {call.request.operation}"
    yield f"  {number}. {ink.paint(operation, 'bold')}: {call.thing.label}"
    yield f"       {json.dumps(call.request.parameters, ensure_ascii=False)}"
    for path, old, new in changes(call.before, call.after):
        # What is new stands in the parameters.
        if old == _NOTHING and not call.request.operation.startswith("Update"):
            continue
        yield f"       {path}: {ink.paint(old, 'red')} -> {ink.paint(new, 'green')}"
    if call.note:
        yield f"       {ink.paint(call.note, 'yellow')}"
    operations = ", ".join(each.operation for each in call.inverse)
    undone = f"undone by {operations}" if operations else "it cannot be undone"
    yield ink.paint(f"       ends {', '.join(call.why)}; {undone}", "dim")


def changes(before: Json | None, after: Json | None) -> Iterator[tuple[str, str, str]]:
    """Yield what differs of a thing: its path, what is there, and what will be."""
    was, now = dict(_flat("", before)), dict(_flat("", after))
    for path in dict.fromkeys((*was, *now)):
        if was.get(path) != now.get(path):
            yield path, _shown(was.get(path)), _shown(now.get(path))


def _flat(path: str, node: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(node, dict) and node:
        for name, value in node.items():
            yield from _flat(f"{path}.{name}" if path else str(name), value)
    elif node not in (None, {}):
        yield path, node


def _shown(value: Any) -> str:
    return _NOTHING if value is None else json.dumps(value, ensure_ascii=False)


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"
