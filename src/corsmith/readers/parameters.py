"""The value of a template's parameter: given by the user, its default, one of those allowed, or unknown."""

from __future__ import annotations

from typing import Any

from corsmith.api.span import Span
from corsmith.api.value import Known, OneOf, Step, Text, Unknown, Value

from .nodes import Scalar, Sequence
from .template import Template

STAGE_NAMES = frozenset({"stage", "stagename", "env", "environment", "envname", "environmentname", "deploymentstage"})
"""Names of parameters, in lower case, that `--stage` gives a value to."""


def parameter(template: Template, name: str, used_at: Span) -> Value[Any]:
    """Return the value of the parameter `name`, used at `used_at`: a str, or a tuple of Values for a list type."""
    body = template.parameters[name]
    kind = body.get("Type")
    type_ = kind.text if isinstance(kind, Scalar) else "String"
    given = template.settings.parameters.get(name)
    if given is not None:
        return _typed(template, type_, given, used_at, (Step(f"parameter {name}, given by the user"),))
    configured = template.configured.get(name)
    if configured is not None:
        return _typed(template, type_, configured, used_at, (Step(f"parameter {name}, given by samconfig"),))
    if type_.startswith("AWS::SSM::Parameter"):
        return Unknown(f"the parameter {name} is read from the parameter store when the stack is deployed", used_at)
    allowed_node = body.get("AllowedValues")
    allowed = [i for i in allowed_node.items if isinstance(i, Scalar)] if isinstance(allowed_node, Sequence) else []
    stage = template.settings.stage
    if stage is not None and (
        stage in [item.text for item in allowed] or (not allowed and name.lower() in STAGE_NAMES)
    ):
        return Known(stage, used_at, (Step(f"parameter {name}, given by --stage"),))
    default = body.get("Default")
    if isinstance(default, Scalar):
        step = Step(f"parameter {name}, its default", default.span)
        return _typed(template, type_, default.text, default.span, (step,))
    if len(allowed) == 1:
        return Known(allowed[0].text, allowed[0].span, (Step(f"parameter {name}, its only allowed value"),))
    because = f"the parameter {name} has no default; give it with --parameter {name}=…"
    if allowed and not _is_list(type_):
        options = tuple(
            Known(item.text, item.span, (Step(f"parameter {name}, an allowed value", item.span),)) for item in allowed
        )
        return OneOf(options, because, used_at)
    return Unknown(because, used_at)


def _is_list(type_: str) -> bool:
    return type_ == "CommaDelimitedList" or type_.startswith("List<")


def _typed(template: Template, type_: str, text: str, span: Span, via: tuple[Step, ...]) -> Value[Any]:
    if not _is_list(type_):
        return Known(text, span, via)
    items: list[Text] = []
    at = 0
    for part in text.split(","):
        bare = part.strip()
        begin = at + (len(part) - len(part.lstrip()))
        items.append(Known(bare, template.part(span, text, begin, len(bare)), via))
        at += len(part) + 1
    return Known(tuple(items), span, via)
