"""What parameters, conditions and functions of a template stand for."""

from __future__ import annotations

from typing import Any

import pytest

from corsmith.api.value import Known, OneOf, Unknown, Value
from corsmith.readers import Settings
from corsmith.readers.document import parse
from corsmith.readers.nodes import Mapping
from corsmith.readers.reading import Reading
from corsmith.readers.template import template_of
from corsmith.readers.values import Values

HEAD = """\
Parameters:
  Site: { Type: String, Default: "https://s.example.com" }
  Open: { Type: String }
  Stage: { Type: String, AllowedValues: [dev, prod] }
  Only: { Type: String, AllowedValues: [one] }
  Count: { Type: Number, Default: 600 }
  List: { Type: CommaDelimitedList, Default: "https://a.example.com, https://b.example.com" }
  Secret: { Type: "AWS::SSM::Parameter::Value<String>", Default: /path }
Mappings:
  Sites: { dev: { Origin: "http://localhost" }, prod: { Origin: "https://p.example.com" } }
Conditions:
  Yes: !Equals [!Ref Site, "https://s.example.com"]
  No: !Not [Condition: Yes]
  IsProd: !Equals [!Ref Stage, prod]
  Never: !And [!Condition No, !Condition IsProd]
  Always: !Or [!Condition IsProd, !Condition Yes]
  Loop: !Not [!Condition Loop]
  Other: !Equals [!Ref Stage, test]
Resources:
  F: { Type: AWS::Lambda::Function }
Value: """


def reading(
    expression: str, settings: Settings | None = None, configured: dict[str, str] | None = None
) -> tuple[Reading, Any]:
    text = HEAD + expression + "\n"
    root = parse(text, "t.yaml").root
    assert isinstance(root, Mapping)
    template = template_of(root, "t.yaml", text, settings or Settings(), configured or {})
    return Reading(template, Values(template)), root.get("Value")


def text(expression: str, settings: Settings | None = None) -> Value[str] | None:
    read, node = reading(expression, settings)
    return read.text(node)


KNOWN = {
    "plain": "plain",
    "'quoted'": "quoted",
    "600": "600",
    "true": "true",
    "!Ref Site": "https://s.example.com",
    "{ Ref: Site }": "https://s.example.com",
    "!Ref Count": "600",
    "!Ref Only": "one",
    "!Sub \"'${Site}'\"": "'https://s.example.com'",
    '!Sub ["${A}/${Site}", { A: !Ref Only }]': "one/https://s.example.com",
    '!Sub "${!Literal} ${Only}"': "${Literal} one",
    '!Join ["", ["a", !Ref Only, 1]]': "aone1",
    '!Join [",", !Ref List]': "https://a.example.com,https://b.example.com",
    "!Select [1, !Ref List]": "https://b.example.com",
    '!Select ["0", ["a", "b"]]': "a",
    '!Select [1, !Split ["|", "a|b"]]': "b",
    "!FindInMap [Sites, prod, Origin]": "https://p.example.com",
    "!If [Yes, a, b]": "a",
    "!If [No, a, b]": "b",
    "!If [Never, a, b]": "b",
    "!If [Always, a, b]": "a",
    "!If [Other, a, b]": "b",
    "!If [IsProd, a, a]": "a",
    "{ 'Fn::If': [Yes, { Ref: Only }, b] }": "one",
}


@pytest.mark.parametrize("expression", KNOWN)
def test_a_value_that_is_known(expression: str) -> None:
    value = text(expression)
    assert isinstance(value, Known)
    assert value.value == KNOWN[expression]


UNKNOWN = {
    "!Ref Open": "the parameter Open has no default; give it with --parameter Open=…",
    "!Ref Secret": "the parameter Secret is read from the parameter store when the stack is deployed",
    "!Ref F": "F is known only when the stack is deployed",
    "!GetAtt F.Arn": "F.Arn is known only when the stack is deployed",
    '!Sub "https://${AWS::Region}.example.com"': "AWS::Region is known only when the stack is deployed",
    '!Sub "${Nope}"': "Nope is neither a parameter nor a resource of this template",
    "!ImportValue x": "it is imported from another stack",
    "!GetAZs x": "Fn::GetAZs is worked out when the stack is deployed",
    "!Select [7, [a]]": "Fn::Select picks an item that is not there",
    "!FindInMap [Sites, test, Origin]": "the mapping Sites has no test, Origin",
    '"{{resolve:secretsmanager:name}}"': "name is read from secretsmanager when the stack is deployed",
    "[a]": "a text should stand here",
    "{ a: b }": "a text should stand here",
    "!If [IsProd, a, !Ref Open]": (
        "it depends on the condition IsProd: the parameter Stage has no default; give it with --parameter Stage=…; "
        "and the parameter Open has no default; give it with --parameter Open=…"
    ),
    "!Join a": "Fn::Join needs a delimiter and a list",
    "!Ref [a]": "Ref names no parameter or resource",
}


@pytest.mark.parametrize("expression", UNKNOWN)
def test_a_value_that_is_unknown_says_why(expression: str) -> None:
    value = text(expression)
    assert isinstance(value, Unknown)
    assert value.because == UNKNOWN[expression]
    assert value.span is not None


ONE_OF = {
    "!Ref Stage": ["dev", "prod"],
    '!Sub "https://${Stage}.example.com"': ["https://dev.example.com", "https://prod.example.com"],
    "!FindInMap [Sites, !Ref Stage, Origin]": ["http://localhost", "https://p.example.com"],
    "!If [IsProd, a, b]": ["a", "b"],
    "!If [Loop, a, b]": ["a", "b"],
    "!If [IsProd, !Ref Stage, b]": ["dev", "prod", "b"],
    '!Join ["-", [!Ref Stage, !Ref Stage]]': ["dev-dev", "dev-prod", "prod-dev", "prod-prod"],
}


@pytest.mark.parametrize("expression", ONE_OF)
def test_a_value_that_is_one_of_several(expression: str) -> None:
    value = text(expression)
    assert isinstance(value, OneOf)
    assert [option.value for option in value.options] == ONE_OF[expression]


def test_nothing_is_set_where_the_value_is_no_value() -> None:
    for expression in ("!Ref AWS::NoValue", "!If [No, a, !Ref AWS::NoValue]", "", "~"):
        assert text(expression) is None
    undecided = text("!If [IsProd, a, !Ref AWS::NoValue]")
    assert isinstance(undecided, Unknown)
    assert undecided.because.startswith("whether it is set is undecided")


def test_items_that_are_no_value_are_left_out() -> None:
    read, node = reading("[a, !If [No, b, !Ref AWS::NoValue], !Ref Only]")
    listed = read.texts(node)
    assert isinstance(listed, Known)
    assert [item.get() for item in listed.value] == ["a", "one"]


@pytest.mark.parametrize(
    ("settings", "configured", "expected", "how"),
    [
        (Settings({"Site": "given"}), {"Site": "configured"}, "given", "parameter Site, given by the user"),
        (Settings(), {"Site": "configured"}, "configured", "parameter Site, given by samconfig"),
        (Settings(), {}, "https://s.example.com", "parameter Site, its default"),
    ],
)
def test_what_is_given_counts_before_what_is_configured_and_the_default(
    settings: Settings, configured: dict[str, str], expected: str, how: str
) -> None:
    read, node = reading("!Ref Site", settings, configured)
    value = read.text(node)
    assert isinstance(value, Known)
    assert value.value == expected
    assert value.via[0].what == how


def test_a_stage_chooses_among_the_allowed_values_and_decides_conditions() -> None:
    assert text("!If [IsProd, a, b]", Settings(stage="prod")) == Known("a", text("!If [IsProd, a, b]").options[0].span)  # type: ignore[union-attr]
    chosen = text("!Ref Stage", Settings(stage="dev"))
    assert isinstance(chosen, Known)
    assert chosen.value == "dev"


def test_pseudo_parameters_may_be_given() -> None:
    value = text('!Sub "${AWS::Region}"', Settings({"AWS::Region": "eu-west-1"}))
    assert isinstance(value, Known)
    assert value.value == "eu-west-1"


def test_each_item_of_a_list_parameter_has_its_place_in_the_default() -> None:
    read, node = reading("!Ref List")
    listed = read.texts(node)
    assert isinstance(listed, Known)
    file = read.template.text
    for item in listed.value:
        assert isinstance(item, Known)
        assert item.span is not None
        assert file[item.span.start : item.span.end] == item.value


def test_more_combinations_than_can_be_told_apart_are_unknown() -> None:
    value = text('!Join ["", [' + ", ".join(["!Ref Stage"] * 6) + "]]")
    assert isinstance(value, Unknown)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [("600", 600), ("'0'", 0), ("!Ref Count", 600), ("-1", -1)],
)
def test_numbers(expression: str, expected: int) -> None:
    read, node = reading(expression)
    number = read.number(node)
    assert isinstance(number, Known)
    assert number.value == expected


@pytest.mark.parametrize("written", ["'600s'", "9" * 5000, "'" + "9" * 5000 + "'"])
def test_a_text_that_is_no_number_is_unknown(written: str) -> None:
    read, node = reading(written)
    assert isinstance(read.number(node), Unknown)


def test_functions_that_refer_to_themselves_end() -> None:
    deep = "!If [Yes, " * 90 + "a" + ", b]" * 90
    assert isinstance(text(deep), Unknown | None)
