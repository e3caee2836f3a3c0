"""A header that only answers have a use for is taken out of the page's call, however the page sets it."""

from __future__ import annotations

import pytest

from corsmith.api.caller import CallerFlags
from corsmith.api.span import Span
from corsmith.api.tree import Memory, Tree
from corsmith.fixes.page_headers import without_header
from corsmith.project.check import Question, check
from corsmith.project.prove import first_safe
from corsmith.project.repair import checked, repair

NAME = "Access-Control-Allow-Origin"
TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Shop:
    Type: AWS::Serverless::HttpApi
    Properties: {CorsConfiguration: {AllowOrigins: [https://app.example.com], AllowMethods: [GET, PUT], AllowHeaders: [x-a]}}
  Items:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: functions/
      Events: {Call: {Type: HttpApi, Properties: {ApiId: !Ref Shop, Path: /items, Method: PUT}}}
"""
HANDLER = 'def handler(event, context):\n    return {"statusCode": 200, "body": ""}\n'
MANY = """\
fetch(`${api}/items`, {
  method: 'PUT',
  headers: {
    'X-A': '1', // ours
    'Access-Control-Allow-Origin': '*', // does nothing
  },
});
"""
TYPED = """\
const headers: Record<string, string> = { 'access-control-allow-origin': '*' };
export const put = <T,>(api: string): Promise<T> =>
  fetch(`${api}/items`, { method: 'PUT', headers }).then((r) => r.json() as Promise<T>);
"""
MARKUP = """\
<p>Größe</p>
<script>
  const x = new XMLHttpRequest();
  x.open('PUT', api + '/items');
  x.setRequestHeader('Access-Control-Allow-Origin', '*');
  x.send();
</script>
"""
PAGES = [
    (
        "a.js",
        "fetch(`${api}/items`, { method: 'PUT', headers: { 'Access-Control-Allow-Origin': '*' } });\n",
        "fetch(`${api}/items`, { method: 'PUT' });\n",
    ),
    ("a.js", MANY, MANY.replace("    'Access-Control-Allow-Origin': '*', // does nothing\n", "")),
    ("a.ts", TYPED, TYPED.replace("{ 'access-control-allow-origin': '*' }", "{}")),
    ("index.html", MARKUP, MARKUP.replace("  x.setRequestHeader('Access-Control-Allow-Origin', '*');\n", "")),
]


def asked(file: str, text: str) -> tuple[Question, dict[str, str]]:
    return Question((".",), CallerFlags()), {
        "template.yaml": TEMPLATE,
        "functions/app.py": HANDLER,
        f"web/{file}": text,
    }


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize(("file", "text", "wanted"), PAGES, ids=["alone", "among others", "constant", "in HTML"])
def test_it_is_taken_out_of_the_page(file: str, text: str, wanted: str, end: str) -> None:
    question, files = asked(file, text.replace("\n", end))
    before = check(Tree(Memory(files)), question)
    assert [each.finding.rule for each in before.groups if each.finding.severity == "error"] == [
        "cors-header-on-request"
    ]
    result = repair(question, before, lambda finding, fix: fix.safe)
    assert result.changed() == {f"web/{file}": (text.replace("\n", end), wanted.replace("\n", end))}
    after = checked(question, result.after)
    assert [each.finding.rule for each in after.groups if each.finding.severity == "error"] == []


def test_what_the_flags_say_is_told_in_words() -> None:
    question = Question((".",), CallerFlags(headers=((NAME, "*"),)))
    before = check(Tree(Memory({"template.yaml": TEMPLATE, "functions/app.py": HANDLER})), question)
    (found,) = [each for each in before.groups if each.finding.rule == "cors-header-on-request"]
    (fix,) = first_safe(question, before, found)
    assert fix.edits == ()
    assert "Take access-control-allow-origin out of the call" in fix.by_hand


OTHERS = [
    "axios.defaults.headers.common['Access-Control-Allow-Origin'] = '*';\n",
    "headers.append('Access-Control-Allow-Origin', '*');\n",
    "headers.set('access-control-allow-origin', '*')\n",
]


@pytest.mark.parametrize("line", OTHERS)
def test_a_statement_that_sets_it_goes_whole(line: str) -> None:
    text = f"start();\n{line}end();\n"
    tree = Tree(Memory({"a.js": text}))
    at = text.lower().index("access")
    (edit,) = without_header(tree, Span("a.js", at, at + 10), NAME)
    assert tree.with_edits((edit,)).read("a.js") == "start();\nend();\n"


@pytest.mark.parametrize(
    "line",
    [
        "send('Access-Control-Allow-Origin', '*');\n",
        "const all = [['Access-Control-Allow-Origin', '*']];\n",
        "x.set('other', 'Access-Control-Allow-Origin');\n",
        "x = y;\n",
    ],
)
def test_another_form_is_left_alone(line: str) -> None:
    at = max(line.find("Access"), 0)
    assert without_header(Tree(Memory({"a.js": line})), Span("a.js", at, at + 3), NAME) == ()
