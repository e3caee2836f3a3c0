"""Properties and methods that templates use: of text, of maps, of `$input` and `$util`."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote_plus, unquote_plus

from msgspec import Struct

from .nodes import Unsupported


class Parameters(Struct, frozen=True):
    """The parameters of one place. Names are case-sensitive; `missing` says what stands for an absent one."""

    values: dict[str, str]
    missing: Callable[[], str | None]

    def get(self, name: str) -> str | None:
        """Return the parameter called `name`."""
        return self.values[name] if name in self.values else self.missing()


class Input(Struct, frozen=True):
    """`$input`: the request's parameters by place, and its body."""

    path: Parameters
    querystring: Parameters
    header: Parameters
    body: str

    def params(self, name: str | None = None) -> Any:
        """Return all parameters by place, or one: searched in path, query string, header; "" without one."""
        if name is None:
            return {"path": self.path, "querystring": self.querystring, "header": self.header}
        places = (self.path.values, self.querystring.values, self.header.values)
        return next((place[name] for place in places if name in place), "")


class Util(Struct, frozen=True):
    """`$util`."""


class Undescribed(Struct, frozen=True):
    """A part of the scope that holds what is not modelled. `what` names it."""

    what: str


def member(value: Any, name: str, arguments: tuple[Any, ...] | None) -> Any:
    """Return `value.name` or `value.name(arguments)`; null where `value` is null. Raises `Unsupported`."""
    if value is None:
        return None
    if isinstance(value, Undescribed):
        if name == "keySet":
            return []
        raise Unsupported(f"${value.what}.{name}")
    if isinstance(value, Input):
        return _input(value, name, arguments)
    if isinstance(value, Util):
        if name == "escapeJavaScript" and arguments is not None:
            arguments = tuple(_as_java_prints(each) for each in arguments)
        return _applied(_UTIL, name, arguments, "$util")
    if isinstance(value, str):
        return _applied(_TEXT, name, None if arguments is None else (value, *arguments), "text")
    if isinstance(value, Parameters):
        return _parameter(value, name, arguments)
    if isinstance(value, dict):
        return _map(value, name, arguments)
    if isinstance(value, list) and name == "size" and arguments == ():
        return len(value)
    raise Unsupported(f".{name} of a number or list")


def _input(value: Input, name: str, arguments: tuple[Any, ...] | None) -> Any:
    if name == "params" and arguments is not None:
        return value.params(*(str(each) for each in arguments[:1]))
    if name == "body" and arguments is None:
        return value.body
    if name == "json" and arguments == ("$",):
        return value.body or "{}"
    if name == "path" and arguments is not None and len(arguments) == 1:
        return _path(value.body, str(arguments[0]))
    raise Unsupported(f"$input.{name}")


def _path(body: str, path: str) -> Any:
    """Return the part of a JSON body that a path of plain names leads to; a body that is no JSON is itself."""
    steps = path.removeprefix("$").removeprefix(".").split(".") if path != "$" else []
    if not path.startswith("$") or not all(step.isidentifier() for step in steps):
        raise Unsupported(f"the path {path}")
    try:
        found = json.loads(body)
    except ValueError:
        return body if not steps else None
    for step in steps:
        found = found.get(step) if isinstance(found, dict) else None
    return found


def _parameter(value: Parameters, name: str, arguments: tuple[Any, ...] | None) -> Any:
    if arguments is None:
        return value.get(name)
    if name == "get" and len(arguments) == 1:
        return value.get(str(arguments[0]))
    return _map(dict(value.values), name, arguments)


def _map(value: dict[str, Any], name: str, arguments: tuple[Any, ...] | None) -> Any:
    if arguments is None:
        return value.get(name)
    if name == "get" and len(arguments) == 1:
        return value.get(str(arguments[0]))
    if name == "keySet" and not arguments:
        return list(value)
    if name == "containsKey" and len(arguments) == 1:
        return str(arguments[0]) in value
    if name == "getOrDefault" and len(arguments) == 2:
        return value.get(str(arguments[0]), arguments[1])
    raise Unsupported(f".{name}() of a map")


def _as_java_prints(value: Any) -> Any:
    """Return a map of texts as Java prints it, `{a=b, c=d}`; other values as they are."""
    if not isinstance(value, dict) or not all(isinstance(each, str) for each in value.values()):
        return value
    return "{" + ", ".join(f"{name}={each}" for name, each in value.items()) + "}"


def _applied(table: dict[str, Callable[..., Any]], name: str, arguments: tuple[Any, ...] | None, what: str) -> Any:
    if arguments is None or name not in table or not all(isinstance(each, str) for each in arguments):
        raise Unsupported(f".{name} of {what}")
    try:
        return table[name](*arguments)
    except (TypeError, ValueError):
        raise Unsupported(f".{name} of {what} with these values") from None


def _matches(text: str, pattern: str) -> bool:
    """Say whether the whole text fits a Java pattern; the syntax they share is all that is read."""
    return _pattern(pattern).fullmatch(text) is not None


def _replaced(text: str, pattern: str, new: str) -> str:
    if "$" in new or "\\" in new:
        raise Unsupported(f"the replacement {new}")
    return re.sub(_pattern(pattern), lambda _: new, text)


def _split(text: str, pattern: str) -> list[str]:
    parts = [part or "" for part in re.split(_pattern(pattern), text)]
    while len(parts) > 1 and not parts[-1]:
        parts.pop()
    return parts


def _pattern(pattern: str) -> re.Pattern[str]:
    try:
        return re.compile(pattern)
    except (re.error, RecursionError, OverflowError):
        raise Unsupported(f"the pattern {pattern}") from None


_TEXT: dict[str, Callable[..., Any]] = {
    "contains": lambda text, part: part in text,
    "endsWith": lambda text, part: text.endswith(part),
    "equals": lambda text, other: text == other,
    "equalsIgnoreCase": lambda text, other: text.lower() == other.lower(),
    "indexOf": lambda text, part: text.find(part),
    "isEmpty": lambda text: text == "",
    "length": lambda text: len(text),
    "matches": _matches,
    "replaceAll": lambda text, pattern, new: _replaced(text, pattern, new),
    "split": lambda text, pattern: _split(text, pattern),
    "replace": lambda text, old, new: text.replace(old, new),
    "startsWith": lambda text, part: text.startswith(part),
    "toLowerCase": lambda text: text.lower(),
    "toString": lambda text: text,
    "toUpperCase": lambda text: text.upper(),
    "trim": lambda text: text.strip(),
}
_UTIL: dict[str, Callable[..., Any]] = {
    "base64Decode": lambda text: base64.b64decode(text).decode("utf-8", "replace"),
    "base64Encode": lambda text: base64.b64encode(text.encode()).decode("ascii"),
    "escapeJavaScript": lambda text: json.dumps(text)[1:-1].replace("'", "\\'"),
    "urlDecode": unquote_plus,
    "urlEncode": quote_plus,
}
