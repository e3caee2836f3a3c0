"""What corsmith says of a generated project, held to what was planted."""

from __future__ import annotations

from corsmith.api.finding import Severity
from corsmith.api.report import Report
from corsmith.api.tree import Memory, Tree
from corsmith.project.check import Checked, Question, check
from corsmith.project.findings import Group
from tests.rules.test_pages import flags

from .plan import Project

_WORST = ("error", "warning", "info")


def checked(project: Project) -> Checked:
    """Return the check of a project."""
    return check(Tree(Memory(project.files)), Question((".",), flags([*project.arguments])))


def disagreements(project: Project, found: Checked) -> tuple[str, ...]:
    """Return where what is found is not what was planted; nothing where it is."""
    wrong = [f"problem: {each.file}:{each.line}: {each.message}" for each in found.problems]
    wrong += [f"unexplained: {each.route.label} {each.situation} {each.verdict.error}" for each in found.unexplained]
    wrong += [
        f"undecided: {each.route.label}: {each.undecided.because}"
        for each in found.cells
        if each.undecided and "AWS refuses to deploy" not in each.undecided.because
    ]
    wrong += _of_findings(project, found)
    if project.rule is None and not any(each.verdict is not None and each.verdict.allowed for each in found.cells):
        wrong.append("no call passes")
    return tuple(dict.fromkeys(wrong))


def _of_findings(project: Project, found: Checked) -> list[str]:
    own = [each for each in found.groups if each.finding.rule == project.rule]
    others = [each for each in found.groups if each.finding.rule != project.rule and _counts(project, each)]
    wrong = [f"also {each.finding.severity} {each.finding.rule}: {each.finding.message}" for each in others]
    if project.rule is None:
        return wrong
    told = [each for each in own if _WORST.index(each.finding.severity) <= _WORST.index(project.severity)]
    if not told:
        return [*wrong, f"{project.rule} is not reported as {project.severity}"]
    places = [line(found, each) for each in told]
    if not any(text in place for text in project.line for place in places):
        wrong.append(f"{project.rule} is reported at {places}, not at {project.line}")
    return wrong


def _counts(project: Project, group: Group) -> bool:
    """Errors count; a correct project has no warning either."""
    severity = group.finding.severity
    return severity is Severity.ERROR or (project.rule is None and severity is Severity.WARNING)


def line(found: Checked, group: Group) -> str:
    """Return the line of the template or the code at which a finding stands."""
    if not group.finding.spans:
        return ""
    place = Report(found.tree).location(group.finding.spans[0])
    lines = found.tree.read(place.file).splitlines()
    return f"{place.file}:{place.line}: {lines[place.line - 1].strip() if place.line <= len(lines) else ''}"
