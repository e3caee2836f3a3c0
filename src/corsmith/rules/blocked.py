"""A blocked cell as rules look at it: which exchange decided, who answered, what it said."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from corsmith.api.cell import Cell, Exchange
from corsmith.api.exchange import values
from corsmith.api.finding import Severity
from corsmith.api.function import Function
from corsmith.api.model import FrontDoor
from corsmith.api.outcome import HandlerSummary, Outcome
from corsmith.api.tree import Tree
from corsmith.api.wanted import Wanted

from .answers import says

ALLOW_ORIGIN = "access-control-allow-origin"


class Blocked(Struct, frozen=True):
    """A cell that the browser blocks.

    `wanted` is what all calls to this front door need together; `takes` is the route or method that takes this cell's
    OPTIONS request (None: nothing does); `summary` what was read of the function behind the deciding answer.
    """

    cell: Cell
    wanted: Wanted
    tree: Tree
    takes: object | None
    function: Function | None
    summary: HandlerSummary | None

    @property
    def error(self) -> str:
        """Chromium's name of the error."""
        return str(self.cell.verdict.error)

    @property
    def front_door(self) -> FrontDoor:
        """The front door that answered: the one behind a distribution, unless the distribution answered itself."""
        return self.cell.route.front_door if self.at_the_edge else self.cell.route.last.front_door

    @property
    def at_the_edge(self) -> bool:
        """Whether a distribution made the deciding answer, or kept it for another request."""
        return self.made_by == "cloudfront" or self.cell.situation.startswith("cached")

    @property
    def deciding(self) -> Exchange:
        """The exchange at which the browser gave up."""
        return self.cell.exchanges[-1]

    @property
    def at_preflight(self) -> bool:
        """Whether it was the preflight."""
        return self.deciding.kind == "preflight"

    @property
    def made_by(self) -> str:
        """Who made the deciding answer."""
        return self.deciding.response.made_by

    @property
    def status(self) -> int:
        """The status of the deciding answer."""
        return self.deciding.response.status

    def values(self, name: str) -> tuple[str, ...]:
        """Return the values of every line called `name` in the deciding answer."""
        return values(self.deciding.response.headers, name)

    @property
    def outcome(self) -> Outcome | None:
        """What the function did at the deciding exchange."""
        return self.cell.preflight_outcome if self.at_preflight else self.cell.outcome

    @property
    def call(self) -> str:
        """ "POST /items" as the page calls it."""
        return f"{self.cell.caller.method} {self.cell.route.path}"

    @property
    def severity(self) -> Severity:
        """Error where a call that pages make fails; warning where only a failure is not seen as what it is."""
        accident = self.outcome is not None and self.outcome.error and not self.outcome.expected
        return Severity.WARNING if self.cell.situation or (accident and not self.at_preflight) else Severity.ERROR

    def code_says(self, name: str = ALLOW_ORIGIN) -> Iterator[Outcome]:
        """Yield the ways out of this cell's function whose response carries the header."""
        if self.summary is not None:
            for outcome in self.summary.outcomes:
                if says(outcome, name):
                    yield outcome
