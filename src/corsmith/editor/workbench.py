"""The opened folder as an editor needs it: findings as fast as one types, fixes when one asks for them."""

from __future__ import annotations

import gc
from collections.abc import Mapping

from msgspec import Struct, field

from corsmith.api.caller import CallerFlags
from corsmith.api.finding import Finding
from corsmith.api.fix import Fix
from corsmith.api.report import Report
from corsmith.project.check import Checked, Question
from corsmith.project.choose import chosen
from corsmith.project.findings import Group
from corsmith.project.ignores import set_aside
from corsmith.project.prove import first_safe
from corsmith.project.report import proven, without_fixes
from corsmith.project.session import Session
from corsmith.project.settings_file import configuration_for
from corsmith.readers.collector import paused

from .folder import choice_of, question_for


class State(Struct, frozen=True):
    """What was found in one state of the files. The findings of `report` that came from one of `groups` have no fixes yet."""

    question: Question
    checked: Checked
    report: Report
    groups: Mapping[int, Group]
    """What each finding of the report came from, by the finding's identity."""
    _proven: dict[int, tuple[Fix, ...]] = field(default_factory=dict)

    def fixes(self, finding: Finding) -> tuple[Fix, ...]:
        """Return the fixes of a finding that hold: each is tried when somebody first asks for it."""
        known = self._proven.get(id(finding))
        if known is None:
            group = self.groups.get(id(finding))
            found = finding.fixes if group is None else first_safe(self.question, self.checked, group)
            known = self._proven[id(finding)] = found
        return known


class Workbench(Struct):
    """The folder that is open, checked after each change."""

    _session: Session = field(default_factory=Session)

    def look(self, unsaved: Mapping[str, str]) -> State:
        """Return what is found, with the texts of `unsaved` laid over the files. Raises `Misconfigured`."""
        configuration = configuration_for(".")
        question = question_for(".", CallerFlags(), configuration)
        # What is kept from check to check is looked through for cycles when nobody waits, see `rest`.
        with paused():
            checked = self._session.check(question, unsaved)
            if any(len(known) > 1 for known in checked.environments.values()):
                # A fix has to hold in each environment: there, all is worked out at once.
                found, groups = proven(question, checked), {}
            else:
                found, groups = without_fixes(checked), {id(each.finding): each for each in checked.groups}
            report = chosen(set_aside(found).report, choice_of(configuration))
        return State(question, checked, report, groups)

    def rest(self) -> None:
        """Take out what no longer serves; what then is there stays, and later collections need not look through it."""
        gc.unfreeze()
        gc.collect()
        gc.freeze()
