"""The leaves of values: what a handler's code can hold, as far as it is known.

They are made in great number, so they are plain slotted classes, compared by identity and never changed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from msgspec import Struct, field

from corsmith.api.origin_test import OriginTest
from corsmith.api.span import Span
from corsmith.api.value import Step

from .decisions import Value


class Place(Protocol):
    """Where something stands; its span is worked out only when it is asked for."""

    def span(self) -> Span:
        """Return the span."""
        ...


class Const(Value):
    """A known scalar: text, number, bool, bytes, None."""

    value: Any
    place: Place | None = None
    via: tuple[Step, ...] = ()


class Nothing(Value):
    """No entry at all: a key that a dict does not have, a variable that is not bound."""


NOTHING = Nothing()


class LeftOut(Value):
    """What JSON leaves out of objects, and makes null elsewhere: undefined, functions."""


class Emptied(Value):
    """What JSON makes `{}` of: a promise, a pattern."""


class SomeText(Value):
    """A string whose content is not known."""

    because: str
    place: Place | None = None


class FilledText(SomeText):
    """A text that is not known but never empty: a parameter of the path, a variable that the template sets."""


class Opaque(Value):
    """A value of which nothing is known. `truthy`: it is neither empty nor None.

    `parsed`: out of whose JSON it came, "request" or "elsewhere"; "" for all other values.
    """

    because: str
    place: Place | None = None
    truthy: bool = False
    parsed: str = ""


class Ref(Value):
    """A dict, list, set or instance in the store."""

    number: int


class Tuple(Value):
    """A tuple."""

    items: tuple[Value, ...]
    place: Place | None = None


class Pending(Value):
    """What a call of an async or generator function gives: nothing that can be sent. `what` names it.

    `run` runs the function's body and gives its value.
    """

    what: str
    run: Callable[[], Value]
    place: Place | None = None


class LookUp(Struct, frozen=True):
    """How the code looks the Origin up: the header's name as spelt, and whether case matters."""

    name: str
    ignores_case: bool


ANY = OriginTest("any")


class Origin(Value):
    """The request's Origin, where it has one."""

    looked_up: LookUp


class EventPart(Value):
    """The event, or a part of it by its keys: ("headers",), ("requestContext", "http")."""

    path: tuple[str, ...]


class LowerHeaders(Value):
    """The event's headers with their names in lower case."""


class HeaderName(Value):
    """The name of a header while code goes through all of them. `lower`: as `.lower()` gives it.

    `met`: it was compared with the name of the Origin, and is that.
    """

    number: int
    lower: bool = False
    met: LookUp | None = None


class HeaderValue(Value):
    """The value of the header whose name has the same number."""

    number: int


class HeaderText(Value):
    """The value of a request header that is not the Origin, where the request has it."""

    name: str


class HeaderItems(Value):
    """All names and values of the request's headers."""


class Method(Value):
    """The request's method; `lower`: in lower case."""

    lower: bool = False


class PathText(Value):
    """The request's path, or the front door's pattern for it."""


class Joined(Value):
    """Text made of parts, such as the method, a blank and the path."""

    parts: tuple[Value, ...]


class External(Value):
    """Something of a module that the tree does not hold, by its dotted name: "json.dumps"."""

    name: str


class Made(Value):
    """What a call of an External gives. `name` is what was called."""

    name: str
    arguments: tuple[Value, ...] = ()
    keywords: dict[str, Value] = field(default_factory=dict)
    place: Place | None = None
    calls: list[MadeCall] = field(default_factory=list)
    """The calls of its methods, in the order of the code; decorated functions are in `decorated`."""
    opened: bool = False
    """The code looks into it or changes it."""


class MadeCall(Struct, eq=False):
    """A call of a method of something made elsewhere: `app.get("/items")` above `def items`."""

    method: str
    arguments: tuple[Value, ...]
    keywords: dict[str, Value]
    place: Place | None
    decorated: list[Value] = field(default_factory=list)
    opened: bool = False


class MadeMethod(Value):
    """A method of something made elsewhere."""

    owner: Made
    name: str


class Decorator(Value):
    """What a method of something made elsewhere gives: usable as a decorator, else unknown."""

    call: MadeCall
    owner: Made


class BuiltinMethod(Value):
    """A method of a value whose kind is known: `headers.update`."""

    owner: Value
    name: str


class Function(Value):
    """A function of the project. `code` is the language's own node; `scope` the store's number of where it stands."""

    name: str
    code: Any
    source: Any
    scope: int
    defaults: tuple[Value, ...] = ()
    keyword_defaults: dict[str, Value] = field(default_factory=dict)


class Bound(Value):
    """A function with its first argument."""

    function: Function
    owner: Value


class Class(Value):
    """A class of the project. `scope` holds its attributes; `bases` are values."""

    name: str
    scope: int
    bases: tuple[Value, ...]
    source: Any


class Module(Value):
    """A module of the project."""

    name: str
    scope: int
