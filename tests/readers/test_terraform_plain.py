"""What is read without the parser's tree is read as the parser reads it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corsmith.readers.terraform import parse as parser
from corsmith.readers.terraform.parse import parse
from corsmith.readers.terraform.plain import Elaborate, plain_body
from corsmith.readers.terraform.syntax import Body

from . import fixtures

FILES = tuple(sorted((Path(__file__).parents[1]).rglob("*.tf")))


def shape(body: Body) -> Any:
    blocks = [
        (each.kind, each.labels, each.header, each.span, each.body.span, shape(each.body)) for each in body.blocks
    ]
    return [(each.name, each.key, each.expression) for each in body.attributes], blocks


def by_the_parser(text: str) -> Any:
    body, problems = parser._parsed(text, "f")
    return shape(body), body.span, problems


def refused(start: int, end: int) -> Body:
    raise Elaborate


def is_plain(text: str) -> bool:
    try:
        plain_body(text, "f", refused)
    except Elaborate:
        return False
    return True


@pytest.mark.parametrize("dress", ["as it is", "CRLF", "no final newline", "comments at the end"])
@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_files_are_read_as_the_parser_reads_them(file: Path, dress: str) -> None:
    text = fixtures.DRESSES[dress](file.read_bytes().decode())
    body, problems = parse(text, "f")
    assert (shape(body), body.span, problems) == by_the_parser(text)


PLAIN = {
    "literals": 'a = 1\nb = 1.5\nc = true\nd = null\ne = "x"\nf = ""\n',
    "escapes": 'a = "x\\n\\"\\u00e9"\n',
    "a dollar": 'a = "5$ and 10%"\n',
    "references": 'a = b.c.d\nb = c[0].d\nc = d["x"]\nd = e[f.g]\n',
    "texts with references": 'a = "${b.c}/${d["x"]}"\nb = "${f("x", 1)}"\nc = "x${ b.c }y"\n',
    "calls": "a = f()\nb = f(1, [2, 3],\n  g(x),\n)\nc = f(1).d\n",
    "lists": 'a = []\nb = [\n  1, # one\n  2,\n]\nc = ["x", "y"]\n',
    "objects": 'a = {}\nb = { c = 1, "d" : 2 }\nc = {\n  x = 1\n  "y" = [2]\n}\n',
    "comments": "# a\na = 1 // b\n/* c */ b = 2 /* d\n e */\n",
    "blocks": 'a "b" c {\n  d = 1\n  e {}\n  f {\n    g = 2\n  }\n}\nh { i = 1 }\n',
    "nothing": "",
    "only a comment": "# nothing\n",
    "other letters": 'a = "é\U0001f600"\nb = "${c.d}é"\n',
    "words with dashes": "a-b = c-d.e-f\n",
}
ELABORATE = {
    "a heredoc": 'a {\n  b = <<EOT\n}\n"\nEOT\n  c = 1\n}\nd { e = 1 }\n',
    "an operator": "a {\n  b = c + 1\n}\n",
    "a negative number": "a {\n  b = -1\n}\n",
    "a conditional": "a {\n  b = c ? 1 : 2\n}\n",
    "a loop": "a {\n  b = [for x in y : x]\n  c = { for x in y : x => x }\n}\n",
    "a splat": "a {\n  b = c[*].d\n  e = c.*.d\n}\n",
    "escaped marks": 'a {\n  b = "$${c} %%{d}"\n}\n',
    "a directive": 'a {\n  b = "%{ if c }x%{ endif }"\n}\n',
    "a computed key": "a {\n  b = { (c) = 1 }\n}\n",
    "blanks taken off": 'a {\n  b = "x ${~ c.d ~} y"\n}\n',
    "an old index": "a {\n  b = c.0.d\n}\n",
    "between plain blocks": 'x { y = 1 }\na {\n  b = c ? "}" : "{"\n}\nz { y = 2 }\n',
}
BROKEN = {
    "a text without end": 'a {\n  b = "c\n}\n',
    "a block without end": "a {\n  b = 1\n",
    "a comment without end": "a = 1 /* b\n",
    "a wrong escape": 'a = "\\m"\n',
    "a heredoc without end": "a = <<EOT\nb\n",
    "two attributes in a line": "a = 1 b = 2\n",
    "a lone brace": "}\na = 1\n",
    "a byte of nothing": "a = \x00\n",
}


@pytest.mark.parametrize("name", PLAIN)
def test_plain_texts_need_no_parser(name: str) -> None:
    assert is_plain(PLAIN[name])
    body, problems = parse(PLAIN[name], "f")
    assert (shape(body), problems) == by_the_parser(PLAIN[name])[::2]


@pytest.mark.parametrize("name", [*ELABORATE, *BROKEN])
def test_other_texts_are_left_to_the_parser(name: str) -> None:
    text = {**ELABORATE, **BROKEN}[name]
    assert not is_plain(text)
    body, problems = parse(text, "f")
    assert (shape(body), body.span, problems) == by_the_parser(text)


PIECES = st.sampled_from(
    ["a", "b_1", "=", " ", "\n", "{", "}", "[", "]", "(", ")", ",", ".", '"', "${", "$", "%{", "\\", "1", "2.5", "true",
     "null", "#", "//", "/*", "*/", "<<E", "E", "for", "-", "+", "?", ":", "é", "\r\n", "x = 1\n", 'y = "z"\n', "t = u.v\n"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=30).map("".join))
def test_any_text_that_is_plain_is_read_as_the_parser_reads_it(text: str) -> None:
    if is_plain(text):
        body, problems = parse(text, "f")
        expected, _, wrong = by_the_parser(text)
        if not wrong:
            assert (shape(body), problems) == (expected, wrong)


@pytest.mark.parametrize(
    "text", ['"${' * 50_000, "<<A\n" * 50_000, "/*" * 50_000, '"' * 99_999, "a[" * 50_000, "a{" * 50_000]
)
def test_hostile_texts_are_given_up_at_once(text: str) -> None:
    assert not is_plain(text)
