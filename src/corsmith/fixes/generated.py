"""Files that a tool writes: what is changed there is gone when the tool runs again."""

from __future__ import annotations

import re

from corsmith.api.model import Api
from corsmith.api.tree import Tree, Unreadable

_FOLDERS = {
    "cdk.out": "the CDK",
    ".aws-sam": "sam build",
    ".serverless": "the Serverless Framework",
    "dist": "a build",
    "node_modules": "npm",
    "site-packages": "pip",
}
_SAYS_SO = re.compile(r"@generated|DO NOT (EDIT|MODIFY)|(auto-?|automatically )generated", re.IGNORECASE)
_MINIFIED = 1500
"""Characters a line, on average: nobody writes such code."""
_LITERALS = re.compile(r""""(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`""", re.DOTALL)


def made_by(tree: Tree, api: Api, file: str) -> str | None:
    """Return who writes `file`, as a phrase; None where a person does."""
    if api.dialect == "cdk" and file == api.file:
        return "the CDK"
    for folder in file.split("/")[:-1]:
        if folder in _FOLDERS or folder.startswith("asset."):
            return _FOLDERS.get(folder, "the CDK")
    try:
        text = tree.read(file)
    except Unreadable:
        return None
    if _SAYS_SO.search("\n".join(text.splitlines()[:5])):
        return "a tool, as its first lines say"
    code = not file.endswith((".yaml", ".yml", ".json", ".template"))
    return "a tool that minifies" if code and (".min." in file or _is_minified(text)) else None


def _is_minified(text: str) -> bool:
    """Say whether lines are longer than people write them. What a literal holds, such as a picture, counts for nothing."""
    least = _MINIFIED * (text.count("\n") + 1)
    return len(text) > least and len(_LITERALS.sub("", text)) > least
