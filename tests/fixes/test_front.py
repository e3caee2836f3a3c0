"""What stands before a front door: web ACLs let OPTIONS pass as late as it helps, limits of zero go, and nothing else does."""

from __future__ import annotations

import hcl2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corsmith.api.fix import apply
from corsmith.api.span import Span
from corsmith.api.tree import Memory, Tree
from corsmith.fixes.limits import without_zero
from corsmith.fixes.setting_types import as_wanted_type
from corsmith.fixes.web_acls import let_options_pass
from corsmith.fixes.yaml_source import at, load
from corsmith.readers.nodes import Mapping, Scalar, Sequence

ACL = """\
Resources:
  Acl:
    Type: AWS::WAFv2::WebACL
    Properties:
      Scope: REGIONAL
      Rules:
"""


def ways(text: str) -> list[str]:
    """Return the template after each way to let OPTIONS pass."""
    tree = Tree(Memory({"t.yaml": text}))
    place = text.index("Acl:")
    return [tree.with_edits(edits).read("t.yaml") for edits in let_options_pass(tree, Span("t.yaml", place, place + 3))]


def rules(text: str) -> list[tuple[int, str]]:
    source = load(Tree(Memory({"t.yaml": text})), "t.yaml")
    assert source is not None
    listed = at(source.root, "Resources", "Acl", "Properties", "Rules")
    found = []
    for rule in listed.items if isinstance(listed, Sequence) else ():
        number, name = at(rule, "Priority"), at(rule, "Name")
        assert isinstance(number, Scalar)
        assert isinstance(name, Scalar)
        found.append((int(number.text), name.text))
    return sorted(found)


@given(st.lists(st.integers(0, 12), unique=True, max_size=6))
def test_the_rule_comes_behind_all_or_before_each_and_the_order_stays(priorities: list[int]) -> None:
    text = ACL + "".join(f"        - {{Name: r{number}, Priority: {number}}} # {number}\n" for number in priorities)
    if not priorities:
        text = ACL.replace("Rules:", "Rules: []")
    order = [f"r{number}" for number in sorted(priorities)]
    made = [rules(each) for each in ways(text)]
    for found, place in zip(made, range(len(order), -1, -1), strict=True):
        assert [name for _, name in found] == [*order[:place], "preflights", *order[place:]]
        assert len({number for number, _ in found}) == len(found)


def test_priorities_that_are_not_written_out_are_left_alone() -> None:
    assert ways(ACL + "        - {Name: a, Priority: !Ref P}\n") == []
    assert ways(ACL + "        - {Name: a, Priority: 1}\n        - {Name: b, Priority: 1}\n") == []
    assert ways("Resources:\n  Acl:\n    Type: AWS::WAFv2::WebACL\n") == []


def test_in_terraform_the_rule_is_a_block() -> None:
    text = (
        'resource "aws_wafv2_web_acl" "acl" {\n  name = "a"\n\n  rule {\n    name     = "r"\n    priority = 0\n  }\n}\n'
    )
    tree = Tree(Memory({"main.tf": text}))
    first, second = (
        tree.with_edits(edits).read("main.tf") for edits in let_options_pass(tree, Span("main.tf", 0, text.index(" {")))
    )
    assert first.startswith(text[:-2])
    assert "    priority = 1\n" in first
    assert hcl2.loads(first)
    assert "    priority = 0\n\n    action {" in second
    assert '    name     = "r"\n    priority = 1\n' in second
    assert hcl2.loads(second)
    dynamic = text.replace("rule {", 'dynamic "rule" {')
    assert list(let_options_pass(Tree(Memory({"main.tf": dynamic})), Span("main.tf", 0, dynamic.index(" {")))) == []


LIMITS = [
    ("S: {A: 1, ThrottlingBurstLimit: 0, ThrottlingRateLimit: 0.0}\n", "S: {A: 1}\n"),
    ("S: {ThrottlingBurstLimit: 0, ThrottlingRateLimit: 0, A: 1}\n", "S: {A: 1}\n"),
    ("S: {ThrottlingBurstLimit: 0, A: 1, ThrottlingRateLimit: 0}\n", "S: {A: 1}\n"),
    (
        "S:\n  ThrottlingBurstLimit: 0 # off\n  ThrottlingRateLimit: 5\n  A: 1\n",
        "S:\n  ThrottlingRateLimit: 5\n  A: 1\n",
    ),
    ("S:\n  - ThrottlingBurstLimit: 0\n    ThrottlingRateLimit: 0\n    A: 1\n", "S:\n  - A: 1\n"),
    ("B: 1\nS:\n  ThrottlingBurstLimit: 0\n  ThrottlingRateLimit: 0\n", "B: 1\n"),
    ("S:\n  ThrottlingBurstLimit: 0\n", None),
]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize(("text", "wanted"), LIMITS)
def test_limits_of_zero_go_and_others_stay(text: str, wanted: str | None, end: str) -> None:
    text = text.replace("\n", end)
    place = text.index(" 0") + 1
    edits = without_zero(Tree(Memory({"t.yaml": text})), Span("t.yaml", place, place + 1))
    assert (apply(text, edits) if edits else None) == (wanted.replace("\n", end) if wanted else None)


TYPES = [
    ("AllowOrigins: https://a.example", "AllowOrigins: [https://a.example]"),
    ("AllowOrigins: 'https://a.example, https://b.example'", "AllowOrigins: [https://a.example, https://b.example]"),
    ("AllowOrigins: '*'", "AllowOrigins: ['*']"),
    ("AllowOrigins: !Sub https://${Domain}", 'AllowOrigins: [!Sub "https://${Domain}"]'),
    ("AllowMethods: GET,PUT # all", "AllowMethods: [GET, PUT] # all"),
    ("AllowCredentials: 'true'", "AllowCredentials: true"),
    ("MaxAge: '600'", "MaxAge: 600"),
    ("MaxAge: soon", None),
    ("AllowCredentials: maybe", None),
    ("AllowOrigins: >\n  a", None),
    ("AllowOrigins:", None),
    ("Other: x", None),
]


@pytest.mark.parametrize(("text", "wanted"), TYPES)
def test_a_value_is_written_in_the_type_that_is_wanted(text: str, wanted: str | None) -> None:
    source = load(Tree(Memory({"t.yaml": f"{text}\n"})), "t.yaml")
    assert source is not None
    assert isinstance(source.root, Mapping)
    span = source.root.entries[0].value.span
    edits = as_wanted_type(Tree(Memory({"t.yaml": f"{text}\n"})), span)
    assert (apply(f"{text}\n", edits) if edits else None) == (f"{wanted}\n" if wanted else None)
