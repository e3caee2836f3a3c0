"""Broken and hostile files: a problem with its place, or an unknown value with its reason, and an end."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corsmith.api.http_api import HttpApi
from corsmith.api.tree import Memory, Source, Tree, Unreadable
from corsmith.readers import read
from corsmith.readers.terraform.pieces import SHORT, pieces

from .terraform import api_of
from .translated import plain

FOLDER = Path(__file__).parents[1] / "fixtures" / "terraform"
API = """
resource "aws_apigatewayv2_api" "api" {
  name          = "x"
  protocol_type = "HTTP"
  cors_configuration {
    allow_origins = [local.x]
  }
}
"""


def chain(of: str, count: int = 60, first: str = '["a"]') -> str:
    """Each local value made of the one before, twice."""
    lines = [f"  v{i} = {of.replace('IT', f'local.v{i - 1}')}" for i in range(1, count)]
    return "\n".join(["locals {", f"  v0 = {first}", *lines, f"  x = jsonencode(local.v{count - 1})", "}"])


HOSTILE = {
    "a circle of locals": 'locals {\n  x = local.y\n  y = "${local.x}!"\n}',
    "deep lists": "locals {\n  x = " + "[" * 3000 + "]" * 3000 + "\n}",
    "deep parentheses": "locals {\n  x = " + "(" * 3000 + "1" + ")" * 3000 + "\n}",
    "a long sum": "locals {\n  x = " + " + ".join(["1"] * 3000) + "\n}",
    "a long condition": "locals {\n  x = " + "false ? 1 : " * 2000 + "2\n}",
    "a long reference": "locals {\n  x = a" + ".b" * 3000 + "\n}",
    "conditions in a text": 'locals {\n  x = "' + "%{ if true }" * 300 + "a" + "%{ endif }" * 300 + '"\n}',
    "a text that doubles": chain('"${IT}${IT}"', first='"aaaaaaaa"'),
    "a list that doubles": chain("concat(IT, IT)"),
    "a list of lists": chain("[IT, IT]"),
    "an object of objects": chain("{ a = IT, b = IT }"),
    "choices of choices": 'variable "v" {}\n' + chain('"${IT}${var.v ? 1 : 2}"', first='"a"'),
    "loops in loops": "locals {\n  l = range(1000)\n"
    "  x = [for a in local.l : [for b in local.l : [for c in local.l : a + b + c]]]\n}",
    "a wide format": 'locals {\n  x = format("%99999999999s", "a")\n}',
    "a product": "locals {\n  l = range(1000)\n  x = setproduct(local.l, local.l, local.l)\n}",
    "a long number": "locals {\n  x = " + "9" * 5000 + "\n}",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_the_rest_goes_on(name: str) -> None:
    api = api_of(HOSTILE[name] + API)
    assert not api.problems
    (door,) = api.front_doors
    assert isinstance(door, HttpApi)
    assert plain(door.cors)["allow_origins"] is not None


ODD = """
resource "aws_lambda_function" "f" {
  function_name = %s
  handler       = %s
  filename      = %s
  environment   = %s
}
resource "aws_api_gateway_rest_api" "a" {
  name = "a"
  body = %s
}
resource "aws_api_gateway_method" "m" {
  rest_api_id   = aws_api_gateway_rest_api.a.id
  resource_id   = %s
  http_method   = %s
  authorization = %s
}
"""


@pytest.mark.parametrize(
    "value",
    ["[]", "{}", "null", "1", '["GET"]', "{ a = 1 }", "jsonencode()", "file()", "split()", "aws_lambda_function.f"],
)
def test_values_of_any_kind_may_stand_anywhere(value: str) -> None:
    api = api_of(ODD % ((value,) * 8))
    assert not api.problems
    assert [function.name for function in api.functions] == ["aws_lambda_function.f"]


def test_a_long_chain_of_locals_ends() -> None:
    lines = [f"  v{i} = local.v{i - 1}" for i in range(1, 500)]
    (door,) = api_of("\n".join(['locals {\n  v0 = "a"', *lines, "  x = local.v499", "}"]) + API).front_doors
    assert isinstance(door, HttpApi)
    assert plain(door.cors)["allow_origins"] == ["unknown"]


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ('variable "a" {}\nlocals {\n  x = "a\n}\n', 3, "cannot be read: the text that begins here has no end"),
        ("locals {\n  x = [1, 2\n}\n", 2, "cannot be read: the list that begins here is not closed"),
        ("locals {\n  x = 1\n", 1, "cannot be read: what begins here is not closed"),
        ('resource "a" "b" {\n  x 1\n}\n', 1, 'cannot be read: \'resource "a" "b" {\' is not understood here'),
        ("resource {{\n", 1, "cannot be read: "),
        ("\x00\x01\x02", 1, "cannot be read: "),
        ("x" * 2_000_001, 1, "cannot be read: 2,000,001 characters, more than 2,000,000"),
        ('"' * 300_000, 1, "cannot be read: a block of more than 100,000 characters"),
        (
            'resource "a" "b" {}\nresource "a" "b" {}\n',
            2,
            "resource a.b is declared a second time; the first one counts",
        ),
        (
            'resource "aws_lambda_function" "f" {\n  count = 100000\n}\n',
            1,
            "makes 100,000 resources; the first 1,000 are read",
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_place(text: str, line: int, said: str) -> None:
    problem = api_of(text).problems[0]
    assert (problem.file, problem.line) == ("main.tf", line)
    assert problem.message.startswith(said)


def test_what_stands_around_an_error_is_read() -> None:
    api = api_of('locals {\n  x = "https://a.example.com"\n}\nresource "odd" {{{\n}\n' + API)
    assert api.problems
    assert [door.name for door in api.front_doors] == ["aws_apigatewayv2_api.api"]


def test_modules_that_call_each_other_twice_end() -> None:
    call = 'module "{0}" {{\n  source = "../m{1}"\n}}\n'
    files = {f"m{i}/main.tf": call.format("a", i + 1) + call.format("b", i + 1) for i in range(40)}
    api = api_of('module "m" {\n  source = "./m0"\n}\n' + 'locals {\n  x = "a"\n}\n' + API, files)
    assert any("too deep" in problem.message for problem in api.problems)
    assert len(api.front_doors) == 1


def test_a_file_that_is_no_text_is_told_and_the_others_are_read() -> None:
    class Odd:
        files = Memory({"main.tf": 'locals {\n  x = "a"\n}\n' + API, "bad.tf": ""})

        def read(self, path: str) -> str:
            if path == "bad.tf":
                raise Unreadable(path, "not UTF-8 text (byte 0)")
            return self.files.read(path)

        def is_file(self, path: str) -> bool:
            return self.files.is_file(path)

        def list(self, folder: str) -> tuple[str, ...]:
            return self.files.list(folder)

    source: Source = Odd()
    api = read(Tree(source), "main.tf")
    assert api is not None
    assert [(p.file, p.message) for p in api.problems] == [("bad.tf", "cannot be read: not UTF-8 text (byte 0)")]
    assert len(api.front_doors) == 1


def test_a_long_file_is_cut_where_blocks_begin() -> None:
    block = 'resource "a" "b" {\n  x = <<EOT\nlocals {\nEOT\n  y = {\n  }\n}\n'
    text = block * (2 * SHORT // len(block))
    found = list(pieces(text))
    assert len(found) > 2
    assert "".join(piece for _, piece in found) == text
    for start, piece in found:
        assert text[start : start + len(piece)] == piece
        assert piece.startswith("resource ")


def test_spans_of_a_long_file_are_those_of_the_whole() -> None:
    text = "# é\n" + "".join(f'variable "v{i}" {{\n  default = "{i}"\n}}\n' for i in range(2000))
    text += 'locals {\n  x = "https://a.example.com"\n}\n' + API
    (door,) = api_of(text).front_doors
    assert isinstance(door, HttpApi)
    cors = door.cors.get()
    assert cors is not None
    assert cors.allow_origins is not None
    (origin,) = cors.allow_origins.get()
    assert origin.span is not None
    assert text[origin.span.start : origin.span.end] == '"https://a.example.com"'


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_files_with_parts_cut_out_are_read(data: st.DataObject) -> None:
    text = (FOLDER / data.draw(st.sampled_from(["http-api.tf", "rest-methods.tf", "balancer.tf"]))).read_text()
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, min(start + 60, len(text))))
        text = text[:start] + data.draw(st.sampled_from(["", '"', "{", "}", "${", "[", "<<EOT\n", "*"])) + text[end:]
    api = api_of(text)
    assert api.dialect == "terraform"
    assert all(problem.line >= 1 for problem in api.problems)


def test_a_link_to_the_folder_around_it_is_a_circle() -> None:
    main = 'module "m" {\n  source = "./loop"\n}\n'
    api = api_of(main, {"loop/main.tf": main, "loop/loop/main.tf": main})
    assert [problem.message for problem in api.problems] == [
        "module.m is not read: its modules call each other in a circle, or too deep"
    ]
