"""The conditions of a listener rule: by path, method and host; what else a rule can ask of a request is undecided."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from corsmith.api.span import Span
from corsmith.api.value import Known, Texts, Unknown
from corsmith.readers.nodes import Mapping, Node
from corsmith.readers.reading import Reading

_CONFIGS = {
    "path-pattern": "PathPatternConfig",
    "http-request-method": "HttpRequestMethodConfig",
    "host-header": "HostHeaderConfig",
}


class Conditions(Struct, frozen=True):
    """What a rule asks of a request. `others` says of each condition that no page's request decides why not."""

    paths: Texts | None = None
    methods: Texts | None = None
    hosts: Texts | None = None
    others: tuple[Unknown, ...] = ()


def conditions_of(reading: Reading, node: Node | None, span: Span) -> Conditions:
    """Return the conditions under `node`; `span` is the rule's."""
    found: dict[str, Texts] = {}
    others: list[Unknown] = []
    for own in listed(reading, node):
        if isinstance(own, Unknown):
            others.append(Unknown(f"a condition of the rule is not known: {own.because}", own.span or span))
            continue
        field = _field(reading, own)
        values = _values(reading, own, field)
        if field in _CONFIGS and values is not None:
            found[field] = values
        else:
            others.append(Unknown(_why(field), own.span))
    return Conditions(
        found.get("path-pattern"), found.get("http-request-method"), found.get("host-header"), tuple(others)
    )


def listed(reading: Reading, node: Node | None) -> Iterator[Mapping | Unknown]:
    """Yield the mappings of a list setting, and why one of them, or all, are not known.

    A mapping that stands alone counts as a list of one.
    """
    value = reading.value(node)
    alone = not (isinstance(value, Known) and isinstance(value.value, tuple))
    for item in () if value is None else (value,) if alone else value.get():
        if isinstance(item, Known) and isinstance(item.value, Mapping):
            yield item.value
        else:
            yield Unknown(getattr(item, "because", "a mapping should stand here"), item.span)


def items(reading: Reading, node: Node | None) -> Iterator[Mapping]:
    """Yield the mappings of a list setting that are known."""
    return (item for item in listed(reading, node) if isinstance(item, Mapping))


def _field(reading: Reading, own: Mapping) -> str:
    field = reading.text(own.get("Field"))
    if isinstance(field, Known):
        return field.value
    return next((name for name, config in _CONFIGS.items() if own.get(config) is not None), "")


def _values(reading: Reading, own: Mapping, field: str) -> Texts | None:
    """Return the patterns of a condition; None where it has none, or regular expressions."""
    config = own.get(_CONFIGS.get(field, ""))
    within = reading.mapping(config)
    if config is not None and within is None:
        return Unknown(f"the rule's {field} condition is undecided", config.span)
    return reading.texts(within.get("Values") if within is not None else own.get("Values"))


def _why(field: str) -> str:
    if field in _CONFIGS:
        return f"the rule's {field} condition lists no patterns that can be compared"
    return f"whether a request meets the rule's {field} condition is not known" if field else "the condition is unknown"
