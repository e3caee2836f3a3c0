"""Resource policies of REST APIs: what they refuse to a caller whom nobody knows.

Source: the API Gateway developer guide, "Control access to a REST API with API Gateway resource policies".
"""

from __future__ import annotations

import re

from corsmith.api.rest_api import PolicyRefusal
from corsmith.api.value import Known

from .nodes import Mapping, Node, Sequence
from .reading import Reading

_RESOURCE = re.compile(r"execute-api:(?:[^:]*:[^:]*:[^/]*)?/?(?:[^/]*)(?:/([^/]*)(?:/(.*))?)?$")


def refusals(reading: Reading, node: Node | None) -> tuple[PolicyRefusal, ...]:
    """Return the unconditional denials of a policy. Conditions (addresses, VPCs) depend on the caller: not counted."""
    policy = reading.mapping(node)
    statements = reading.at(policy, "Statement")
    items = statements.items if isinstance(statements, Sequence) else (statements,) if statements is not None else ()
    found: list[PolicyRefusal] = []
    for item in items:
        statement = reading.mapping(item)
        effect = reading.text(statement.get("Effect")) if statement is not None else None
        if statement is None or not isinstance(effect, Known) or effect.value != "Deny":
            continue
        if statement.get("Condition") is not None or not _everyone(reading, statement.get("Principal")):
            continue
        found += _of(reading, statement)
    return tuple(found)


def _everyone(reading: Reading, node: Node | None) -> bool:
    value = reading.value(node)
    if isinstance(value, Known) and isinstance(value.value, Mapping):
        value = reading.value(value.value.get("AWS"))
    return isinstance(value, Known) and value.value == "*"


def _of(reading: Reading, statement: Mapping) -> list[PolicyRefusal]:
    found: list[PolicyRefusal] = []
    resource = statement.get("Resource")
    for item in resource.items if isinstance(resource, Sequence) else (resource,) if resource is not None else ():
        text = reading.symbolic(item)
        match = _RESOURCE.search(text)
        verb, path = (match.group(1) or "*", match.group(2)) if match is not None else ("*", None)
        paths = ("*",) if path is None or path == "*" else ("/" + path,)
        found.append(PolicyRefusal((verb,), paths, f"a statement denies {text}", statement.span))
    return found
