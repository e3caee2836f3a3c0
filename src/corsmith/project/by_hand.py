"""What to do by hand: where a fix would change a file that a tool makes, and where a person has to choose."""

from __future__ import annotations

from corsmith.api.fix import Fix
from corsmith.api.model import Api
from corsmith.fixes.generated import made_by

from .check import Checked
from .findings import Group


def offered(before: Checked, found: Group, fix: Fix) -> Fix:
    """Return `fix` as it can be offered: without edits, and with words instead, where a tool makes a file that it changes."""
    api = next((each for each in before.apis if each.file == _file(found)), before.apis[0])
    for file in dict.fromkeys(edit.file for edit in fix.edits):
        tool = made_by(before.tree, api, file)
        if tool is not None:
            said = f"{file} is made by {tool}: change what it is made from."
            more = _construct(api, found) if api.dialect == "cdk" and file == api.file else ""
            return Fix(fix.title, fix.safe, (), "\n".join((said, more)).strip())
    return fix


def in_words(found: Group) -> Fix | None:
    """Return what a rule says is to be done by hand, None where it says nothing."""
    proposed = (fix for propose in found.proposals for fix in propose())
    return next((fix for fix in proposed if fix.by_hand and not fix.edits), None)


def _file(found: Group) -> str:
    return found.cells[0].api.file if found.cells else found.finding.spans[0].file if found.finding.spans else ""


def _construct(api: Api, found: Group) -> str:
    """Return the construct to change, and its code for the pages that call."""
    # Here, because few templates are made by a tool.
    from lambda_cors import Policy, PolicyError

    from corsmith.generate.cannot import CannotSay
    from corsmith.generate.cdk import write

    finding = found.finding
    path = dict(api.constructs).get(finding.api, finding.api)
    said = f"It comes from the construct {path.removesuffix('/Resource')}."
    callers = tuple(cell.caller for cell in found.cells)
    try:
        policy = Policy(
            origins=list(dict.fromkeys(caller.origin for caller in callers)),
            methods=sorted({caller.method for caller in callers} - {"OPTIONS"}),
            request_headers=sorted({name.lower() for caller in callers for name, _ in caller.headers}),
            credentials=any(caller.credentials == "include" for caller in callers),
        )
        code = write(finding.front_door, policy) if finding.front_door in _WRITTEN else ""
    except (PolicyError, CannotSay):
        return said
    return f"{said} In its code:\n\n{code}" if code else said


_WRITTEN = frozenset(("rest_api", "http_api", "function_url"))
