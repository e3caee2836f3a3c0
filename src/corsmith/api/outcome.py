"""What a function can do with a request: the ways out of its code, as data with symbolic parts.

A result is JSON whose leaves may be unknown or depend on the request's Origin. `materialise` turns it into plain JSON
for one event, or raises `Undecided`: so the same front doors answer for read code and for running functions.
"""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from .model import Problem
from .origin_test import OriginTest
from .span import Span
from .value import Known, OneOf, Undecided, Unknown


class Absent(Struct, frozen=True):
    """No entry at all."""


ABSENT = Absent()


class AnyText(Struct, frozen=True):
    """Some string whose content decides nothing, such as a serialised body."""

    span: Span | None = None


class Echo(Struct, frozen=True):
    """The request's Origin, when `test` admits it, else `otherwise`.

    `looked_up` holds the header names as the code spells them, tried in order; `ignores_case` says that the code
    compares names without case.
    """

    test: OriginTest
    otherwise: Node
    looked_up: tuple[str, ...] = ("origin",)
    ignores_case: bool = True
    span: Span | None = None


class WhenOrigin(Struct, frozen=True):
    """`then` when `test` admits the request's Origin, else `otherwise` (also where the request has no Origin)."""

    test: OriginTest
    then: Node
    otherwise: Node
    looked_up: tuple[str, ...] = ("origin",)
    ignores_case: bool = True
    span: Span | None = None


class Mirror(Struct, frozen=True):
    """The value of a request header, whatever its case, else `otherwise`."""

    name: str
    otherwise: Node
    span: Span | None = None


class Choice(Struct, frozen=True):
    """One of several nodes; the judge tries each."""

    options: tuple[Node, ...]
    because: str
    span: Span | None = None


class Object(Struct, frozen=True):
    """A JSON object. `rest` tells why there may be more entries, or other values in these; None: these are all.

    `key_spans` holds where each entry's name stands in the source, in the order of `entries`; empty where not known.
    """

    entries: tuple[tuple[str, Node], ...]
    span: Span | None = None
    rest: Unknown | None = None
    key_spans: tuple[Span | None, ...] = ()


class Array(Struct, frozen=True):
    """A JSON array."""

    items: tuple[Node, ...]
    span: Span | None = None


Node = Known[Any] | OneOf[Any] | Unknown | Absent | AnyText | Echo | WhenOrigin | Mirror | Choice | Object | Array


class Returned(Struct, frozen=True):
    """The handler returns this value."""

    result: Node


class Raised(Struct, frozen=True):
    """The handler, or the loading of its module, ends with an exception. `what` names it: "KeyError"."""

    what: str


class Unserialisable(Struct, frozen=True):
    """The handler returns what the runtime cannot send as JSON: a coroutine, a generator, a set. `what` names it."""

    what: str


Result = Returned | Raised | Unserialisable


class OriginGuard(Struct, frozen=True):
    """A way out is taken only where `test` admits the request's Origin (`admitted`), or only where it does not."""

    test: OriginTest
    admitted: bool
    looked_up: tuple[str, ...] = ("origin",)
    ignores_case: bool = True

    def holds(self, event: dict[str, Any]) -> bool | None:
        """Say whether `event` passes; None where the test could not be read."""
        origin = _header(event, self.looked_up, ignores_case=self.ignores_case)
        admits = False if origin is None else self.test.admits(origin)
        return None if admits is None else admits is self.admitted


class PreflightGuard(Struct, frozen=True):
    """A way out is taken only by a preflight that asks for what is allowed (`granted`), or only by one that does not.

    `methods` and `headers` (lower-case names) are what is allowed, None: anything. A request that is no preflight takes
    neither way.
    """

    granted: bool
    methods: frozenset[str] | None = None
    headers: frozenset[str] | None = None

    def holds(self, event: dict[str, Any]) -> bool:
        """Say whether `event` passes."""
        method = _header(event, ("access-control-request-method",), ignores_case=True)
        names = _header(event, ("access-control-request-headers",), ignores_case=True) or ""
        asked = {name.strip().lower() for name in names.split(",")} - {""}
        if method is None:
            return False
        granted = (self.methods is None or method in self.methods) and (self.headers is None or asked <= self.headers)
        return granted is self.granted


class Outcome(Struct, frozen=True):
    """One way out of a handler.

    `methods` None: reached by any method. `paths` None: by any path; else the patterns of the code's own router;
    empty: only by paths that the code does not name.
    `payload` None: by events of any payload format; else "1.0" (also REST APIs and ALB) or "2.0". `origins`: all hold.
    `error` says that clients meet it as a failure. `expected` is False for what only bad input or a crash brings about.
    `made_by` is the framework that makes the response, "" for the function's own code.
    """

    result: Result
    span: Span
    methods: frozenset[str] | None = None
    paths: tuple[str, ...] | None = None
    error: bool = False
    expected: bool = True
    made_by: str = ""
    body: str = "any"
    """When it is reached: "any", only with a request body ("present"), or only without one ("absent", as in a preflight:
    `json.loads(None)` always raises)."""
    payload: str | None = None
    origins: tuple[OriginGuard, ...] = ()
    preflight: PreflightGuard | None = None
    parameters: tuple[tuple[str, bool], ...] = ()
    """Parameters of the path that the event has, or has not, on this way out; the name "" stands for any of them."""
    streamed: bool = False
    """The result is the metadata of a stream that the handler writes; only where the function is invoked with streaming
    does it become status and headers."""
    wildcard: tuple[Span, ...] = ()
    """Settings of the framework, `*` and credentials, that together it turns into an echo of any Origin."""

    def reached_by(self, event: dict[str, Any]) -> bool | None:
        """Say whether `event` can take this way out; None where a guard could not be read. `paths` is not looked at."""
        context = event.get("requestContext") or {}
        second = "http" in context
        if self.payload is not None and second is not (self.payload == "2.0"):
            return False
        method = context["http"].get("method") if second else event.get("httpMethod")
        if self.methods is not None and method not in self.methods:
            return False
        if self.preflight is not None and not self.preflight.holds(event):
            return False
        given = event.get("pathParameters") or {}
        if any((name in given if name else bool(given)) is not there for name, there in self.parameters):
            return False
        held = [guard.holds(event) for guard in self.origins]
        if False in held:
            return False
        return None if None in held else True


class HandlerSummary(Struct, frozen=True):
    """All that was read of one handler.

    `reads_json` holds the methods whose body is parsed as JSON (None: all that have one, empty: none). `serves` holds
    (method, path) that the code names and answers: the method "ANY" where it names none, the path "" where it names
    none. `frameworks` names what was recognised. `unread` says why ways out may be missing; `problems` what could not
    be parsed, with its place.
    """

    outcomes: tuple[Outcome, ...]
    span: Span
    reads_json: frozenset[str] | None = frozenset()
    serves: tuple[tuple[str, str], ...] = ()
    frameworks: tuple[str, ...] = ()
    unread: tuple[Unknown, ...] = ()
    files: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


def materialise(node: Node, event: dict[str, Any]) -> Any:
    """Return the JSON value of `node` for `event`; `ABSENT` where there is none.

    Raises `Undecided` where a part is not known. `Choice` and `OneOf` raise it too: the judge replaces them first.
    """
    if isinstance(node, Known):
        return node.value
    if isinstance(node, Object):
        if node.rest is not None:
            raise Undecided(node.rest)
        pairs = ((name, materialise(entry, event)) for name, entry in node.entries)
        return {name: entry for name, entry in pairs if entry is not ABSENT}
    if isinstance(node, Array):
        return [item for item in (materialise(each, event) for each in node.items) if item is not ABSENT]
    if isinstance(node, (Echo, WhenOrigin)):
        return _by_origin(node, event)
    if isinstance(node, Mirror):
        sent = _header(event, (node.name,), ignores_case=True)
        return materialise(node.otherwise, event) if sent is None else sent
    if isinstance(node, AnyText):
        return ""
    if isinstance(node, Absent):
        return node
    if isinstance(node, Choice):
        raise Undecided(OneOf((), node.because, node.span))
    return node.get()


def _by_origin(node: Echo | WhenOrigin, event: dict[str, Any]) -> Any:
    origin = _header(event, node.looked_up, ignores_case=node.ignores_case)
    if origin is not None:
        admitted = node.test.admits(origin)
        if admitted is None:
            raise Undecided(Unknown(f"whether the code admits {origin} cannot be read", node.span))
        if admitted:
            return origin if isinstance(node, Echo) else materialise(node.then, event)
    return materialise(node.otherwise, event)


def _header(event: dict[str, Any], looked_up: tuple[str, ...], *, ignores_case: bool) -> str | None:
    headers = event.get("headers") or {}
    for wanted in looked_up:
        for name, value in headers.items():
            if name == wanted or (ignores_case and name.lower() == wanted.lower()):
                return str(value)
    return None
