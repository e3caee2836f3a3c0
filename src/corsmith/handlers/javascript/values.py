"""Leaves of values that JavaScript has beside those of any language."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

from ..decisions import Value
from ..machine import Exit, Failure
from ..values import Emptied, LeftOut, Opaque, Place, Ref, SomeText

if TYPE_CHECKING:
    from ..machine import Machine

Act = Callable[["Machine", Value, list[Value], "Place | None"], Value]
"""What a function of the language does: with `this`, the arguments, and where it is called."""


class Undefined(LeftOut):
    """`undefined`."""


UNDEFINED = Undefined()


class Short(Value):
    """What a chain with `?.` gives where it stops short, until its end."""


SHORT = Short()


class Closure(LeftOut):
    """A function of the project.

    `number`: the record of its own properties, where it has some. `home`: the class it is a method of.
    """

    name: str
    node: Any
    source: Any
    scope: int
    number: int
    home: Value | None = None
    static: bool = False


class Bound(LeftOut):
    """A function with its `this` and its first arguments."""

    function: Value
    this: Value
    arguments: tuple[Value, ...]


class Native(LeftOut):
    """A function of the language or the runtime, such as the callback."""

    name: str
    act: Act


class Kind(LeftOut):
    """A class of the project. Its methods and its statics stand in the store."""

    name: str
    node: Any
    source: Any
    scope: int
    prototype: int
    statics: int
    base: Value | None


class Streaming(LeftOut):
    """A handler that writes its response: `awslambda.streamifyResponse(function)`."""

    function: Value


class Stream(Value):
    """The response stream, or one made of it. `number`: the record with its metadata and whether it was written to."""

    number: int


class Promise(Emptied):
    """A promise; where it is rejected, its value has Rejected leaves."""

    value: Value


class Rejected(Value):
    """What a promise is rejected with."""

    failure: Failure


class Getter(Value):
    """A property that is worked out when it is read."""

    read: Value


class Imported(Value):
    """A name imported from a module of the project: what that module exports under it when it is read."""

    exports: int
    name: str


class Position(Value):
    """What `indexOf` gives: -1 where `found` does not hold, 0 where `first` does."""

    found: Value
    first: Value


class Pattern(Emptied):
    """A regular expression."""

    pattern: str
    flags: str
    place: Place | None = None


class Typeof(Value):
    """`typeof` of something that is not known."""

    of: Value


class Url(Emptied):
    """`new URL(origin)`: the Origin taken apart."""

    origin: Value


class UrlPart(Value):
    """The host, protocol or port of the Origin."""

    origin: Value
    part: str


class Unset(SomeText):
    """An environment variable that the template does not set: `||` and `??` take what stands beside it."""


class Maybe(Opaque):
    """A part of what a request or AWS answered, that may be missing."""


class Copied(Opaque):
    """Why an object or list has more entries: all the request's headers, or what is made of each of them.

    `form`: "object", "entries", "keys" or "values".
    """

    form: str = "object"
    lower: bool = False


class More(Value):
    """Arguments or items that are not known."""


MORE = More()


class Answer(Exit):
    """A way to answer beside the promise. `in_time`: it comes before the promise of an async function is settled."""

    in_time: bool = True


class Run(Struct, eq=False):
    """What a run of a handler keeps beside the machine's own state."""

    runtime: str
    answers: list[Answer] = field(default_factory=list)
    """What was given to callbacks and streams, in order: the first counts."""
    deferred: bool = False
    """Functions were handed to code outside the project, which calls them later."""
    awaited: int = 0
    """How many `await` and `return` wait for what is evaluated."""
    late: bool = False
    """What runs may run after the handler's promise is settled: nothing waits for it."""
    parts: dict[tuple[int, Any], tuple[Value, Value]] = field(default_factory=dict)
    """Parts of what is not known, by what they are of: the same part is the same value."""
    exports: dict[int, tuple[Ref, list[tuple[str, str]]]] = field(default_factory=dict)
    """What the module of a scope exports, and the names that it exports at its end."""
    label: str = ""
    """The label of the loop that begins next."""

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """The function does not end before what is evaluated in here is settled."""
        self.awaited += 1
        try:
            yield
        finally:
            self.awaited -= 1

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Run what timers, promises and other people's code call."""
        before, self.late = self.late, self.late or not self.awaited
        try:
            yield
        finally:
            self.late = before

    def before(self) -> tuple[int, int, int]:
        """Return how much is kept now."""
        return len(self.parts), len(self.exports), len(self.answers)

    def since(self, before: tuple[int, int, int]) -> Kept | None:
        """Return what is kept beyond that; None where something was answered."""
        parts, exports, answers = before
        if len(self.answers) != answers:
            return None
        return Kept(dict(list(self.parts.items())[parts:]), dict(list(self.exports.items())[exports:]))

    def take_over(self, kept: Kept) -> None:
        """Keep what another run had kept."""
        self.parts.update(kept.parts)
        self.exports.update(kept.exports)


class Kept(Struct, eq=False):
    """What the load of a module added to a run."""

    parts: dict[tuple[int, Any], tuple[Value, Value]]
    exports: dict[int, tuple[Ref, list[tuple[str, str]]]]
