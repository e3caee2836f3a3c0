"""A request as the code of a page makes it, and the options that it is made with."""

from __future__ import annotations

from msgspec import Struct, field
from tree_sitter import Node

from .values import UNKNOWN, Body, Object, Parameter, Plain, Text, Unknown, Value, holds_parameter, joined, text


class Request(Struct):
    """A request as the code makes it: parts may still depend on a caller's arguments."""

    by: str
    node: Node
    url: Value = UNKNOWN
    method: Value = Text(("GET",))
    headers: list[Value] = field(default_factory=list)
    credentials: Value = UNKNOWN
    kind: str = ""
    """The content type that the library adds by itself."""

    def depends(self) -> bool:
        """Say whether a caller's argument is missing."""
        return any(holds_parameter(each) for each in (self.url, self.method, self.credentials, *self.headers))


def at(arguments: list[Value], position: int) -> Value:
    """Return an argument, `UNKNOWN` where there is none."""
    return arguments[position] if position < len(arguments) else UNKNOWN


def get(value: Value, name: str) -> Value:
    """Return an option by its name, also one that a caller's argument may hold."""
    if isinstance(value, Object):
        found = value.get(name)
        spread = next((each.value for key, each in value.entries.items() if key.startswith("%")), None)
        return Parameter(f"{spread.name}.{name}") if found is UNKNOWN and isinstance(spread, Parameter) else found
    return Parameter(f"{value.name}.{name}") if isinstance(value, Parameter) else UNKNOWN


def method_of(value: Value, otherwise: str = "GET") -> Value:
    """Return the method that is given, `otherwise` where none is."""
    return Text((otherwise,)) if isinstance(value, Unknown) else value


def under(base: Value, path: Value) -> Value:
    """Return an address below another; an absolute one stays as it is."""
    if isinstance(base, Unknown) and not base.name:
        return path
    first = text(path).pieces[0]
    if isinstance(first, str) and first.startswith(("http://", "https://", "//")):
        return path
    before = text(base)
    last = before.pieces[-1]
    if isinstance(last, str):
        before = Text((*before.pieces[:-1], last.rstrip("/")))
    if isinstance(path, Unknown) and not path.name:
        return before
    slash = isinstance(first, str) and not first.startswith("/")
    return joined([before, Text(("/",)), path] if slash else [before, path])


def is_data(body: Value) -> bool:
    """Say whether a body is one that libraries turn into JSON: neither a text nor a form."""
    if body is UNKNOWN or isinstance(body, (Text, Body, Plain)):
        return False
    return getattr(body, "name", "") not in {"FormData", "URLSearchParams", "Blob", "File", "undefined", "null"}
