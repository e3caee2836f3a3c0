"""Templates as text: YAML with CloudFormation's short tags, or JSON."""

from __future__ import annotations

import json
import random
from typing import Any

import yaml
from msgspec import Struct


class Ref(Struct, frozen=True):
    """`!Ref name`."""

    name: str


class Att(Struct, frozen=True):
    """`!GetAtt name.attribute`."""

    name: str
    attribute: str


class Sub(Struct, frozen=True):
    """`!Sub text`."""

    text: str


class Call(Struct, frozen=True):
    """Another function, such as Select, with its arguments."""

    name: str
    arguments: Any


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        del data
        return True


class _Indented(_Dumper):
    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        del indentless
        super().increase_indent(flow, indentless=False)


def _call(dumper: yaml.SafeDumper, call: Call) -> yaml.Node:
    return dumper.represent_sequence(f"!{call.name}", call.arguments, flow_style=True)


for _dumper in (_Dumper, _Indented):
    _dumper.add_representer(Ref, lambda dumper, each: dumper.represent_scalar("!Ref", each.name))
    _dumper.add_representer(Sub, lambda dumper, each: dumper.represent_scalar("!Sub", each.text))
    _dumper.add_representer(
        Att, lambda dumper, each: dumper.represent_scalar("!GetAtt", f"{each.name}.{each.attribute}")
    )
    _dumper.add_representer(Call, _call)


def as_yaml(template: dict[str, Any], dice: random.Random) -> str:
    """Return the template as people write YAML: lists indented or not, short maps on one line or not."""
    return yaml.dump(
        template,
        Dumper=dice.choice((_Dumper, _Indented)),
        sort_keys=False,
        default_flow_style=dice.choice((None, False, False)),
        width=200,
        allow_unicode=True,
    )


def as_json(template: dict[str, Any]) -> str:
    """Return the template as CDK writes it."""
    return json.dumps(plain(template), indent=1) + "\n"


def plain(value: Any) -> Any:
    """Return `value` with the functions in their long form."""
    if isinstance(value, Ref):
        return {"Ref": value.name}
    if isinstance(value, Att):
        return {"Fn::GetAtt": [value.name, value.attribute]}
    if isinstance(value, Sub):
        return {"Fn::Sub": value.text}
    if isinstance(value, Call):
        return {f"Fn::{value.name}": plain(value.arguments)}
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [plain(each) for each in value]
    return value
