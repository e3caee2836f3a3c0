"""Code that a tool has minified, and code in which a person has put something large."""

from __future__ import annotations

import pytest

from corsmith.api.model import Api
from corsmith.api.tree import Memory, Tree
from corsmith.fixes.generated import made_by

MINIFIED = (
    'exports.handler=async(e)=>{const t=e.headers||{};return t["x"]?{statusCode:200,body:"a"}:{statusCode:404}};' * 200
)
LARGE = "A" * 3_000_000


@pytest.mark.parametrize(
    ("file", "text", "made"),
    [
        ("app.js", MINIFIED, "a tool that minifies"),
        ("app.min.js", "exports.handler = async () => ({});\n", "a tool that minifies"),
        ("app.js", f"const picture = '{LARGE}';\nexports.handler = async () => ({{}});\n", None),
        ("app.js", f"const picture = `{LARGE}\\``;\nexports.handler = async () => ({{}});\n", None),
        ("app.py", f'PICTURE = b"{LARGE}\\""\n\n\ndef handler(event, context):\n    return {{}}\n', None),
        ("app.js", f"const picture = '{LARGE}';\n{MINIFIED}", "a tool that minifies"),
    ],
    ids=["minified", "by its name", "a literal", "a template", "bytes", "both"],
)
def test_what_stands_in_a_literal_is_no_code(file: str, text: str, made: str | None) -> None:
    api = Api(file="template.yaml", dialect="sam")
    assert made_by(Tree(Memory({file: text})), api, file) == made
