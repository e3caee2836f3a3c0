"""Authorizers that an event or an API names: SAM refuses names that the API does not define."""

from __future__ import annotations

from collections.abc import Mapping as Names

from corsmith.api.front_door import Authorizer
from corsmith.api.span import Span
from corsmith.api.value import Known
from corsmith.readers.nodes import Mapping
from corsmith.readers.reading import Reading
from corsmith.readers.refusals import Refusals

NONE = "NONE"


def check_event(
    reading: Reading,
    event: Mapping,
    auth: Mapping | None,
    schemes: Names[str, Authorizer],
    api: str,
    refusals: Refusals,
) -> None:
    """Note an authorizer of an event that its API does not define, or a NONE that has no default to waive."""
    own = reading.mapping(event.get("Auth"))
    node = own.get("Authorizer") if own is not None else None
    named = reading.text(node)
    if node is None or not isinstance(named, Known):
        return
    if named.value == NONE:
        if auth is None or reading.text(auth.get("DefaultAuthorizer")) is None:
            message = f"Authorizer NONE waives a DefaultAuthorizer, but {api} has none."
            refusals.add("authorizer", node.span, message, api=api, key=NONE)
    elif named.value not in schemes:
        _undefined(named.value, node.span, schemes, api, refusals)


def check_default(
    reading: Reading, auth: Mapping | None, schemes: Names[str, Authorizer], api: str, refusals: Refusals
) -> None:
    """Note a DefaultAuthorizer that the API does not define."""
    node = auth.get("DefaultAuthorizer") if auth is not None else None
    named = reading.text(node)
    if node is not None and isinstance(named, Known) and named.value not in schemes:
        _undefined(named.value, node.span, schemes, api, refusals)


def _undefined(name: str, span: Span, schemes: Names[str, Authorizer], api: str, refusals: Refusals) -> None:
    known = ", ".join(sorted(set(schemes) - {"AWS_IAM"})) or "none"
    message = f"{api} defines no authorizer {name}; it defines {known}."
    refusals.add("authorizer", span, message, api=api, key=name)
