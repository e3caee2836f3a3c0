"""What a run is in the middle of: the function and the loops that run, the ways out of them, the exceptions on their way."""

from __future__ import annotations

from typing import Any, Protocol

from msgspec import Struct, field

from corsmith.api.span import Span
from corsmith.api.value import Text

from .decisions import FALSE, Decisions, Value
from .store import Store
from .values import Place


class Source(Protocol):
    """A parsed file of any language."""

    def span(self, node: Any) -> Span:
        """Return where `node` stands, in characters."""
        ...


class Environment(Protocol):
    """The environment variables that the template sets."""

    def get(self, name: str, /) -> Text | None:
        """Return what the template gives a variable."""
        ...


class Spot(Struct, eq=False):
    """A node of a file: a place whose span is worked out when asked for."""

    source: Source
    node: Any

    def span(self) -> Span:
        """Return the span."""
        return self.source.span(self.node)


class Exit(Struct, eq=False):
    """One way out of a function or a loop."""

    condition: Value
    value: Value
    store: Store
    place: Place | None
    after_exception: bool = False


class Cause(Struct, eq=False):
    """A reason of its own for a failure: a condition that nothing else depends on when the failure is noted."""

    holds: Value
    decisions: Decisions


class Failure(Struct, eq=False):
    """An exception on its way. `kind` is its class: a dotted name, a project's Class, or None when not known.

    `from_input`: bad input brings it about, not the code's own decision.
    """

    reached: Value
    """Where it may be raised; where `cause` holds as well, it is."""
    kind: Value | str | None
    instance: Value
    store: Store
    place: Place | None
    from_input: bool
    cause: Cause | None = None

    @property
    def condition(self) -> Value:
        """The condition that it is raised. What has a cause of its own often only counts as far as it may be."""
        if self.cause is not None:
            self.reached = self.cause.decisions.both(self.reached, self.cause.holds)
            self.cause = None
        return self.reached

    @condition.setter
    def condition(self, condition: Value) -> None:
        self.reached, self.cause = condition, None


class Loop(Struct, eq=False):
    """The ways out of the loop that is running."""

    breaks: list[Exit] = field(default_factory=list)
    continues: list[Exit] = field(default_factory=list)
    labels: tuple[str, ...] = ()
    repeats: bool = True
    """It can be continued; a JavaScript `switch` can only be left."""


class Frame(Struct, eq=False):
    """The function, class body or module that is running."""

    source: Any
    scope: int
    module: int
    package: tuple[str, ...]
    outer: frozenset[str] = frozenset()
    closes_over: int | None = None
    """What functions defined here see: a class body is no scope for its methods."""
    variables: int | None = None
    """Where JavaScript's `var` declares."""
    returns: list[Exit] = field(default_factory=list)
    loops: list[Loop] = field(default_factory=list)


class Attempt(Struct, eq=False):
    """The body of a `try` that is running: the exceptions that reached it.

    `quiet`: nothing in the code handles them yet; they only reject the promise of an async function.
    """

    quiet: bool = False
    failures: list[Failure] = field(default_factory=list)
    seen: tuple[int, Value] = (-1, FALSE)
