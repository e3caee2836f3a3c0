"""Blocked cells grouped into findings: one fault that shows in forty cells is one finding."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from msgspec import Struct

from corsmith.api.cell import Cell
from corsmith.api.finding import Confidence, Evidence, Finding, Severity
from corsmith.api.fix import Fix
from corsmith.api.model import Api
from corsmith.api.tree import Tree
from corsmith.rules import Admitted, Blocked, Diagnosis, Found, Rule, accuse, advise, diagnose, inspect

_WORST = (Severity.ERROR, Severity.WARNING, Severity.INFO)
_LEAST_SURE = (Confidence.LOW, Confidence.MEDIUM, Confidence.HIGH)


class Group(Struct, frozen=True):
    """A finding with the cells it explains and the fixes its rule proposes, not yet tried."""

    finding: Finding
    cells: tuple[Cell, ...]
    proposals: tuple[Callable[[], Iterator[Fix]], ...]


class Seen(Struct, frozen=True):
    """What findings are made of."""

    blocked: tuple[Blocked, ...]
    admitted: tuple[Admitted, ...]
    cells: tuple[Cell, ...]
    apis: tuple[Api, ...]
    tree: Tree


def group(seen: Seen) -> tuple[tuple[Group, ...], tuple[Cell, ...]]:
    """Return the findings, worst first, and the cells that no rule explains."""
    groups: dict[tuple[object, ...], list[tuple[Blocked, Rule, Diagnosis]]] = {}
    unexplained: list[Cell] = []
    for each in seen.blocked:
        explained = diagnose(each)
        if explained is None:
            unexplained.append(each.cell)
            continue
        rule, diagnosis = explained
        where = diagnosis.spans[0] if diagnosis.spans else None
        key = (rule.id, each.cell.api.file, each.front_door.name, where, diagnosis.apart)
        groups.setdefault(key, []).append((each, rule, diagnosis))
    found = [_finding(members) for members in groups.values()]
    found += _accused(seen.admitted, seen.tree)
    said = {_place(each.finding) for each in found}
    inspected = (
        _inspected(api, rule, each)
        for api in seen.apis
        for rule, each in inspect(api, seen.tree, _origins(api, seen.cells))
    )
    # One setting may be met at several methods: it is one fault.
    once = {(_place(each.finding), each.finding.message): each for each in inspected}
    found += (each for each in once.values() if _place(each.finding) not in said)
    found += _advised(seen.cells, seen.tree)
    found.sort(key=lambda g: _WORST.index(g.finding.severity))
    return tuple(found), tuple(unexplained)


def _origins(api: Api, cells: tuple[Cell, ...]) -> tuple[str, ...]:
    """Return the origins of the pages that call the template's front doors."""
    return tuple(dict.fromkeys(cell.caller.origin for cell in cells if cell.api is api))


def _place(finding: Finding) -> tuple[object, ...]:
    """What a blocked cell has told already needs no telling without one."""
    return (finding.rule, finding.api, finding.spans[:1])


def _finding(members: list[tuple[Blocked, Rule, Diagnosis]]) -> Group:
    first, rule, diagnosis = min(members, key=lambda member: _WORST.index(member[2].severity))
    labels = tuple(dict.fromkeys(each.cell.route.label for each, _, _ in members))
    own = first.cell.route.label
    spans = dict.fromkeys((*diagnosis.spans, *(span for _, _, other in members for span in other.spans[:1])))
    finding = Finding(
        rule=rule.id,
        severity=diagnosis.severity,
        confidence=min((_sure(each, other) for each, _, other in members), key=_LEAST_SURE.index),
        category=rule.category,
        message=diagnosis.message + _disputed(first),
        front_door=first.front_door.kind,
        api=first.front_door.name,
        route=own,
        evidence=_evidence(first),
        spans=tuple(spans),
        affects=tuple(label for label in labels if label != own),
    )
    return Group(finding, tuple(each.cell for each, _, _ in members), tuple(d.fixes for _, _, d in members))


def _accused(admitted: Iterable[Admitted], tree: Tree) -> Iterator[Group]:
    groups: dict[tuple[object, ...], list[tuple[Admitted, Rule, Diagnosis]]] = {}
    for each in admitted:
        accused = accuse(each, tree)
        if accused is not None:
            rule, diagnosis = accused
            key = (rule.id, each.cell.api.file, each.cell.route.front_door.name, diagnosis.spans[0])
            groups.setdefault(key, []).append((each, rule, diagnosis))
    for members in groups.values():
        first, rule, diagnosis = min(members, key=lambda member: _WORST.index(member[2].severity))
        cell = first.cell
        labels = dict.fromkeys(each.cell.route.label for each, _, _ in members)
        finding = Finding(
            rule=rule.id,
            severity=diagnosis.severity,
            confidence=Confidence.MEDIUM if cell.relied else diagnosis.confidence,
            category=rule.category,
            message=diagnosis.message,
            front_door=cell.route.front_door.kind,
            api=cell.route.front_door.name,
            route=cell.route.label,
            evidence=_passed(cell),
            spans=tuple(dict.fromkeys(diagnosis.spans)),
            affects=tuple(label for label in labels if label != cell.route.label),
        )
        yield Group(finding, (), (diagnosis.fixes,))


def _advised(cells: Iterable[Cell], tree: Tree) -> Iterator[Group]:
    groups: dict[tuple[object, ...], list[tuple[Cell, Rule, Diagnosis]]] = {}
    for cell in cells:
        if cell.verdict is not None and cell.verdict.allowed and not cell.situation:
            for rule, diagnosis in advise(cell, tree):
                key = (rule.id, cell.api.file, cell.route.front_door.name, diagnosis.apart)
                groups.setdefault(key, []).append((cell, rule, diagnosis))
    for members in groups.values():
        # The worst; of these the one that knows most places.
        cell, rule, diagnosis = min(members, key=lambda each: (_WORST.index(each[2].severity), -len(each[2].spans)))
        labels = dict.fromkeys(each.route.label for each, _, _ in members)
        finding = Finding(
            rule=rule.id,
            severity=diagnosis.severity,
            confidence=diagnosis.confidence,
            category=rule.category,
            message=diagnosis.message,
            front_door=cell.route.front_door.kind,
            api=cell.route.front_door.name,
            route=cell.route.label,
            evidence=_passed(cell),
            spans=tuple(dict.fromkeys(diagnosis.spans)),
            affects=tuple(label for label in labels if label != cell.route.label),
        )
        yield Group(finding, (), (diagnosis.fixes,))


def _inspected(api: Api, rule: Rule, found: Found) -> Group:
    front_door, diagnosis = found
    finding = Finding(
        rule=rule.id,
        severity=diagnosis.severity,
        confidence=diagnosis.confidence,
        category=rule.category,
        message=diagnosis.message,
        front_door=front_door.kind if front_door is not None else "unknown",
        api=front_door.name if front_door is not None else api.file,
        spans=diagnosis.spans,
    )
    return Group(finding, (), (diagnosis.fixes,))


def _sure(blocked: Blocked, diagnosis: Diagnosis) -> Confidence:
    doubtful = blocked.cell.relied or (blocked.function is not None and blocked.function.linked_by_search)
    return min(diagnosis.confidence, Confidence.MEDIUM if doubtful else Confidence.HIGH, key=_LEAST_SURE.index)


def _disputed(blocked: Blocked) -> str:
    if not blocked.cell.relied:
        return ""
    return f" (AWS leaves this undocumented or reports disagree: {', '.join(blocked.cell.relied)}.)"


def _passed(cell: Cell) -> Evidence:
    """Return the exchange of a call that passes: there is no message to go with it."""
    last, caller = cell.exchanges[-1], cell.caller
    return Evidence(last.request, caller.credentials, caller.origin, last.response, "actual", None, caller.headers)


def _evidence(blocked: Blocked) -> Evidence:
    deciding = blocked.deciding
    failed = deciding.response.status >= 400
    stage = "preflight" if blocked.at_preflight else "error-response" if failed else "actual"
    return Evidence(
        request=deciding.request,
        credentials=blocked.cell.caller.credentials,
        origin=blocked.cell.caller.origin,
        response=deciding.response,
        stage=stage,
        console=blocked.cell.verdict.console,
        asked=blocked.cell.caller.headers,
    )
