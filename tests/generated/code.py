"""The handler's text in the plan's language and style."""

from __future__ import annotations

import json

from . import code_frameworks, code_node, code_python
from .plan import CDK, JAVASCRIPT, PYTHON, TF, TYPESCRIPT, Plan

RUNTIMES = {PYTHON: "python3.13", JAVASCRIPT: "nodejs22.x", TYPESCRIPT: "nodejs22.x"}


def folder(plan: Plan) -> str:
    """Return where the template says that the code lies."""
    if plan.dialect == CDK:
        return "asset.0123abcd"
    return "dist" if plan.dialect == TF and plan.language == TYPESCRIPT else "src"


def handler(plan: Plan) -> str:
    """Return the setting Handler."""
    return "app.handler"


def files(plan: Plan) -> dict[str, str]:
    """Return the code's files, by their paths in the project."""
    place = {CDK: "cdk.out/asset.0123abcd"}.get(plan.dialect, "src")
    if plan.code.framework:
        made = code_frameworks.files(plan)
    else:
        made = code_python.files(plan) if plan.language == PYTHON else code_node.files(plan)
    if plan.language == TYPESCRIPT and plan.dialect != CDK:
        made = {**made, "../tsconfig.json": json.dumps({"compilerOptions": {"outDir": "dist", "rootDir": "src"}})}
    return {f"{place}/{name}" if not name.startswith("../") else name[3:]: text for name, text in made.items()}
