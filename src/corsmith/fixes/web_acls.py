"""Web ACLs that turn preflights away: a rule that lets OPTIONS pass, just before what refuses it.

Source: AWS WAF developer guide, "Web ACL rule and rule group evaluation": rules are tried by their priority, and an Allow
ends the evaluation, so what stands before the new rule still holds for preflights.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from corsmith.api.fix import Edit
from corsmith.api.span import Span
from corsmith.api.tree import Tree
from corsmith.readers.nodes import Entry, Mapping, Node, Scalar, Sequence

from .terraform_block import Written, block_at
from .yaml_edit import add_entry, append_item
from .yaml_source import Source, at, entry_of, load
from .yaml_written import Content

_NAME = "preflights"


def let_options_pass(tree: Tree, acl: Span) -> Iterator[tuple[Edit, ...]]:
    """Yield ways to let OPTIONS pass the web ACL at `acl`: behind all of its rules first, then before each, the last first."""
    if acl.file.endswith((".tf", ".tofu")):
        written = block_at(tree, acl)
        if written is not None:
            yield from _in_terraform(written)
        return
    source = load(tree, acl.file)
    held = entry_of(source.root, acl) if source is not None else None
    properties = at(held[0].value, "Properties") if held is not None else None
    if source is not None and isinstance(properties, Mapping):
        yield from _in_template(source, properties)


def _in_template(source: Source, properties: Mapping) -> Iterator[tuple[Edit, ...]]:
    rules = properties.get("Rules")
    if rules is None:
        yield (add_entry(source, properties, "Rules", [_rule(0)]),)
    if not isinstance(rules, Sequence):
        return
    places = [_priority(rule) for rule in rules.items]
    known = {number: entry.value.span for number, entry in (each for each in places if each is not None)}
    if len(known) < len(places):
        return
    for number, moved in _priorities(tuple(known)):
        shifted = tuple(Edit(source.file, known[each].start, known[each].end, str(each + 1)) for each in moved)
        yield (append_item(source, rules, _rule(number)), *shifted)


def _priority(rule: Node) -> tuple[int, Entry] | None:
    entry = rule.entry("Priority") if isinstance(rule, Mapping) else None
    plain = entry is not None and isinstance(entry.value, Scalar) and entry.value.text.isdecimal()
    return (int(entry.value.text), entry) if plain and entry is not None and isinstance(entry.value, Scalar) else None


def _priorities(taken: tuple[int, ...]) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Yield a priority for the new rule, and those that have to make room for it by one."""
    ordered = sorted(taken)
    yield (ordered[-1] + 1 if ordered else 0), ()
    for index in range(len(ordered) - 1, -1, -1):
        before = ordered[index - 1] if index else -1
        if ordered[index] - before > 1:
            yield ordered[index] - 1, ()
            continue
        run = [ordered[index]]
        while run[-1] + 1 in taken:
            run.append(run[-1] + 1)
        yield ordered[index], tuple(run)


def _rule(priority: int) -> Content:
    return {
        "Name": _NAME,
        "Priority": priority,
        "Action": {"Allow": {}},
        "Statement": {
            "ByteMatchStatement": {
                "FieldToMatch": {"Method": {}},
                "PositionalConstraint": "EXACTLY",
                "SearchString": "OPTIONS",
                "TextTransformations": [{"Priority": 0, "Type": "NONE"}],
            }
        },
        "VisibilityConfig": {
            "SampledRequestsEnabled": True,
            "CloudWatchMetricsEnabled": True,
            "MetricName": _NAME,
        },
    }


def _in_terraform(written: Written) -> Iterator[tuple[Edit, ...]]:
    rules = [Written(written.file, written.text, each) for each in written.block.body.of_kind("rule")]
    known: dict[int, Span] = {}
    for rule in rules:
        attribute = rule.block.body.attribute("priority")
        value = rule.value("priority") or ""
        if rule.block.kind == "dynamic" or attribute is None or not value.isdecimal():
            return
        known[int(value)] = attribute.expression.span
    if len(known) < len(rules):
        return
    for number, moved in _priorities(tuple(known)):
        shifted = tuple(Edit(written.file, known[each].start, known[each].end, str(each + 1)) for each in moved)
        yield (written.inside(["", *_block(number)]), *shifted)


def _block(priority: int) -> Iterator[str]:
    yield from (
        "rule {",
        f"  name     = {json.dumps(_NAME)}",
        f"  priority = {priority}",
        "",
        "  action {",
        "    allow {}",
        "  }",
        "",
        "  statement {",
        "    byte_match_statement {",
        '      positional_constraint = "EXACTLY"',
        '      search_string         = "OPTIONS"',
        "",
        "      field_to_match {",
        "        method {}",
        "      }",
        "",
        "      text_transformation {",
        "        priority = 0",
        '        type     = "NONE"',
        "      }",
        "    }",
        "  }",
        "",
        "  visibility_config {",
        "    cloudwatch_metrics_enabled = true",
        f"    metric_name                = {json.dumps(_NAME)}",
        "    sampled_requests_enabled   = true",
        "  }",
        "}",
    )
