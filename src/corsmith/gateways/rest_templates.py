"""Mapping templates of a REST API: which one applies, and what it yields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from corsmith.api.value import Text, Undecided, Unknown

from .rest_call import RestCall
from .vtl.evaluate import Rendered, render
from .vtl.methods import Input, Undescribed, Util
from .vtl.methods import Parameters as Places
from .vtl.nodes import Unsupported

Templates = tuple[tuple[str, Text], ...]


def chosen(templates: Templates, media_type: str) -> Text | None:
    """Return the template for `media_type`; `$default` stands for every other one."""
    by_type = {kind.lower(): text for kind, text in templates}
    return by_type.get(media_type, by_type.get("$default"))


def passed_through(templates: Templates, passthrough: str) -> bool:
    """Say whether a body without a template goes on as it is, rather than being refused with 415.

    Source: API Gateway developer guide, "Integration passthrough behaviors".
    """
    return passthrough == "WHEN_NO_MATCH" or (passthrough == "WHEN_NO_TEMPLATES" and not templates)


def rendered(template: Text, served: RestCall, body: str) -> Rendered:
    """Return what `template` yields for this call with `body` as input.

    Raises `Undecided`, also where the template uses what is not modelled.
    """
    text = template.get()
    if "$" not in text and "#" not in text:
        plain = Rendered()
        plain.text = text
        return plain
    try:
        return render(text, _scope(served, body))
    except Unsupported as unsupported:
        raise Undecided(Unknown(f"the mapping template uses {unsupported}", template.span)) from None


def _scope(served: RestCall, body: str) -> dict[str, Any]:
    call = served.call

    def missing() -> str | None:
        return "" if call.assumptions.rest_missing_parameter_is_empty else None

    queries = {name: values[0] for name, values in call.queries().items()}
    return {
        "input": Input(
            Places(served.path_parameters, missing),
            Places(queries, missing),
            Places(dict(call.request.headers), missing),
            body,
        ),
        "context": {"authorizer": {}, **_nested(served.context())},
        "stageVariables": Undescribed("stageVariables"),
        "util": Util(),
    }


def _nested(flat: Mapping[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in flat.items():
        *owners, last = name.split(".", 2)
        inner = found
        for owner in owners:
            inner = inner.setdefault(owner, {})
        inner[last] = value
    return found
