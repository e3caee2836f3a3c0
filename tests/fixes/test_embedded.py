"""Code that stands in a template is repaired where it stands: what AWS reads afterwards is the repaired file, line for line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corsmith.api.caller import CallerFlags
from corsmith.api.finding import Severity
from corsmith.api.fix import Edit, apply
from corsmith.api.tree import Memory, Tree
from corsmith.fixes.embedded import Embedded, embedded_in
from corsmith.fixes.yaml_source import at, load, scalar_text
from corsmith.project.check import Question, check
from corsmith.project.repair import checked, repair

ORIGIN = "https://app.example.com"
HEAD = """\
Transform: AWS::Serverless-2016-10-31
Globals:
  Api:
    GatewayResponses:
      DEFAULT_4XX: {ResponseParameters: {Headers: {Access-Control-Allow-Origin: "'https://app.example.com'"}}}
      DEFAULT_5XX: {ResponseParameters: {Headers: {Access-Control-Allow-Origin: "'https://app.example.com'"}}}
Resources:
  Items:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: @runtime
      Handler: index.handler
@more
      InlineCode: |
"""
REST = "      Events: {Get: {Type: Api, Properties: {Path: /items, Method: GET}}}"
URL = "      FunctionUrlConfig: {AuthType: NONE, Cors: {AllowOrigins: [https://app.example.com], AllowMethods: [GET]}}"
BARE_URL = "      FunctionUrlConfig: {AuthType: NONE}"
CODE = {
    "python": 'def handler(event, context):\n    return {\n        "statusCode": 200,\n\n        "body": "",\n    }\n',
    "python-doubled": 'H = {"Access-Control-Allow-Origin": "*"}\n\n\ndef handler(event, context):\n'
    '    return {"statusCode": 200, "headers": H}\n',
    "python-object": 'def handler(event, context):\n    return {"statusCode": 200, "body": {"done": True}}\n',
    "python-echo": "def handler(event, context):\n    origin = event['headers'].get('origin')\n    return {'statusCode': 200, "
    "'headers': {'Access-Control-Allow-Origin': origin, 'Access-Control-Allow-Credentials': 'true'}, 'body': ''}\n",
    "node": "exports.handler = async (event) => {\n  if (!event.path) return { statusCode: 400 };\n\n"
    "  return { statusCode: 200, body: '' };\n};\n",
    "node-doubled": "exports.handler = async () => ({\n  statusCode: 200,\n"
    "  headers: {\n    'Access-Control-Allow-Origin': '*', // all\n    'content-type': 'text/plain',\n  },\n  body: '',\n});\n",
}
CASES = [
    ("python", REST, None),
    ("python-object", REST, None),
    ("node", REST, None),
    ("python-doubled", URL, None),
    ("node-doubled", URL, None),
    ("python-echo", BARE_URL, True),
]


def template(code: str, more: str, runtime: str, pad: str = "        ") -> str:
    head = HEAD.replace("@runtime", runtime).replace("@more", more)
    return head + "".join(f"{pad}{line}" if line.strip() else line for line in code.splitlines(keepends=True))


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize(("name", "more", "credentials"), CASES, ids=[f"{name}" for name, _, _ in CASES])
def test_the_same_is_written_as_in_a_file(name: str, more: str, credentials: bool | None, end: str) -> None:
    code, python = CODE[name], name.startswith("python")
    runtime = "python3.13" if python else "nodejs22.x"
    question = Question((".",), CallerFlags(origins=(ORIGIN,), methods=("GET",), credentials=credentials))
    inline = {"template.yaml": template(code, more, runtime).replace("\n", end)}
    file = "index.py" if python else "index.js"
    apart = {"template.yaml": template("", more, runtime).replace("InlineCode: |", "CodeUri: ."), file: code}
    texts = []
    for files in (inline, apart):
        result = repair(question, check(Tree(Memory(files)), question), lambda finding, fix: True)
        after = checked(question, result.after)
        assert [each.finding.rule for each in after.groups if each.finding.severity is not Severity.INFO] == []
        assert repair(question, after, lambda finding, fix: True).done == ()
        texts.append(result.after.tree)
    source = load(texts[0], "template.yaml")
    assert source is not None
    written = scalar_text(at(source.root, "Resources", "Items", "Properties", "InlineCode"))
    assert written == texts[1].read(file)
    assert texts[0].read("template.yaml").count("\n") == texts[0].read("template.yaml").count(end)


LINES = st.lists(st.text(alphabet="ab :#'é\"-{}", max_size=8), min_size=1, max_size=6)


@given(LINES, st.data(), st.sampled_from(["        ", "         "]))
def test_edits_of_the_code_are_edits_of_the_template(lines: list[str], data: st.DataObject, pad: str) -> None:
    # A block's first line tells its indentation, and blanks at a line's end are no layout of ours.
    code = "x" + "\n".join(line.rstrip() for line in lines) + "\n"
    text = template(code, BARE_URL, "python3.13", pad)
    (held,) = embedded_in(Tree(Memory({"template.yaml": text})), "template.yaml")
    assert held.code.rstrip("\n") == code.rstrip("\n")
    start = data.draw(st.integers(0, len(code.rstrip("\n"))))
    end = data.draw(st.integers(start, len(code.rstrip("\n"))))
    new = data.draw(st.sampled_from(["", "y", "y\n", "\ny", "if y:\n    z\n\n", "y\n\ny"]))
    edit = Edit(held.path, start, end, new)
    wanted = apply(code, (edit,))
    written = apply(text, held.outward((edit,)))
    after = load(Tree(Memory({"template.yaml": written})), "template.yaml")
    if wanted.strip() and not wanted.startswith((" ", "\n")) and after is not None:
        there = scalar_text(at(after.root, "Resources", "Items", "Properties", "InlineCode"))
        assert blank(there or "") == blank(wanted)


def blank(text: str) -> list[str]:
    return [line.rstrip() for line in text.rstrip().split("\n")]


@pytest.mark.parametrize(
    "written",
    [
        "InlineCode: >\n        def handler(event, context):\n            return {}\n",
        "InlineCode: !Sub |\n        def handler(event, context):\n            return {}\n",
        'InlineCode: "def handler(event, context):\\n    return {}\\n"\n',
        "InlineCode: |2\n        def handler(event, context):\n            return {}\n",
        "InlineCode: |\n",
        "InlineCode: [a]\n",
    ],
)
def test_code_in_another_notation_is_left_alone(written: str) -> None:
    text = HEAD.replace("InlineCode: |\n", written)
    assert list(embedded_in(Tree(Memory({"template.yaml": text})), "template.yaml")) == []


def test_a_heredoc_is_code_and_one_that_is_filled_in_is_none() -> None:
    source = 'x = <<-EOF\n    def f():\n        return 1\n  EOF\ny = <<EOF\nreturn "${var.a}"\nEOF\n'
    found: list[Embedded] = list(embedded_in(Tree(Memory({"main.tf": source})), "main.tf"))
    assert [each.code for each in found] == ["def f():\n    return 1\n"]
    (edit,) = found[0].outward((Edit(found[0].path, 9, 9, "    x = 1\n"),))
    assert apply(source, (edit,)).startswith("x = <<-EOF\n    def f():\n        x = 1\n        return 1\n  EOF\n")


def test_each_piece_of_code_in_a_template_is_repaired() -> None:
    first = template(CODE["python"], BARE_URL, "python3.13")
    second = (
        template(CODE["python-echo"], BARE_URL, "python3.13").partition("Resources:\n")[2].replace("Items", "Other")
    )
    question = Question((".",), CallerFlags(origins=(ORIGIN,), methods=("GET",), credentials=True))
    before = check(Tree(Memory({"template.yaml": first + second})), question)
    rule = "insecure-reflects-origin-with-credentials"
    assert rule in [each.finding.rule for each in before.groups]
    result = repair(question, before, lambda finding, fix: True)
    assert rule not in [each.finding.rule for each in checked(question, result.after).groups]
    assert f'if origin in ["{ORIGIN}"]' in result.after.tree.read("template.yaml").partition("  Other:")[2]
