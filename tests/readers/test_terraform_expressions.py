"""What Terraform's expressions come to."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corsmith.readers.nodes import Scalar, Sequence
from corsmith.readers.terraform.terms import EITHER, Open, is_null, options_of, plain, reason

from .terraform import local

WORLD = """
variable "open" {}
variable "stage" { default = "dev" }
variable "list" { default = ["a", "b"] }
variable "none" { default = null }
locals {
  hosts = { dev = "http://localhost:3000", prod = "https://shop.example.com" }
  nested = [["a"], ["b", ["c"]]]
}
resource "aws_thing" "it" { name = "thing" }
resource "aws_thing" "many" { for_each = toset(["p", "q"]) }
resource "aws_thing" "some" { count = 2 }
"""


def worth(expression: str) -> Any:
    return plain(local(f"{WORLD}locals {{\n  x = {expression}\n}}\n"))


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("1", 1),
        ("-2.5", -2.5),
        ("true", True),
        ("null", None),
        ('"a\\tb \\"c\\" \\u00e9 $${d} %%{e}"', 'a\tb "c" é ${d} %{e}'),
        ('""', ""),
        ('"${var.stage}"', "dev"),
        ('"${true}!"', "true!"),
        ('"x-${var.stage}-${1 + 2}"', "x-dev-3"),
        ('"%{ if var.stage == "dev" }yes%{ else }no%{ endif }"', "yes"),
        ('"%{ for a in var.list }<${a}>%{ endfor }"', "<a><b>"),
        ('"%{ for i, a in var.list }${i}${a}%{ endfor }"', "0a1b"),
        ("<<EOT\none\n  two ${var.stage}\nEOT", "one\n  two dev\n"),
        ("<<-EOT\n    one\n      two\n  EOT", "one\n  two\n"),
        ("<<EOT\n%{ for a in var.list ~}\n${a}\n%{ endfor ~}\nEOT", "a\nb\n"),
        ("<<EOT\n%{ for a in var.list ~}\n  - ${a}\n%{ endfor ~}\nEOT", "  - a\n  - b\n"),
        ("<<EOT\na:  ${~ var.stage ~}  \n b\nEOT", "a:dev b\n"),
        ('[1, "a", [true]]', [1, "a", [True]]),
        ('{ a = 1, "b" : 2, (var.stage) = 3 }', {"a": 1, "b": 2, "dev": 3}),
        ("local.hosts[var.stage]", "http://localhost:3000"),
        ("local.hosts.prod", "https://shop.example.com"),
        ('local.hosts["prod"]', "https://shop.example.com"),
        ("var.list[1]", "b"),
        ("var.list.0", "a"),
        ('var.stage == "dev" ? 1 : 2', 1),
        ("true ? 1 : false ? 2 : 3", 1),
        ("false ? 1 : false ? 2 : true ? 3 : 4", 3),
        ("true ? true ? 1 : 2 : 3", 1),
        ("(true ? false : true) ? 1 : 2", 2),
        ("!(1 > 2) && 2 >= 2 || false", True),
        ("1 + 2 * 3 - 4 / 2 % 3", 5),
        ("7 / 2", 3.5),
        ("-(1 + 2)", -3),
        ('"a" != "b"', True),
        ("null == null", True),
        ("[] == null", False),
        ("[for a in var.list : upper(a)]", ["A", "B"]),
        ('[for i, a in var.list : "${i}${a}" if a != "a"]', ["1b"]),
        ("{ for k, v in local.hosts : upper(k) => length(v) }", {"DEV": 21, "PROD": 24}),
        ("{ for a in [\"x\", \"x\", \"y\"] : a => 1... }", {"x": [1, 1], "y": [1]}),
        ("[for a in { k = { v = 1 } } : a.v]", [1]),
        ("[{ a = 1 }, { a = 2 }][*].a", [1, 2]),
        ("[{ a = [1] }, { a = [2] }].*.a", [[1], [2]]),
        ("null[*]", []),
        ('"one"[*]', ["one"]),
        ('coalesce("", null, "a")', "a"),
        ('try(local.hosts.test, local.hosts["other"], "none")', "none"),
        ('try(local.hosts[null], "none")', "none"),
        ("can(local.hosts.dev)", True),
        ("can(local.hosts.test)", False),
        ('concat(var.list, ["c"])', ["a", "b", "c"]),
        ('merge({ a = 1 }, { a = 2, b = 3 }, null)', {"a": 2, "b": 3}),
        ('lookup({ a = 1 }, "b", 9)', 9),
        ("flatten(local.nested)", ["a", "b", "c"]),
        ('join(",", var.list)', "a,b"),
        ('split(",", "a,b")', ["a", "b"]),
        ('toset(["b", "a", "b"])', ["a", "b"]),
        ('format("%s-%03d-%v-%q-%%-%t", "a", 7, 1, "x", true)', 'a-007-1-"x"-%-true'),
        ('formatlist("https://%s.%s", ["a", "b"], "com")', ["https://a.com", "https://b.com"]),
        ('replace("a.b.c", ".", "-")', "a-b-c"),
        ('substr("hello", 1, 3)', "ell"),
        ('substr("hello", -3, -1)', "llo"),
        ('trimsuffix(trimprefix("https://a/", "https://"), "/")', "a"),
        ('title("ab cd")', "Ab Cd"),
        ('keys({ b = 1, a = 2 })', ["a", "b"]),
        ('values({ b = 1, a = 2 })', [2, 1]),
        ('zipmap(["a", "b"], [1, 2])', {"a": 1, "b": 2}),
        ('element(["a", "b"], 3)', "b"),
        ('contains(["a"], "a")', True),
        ('distinct(["a", "b", "a"])', ["a", "b"]),
        ('compact(["a", "", null])', ["a"]),
        ('slice(["a", "b", "c"], 1, 3)', ["b", "c"]),
        ('setproduct(["a", "b"], ["x"])', [["a", "x"], ["b", "x"]]),
        ('setunion(["a"], ["b", "a"])', ["a", "b"]),
        ('setsubtract(["a", "b"], ["a"])', ["b"]),
        ('setintersection(["a", "b"], ["b"])', ["b"]),
        ('chunklist(["a", "b", "c"], 2)', [["a", "b"], ["c"]]),
        ('one([])', None),
        ('range(3)', [0, 1, 2]),
        ('max(1, 3, 2)', 3),
        ('tostring(1)', "1"),
        ('tonumber("12")', 12),
        ('tobool("true")', True),
        ('jsonencode({ b = [1, null], a = "<&>" })', '{"a":"\\u003c\\u0026\\u003e","b":[1,null]}'),
        ('jsondecode("{\\"a\\": [1]}").a[0]', 1),
        ('yamldecode("a: [1, x]").a', [1, "x"]),
        ('base64decode(base64encode("é"))', "é"),
        ('sha1("a")', "86f7e437faa5a7fce15d1ddcb9eaeaea377667b8"),
        ('urlencode("a b")', "a+b"),
        ('concat([["a"], ["b"]]...)', ["a", "b"]),
        ('sensitive("a")', "a"),
        ("path.module", "."),
        ("aws_thing.it.name", "thing"),
        ("keys(aws_thing.many)", ["p", "q"]),
        ("length(aws_thing.some)", 2),
    ],
)  # fmt: skip
def test_expressions(expression: str, value: Any) -> None:
    assert worth(expression) == value


@pytest.mark.parametrize(
    ("expression", "because"),
    [
        ("var.open", "the variable open has no default; give it with --parameter open=… or --var-file"),
        ("var.missing", "the variable missing is not declared"),
        ("local.missing", "local.missing is not declared"),
        ("aws_thing.it.arn", "aws_thing.it.arn is known only when it is deployed"),
        ("aws_thing.missing.arn", "aws_thing.missing is not declared"),
        ("module.missing.out", "module.missing is not declared"),
        ("local.hosts.test", "there is no 'test' in it"),
        ("var.list[7]", "the list has 2 items, and none at 7"),
        ('"${var.open}/x"', "the variable open has no default; give it with --parameter open=… or --var-file"),
        ("upper(var.open)", "the variable open has no default; give it with --parameter open=… or --var-file"),
        ("timestamp()", "timestamp is not worked out here"),
        ("upper()", "upper cannot be worked out for these values"),
        ("merge(1)", "an object should stand here"),
        ('replace("a", "/(x)/", "")', "replace with such a pattern is not worked out here"),
        ("terraform.workspace", "which workspace is used is not known; give it with --stage"),
        ("each.key", "each.key has no meaning here"),
        ('file("missing.txt")', "no such file: missing.txt"),
        ("1 / 0", "the numbers cannot be reckoned with"),
        ("[for a in var.open : a]", "the variable open has no default; give it with --parameter open=… or --var-file"),
        ("local.x", "local.x refers to itself"),
        ('range(100000)', "range gives more than 1024 numbers"),
    ],
)  # fmt: skip
def test_what_cannot_be_known_says_why(expression: str, because: str) -> None:
    node = local(f"{WORLD}locals {{\n  x = {expression}\n}}\n")
    assert reason(node) == because
    with pytest.raises(Open):
        plain(node)


@pytest.mark.parametrize(
    ("expression", "options"),
    [
        ('var.open ? "a" : "b"', ["a", "b"]),
        ('"https://${var.open ? "a" : "b"}.com"', None),
        ('upper(var.open == "x" ? "a" : "b")', ["A", "B"]),
        ("local.hosts[var.open]", ["http://localhost:3000", "https://shop.example.com"]),
        ("{ true = 1, false = 2 }[var.open ? \"true\" : \"false\"]", [1, 2]),
        ('(var.open ? 1 : 2) + 1', [2, 3]),
        ('var.open ? "same" : "same"', None),
    ],
)  # fmt: skip
def test_what_is_undecided_is_one_of_several(expression: str, options: list[Any] | None) -> None:
    node = local(f"{WORLD}locals {{\n  x = {expression}\n}}\n")
    if options is None:
        assert not isinstance(node, Sequence) or node.tag != EITHER
    else:
        assert isinstance(node, Sequence)
        assert node.tag == EITHER
        assert [plain(option) for option in options_of(node)] == options


def test_the_sides_of_a_condition_may_be_absent() -> None:
    node = local('variable "open" {}\nlocals {\n  x = var.open ? null : "a"\n}\n')
    absent, present = options_of(node)
    assert is_null(absent)
    assert plain(present) == "a"


@settings(deadline=None)
@given(st.text(st.characters(codec="utf-8", exclude_characters="\r\x00"), max_size=30))
def test_any_text_comes_back(text: str) -> None:
    written = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("${", "$${")
    written = written.replace("%{", "%%{")
    node = local(f'locals {{\n  x = "{written}"\n}}\n')
    assert isinstance(node, Scalar)
    assert node.text == text


LEAVES = st.booleans() | st.integers(-999, 999) | st.text('ab "$é', max_size=5)
NAMES = st.text("xyz", min_size=1, max_size=3)


@settings(deadline=None)
@given(st.recursive(LEAVES, lambda each: st.lists(each, max_size=3) | st.dictionaries(NAMES, each, max_size=3)))
def test_json_goes_and_comes_back(value: Any) -> None:
    written = json.dumps(json.dumps(value)).replace("${", "$${").replace("%{", "%%{")
    source = f"locals {{\n  x = jsondecode(jsonencode(jsondecode({written})))\n}}\n"
    assert plain(local(source)) == value
