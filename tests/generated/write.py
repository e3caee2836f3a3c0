"""A plan written down: the template in its dialect, and the code."""

from __future__ import annotations

import random

from . import cloudformation, code, page, sam, serverless, terraform
from .plan import CDK, CFN, OPENAPI, SAM, SLS, TF, Plan

_DIALECTS = {
    SAM: sam.files,
    OPENAPI: sam.files,
    CFN: cloudformation.files,
    CDK: cloudformation.files,
    SLS: serverless.files,
    TF: terraform.files,
}
_REMARK = "# Bestellungen – ändert sich selten ✓\n\n"


def files(plan: Plan, seed: int) -> dict[str, str]:
    """Return the files of a project. The same seed gives the same layout of the text."""
    dice = random.Random(seed)
    template = _DIALECTS[plan.dialect](plan, dice)
    if plan.dialect != CDK and dice.random() < 0.3:
        template = {name: text if name.endswith(".json") else _REMARK + text for name, text in template.items()}
    found = {**template, **code.files(plan), **page.files(plan)}
    if dice.random() < 0.15:
        found = {name: text.replace("\n", "\r\n") for name, text in found.items()}
    if dice.random() < 0.1:
        found = {name: text.rstrip("\r\n") for name, text in found.items()}
    return found
