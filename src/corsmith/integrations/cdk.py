"""An Aspect of the AWS CDK that judges what an app synthesizes: `Aspects.of(app).add(CorsAspect())`.

Aspects run before a template exists. So the first construct that is visited has the whole app synthesized once more, into
a folder of its own; that is judged, and the findings become annotations of the constructs they are about. Then the app's own
synthesis goes on and carries them: `cdk synth` and `cdk deploy` stop at errors. Other Aspects are applied in between, so
what they change is judged as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import jsii
from aws_cdk import Annotations, App, IAspect, Stack, Stage
from constructs import IConstruct

from corsmith.api.caller import CallerFlags
from corsmith.api.finding import Finding, Severity
from corsmith.api.report import Report
from corsmith.api.tree import Tree
from corsmith.editor.folder import question_for
from corsmith.project.choose import Choice, chosen
from corsmith.project.disk import Disk
from corsmith.project.ignores import set_aside
from corsmith.project.report import report
from corsmith.project.settings_file import configuration_for

from .constructs import construct_of, constructs_in


@jsii.implements(IAspect)
class CorsAspect:
    """Annotates constructs with what a browser will block. `origins` are those of the pages that call.

    Without `origins` those of corsmith.toml count, in the current folder or above, and else those that the app declares.
    """

    def __init__(self, origins: Sequence[str] = ()) -> None:
        self._flags = CallerFlags(origins=tuple(origins))
        self._done = False

    def visit(self, node: IConstruct) -> None:
        """Judge the app at the first construct; CDK calls this for each."""
        if self._done:
            return
        # Set before the app is synthesized: that applies Aspects, this one too.
        self._done = True
        root: Any = node.node.root
        if isinstance(root, App | Stage):
            folder = Path(root.synth(force=True).directory)
            found = _report(folder, self._flags)
            known = constructs_in(folder)
            for finding in found.findings:
                _annotate(
                    _said_of(construct_of(root, known.get(finding.api, ""))), finding, _where(found, finding, folder)
                )
            for problem in found.problems:
                text = f"{problem.message} ({Path(problem.file).name})"
                Annotations.of(_said_of(root)).add_warning_v2("corsmith:unread", text)


def _said_of(construct: Any) -> Any:
    """Return the construct, or a stack of the app for the app itself: what is said of an app is shown nowhere."""
    if isinstance(construct, App | Stage):
        return next((each for each in construct.node.find_all() if isinstance(each, Stack)), construct)
    return construct


def _report(folder: Path, flags: CallerFlags) -> Report:
    configuration = configuration_for(".")
    question = question_for(folder.as_posix(), flags, configuration)
    choice = Choice(configuration.select, configuration.ignore, folder=configuration.folder)
    return chosen(set_aside(report(question, Tree(Disk()))).report, choice)


def _where(found: Report, finding: Finding, folder: Path) -> str:
    """Return the place of a finding in code that was packed as an asset; a place in the template says nothing to anybody."""
    for span in finding.spans:
        inside = Path(span.file).as_posix().removeprefix(f"{folder.as_posix()}/")
        asset, _, file = inside.partition("/")
        if asset.startswith("asset.") and file:
            return f" ({file}:{found.location(span).line})"
    return ""


def _annotate(construct: Any, finding: Finding, where: str) -> None:
    text = f"{finding.rule}: {finding.route or finding.api}: {finding.message}{where}"
    annotations = Annotations.of(construct)
    if finding.severity is Severity.ERROR:
        annotations.add_error(text)
    elif finding.severity is Severity.WARNING:
        annotations.add_warning_v2(f"corsmith:{finding.rule}", text)
    else:
        annotations.add_info_v2(f"corsmith:{finding.rule}", text)
