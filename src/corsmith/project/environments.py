"""A template that knows several environments is checked for each.

What is found in all of them is one finding; what is found in some names them. An environment that changes nothing that calls
depend on is not checked again. A fix stands only where it holds in each environment that has the finding, and spoils none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from msgspec import Struct, structs
from msgspec.structs import replace

from corsmith.api.cell import Cell
from corsmith.api.finding import Finding, Severity
from corsmith.api.fix import Fix
from corsmith.api.front_door import Stage
from corsmith.api.model import Api
from corsmith.api.report import Report
from corsmith.api.span import Span
from corsmith.api.value import Step
from corsmith.readers import read
from corsmith.readers.environments import Environment, stage_of

from .check import Checked, Question, check_anew
from .findings import Group
from .prove import tried

Fixed = Callable[[Question, Checked], tuple[Finding, ...]]
"""Gives findings their fixes, or leaves them without."""
Key = tuple[object, ...]
_WORST = (Severity.ERROR, Severity.WARNING, Severity.INFO)


class _Variant(Struct, frozen=True):
    """One template in one environment: `checked` is None where it is as in the usual one."""

    name: str
    question: Question
    checked: Checked | None = None
    findings: tuple[Finding, ...] = ()


def with_environments(question: Question, checked: Checked, report: Report, fixed: Fixed) -> Report:
    """Return a report with what the other environments of its templates come to."""
    for api in checked.apis:
        known = checked.environments.get(api.file, ())
        if len(known) > 1:
            variants = [_variant(question, checked, api, each, fixed) for each in known[1:]]
            if any(variant.checked is not None for variant in variants):
                report = _merged(report, question, checked, api, known[0].name, variants)
    return _across_stages(report, checked)


def _variant(question: Question, checked: Checked, api: Api, environment: Environment, fixed: Fixed) -> _Variant:
    asked = replace(question, settings=environment.settings, environment=environment.name, only=frozenset({api.file}))
    key = ("template", api.file, environment.name)
    other = checked.memory.recall(key, checked.tree, lambda tree: read(tree, api.file, environment.settings))
    if other is None or same(api, other):
        return _Variant(environment.name, asked)
    found = check_anew(checked.tree, asked, checked.memory)
    return _Variant(environment.name, asked, found, fixed(asked, found))


def same(one: object, other: object) -> bool:
    """Say whether two models are alike in all that calls depend on: places, and the names of stages, are not looked at."""
    if one is other:
        return True
    if type(one) is not type(other):
        return False
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, Span | Step):
        return True
    if isinstance(one, Struct):
        names = (field.name for field in structs.fields(type(one)))
        unseen = ("via", "name") if isinstance(one, Stage) else ("via",)
        return all(same(getattr(one, name), getattr(other, name)) for name in names if name not in unseen)
    return one == other


def _key(finding: Finding) -> Key:
    return (finding.rule, finding.api, finding.severity, finding.spans[:1])


def _owned(group: Group, api: Api) -> bool:
    """Say whether a finding is about a template."""
    if group.cells:
        return group.cells[0].api is api
    finding = group.finding
    return any(door.name == finding.api for door in api.front_doors) or any(
        span.file == api.file for span in finding.spans[:1]
    )


def _merged(
    report: Report, question: Question, checked: Checked, api: Api, usual: str, variants: list[_Variant]
) -> Report:
    owned = {_key(group.finding) for group in checked.groups if _owned(group, api)}
    usually = frozenset(owned)
    found = {each.name: usually if each.checked is None else set(map(_key, each.findings)) for each in variants}
    told = list(report.explained)
    for at, (finding, cells) in enumerate(report.explained):
        key = _key(finding)
        if key in owned:
            names = [variant.name for variant in variants if key in found[variant.name]]
            stand = [fix for fix in finding.fixes if all(_stands(v.question, v.checked, key, fix) for v in variants)]
            finding = replace(finding, fixes=tuple(stand))
            told[at] = (finding if len(names) == len(variants) else _named(finding, (usual, *names)), cells)
    for variant in variants:
        groups = variant.checked.groups if variant.checked is not None else ()
        for finding, group in zip(variant.findings, groups, strict=True):
            key = _key(finding)
            if key in owned:
                continue
            owned.add(key)
            asked = [(question, checked), *((v.question, v.checked) for v in variants if v is not variant)]
            stand = [fix for fix in finding.fixes if all(_stands(*each, key, fix) for each in asked)]
            names = [each.name for each in variants if key in found[each.name]]
            told.append((_named(replace(finding, fixes=tuple(stand)), tuple(names)), group.cells))
    told.sort(key=lambda each: _WORST.index(each[0].severity))
    others = [variant.checked for variant in variants if variant.checked is not None]
    return replace(
        report,
        findings=tuple(finding for finding, _ in told),
        explained=tuple(told),
        cells=(*report.cells, *_fresh(report.cells, others)),
        unexplained=(*report.unexplained, *(cell for each in others for cell in each.unexplained)),
        problems=tuple(dict.fromkeys((*report.problems, *(problem for each in others for problem in each.problems)))),
    )


def _named(finding: Finding, names: tuple[str, ...]) -> Finding:
    where = f"the environment {names[0]}" if len(names) == 1 else f"the environments {', '.join(names)}"
    return replace(finding, environments=names, message=f"{finding.message} This is so in {where}.")


def _stands(question: Question, checked: Checked | None, key: Key, fix: Fix) -> bool:
    """Say whether a fix ends the finding in an environment, if it is there, and spoils nothing."""
    if checked is None or not fix.edits:
        return True
    trial = tried(question, checked, fix)
    there = (group for group in checked.groups if _key(group.finding) == key)
    return trial is not None and not trial.spoils and all(trial.ends(group) for group in there)


def _fresh(known: tuple[Cell, ...], others: list[Checked]) -> Iterator[Cell]:
    """Yield the cells that come out otherwise than in the environments before."""
    seen = {_outcome(cell) for cell in known}
    for other in others:
        for cell in other.cells:
            if _outcome(cell) not in seen:
                seen.add(_outcome(cell))
                yield cell


def _outcome(cell: Cell) -> Key:
    said = cell.undecided.because if cell.undecided is not None else (cell.verdict.allowed, str(cell.verdict.error))
    return (cell.api.file, cell.route.front_door.name, cell.route.label, cell.caller.origin, cell.situation, said)


def _across_stages(report: Report, checked: Checked) -> Report:
    """Tell once what is found in the templates of several stages of one CDK app."""
    stages: dict[str, set[str]] = {}
    for api in checked.apis:
        stage = stage_of(api.file)
        for door in api.front_doors if stage else ():
            stages.setdefault(door.name, set()).add(stage)
    if not any(len(each) > 1 for each in stages.values()):
        return report
    together: dict[Key, list[int]] = {}
    for at, finding in enumerate(report.findings):
        stage = stage_of(finding.spans[0].file) if finding.spans else ""
        key: Key = (finding.rule, finding.api, finding.severity, finding.route) if stage else (at,)
        together.setdefault(key, []).append(at)
    findings: list[Finding] = []
    pairs: list[tuple[Finding, tuple[Cell, ...]]] = []
    for places in together.values():
        found = [report.findings[at] for at in places]
        names = tuple(sorted({stage_of(each.spans[0].file) for each in found if each.spans} - {""}))
        first = found[0]
        if names and set(names) != stages.get(first.api, set()) and len(stages.get(first.api, ())) > 1:
            first = _named(first, names)
        findings.append(first)
        pairs.append((first, tuple(cell for at in places for cell in report.explained[at][1])))
    return replace(report, findings=tuple(findings), explained=tuple(pairs))
