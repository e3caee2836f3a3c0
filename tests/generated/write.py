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


def files(plan: Plan, seed: int) -> dict[str, str]:
    """Return the files of a project. The same seed gives the same layout of the text."""
    return {**_DIALECTS[plan.dialect](plan, random.Random(seed)), **code.files(plan), **page.files(plan)}
