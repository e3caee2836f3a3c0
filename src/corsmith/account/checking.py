"""A document of an account, checked as a template is."""

from __future__ import annotations

from msgspec.structs import replace

from corsmith.api.caller import CallerFlags
from corsmith.api.model import FrontDoor
from corsmith.api.tree import Memory, Tree
from corsmith.project.check import Checked, Question, check

from .json_callers import sending_json
from .writing import Document


def checked_document(
    written: Document, flags: CallerFlags, profile: str = "model", before: Checked | None = None
) -> Checked:
    """Return the check of a document. After `before` the callers are the same."""
    tree = Tree(Memory({written.path: written.text, **written.files}))
    question = Question((written.path,), flags, profile=profile)
    checked = check(tree, question, before)
    if before is not None or flags.headers is not None:
        return checked
    return check(tree, question, replace(checked, plan=sending_json(checked)))


def doors_of(checked: Checked) -> tuple[FrontDoor, ...]:
    """Return the front doors of a checked document."""
    return checked.apis[0].front_doors if checked.apis else ()
