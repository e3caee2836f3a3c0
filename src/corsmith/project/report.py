"""A project's report: everything that was checked, with the fixes that hold."""

from __future__ import annotations

from corsmith.api.caller import CallerFlags
from corsmith.api.finding import Finding
from corsmith.api.report import Report
from corsmith.api.tree import Tree
from corsmith.readers import Settings

from .check import Checked, Question, check
from .disk import Disk
from .environments import with_environments
from .steps import Hears, nobody
from .together import with_fixes


def report(question: Question, tree: Tree | None = None, hears: Hears = nobody) -> Report:
    """Return the report on what `question` names; from the disk, unless `tree` holds the files."""
    return proven(question, check(tree if tree is not None else Tree(Disk()), question, hears=hears), hears)


def proven(question: Question, checked: Checked, hears: Hears = nobody) -> Report:
    """Return the report on what was checked, in each environment, with the fixes that hold."""
    found = _report(checked, with_fixes(question, checked, hears))
    return with_environments(question, checked, found, with_fixes)


def without_fixes(checked: Checked) -> Report:
    """Return the report on what was checked, before any fix is tried."""
    return _report(checked, tuple(each.finding for each in checked.groups))


def _report(checked: Checked, findings: tuple[Finding, ...]) -> Report:
    return Report(
        tree=checked.tree,
        cells=checked.cells,
        findings=findings,
        problems=checked.problems,
        passed_over=checked.passed_over,
        unexplained=checked.unexplained,
        explained=tuple((found, each.cells) for found, each in zip(findings, checked.groups, strict=True)),
    )


def check_project(
    paths: str | tuple[str, ...] | list[str],
    caller: CallerFlags | None = None,
    settings: Settings | None = None,
    profile: str = "model",
) -> Report:
    """Return the report on the templates and folders at `paths`, the object behind the JSON.

    `caller` replaces what is derived of who calls; `settings` gives values for what the templates leave open. Bad input
    is in `Report.problems`; nothing is raised for it.
    """
    targets = (paths,) if isinstance(paths, str) else tuple(paths)
    return report(Question(targets, caller or CallerFlags(), settings or Settings(), profile))
