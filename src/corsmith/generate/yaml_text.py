"""Plain data as YAML that people would write: block style, quotes only where they are needed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

Data = str | int | bool | list["Data"] | dict[str, "Data"]

_PLAIN = re.compile(r"[A-Za-z/][A-Za-z0-9_./:-]*[A-Za-z0-9_/}]|[A-Za-z]")
_WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null", "none"})


class Tagged(str):
    """Text that is YAML already, such as `!Ref Api`."""

    __slots__ = ()


def yaml_text(data: dict[str, Data]) -> str:
    """Return `data` as a YAML document, ending in a line feed."""
    return "\n".join(_mapping(data, "")) + "\n"


def scalar(value: str | int | bool) -> str:  # noqa: FBT001 - a value of the document
    """Return a value as YAML."""
    if isinstance(value, Tagged):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if _PLAIN.fullmatch(value) and value.lower() not in _WORDS and ": " not in value:
        return value
    if '"' in value and "'" not in value and value.isprintable():
        return f"'{value}'"
    return json.dumps(value, ensure_ascii=False)


def _mapping(data: dict[str, Data], indent: str) -> Iterator[str]:
    for key, value in data.items():
        name = f"{indent}{scalar(key)}:"
        if value in ([], {}):
            yield f"{name} {'[]' if isinstance(value, list) else '{}'}"
        elif isinstance(value, dict):
            yield name
            yield from _mapping(value, indent + "  ")
        elif isinstance(value, list):
            yield name
            yield from _list(value, indent + "  ")
        elif isinstance(value, str) and "\n" in value:
            yield f"{name} |"
            yield from (f"{indent}  {line}" for line in value.rstrip("\n").split("\n"))
        else:
            yield f"{name} {scalar(value)}"


def _list(items: list[Data], indent: str) -> Iterator[str]:
    for item in items:
        if isinstance(item, dict):
            first, *rest = _mapping(item, indent + "  ")
            yield f"{indent}- {first.strip()}"
            yield from rest
        else:
            assert not isinstance(item, list)
            yield f"{indent}- {scalar(item)}"
